// SPDX-License-Identifier: GPL-2.0-only
/* The tree that the OS gets. */
#include <firmware.h>
#include <string.h>
#include <tree.h>

static int check(int ret)
{
	if (ret < 0)
		fatal("cannot edit the tree: libfdt error %d", ret);
	return ret;
}

/*
 * Both the code that a returned CPU executes and the word that it polls have to
 * survive in the memory of every OS that comes after this one: the reservation
 * is what an OS passes on to the next. no-map also keeps a cacheable alias of
 * them away.
 */
static void reserve(void *fdt, const struct layout *l, unsigned int how)
{
	int ac = fdt_address_cells(fdt, 0), sc = fdt_size_cells(fdt, 0);
	fdt32_t reg[4], *p = reg;
	char name[32] = "cpu-return@";
	int node, pos = strlen(name);

	if (how & RESERVE_MEMRESERVE)
		check(fdt_add_mem_rsv(fdt, l->base, l->size));
	if (!(how & RESERVE_NO_MAP))
		return;

	node = fdt_path_offset(fdt, "/reserved-memory");
	if (node < 0) {
		node = check(fdt_add_subnode(fdt, 0, "reserved-memory"));
		check(fdt_setprop_u32(fdt, node, "#address-cells", ac));
		check(fdt_setprop_u32(fdt, node, "#size-cells", sc));
		check(fdt_setprop_empty(fdt, node, "ranges"));
	}
	for (int shift = 60; shift >= 0; shift -= 4)
		if (l->base >> shift)
			name[pos++] = "0123456789abcdef"[(l->base >> shift) & 0xf];
	node = check(fdt_add_subnode(fdt, node, name));

	if (ac == 2)
		*p++ = cpu_to_fdt32(l->base >> 32);
	*p++ = cpu_to_fdt32(l->base);
	if (sc == 2)
		*p++ = cpu_to_fdt32(l->size >> 32);
	*p++ = cpu_to_fdt32(l->size);
	check(fdt_setprop(fdt, node, "reg", reg, (p - reg) * sizeof(*p)));
	check(fdt_setprop_empty(fdt, node, "no-map"));
}

void handover_tree(void *fdt, const void *machine_fdt, const struct layout *l,
		   const struct options *o, const struct image *img)
{
	u64 word = l->words, slot = l->slots;
	int node;

	check(fdt_open_into(machine_fdt, fdt, SZ_2M));

	/* Whoever sees this node may take HVC or SMC for somebody who listens. */
	node = fdt_path_offset(fdt, "/psci");
	if (node >= 0)
		check(fdt_del_node(fdt, node));

	node = fdt_path_offset(fdt, "/chosen");
	if (node < 0)
		node = check(fdt_add_subnode(fdt, 0, "chosen"));
	fdt_delprop(fdt, node, "linux,initrd-start");
	fdt_delprop(fdt, node, "linux,initrd-end");
	if (img->initrd_start) {
		check(fdt_setprop_u64(fdt, node, "linux,initrd-start", img->initrd_start));
		check(fdt_setprop_u64(fdt, node, "linux,initrd-end", img->initrd_end));
	}

	for (node = tree_next_cpu(fdt, -1, NULL); node >= 0;
	     node = tree_next_cpu(fdt, node, NULL)) {
		check(fdt_setprop_string(fdt, node, "enable-method", "spin-table"));
		check(fdt_setprop_u64(fdt, node, "cpu-release-addr", word));
		if (o->num[OPT_RETURN])
			check(fdt_setprop_u64(fdt, node, "cpu-return-addr", (u64)cpu_return));
		if (o->num[OPT_STAMPS])
			check(fdt_setprop_u64(fdt, node, "cpu-return-stamps",
					      slot + SLOT_ARRIVED));
		word += WORD_STRIDE;
		slot += SLOT_SIZE;
	}

	reserve(fdt, l, o->reserve);
}

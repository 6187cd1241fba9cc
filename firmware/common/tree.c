// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <tree.h>

u64 tree_cells(const void *prop, int cells)
{
	const fdt32_t *p = prop;
	u64 val = 0;

	/* A property is 32-bit aligned only: no 64-bit load on Device memory. */
	while (cells--)
		val = val << 32 | fdt32_to_cpu(*p++);
	return val;
}

bool tree_reg(const void *fdt, int node, unsigned int idx, u64 *addr, u64 *size)
{
	int ac = fdt_address_cells(fdt, 0), sc = fdt_size_cells(fdt, 0), len;
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &len);

	if (!reg || ac < 1 || ac > 2 || sc < 1 || sc > 2)
		return false;
	if ((u64)len < (u64)(idx + 1) * (ac + sc) * sizeof(*reg))
		return false;
	reg += idx * (ac + sc);
	*addr = tree_cells(reg, ac);
	*size = tree_cells(reg + ac, sc);
	return true;
}

bool tree_u64(const void *fdt, int node, const char *name, u64 *val)
{
	int len;
	const void *prop = fdt_getprop(fdt, node, name, &len);

	if (!prop || (len != 4 && len != 8))
		return false;
	*val = tree_cells(prop, len / 4);
	return true;
}

bool tree_bank(const void *fdt, u64 addr, u64 *start, u64 *end)
{
	int node = -1;

	for (;;) {
		u64 base, size;

		node = fdt_node_offset_by_prop_value(fdt, node, "device_type",
						     "memory", sizeof("memory"));
		if (node < 0)
			return false;
		for (unsigned int i = 0; tree_reg(fdt, node, i, &base, &size); i++) {
			if (addr - base < size) {
				*start = base;
				*end = base + size;
				return true;
			}
		}
	}
}

static bool node_has(const void *fdt, int node, const char *name, const char *val)
{
	int len;
	const char *prop = fdt_getprop(fdt, node, name, &len);

	return prop && len == (int)strlen(val) + 1 && !memcmp(prop, val, len);
}

int tree_next_cpu(const void *fdt, int prev, u64 *hwid)
{
	int cpus = fdt_path_offset(fdt, "/cpus");
	int cells, node, len;

	if (cpus < 0)
		return cpus;
	cells = fdt_address_cells(fdt, cpus);
	if (cells < 1 || cells > 2)
		return -FDT_ERR_BADNCELLS;

	node = prev < 0 ? fdt_first_subnode(fdt, cpus) : fdt_next_subnode(fdt, prev);
	for (; node >= 0; node = fdt_next_subnode(fdt, node)) {
		const void *reg = fdt_getprop(fdt, node, "reg", &len);

		if (!reg || len < cells * 4 || !node_has(fdt, node, "device_type", "cpu"))
			continue;
		if (fdt_getprop(fdt, node, "status", NULL) &&
		    !node_has(fdt, node, "status", "okay"))
			continue;
		if (hwid)
			*hwid = tree_cells(reg, cells);
		break;
	}
	return node;
}

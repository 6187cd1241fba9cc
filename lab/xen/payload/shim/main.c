// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest whose boot CPU is not vCPU 0, and whose tree is not in the order of the
 * vCPUs: Xen makes none, kernels get them by kexec. The kernel lies behind this;
 * it gets the command line as it is, words of ours in it:
 *
 *	shim.boot=N		the vCPU that it is started on; vCPU 0 goes off
 *	shim.order=A,B,C	cpu nodes in this order, then the rest
 *	shim.drop=A,B		cpu nodes that are taken away
 *
 * vCPUs have the numbers of Xen, that is of the nodes in its tree.
 */
#include <tree.h>

#include "console.h"
#include "hypervisor.h"
#include "shim.h"
#include "words.h"

#define WAIT_SECONDS	30

const char print_prefix[] = "shim: ";

static u64 first_hwid;

void park(void)
{
	for (;;)
		wfi();
}

static u64 kernel_entry(void)
{
	return (u64)_start + kernel_offset;
}

static u64 hwid_of(const void *fdt, u64 number)
{
	u64 hwid;
	int node = -1;

	do {
		node = tree_next_cpu(fdt, node, &hwid);
		if (node < 0)
			fatal("there is no vCPU to boot on with this number");
	} while (number--);
	return hwid;
}

static void print_order(const void *fdt)
{
	const char *before = "cpu nodes ";
	u64 hwid;

	for (int node = -1; (node = tree_next_cpu(fdt, node, &hwid)) >= 0; before = ", ")
		print("%s0x%lx", before, hwid);
	print("\n");
}

/*
 * On the vCPU that the kernel gets. As it may start vCPU 0 at once, that one has
 * to be off before.
 */
void second_main(const void *fdt)
{
	u64 start = ticks(), limit = WAIT_SECONDS * mrs("cntfrq_el0");

	while (psci(PSCI_AFFINITY_INFO_64, first_hwid, 0, 0) != PSCI_OFF)
		if (ticks() - start > limit)
			fatal("the first vCPU does not go off");
	say("kernel 0x%lx starts on MPIDR 0x%lx", kernel_entry(), this_hwid());
	enter_kernel(fdt, kernel_entry());
}

void shim_main(void *fdt)
{
	const char *args, *order, *drop;
	u64 boot;
	int ret;

	/* With the MMU off we look behind the caches that Xen filled. */
	clean(fdt, 64);
	clean(fdt, fdt_totalsize(fdt));
	console_init(fdt);
	if (!kernel_offset)
		fatal("there is no kernel behind the shim: use join");
	/* text_offset is the second thing in the header. */
	if ((kernel_entry() - read64(kernel_entry() + 8)) & (SZ_2M - 1))
		fatal("kernel 0x%lx: 2 MiB are not the alignment that Xen has", kernel_entry());

	args = command_line(fdt);
	order = find_word(args, "shim.order=");
	drop = find_word(args, "shim.drop=");
	first_hwid = this_hwid();
	boot = hwid_of(fdt, number_word(args, "shim.boot=", 0));

	cpu_nodes_edit(fdt, order ? order : "", drop ? drop : "");
	print_order(fdt);
	/* Lines that were cached meanwhile are older than what we wrote. */
	clean(fdt, fdt_totalsize(fdt));

	if (boot == first_hwid)
		enter_kernel(fdt, kernel_entry());
	dsb();
	ret = psci(PSCI_CPU_ON_64, boot, (u64)second_entry, (u64)fdt);
	if (ret)
		fatal("CPU_ON of MPIDR 0x%lx says %d", boot, ret);
	ret = psci(PSCI_CPU_OFF, 0, 0, 0);
	fatal("CPU_OFF says %d", ret);
}

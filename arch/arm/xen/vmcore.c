// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a crash kernel in a guest of Xen may read of the memory to be dumped
 *
 * The crashed kernel may have given pages back to Xen, by its balloon driver. Its
 * ELF headers do not say so, and to read where nothing is means an external abort,
 * which a kernel does not survive.
 */
#define pr_fmt(fmt) "xen: vmcore: " fmt

#include <linux/crash_dump.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/printk.h>

#include <asm/xen/hypercall.h>
#include <xen/interface/grant_table.h>
#include <xen/page.h>

/*
 * There is no question to ask Xen about a frame, as HVMOP_get_mem_type is on x86.
 * But it can be asked to copy something out of it, and says no if it is not there.
 */
static bool xen_frame_is_ram(unsigned long gfn)
{
	static u8 copied;
	struct gnttab_copy copy = {
		.source = { .u.gmfn = gfn, .domid = DOMID_SELF },
		.dest = {
			.u.gmfn = virt_to_gfn(lm_alias(&copied)),
			.domid = DOMID_SELF,
			.offset = xen_offset_in_page(&copied),
		},
		.len = sizeof(copied),
	};

	return !HYPERVISOR_grant_table_op(GNTTABOP_copy, &copy, 1) &&
	       copy.status == GNTST_okay;
}

/* A page of Linux may be several of Xen's */
static bool xen_pfn_is_ram(struct vmcore_cb *cb, unsigned long pfn)
{
	unsigned long gfn = pfn * XEN_PFN_PER_PAGE;
	unsigned int i;

	for (i = 0; i < XEN_PFN_PER_PAGE; i++) {
		if (!xen_frame_is_ram(gfn + i))
			return false;
	}

	return true;
}

static struct vmcore_cb xen_vmcore_cb = {
	.pfn_is_ram = xen_pfn_is_ram,
};

static int __init xen_vmcore_init(void)
{
	struct device_node *node;

	if (!is_kdump_kernel())
		return 0;

	/* It matters as well if everything else that is Xen's has been given up */
	node = of_find_compatible_node(NULL, NULL, "xen,xen");
	if (!node)
		return 0;
	of_node_put(node);

	/* Where Xen has been told not to, it copies nothing at all */
	if (!xen_frame_is_ram(virt_to_gfn(lm_alias(&xen_vmcore_cb)))) {
		pr_warn("Xen does not say which memory is there\n");
		return 0;
	}

	register_vmcore_cb(&xen_vmcore_cb);
	return 0;
}
fs_initcall(xen_vmcore_init);

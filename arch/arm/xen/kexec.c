// SPDX-License-Identifier: GPL-2.0-only
/*
 * kexec in guests of Xen: what is checked before, and what is left behind
 *
 * Whatever memory Xen writes to by then would be the next kernel's: it is released,
 * or is none that a kernel has, see handover.c. Frames of the grant table are not
 * RAM, and rings of a toolstack's are not either.
 */
#define pr_fmt(fmt) "xen: kexec: " fmt

#include <linux/crash_dump.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kexec.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <asm/xen/hypervisor.h>
#include <xen/arm/handover.h>
#include <xen/arm/kexec.h>
#include <xen/arm/vcpu_id.h>
#include <xen/balloon.h>
#include <xen/xen.h>
#include <xen/xen-ops.h>

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "xen."

static bool force;
module_param_named(kexec_force, force, bool, 0644);
MODULE_PARM_DESC(kexec_force, "Load kernels that do not know of kexec in a guest of Xen");

static int copy_segment(const struct kimage *image, void *to,
			const struct kexec_segment *segment, size_t at, size_t size)
{
	if (image->file_mode)
		memcpy(to, segment->kbuf + at, size);
	else if (copy_from_user(to, segment->buf + at, size))
		return -EFAULT;

	return 0;
}

/* An arm64 Image, see Documentation/arch/arm64/booting.rst */
#define IMAGE_MAGIC		"ARM\x64"
#define IMAGE_MAGIC_OFFSET	56

/*
 * The mark is aligned in the image of a kernel, and that is where a segment begins.
 * Other segments are not asked: an initramfs can have a kernel in it. An image that
 * is compressed does not show the mark: kexec-tools unpacks what it can.
 */
static int segment_has_mark(const struct kimage *image,
			    const struct kexec_segment *segment, char *page)
{
	size_t at, mark, size;

	if (segment->bufsz < PAGE_SIZE)
		return 0;

	for (at = 0; at < segment->bufsz; at += size) {
		size = min(segment->bufsz - at, PAGE_SIZE);
		if (copy_segment(image, page, segment, at, size))
			return -EFAULT;

		if (!at && memcmp(page + IMAGE_MAGIC_OFFSET, IMAGE_MAGIC,
				  strlen(IMAGE_MAGIC)))
			return 0;

		for (mark = 0; mark + sizeof(xen_kexec_mark) <= size;
		     mark += sizeof(xen_kexec_mark)) {
			if (!memcmp(page + mark, xen_kexec_mark,
				    sizeof(xen_kexec_mark)))
				return 1;
		}
	}

	return 0;
}

static int image_has_mark(const struct kimage *image)
{
	char *page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	unsigned long i;
	int found = 0;

	if (!page)
		return -ENOMEM;

	for (i = 0; i < image->nr_segments && !found; i++)
		found = segment_has_mark(image, &image->segment[i], page);

	kfree(page);
	return found;
}

/* A vCPU whose vcpu_info is in this kernel's memory, or -1 */
static int vcpu_in_memory(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		unsigned int id = xen_vcpu_nr(cpu);

		if (id != XEN_VCPU_ID_INVALID &&
		    !xen_vcpu_info_of(HYPERVISOR_shared_info, id))
			return id;
	}

	return -1;
}

static unsigned long ballooned_pages(void)
{
	if (!IS_ENABLED(CONFIG_XEN_BALLOON) ||
	    balloon_stats.current_pages >= balloon_stats.total_pages)
		return 0;

	return balloon_stats.total_pages - balloon_stats.current_pages;
}

/**
 * xen_kexec_prepare() - May this image be loaded for kexec?
 * @image:	the image, with its segments not yet copied
 *
 * Context: Process context. May sleep.
 * Return: 0; -EBUSY, with a message, if something could not be released;
 *	   -ENOEXEC, with a message, if the image is not of a kernel that goes on
 *	   from there; -EFAULT; -ENOMEM.
 */
int xen_kexec_prepare(struct kimage *image)
{
	unsigned long pages;
	int ret;

	/* A crash kernel takes what there is, or does without Xen */
	if (!xen_domain() || image->type == KEXEC_TYPE_CRASH)
		return 0;

	if (is_kdump_kernel()) {
		pr_err("not from a crash kernel: Xen writes to the crashed one's memory\n");
		return -EBUSY;
	}
	if (!xen_can_unmap_shared_info()) {
		pr_err("shared_info cannot be released\n");
		return -EBUSY;
	}
	ret = vcpu_in_memory();
	if (ret >= 0) {
		pr_err("vcpu_info of vCPU %d cannot be released\n", ret);
		return -EBUSY;
	}
	pages = ballooned_pages();
	if (pages) {
		pr_err("%lu pages are given back to Xen, of which the next kernel would not know\n",
		       pages);
		return -EBUSY;
	}

	ret = image_has_mark(image);
	if (ret < 0)
		return ret;
	if (ret)
		return 0;
	if (force) {
		pr_warn("no kernel that goes on with what Xen has registered: loaded by force\n");
		return 0;
	}
	pr_err("no kernel that goes on with what Xen has registered; xen.kexec_force=1 loads it\n");
	return -ENOEXEC;
}

/**
 * xen_kexec_leave() - Have Xen write to no memory of this kernel's any more
 *
 * Context: The only CPU that is online, with interrupts disabled, before the jump.
 */
void xen_kexec_leave(void)
{
	int err;

	if (!xen_domain())
		return;

	xen_forget_runstate();
	err = xen_reset_event_channels() ?: xen_unmap_shared_info();
	if (err)
		pr_emerg("something that Xen has registered was not released (%d)\n", err);
}

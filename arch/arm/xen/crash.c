// SPDX-License-Identifier: GPL-2.0-only
/*
 * Crash kernels in guests of Xen
 *
 * What Xen goes on writing to, see handover.c, is in the memory of the kernel
 * that crashed, or is mapped where that kernel has it. A crash kernel uses it there.
 * To remove the pages from the guest's physical address space instead was
 * considered; it would leave holes in what is to be dumped.
 *
 * Where they are is in VMCOREINFO. That comes from a kernel that crashed, and is
 * not believed before Xen has been seen to write there.
 */
#define pr_fmt(fmt) "xen: crash: " fmt

#include <linux/crash_dump.h>
#include <linux/elf.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/irqchip/arm-gic-v3.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmcore_info.h>

#include <asm/arch_gicv3.h>
#include <asm/xen/hypervisor.h>
#include <xen/arm/crash.h>
#include <xen/arm/handover.h>
#include <xen/arm/vcpu_id.h>
#include <xen/page.h>
#include <xen/xen-ops.h>
#include <xen/xenbus.h>

#define SHARED_INFO	"xen_shared_info"
#define VCPU_INFO	"xen_vcpu_info"
#define VCPU_INFOS	"xen_vcpu_infos"
#define XENBUS		"xen_xenbus_position"

/*
 * The kernel that may crash
 */

static u64 *vcpu_info_addrs;
static unsigned int vcpu_info_count;

/**
 * xen_crash_publish() - Tell a crash kernel where Xen writes to
 * @areas:	the vcpu_info of each CPU whose vCPU has no place for it in the page of
 *		shared_info
 *
 * It gets a table of physical addresses by vCPU id, since it numbers CPUs in its
 * own way. The table is complete before any CPU registers anything.
 *
 * Context: The boot CPU, after xen_init_vcpu_ids(). May sleep.
 */
void __init xen_crash_publish(struct vcpu_info __percpu *areas)
{
	unsigned int cpu, id;

	/* What a crash kernel uses is not its own to hand on */
	if (is_kdump_kernel())
		return;

	for_each_possible_cpu(cpu) {
		id = xen_vcpu_nr(cpu);
		if (id != XEN_VCPU_ID_INVALID)
			vcpu_info_count = max(vcpu_info_count, id + 1);
	}

	vcpu_info_addrs = kcalloc(vcpu_info_count, sizeof(*vcpu_info_addrs),
				  GFP_KERNEL);
	if (!vcpu_info_addrs)
		return;

	for_each_possible_cpu(cpu) {
		struct vcpu_info *info;

		id = xen_vcpu_nr(cpu);
		if (id == XEN_VCPU_ID_INVALID)
			continue;

		info = xen_vcpu_info_of(HYPERVISOR_shared_info, id);
		vcpu_info_addrs[id] = info ? virt_to_phys(info) :
				      per_cpu_ptr_to_phys(per_cpu_ptr(areas, cpu));
	}
}

/* Earlier there is no VMCOREINFO to add to */
static int __init xen_crash_publish_late(void)
{
	if (!vcpu_info_addrs)
		return 0;

	vmcoreinfo_append_str("NUMBER(" SHARED_INFO ")=0x%llx\n",
			      (u64)virt_to_phys(HYPERVISOR_shared_info));
	vmcoreinfo_append_str("NUMBER(" VCPU_INFO ")=0x%llx\n",
			      (u64)virt_to_phys(vcpu_info_addrs));
	vmcoreinfo_append_str("NUMBER(" VCPU_INFOS ")=%u\n", vcpu_info_count);
	vmcoreinfo_append_str("NUMBER(" XENBUS ")=0x%llx\n",
			      (u64)__pa_symbol(&xb_position));
	return 0;
}
device_initcall(xen_crash_publish_late);

/*
 * The crash kernel: what it reads of the other one
 */

/* A program header, of either class */
struct old_segment {
	u32 type;
	u64 offset;
	u64 paddr;
	u64 size;
};

static struct old_segment *old_segments __initdata;
static unsigned int old_segment_count __initdata;

static int __init read_old_segments(void)
{
	u64 pos = elfcorehdr_addr;
	union {
		Elf32_Ehdr e32;
		Elf64_Ehdr e64;
	} ehdr;
	bool is64;
	int i;

	elfcorehdr_read((char *)&ehdr, sizeof(ehdr), &pos);
	if (memcmp(ehdr.e64.e_ident, ELFMAG, SELFMAG))
		return -ENOEXEC;

	is64 = ehdr.e64.e_ident[EI_CLASS] == ELFCLASS64;
	old_segment_count = is64 ? ehdr.e64.e_phnum : ehdr.e32.e_phnum;
	old_segments = kcalloc(old_segment_count, sizeof(*old_segments),
			       GFP_KERNEL);
	if (!old_segments)
		return -ENOMEM;

	pos = elfcorehdr_addr + (is64 ? ehdr.e64.e_phoff : ehdr.e32.e_phoff);
	for (i = 0; i < old_segment_count; i++) {
		struct old_segment *seg = &old_segments[i];

		if (is64) {
			Elf64_Phdr phdr;

			elfcorehdr_read((char *)&phdr, sizeof(phdr), &pos);
			*seg = (struct old_segment) {
				.type = phdr.p_type, .offset = phdr.p_offset,
				.paddr = phdr.p_paddr, .size = phdr.p_memsz,
			};
		} else {
			Elf32_Phdr phdr;

			elfcorehdr_read((char *)&phdr, sizeof(phdr), &pos);
			*seg = (struct old_segment) {
				.type = phdr.p_type, .offset = phdr.p_offset,
				.paddr = phdr.p_paddr, .size = phdr.p_memsz,
			};
		}
	}

	return 0;
}

/* Was it RAM of the other kernel, and is it none of ours? */
static bool __init is_old_ram(u64 addr, u64 size)
{
	int i;

	if (!size || addr + size < addr ||
	    region_intersects(addr, size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT)
		return false;

	for (i = 0; i < old_segment_count; i++) {
		const struct old_segment *seg = &old_segments[i];

		if (seg->type == PT_LOAD && addr >= seg->paddr &&
		    addr - seg->paddr <= seg->size &&
		    size <= seg->size - (addr - seg->paddr))
			return true;
	}

	return false;
}

static void * __init map_old(u64 addr, u64 size)
{
	return is_old_ram(addr, size) ? memremap(addr, size, MEMREMAP_WB) : NULL;
}

/* The text of the VMCOREINFO in a segment of notes, to be freed, or NULL */
static char * __init read_vmcoreinfo(const struct old_segment *seg)
{
	/* The header is the same in both classes */
	const Elf64_Nhdr *note = map_old(seg->offset, seg->size);
	const char *name = (const char *)(note + 1);
	size_t room = seg->size;
	char *text = NULL;

	if (!note)
		return NULL;

	if (room >= sizeof(*note) + VMCOREINFO_NOTE_NAME_BYTES &&
	    note->n_namesz == sizeof(VMCOREINFO_NOTE_NAME) &&
	    !memcmp(name, VMCOREINFO_NOTE_NAME, sizeof(VMCOREINFO_NOTE_NAME)) &&
	    note->n_descsz <= room - sizeof(*note) - VMCOREINFO_NOTE_NAME_BYTES)
		text = kmemdup_nul(name + VMCOREINFO_NOTE_NAME_BYTES,
				   note->n_descsz, GFP_KERNEL);

	memunmap((void *)note);
	return text;
}

static char * __init find_vmcoreinfo(void)
{
	char *text;
	int i;

	for (i = 0; i < old_segment_count; i++) {
		if (old_segments[i].type != PT_NOTE)
			continue;
		text = read_vmcoreinfo(&old_segments[i]);
		if (text)
			return text;
	}

	return NULL;
}

/* The number after "NUMBER(name)=", or 0 */
static u64 __init vmcoreinfo_number(const char *text, const char *name)
{
	unsigned long long number = 0;
	const char *line;
	char key[32];

	snprintf(key, sizeof(key), "NUMBER(%s)=", name);
	line = strstr(text, key);
	if (line)
		sscanf(line + strlen(key), "%lli", &number);

	return number;
}

/*
 * The crash kernel: interrupts
 */

#define LAST_SPI		1019

/* GICv2. Its header and that of GICv3 exclude each other. */
#define GICC_CTLR		0x0
#define GICC_CTLR_EOIMODE_NS	BIT(9)
#define GICC_DIR		0x1000

static void __init deactivate_gicv3(void)
{
	unsigned long flags;
	u32 irq, ctlr;

	local_irq_save(flags);
	ctlr = gic_read_ctlr();
	gic_write_ctlr(ctlr | ICC_CTLR_EL1_EOImode_drop);
	for (irq = 0; irq <= LAST_SPI; irq++)
		gic_write_dir(irq);
	gic_write_ctlr(ctlr);
	local_irq_restore(flags);
}

static void __init deactivate_gicv2(struct device_node *node)
{
	void __iomem *base = of_iomap(node, 1);
	struct resource res;
	unsigned long flags;
	u32 irq, ctlr;

	/* The register is in the second of two pages */
	if (!base || of_address_to_resource(node, 1, &res) ||
	    resource_size(&res) <= GICC_DIR) {
		pr_warn("no access to GICC_DIR\n");
		goto out;
	}

	local_irq_save(flags);
	ctlr = readl_relaxed(base + GICC_CTLR);
	writel_relaxed(ctlr | GICC_CTLR_EOIMODE_NS, base + GICC_CTLR);
	for (irq = 0; irq <= LAST_SPI; irq++)
		writel_relaxed(irq, base + GICC_DIR);
	writel_relaxed(ctlr, base + GICC_CTLR);
	local_irq_restore(flags);
out:
	if (base)
		iounmap(base);
}

/*
 * What is active when a kernel crashes in an interrupt handler would stay so,
 * and not come again. The drivers of the GIC take care of it by ICACTIVER, which
 * Xen ignores. But an interrupt that is deactivated at the CPU interface is dealt
 * with by the hardware. Where nobody drops the priority separately, that has to
 * be switched on for the time being.
 *
 * Other CPUs come here by way of CPU_OFF and CPU_ON, which leaves nothing active.
 */
static void __init deactivate_interrupts(void)
{
	static const struct of_device_id gics[] __initconst = {
		{ .compatible = "arm,gic-v3", .data = (void *)3 },
		{ .compatible = "arm,gic-400", .data = (void *)2 },
		{ .compatible = "arm,cortex-a15-gic", .data = (void *)2 },
		{}
	};
	const struct of_device_id *gic;
	struct device_node *node;

	node = of_find_matching_node_and_match(NULL, gics, &gic);
	if (!node)
		return;

	if (gic->data == (void *)3)
		deactivate_gicv3();
	else
		deactivate_gicv2(node);
	of_node_put(node);
}

/*
 * The crash kernel: shared_info and vcpu_info
 */

/* As Xen would accept it: aligned, and not across pages */
static struct vcpu_info * __init map_old_vcpu_info(u64 addr)
{
	if (!IS_ALIGNED(addr, __alignof__(struct vcpu_info)) ||
	    (addr & ~XEN_PAGE_MASK) > XEN_PAGE_SIZE - sizeof(struct vcpu_info))
		return NULL;

	return map_old(addr, sizeof(struct vcpu_info));
}

static void __init take_vcpu_infos(struct shared_info *shared, const u64 *addrs,
				   u64 count)
{
	unsigned int cpu, id;

	for_each_possible_cpu(cpu) {
		struct vcpu_info *info;

		id = xen_vcpu_nr(cpu);
		if (id >= count)
			continue;

		info = map_old_vcpu_info(addrs[id]);
		if (!info)
			continue;

		/* A vCPU that never came up has none, and can register its own */
		if (!xen_take_vcpu_info(shared, info, cpu))
			memunmap(info);
	}
}

static struct xb_position old_xb_position;
static bool has_old_xb_position;

static void __init take_xb_position(u64 addr)
{
	struct xb_position *position = NULL;

	/* dom0's rings, and xenstore, were in its own memory and end with it */
	if (xen_initial_domain())
		return;

	if (IS_ALIGNED(addr, __alignof__(*position)))
		position = map_old(addr, sizeof(*position));
	if (!position)
		return;

	old_xb_position = *position;
	has_old_xb_position = true;
	memunmap(position);
}

/* See drivers/xen/xenbus/xenbus_crash.c */
bool xen_crashed_xb_position(struct xb_position *position)
{
	*position = old_xb_position;
	return has_old_xb_position;
}

static int __init take_over(const char *text)
{
	u64 shared_addr = vmcoreinfo_number(text, SHARED_INFO);
	u64 table = vmcoreinfo_number(text, VCPU_INFO);
	u64 count = vmcoreinfo_number(text, VCPU_INFOS);
	struct shared_info *shared = NULL;
	u64 *addrs;

	if (!shared_addr || !table || !count || count > XEN_MPIDR_VCPU_IDS ||
	    !IS_ALIGNED(table, sizeof(*addrs)))
		return -ENOENT;

	addrs = map_old(table, count * sizeof(*addrs));
	if (IS_ALIGNED(shared_addr, XEN_PAGE_SIZE))
		shared = map_old(shared_addr, XEN_PAGE_SIZE);
	if (addrs && shared)
		take_vcpu_infos(shared, addrs, count);
	if (addrs)
		memunmap(addrs);

	if (!xen_registered_vcpu_info(smp_processor_id())) {
		if (shared)
			memunmap(shared);
		return -EFAULT;
	}

	HYPERVISOR_shared_info = shared;
	take_xb_position(vmcoreinfo_number(text, XENBUS));
	return 0;
}

/**
 * xen_crash_init() - Take over what the crashed kernel has registered with Xen
 *
 * Sets HYPERVISOR_shared_info, and what xen_registered_vcpu_info() finds.
 *
 * Without it there are no events, and nobody to say so: the drivers would
 * wait. If it fails, Xen has been told nothing but to reset the event channels,
 * and it is left to the caller to do without Xen.
 *
 * Context: The boot CPU of a crash kernel, while it is the only one, after
 *	    xen_init_vcpu_ids() and before anything is registered with Xen. May sleep.
 * Return: 0 if all is well; -ENOENT if the crashed kernel does not say what is
 *	   needed, which is what kernels do that do not know of this; -EFAULT
 *	   if what it says is not true; or what reading its ELF headers or
 *	   resetting the event channels came to.
 */
int __init xen_crash_init(void)
{
	char *text;
	int err;

	deactivate_interrupts();

	err = read_old_segments();
	if (err) {
		pr_err("no headers of the crashed kernel (%d)\n", err);
		return err;
	}

	text = find_vmcoreinfo();
	if (text && vmcoreinfo_number(text, VCPU_INFO)) {
		err = xen_reset_event_channels();
		if (err)
			pr_err("event channels cannot be reset (%d)\n", err);
		else
			err = take_over(text);
	} else {
		err = -ENOENT;
	}

	if (err == -ENOENT)
		pr_err("the crashed kernel does not say where Xen writes to\n");
	else if (err == -EFAULT)
		pr_err("Xen does not write where the crashed kernel says\n");

	kfree(text);
	kfree(old_segments);
	return err;
}

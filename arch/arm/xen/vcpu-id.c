// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which vCPU of its domain each CPU is, for hypercalls.
 *
 * This is settled for all CPUs before the second one is started, since Xen is
 * told about a CPU (by init_control_block() in events_fifo.c, for one) by
 * another CPU that prepares to bring it up.
 *
 * A CPU that is no vCPU, as far as can be seen, is not brought up. Without an
 * id there is no way to have its events delivered, and to go on with a wrong one
 * would end in a BUG() half way up, or take the events of another CPU.
 */
#define pr_fmt(fmt) "xen: " fmt

#include <linux/bitmap.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/smp.h>

#include <asm/cputype.h>
#include <asm/smp_plat.h>
#include <asm/xen/hypercall.h>
#include <xen/arm/vcpu_id.h>
#include <xen/interface/event_channel.h>
#include <xen/xen-ops.h>

/*
 * Xen looks for the vCPU before it looks at the port. Port 0 is reserved and
 * can be bound to no vCPU, so that nothing comes of this but an answer.
 *
 * An operation of the vcpu_op hypercall would be more to the point, but all
 * that Arm has of it changes something. VCPUOP_is_up is not there, which Xen
 * before 4.17 said of it without a look at the vCPU.
 */
static int __init xen_probe_vcpu(unsigned int id)
{
	struct evtchn_bind_vcpu bind = { .port = 0, .vcpu = id };

	return HYPERVISOR_event_channel_op(EVTCHNOP_bind_vcpu, &bind);
}

/*
 * A 32-bit kernel without SMP does not look for the MPIDR of its only CPU, and
 * has 0 in its place. It may run on another vCPU than 0 when it was started to
 * dump one that crashed there.
 */
static u64 __init xen_cpu_mpidr(unsigned int cpu)
{
	if (cpu == smp_processor_id())
		return read_cpuid_mpidr() & MPIDR_HWID_BITMASK;

	return cpu_logical_map(cpu);
}

static const char * __init xen_no_vcpu_id_reason(int err)
{
	switch (err) {
	case -ENOENT:
		return "belongs to a vCPU that this domain does not have";
	case -EEXIST:
		return "is that of another CPU too";
	default:
		return "is none that Xen gives to a vCPU";
	}
}

static int __init xen_init_vcpu_id(unsigned int cpu, unsigned long *claimed)
{
	u64 mpidr = xen_cpu_mpidr(cpu);
	int id = xen_claim_vcpu_id(mpidr, claimed, xen_probe_vcpu);

	if (id < 0) {
		per_cpu(xen_vcpu_id, cpu) = XEN_VCPU_ID_INVALID;
		pr_err("CPU%u has no vCPU id: its MPIDR %#llx %s\n",
		       cpu, mpidr, xen_no_vcpu_id_reason(id));
		return id;
	}

	per_cpu(xen_vcpu_id, cpu) = id;
	pr_debug("CPU%u is vCPU %d\n", cpu, id);
	return 0;
}

/* Before CPUHP_XEN_EVTCHN_PREPARE, which is the first to need the id */
static int xen_vcpu_id_prepare(unsigned int cpu)
{
	if (xen_vcpu_nr(cpu) != XEN_VCPU_ID_INVALID)
		return 0;

	pr_warn("CPU%u has no vCPU id and stays offline\n", cpu);
	return -ENODEV;
}

/**
 * xen_init_vcpu_ids() - Find the vCPU id of each possible CPU
 *
 * Sets xen_vcpu_id of all CPUs. Where there is a CPU that has none, it says so
 * and why, gives it XEN_VCPU_ID_INVALID, and keeps it from being brought up.
 *
 * Nobody can keep the boot CPU from being up. If it is the one without an id,
 * there can be no events on it, and whatever it said to Xen of itself would be
 * said of another vCPU. It is left to the caller to do without Xen.
 *
 * Context: The boot CPU, while it is the only one. May sleep. Hypercalls must
 *	    work, but Xen need not have been told anything yet.
 * Return: 0, -ENODEV if the boot CPU has no id, in which case nothing is
 *	   registered, or what cpuhp_setup_state_nocalls() returns.
 */
int __init xen_init_vcpu_ids(void)
{
	static DECLARE_BITMAP(claimed, XEN_MPIDR_VCPU_IDS) __initdata;
	unsigned int cpu, boot_cpu = smp_processor_id();

	/* First, so that it keeps its id if another CPU claims to be the same */
	if (xen_init_vcpu_id(boot_cpu, claimed))
		return -ENODEV;

	for_each_possible_cpu(cpu)
		if (cpu != boot_cpu)
			xen_init_vcpu_id(cpu, claimed);

	if (xen_vcpu_nr(boot_cpu) != boot_cpu)
		pr_info("booted on vCPU %u\n", xen_vcpu_nr(boot_cpu));

	return cpuhp_setup_state_nocalls(CPUHP_XEN_PREPARE, "arm/xen:prepare",
					 xen_vcpu_id_prepare, NULL);
}

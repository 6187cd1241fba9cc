// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spin Table CPU return: CPUs that go back to the firmware they came from
 *
 * Documentation/arch/arm64/cpu-return.rst is the contract. In short: the
 * release word of a CPU is 0 if and only if the CPU is in firmware. The OS
 * writes an entry point to start the CPU; the CPU branches to its
 * cpu-return-addr to go back; firmware writes 0 once it has it.
 *
 * The word is the state. Nothing here remembers whether a CPU has returned, so
 * one that acknowledges after everybody stopped waiting is an ordinary offline
 * CPU from that moment on, and one that never does is stuck: offline, and its
 * word is not 0.
 */

#define pr_fmt(fmt) "spin-table: " fmt

#include <linux/acpi.h>
#include <linux/bits.h>
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/libfdt.h>
#include <linux/memblock.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_fdt.h>
#include <linux/smp.h>
#include <linux/suspend.h>

#include <asm/barrier.h>
#include <asm/cache.h>
#include <asm/cacheflush.h>
#include <asm/cpu_ops.h>
#include <asm/cpufeature.h>
#include <asm/cputype.h>
#include <asm/daifflags.h>
#include <asm/fpsimd.h>
#include <asm/mmu_context.h>
#include <asm/smp_plat.h>
#include <asm/sysreg.h>
#include <asm/virt.h>

#include "cpu-reset.h"
#include "smp_spin_table.h"

/* Firmware acknowledges within 100 ms; where nobody is in a hurry, wait as x86 does. */
#define SPIN_TABLE_ACK_US		(100 * USEC_PER_MSEC)
#define SPIN_TABLE_ACK_TIMEOUT_US	USEC_PER_SEC
#define SPIN_TABLE_ACK_POLL_US		100

struct spin_table_expected __section(".mmuoff.data.read")
spin_table_expected = { .hwid = INVALID_HWID };

struct spin_table_return spin_table_return[NR_CPUS] __section(".mmuoff.data.read");

static_assert(sizeof(struct spin_table_return) == SPIN_TABLE_RETURN_SIZE);

/*
 * Mapped for good: a CPU dies and is waited for in contexts that cannot map
 * anything.
 */
static __le64 __iomem *spin_table_word[NR_CPUS] __ro_after_init;

/*
 * What all CPUs have in common is settled once the CPUs of the boot are up, and
 * never looked up again: __boot_cpu_mode is rewritten by every CPU that comes
 * online, and a CPU that is on its way out must not take another way than the
 * CPUs before it.
 */
static enum {
	RETURN_UNSETTLED,
	RETURN_REFUSED,
	RETURN_DIRECT,		/* the kernel runs at the level of hand-over */
	RETURN_BY_HYP_STUB,	/* received at EL2, runs at EL1 */
} spin_table_way;

/* Make a write to data that is read with the MMU off visible there. */
static void spin_table_clean(const void *data, size_t size)
{
	dcache_clean_inval_poc((unsigned long)data, (unsigned long)data + size);
}

static void spin_table_expect(u64 hwid)
{
	WRITE_ONCE(spin_table_expected.hwid, hwid);
	spin_table_clean(&spin_table_expected, sizeof(spin_table_expected));
}

/*
 * Firmware reads and writes the word with its caches off, or cleans what it
 * wrote. Its granule holds nothing else that anybody writes and the line was
 * cleaned when it was last written here, so there is nothing to clean: what is
 * read next comes from memory. dcache_inval_poc() would do too, but might drop
 * the 0 of firmware that has not yet cleaned it.
 */
static u64 spin_table_read(unsigned int cpu)
{
	__le64 __iomem *word = spin_table_word[cpu];
	unsigned long start = (__force unsigned long)word;

	dcache_clean_inval_poc(start, start + sizeof(*word));
	return readq_relaxed(word);
}

static void spin_table_write(unsigned int cpu, u64 val)
{
	__le64 __iomem *word = spin_table_word[cpu];
	unsigned long start = (__force unsigned long)word;

	/* little-endian whatever the kernel is */
	writeq_relaxed(val, word);
	dcache_clean_inval_poc(start, start + sizeof(*word));
}

/**
 * spin_table_cpu_returnable() - does firmware offer to take this CPU back?
 * @cpu: logical CPU number
 *
 * Context: Any, once CPUs have been prepared.
 * Return: true if @cpu has a release word and a return address that can be
 * trusted. Such a CPU stays in firmware until cpu_boot() releases it.
 */
bool spin_table_cpu_returnable(unsigned int cpu)
{
	return READ_ONCE(spin_table_return[cpu].addr);
}

static bool spin_table_offered __initdata;
static bool spin_table_in_linear_map __initdata;

/* Secondary CPUs that cannot be released either: there is no word to write. */
static cpumask_t spin_table_unusable __initdata;

static void spin_table_refuse(unsigned int cpu, const char *why)
{
	struct device_node *dn = of_get_cpu_node(cpu, NULL);

	pr_warn("%pOF: cannot be returned to firmware: %s\n", dn, why);
	of_node_put(dn);

	WRITE_ONCE(spin_table_return[cpu].addr, 0);
	spin_table_clean(&spin_table_return[cpu], sizeof(spin_table_return[cpu]));
}

/*
 * Decide how CPUs leave, once all CPUs of the boot are up and the system's
 * capabilities are final: cpu_can_disable() asks when the CPU devices are
 * registered. Until then nobody leaves. A CPU whose bring-up is rolled back
 * before stays, and one that dies is parked, as without CPU return.
 */
static bool spin_table_settle(void)
{
	if (spin_table_way != RETURN_UNSETTLED)
		return spin_table_way != RETURN_REFUSED;

	if (!system_capabilities_finalized())
		return false;

	if (is_protected_kvm_enabled()) {
		/* the hypervisor does not let go of EL2 */
		pr_warn("protected KVM is enabled: no CPU can be returned to firmware\n");
		spin_table_way = RETURN_REFUSED;
		return false;
	}

	if (is_hyp_mode_mismatched()) {
		pr_warn("CPUs were received at different exception levels: none can be returned to firmware\n");
		spin_table_way = RETURN_REFUSED;
		return false;
	}

	spin_table_expected.el = is_hyp_mode_available() ? CurrentEL_EL2 :
							   CurrentEL_EL1;
	spin_table_expect(INVALID_HWID);
	spin_table_way = is_hyp_nvhe() ? RETURN_BY_HYP_STUB : RETURN_DIRECT;
	return true;
}

/**
 * spin_table_cpu_release() - have firmware start a CPU that it holds
 * @cpu: logical CPU number, returnable
 *
 * Context: Process, under the CPU hotplug lock; the caller waits for the CPU.
 * Return: 0, or -EPERM if @cpu is not in firmware. That was reported when it
 * was found out; -EPERM keeps the caller from doing so again, and unlike
 * -EBUSY it does not make the core try five times.
 */
int spin_table_cpu_release(unsigned int cpu)
{
	if (spin_table_read(cpu))
		return -EPERM;

	/* cleaned to the PoC, with a barrier, before the word says go */
	spin_table_expect(cpu_logical_map(cpu));
	spin_table_write(cpu, __pa_symbol(spin_table_secondary_entry));
	sev();
	return 0;
}

/**
 * spin_table_cpu_cancel() - keep a CPU that has not arrived out
 * @cpu: logical CPU number
 *
 * A release cannot be withdrawn. @cpu may still come, and goes back to firmware
 * from spin_table_secondary_entry.
 *
 * Context: Any, also after a crash.
 */
void spin_table_cpu_cancel(unsigned int cpu)
{
	/* not if @cpu took so long that it is another's turn by now */
	if (spin_table_expected.hwid == cpu_logical_map(cpu))
		spin_table_expect(INVALID_HWID);
}

/**
 * spin_table_cpu_postboot() - let nobody in after the CPU that has arrived
 *
 * Context: The CPU that comes up, interrupts off.
 */
void spin_table_cpu_postboot(void)
{
	spin_table_cpu_cancel(smp_processor_id());
}

/**
 * spin_table_cpu_can_disable() - can this CPU be taken offline?
 * @cpu: logical CPU number
 *
 * Firmware that keeps the contract has a value other than 0 in the word of a
 * CPU that runs. Where it is 0, nothing would tell that the CPU has returned,
 * and a crash kernel would start it while it still runs: do not use it.
 *
 * Context: Any.
 * Return: true if firmware takes @cpu back.
 */
bool spin_table_cpu_can_disable(unsigned int cpu)
{
	if (!spin_table_cpu_returnable(cpu) || !spin_table_settle())
		return false;

	if (cpu_online(cpu) && !spin_table_read(cpu)) {
		spin_table_refuse(cpu, "its release word is 0 while it runs");
		return false;
	}

	return true;
}

/**
 * spin_table_cpu_disable() - last chance to refuse
 * @cpu: logical CPU number
 *
 * Context: @cpu, interrupts off.
 * Return: 0 or -EOPNOTSUPP.
 */
int spin_table_cpu_disable(unsigned int cpu)
{
	return spin_table_cpu_can_disable(cpu) ? 0 : -EOPNOTSUPP;
}

/*
 * The CPU can leave now, or could not be kept from it: an answer for the paths
 * on which cpu_disable() is not asked.
 */
static bool spin_table_way_out(unsigned int cpu)
{
	return spin_table_cpu_returnable(cpu) &&
	       spin_table_way > RETURN_REFUSED;
}

/**
 * spin_table_cpu_can_leave() - can this CPU leave the kernel, or has it left?
 * @cpu: logical CPU number
 *
 * After a crash this is asked right after the other CPUs were told to go, and
 * they are no longer online before they have arrived: give firmware the time
 * that it has. Hence the busy wait, of which there is one at most: the first
 * CPU that has not left is an answer.
 *
 * Context: Any.
 * Return: true if nothing of the kernel is needed by @cpu once it is offline.
 */
bool spin_table_cpu_can_leave(unsigned int cpu)
{
	u64 val;

	if (!spin_table_way_out(cpu))
		return false;

	/* it may have come online after the CPU devices were registered */
	if (cpu_online(cpu))
		return spin_table_cpu_can_disable(cpu);

	if (!read_poll_timeout_atomic(spin_table_read, val, !val, SPIN_TABLE_ACK_POLL_US,
				      SPIN_TABLE_ACK_US, false, cpu))
		return true;

	pr_warn("CPU%u is stuck: offline, but its release word is %#llx\n", cpu, val);
	return false;
}

/*
 * What would go on writing to memory after the CPU has left. Drivers have done
 * this already when a CPU is taken offline; after a crash nobody has. Ask the
 * CPU itself what it has: one that dies early may have other features than the
 * system, and nothing is enabled on it yet.
 */
static void spin_table_stop_buffers(void)
{
	u64 dfr0 = read_sysreg_s(SYS_ID_AA64DFR0_EL1);

	if (cpuid_feature_extract_unsigned_field(dfr0, ID_AA64DFR0_EL1_PMSVer_SHIFT) &&
	    !(read_sysreg_s(SYS_PMBIDR_EL1) & PMBIDR_EL1_P)) {
		write_sysreg_s(0, SYS_PMSCR_EL1);
		isb();
		psb_csync();
		dsb(nsh);
		write_sysreg_s(0, SYS_PMBLIMITR_EL1);
		isb();
	}

	if (cpuid_feature_extract_unsigned_field(dfr0, ID_AA64DFR0_EL1_TraceBuffer_SHIFT) &&
	    !(read_sysreg_s(SYS_TRBIDR_EL1) & TRBIDR_EL1_P)) {
		write_sysreg_s(0, SYS_TRFCR_EL1);
		isb();
		tsb_csync();
		dsb(nsh);
		write_sysreg_s(0, SYS_TRBLIMITR_EL1);
		isb();
	}

	if (system_supports_sme() &&
	    id_aa64pfr1_sme(read_sysreg_s(SYS_ID_AA64PFR1_EL1))) {
		sysreg_clear_set(cpacr_el1, 0, CPACR_EL1_SMEN_EL1EN);
		isb();
		sme_smstop();
	}
}

/**
 * spin_table_cpu_die() - branch to firmware
 * @cpu: the CPU that this runs on
 *
 * Nothing is written on the way: the word has been non-zero since the CPU was
 * released (or, for the boot CPU, since before the kernel), and the stack is
 * gone with the MMU. Dirty lines stay coherent until firmware takes the CPU
 * out of coherency, and cleaning before that is firmware's business.
 *
 * Context: @cpu, DAIF masked. Nothing may be taken for granted: this is also
 * how CPUs leave a kernel that crashed.
 * Return: Only if @cpu cannot be returned; the callers then park it.
 */
void spin_table_cpu_die(unsigned int cpu)
{
	typeof(cpu_soft_restart) *restart;

	if (!spin_table_way_out(cpu))
		return;

	local_daif_mask();
	spin_table_stop_buffers();
	cpu_install_idmap();
	restart = (void *)__pa_symbol(cpu_soft_restart);
	restart(spin_table_way == RETURN_BY_HYP_STUB,
		spin_table_return[cpu].addr, 0, 0, 0);
	cpu_park_loop();
}

/**
 * spin_table_cpu_kill() - wait until firmware has the CPU
 * @cpu: logical CPU number
 *
 * Context: Process, on another CPU. Sleeps.
 * Return: 0 once @cpu executes, reads and writes no memory of the kernel;
 * -ETIMEDOUT if that is not known after SPIN_TABLE_ACK_TIMEOUT_US; -EOPNOTSUPP
 * if it never will be.
 */
int spin_table_cpu_kill(unsigned int cpu)
{
	u64 val;

	if (!spin_table_way_out(cpu))
		return -EOPNOTSUPP;

	if (!read_poll_timeout(spin_table_read, val, !val, SPIN_TABLE_ACK_POLL_US,
			       SPIN_TABLE_ACK_TIMEOUT_US, false, cpu))
		return 0;

	pr_warn("CPU%u was not taken back by firmware within %lu ms: stuck until its release word is 0\n",
		cpu, SPIN_TABLE_ACK_TIMEOUT_US / USEC_PER_MSEC);
	return -ETIMEDOUT;
}

/*
 * Did firmware say that this memory is its own? memblock is no help for memory
 * that is not taken out of the memory map: what the kernel has allocated by now
 * is "reserved" too, and it allocates from the top, where firmware lives.
 */
static bool __init spin_table_reserved(phys_addr_t addr)
{
	struct device_node *parent, *dn;
	bool reserved = false;
	struct resource res;
	u64 base, size;
	int i;

	if (!memblock_is_map_memory(addr))
		return true;

	for (i = 0; i < fdt_num_mem_rsv(initial_boot_params); i++)
		if (!fdt_get_mem_rsv(initial_boot_params, i, &base, &size) &&
		    addr >= base && addr - base < size)
			return true;

	parent = of_find_node_by_path("/reserved-memory");
	for_each_available_child_of_node(parent, dn) {
		if (of_property_read_bool(dn, "reusable"))
			continue;
		for (i = 0; !of_address_to_resource(dn, i, &res); i++)
			if (addr >= res.start && addr <= res.end)
				reserved = true;
	}
	of_node_put(parent);
	return reserved;
}

/*
 * Two words in one writeback granule: cleaning one writes the other, with what
 * it was when the line was fetched.
 */
static const char *__init spin_table_shares_word(struct device_node *dn, u64 release)
{
	u32 cwg = cache_type_cwg();
	u64 other, granule = cwg ? 4UL << cwg : SZ_2K;
	const char *why = NULL;
	struct device_node *node;

	for_each_of_cpu_node(node) {
		if (node == dn ||
		    of_property_read_u64(node, "cpu-release-addr", &other))
			continue;
		if (other == release)
			why = "its cpu-release-addr is also another CPU's";
		else if (!why && round_down(other, granule) == round_down(release, granule))
			why = "its release word is in one cache writeback granule with another's";
	}
	return why;
}

static u64 __init spin_table_phys_end(void)
{
	u64 mmfr0 = read_sanitised_ftr_reg(SYS_ID_AA64MMFR0_EL1);
	int parange = cpuid_feature_extract_unsigned_field(mmfr0,
							   ID_AA64MMFR0_EL1_PARANGE_SHIFT);

	return min_t(u64, PHYS_MASK,
		     GENMASK_ULL(id_aa64mmfr0_parange_to_phys_shift(parange) - 1, 0));
}

/* What makes a release word one that nobody should write to. */
static const char *__init spin_table_check_word(u64 release)
{
	if (!release)
		return "its cpu-release-addr is 0";
	if (release > spin_table_phys_end())
		return "its cpu-release-addr is above the physical address range";
	if (!spin_table_reserved(release))
		return "its cpu-release-addr is in memory that is not reserved";
	return NULL;
}

/*
 * Everything that can be wrong with a cpu node, so that nothing has to be
 * refused later. Returns what is wrong, or NULL.
 */
static const char *__init spin_table_check(unsigned int cpu, struct device_node *dn,
					   u64 *release, u64 *ret)
{
	const char *why;

	if (of_property_read_u64(dn, "cpu-release-addr", release))
		return "it has no cpu-release-addr";

	why = spin_table_check_word(*release);
	if (why) {
		cpumask_set_cpu(cpu, &spin_table_unusable);
		return why;
	}

	if (of_property_count_elems_of_size(dn, "cpu-return-addr", sizeof(u64)) != 1 ||
	    of_property_read_u64(dn, "cpu-return-addr", ret))
		return "its cpu-return-addr is not one 64-bit value";
	if (!*ret)
		return "its cpu-return-addr is 0";
	if (!IS_ALIGNED(*ret, sizeof(u32)))
		return "its cpu-return-addr is not aligned to 4 bytes";
	if (*ret > spin_table_phys_end())
		return "its cpu-return-addr is above the physical address range";
	if (!spin_table_reserved(*ret))
		return "its cpu-return-addr is in memory that is not reserved";

	if (!IS_ALIGNED(*release, sizeof(u64)))
		return "its cpu-release-addr is not aligned to 8 bytes";
	return spin_table_shares_word(dn, *release);
}

static void __init spin_table_return_init_cpu(unsigned int cpu)
{
	struct device_node *dn = of_get_cpu_node(cpu, NULL);
	u64 release, ret, val;
	const char *why;

	if (!dn || !of_property_present(dn, "cpu-return-addr"))
		goto out;

	spin_table_offered = true;
	why = spin_table_check(cpu, dn, &release, &ret);
	if (!why) {
		/*
		 * Inside or outside of the linear mapping, see
		 * smp_spin_table_cpu_prepare().
		 */
		spin_table_word[cpu] = ioremap_cache(release, sizeof(u64));
		if (!spin_table_word[cpu])
			why = "its release word cannot be mapped";
	}
	if (why) {
		spin_table_refuse(cpu, why);
		goto out;
	}

	if (memblock_is_map_memory(release) || memblock_is_map_memory(ret))
		spin_table_in_linear_map = true;

	spin_table_return[cpu].hwid = cpu_logical_map(cpu);
	spin_table_return[cpu].addr = ret;

	/* One that a crashed kernel has not let go of, say. It may come yet. */
	val = spin_table_read(cpu);
	if (val && cpu != smp_processor_id())
		pr_warn("%pOF: not in firmware, its release word is %#llx: not started\n",
			dn, val);
out:
	of_node_put(dn);
}

/*
 * Find out which CPUs firmware takes back. cpu_init() and cpu_prepare() never
 * see the boot CPU, and what is wrong with one CPU can be seen only by looking
 * at the others: go through them all, when the first is prepared or, if none
 * is, before initcalls.
 */
static void __init spin_table_return_init(void)
{
	static bool done __initdata;
	const struct cpu_operations *ops;
	unsigned int cpu;

	if (done)
		return;
	done = true;

	for_each_possible_cpu(cpu) {
		ops = get_cpu_ops(cpu);
		if (ops && ops->cpu_die == spin_table_cpu_die)
			spin_table_return_init_cpu(cpu);
	}

	/* those without a way back as well: spin_table_secondary_entry passes them */
	spin_table_clean(spin_table_return, sizeof(spin_table_return));
}

/**
 * spin_table_cpu_prepare() - is this CPU left in firmware until it is booted?
 * @cpu: logical CPU number
 *
 * Context: Boot.
 * Return: 0 if it is; 1 if it has to be released now, to wait in the holding
 * pen; -EINVAL if its release word is none that could be written to, which was
 * reported.
 */
int __init spin_table_cpu_prepare(unsigned int cpu)
{
	spin_table_return_init();
	if (spin_table_cpu_returnable(cpu))
		return 0;

	return cpumask_test_cpu(cpu, &spin_table_unusable) ? -EINVAL : 1;
}

static int __init spin_table_return_early(void)
{
	if (acpi_disabled)
		spin_table_return_init();
	return 0;
}
early_initcall(spin_table_return_early);

/*
 * An image holds all of the linear mapping but what is marked nosave. Firmware
 * in it would be written over, with CPUs running there, by what it was when the
 * image was made. Where it ends is not known here, so it cannot be marked.
 */
static int spin_table_pm_notify(struct notifier_block *nb, unsigned long action, void *data)
{
	if (action != PM_HIBERNATION_PREPARE && action != PM_RESTORE_PREPARE)
		return NOTIFY_DONE;

	pr_err("cannot hibernate: firmware that holds CPUs is not in no-map memory\n");
	return notifier_from_errno(-EPERM);
}

static struct notifier_block spin_table_pm_nb = {
	.notifier_call = spin_table_pm_notify,
};

/* After the CPU devices are registered, when every answer is known. */
static int __init spin_table_return_report(void)
{
	unsigned int cpu, n = 0;

	if (!spin_table_offered)
		return 0;

	for_each_possible_cpu(cpu)
		n += spin_table_way_out(cpu);
	pr_info("%u of %u CPUs can be returned to firmware\n", n, num_possible_cpus());

	if (IS_ENABLED(CONFIG_HIBERNATION) && n && spin_table_in_linear_map)
		return register_pm_notifier(&spin_table_pm_nb);
	return 0;
}
core_initcall(spin_table_return_report);

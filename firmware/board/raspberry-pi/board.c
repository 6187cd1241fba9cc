// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raspberry Pi 3 (BCM2837) and 4 (BCM2711): what the GPU leaves to the code at
 * EL3. All CPUs start at 0, where it has put this file; the OS and its tree
 * are in memory. One file for both, by the core that it finds itself on, so
 * that a card which boots on both goes on doing so.
 *
 * Nobody looks at a console here, and there may be none. What goes wrong on one
 * CPU costs that CPU: the OS finds that it does not come, says so, and goes on.
 */
#include <adversary.h>
#include <board.h>
#include <firmware.h>
#include <gic.h>
#include <midr.h>
#include "stub.h"

/* DDI0500 (A53) 4.5, DDI0488 (A72) 4.5: the same encoding in both */
#define CPUECTLR_EL1		"S3_1_C15_C2_1"
#define  CPUECTLR_SMPEN		(1 << 6)
#define L2CTLR_EL1		"S3_1_C11_C0_2"
/*
 * ACTLR_EL3: lower levels may write CPUACTLR, CPUECTLR, L2CTLR, L2ECTLR, L2ACTLR.
 * Kernels for these boards could do so with the stub that they come with.
 */
#define ACTLR_OPEN		0x73

/* BCM2836 ARM-local peripherals (QA7): which clock the counter has, and what divides it */
#define LOCAL_CONTROL		0x00
#define LOCAL_PRESCALER		0x08
#define  LOCAL_PRESCALER_1	0x80000000

#define BCM2837_LOCAL		0x40000000
#define BCM2837_HZ		19200000

#define BCM2711_LOCAL		0xff800000
#define BCM2711_GICD		0xff841000
#define BCM2711_GICC		0xff842000
#define BCM2711_HZ		54000000
/* L2CTLR: data RAM setup of one cycle more, latency of three */
#define BCM2711_L2_RAM		0x22

extern struct cpu_slot slots[];
extern char first_wait[];

#if ADVERSARY
void stub_adversary(struct cpu_slot *slot, bool boot_cpu);
#else
static inline void stub_adversary(struct cpu_slot *slot, bool boot_cpu)
{
}
#endif

static bool is_bcm2711(void)
{
	return midr_part() == PART_CORTEX_A72;
}

u64 board_counter_hz(void)
{
	return is_bcm2711() ? BCM2711_HZ : BCM2837_HZ;
}

/* Those of a BCM2837 have no registers like these. */
u64 board_private_irqs(void)
{
	return is_bcm2711() ? BCM2711_GICD : 0;
}

/* Functions fill gaps of the page, and have to stay as small as these. */
#define noinline	__attribute__((noinline))

static noinline void clock_init(void)
{
	u64 local = is_bcm2711() ? BCM2711_LOCAL : BCM2837_LOCAL;

	write32(local + LOCAL_CONTROL, 0);
	write32(local + LOCAL_PRESCALER, LOCAL_PRESCALER_1);
}

/* Only out of reset, when nothing is in the caches yet, and never on a return. */
static noinline void core_init(void)
{
	msr(CPUECTLR_EL1, mrs(CPUECTLR_EL1) | CPUECTLR_SMPEN);
	msr("actlr_el3", ACTLR_OPEN);
	/* Its value out of reset is not defined. */
	msr("cntfrq_el0", board_counter_hz());
	if (is_bcm2711())
		msr(L2CTLR_EL1, mrs(L2CTLR_EL1) | BCM2711_L2_RAM);
	isb();
}

void flash_main(void)
{
	u64 cpu = this_hwid();
	struct cpu_slot *slot = (void *)((u64)slots + cpu * SLOT_SIZE);

	core_init();
	el3_init(slot);
	if (is_bcm2711())
		gicv2_cpu_init(BCM2711_GICD, BCM2711_GICC, !cpu);
	slot->entry = (u64)first_wait;
	if (!cpu) {
		clock_init();
		slot->entry = read32(STUB_KERNEL_AT);
		slot->arg = read32(STUB_TREE_AT);
	}
	stub_adversary(slot, !cpu);
	el3_drop(slot);
}

/* An exception, or a CPU at a level at which it cannot start: not acknowledged. */
void report_exception(u64 level, u64 esr, u64 elr, u64 far)
{
	for (;;)
		wfi();
}

void report_level(u64 level, struct cpu_slot *slot)
{
	report_exception(0, 0, 0, 0);
}

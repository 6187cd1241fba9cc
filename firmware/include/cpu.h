/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CPU_H
#define CPU_H

#include <slot.h>
#include <types.h>

#include <adversary.h>

/**
 * struct cpu_slot - one CPU, as the resident code sees it
 * @hwid:	affinity fields of its MPIDR_EL1
 * @word:	address of the release word that it polls
 * @level:	CurrentEL at which it is handed over, and has to come back
 * @stamps:	1 to leave time stamps in @arrived and @acked
 * @features:	HAS_* bits, found by el3_init()
 * @entry:	where el3_drop() goes
 * @arg:	x0 there
 * @present:	1 once the CPU is on its way to @entry
 * @sctlr_el2:	and the following: EL2 at hand-over, first and later ones
 * @hcr_el2:	.
 * @cptr_el2:	.
 * @mdcr_el2:	.
 * @hcrx_el2:	.
 * @smcr_el2:	.
 * @arrived:	CNTPCT_EL0 when the CPU last came back
 * @acked:	CNTPCT_EL0 when its word was 0
 * @adversary:	how this CPU misbehaves
 * @stack:	used at EL3 and to report an exception, never on the way of a return
 */
struct cpu_slot {
	u64 hwid;
	u64 word;
	u64 level;
	u64 stamps;
	u64 features;
	u64 entry;
	u64 arg;
	u64 present;
	u64 sctlr_el2;
	u64 hcr_el2;
	u64 cptr_el2;
	u64 mdcr_el2;
	u64 hcrx_el2;
	u64 smcr_el2;
	u64 arrived;
	u64 acked;
#if ADVERSARY
	struct adversary adversary;
#endif
	u64 stack[(SLOT_SIZE - SLOT_ADVERSARY - ADVERSARY * sizeof(struct adversary)) / 8];
};

#define CHECK_SLOT(field, offset) \
	_Static_assert(offsetof(struct cpu_slot, field) == (offset), #field)

CHECK_SLOT(word, SLOT_WORD);
CHECK_SLOT(level, SLOT_LEVEL);
CHECK_SLOT(stamps, SLOT_STAMPS);
CHECK_SLOT(features, SLOT_FEATURES);
CHECK_SLOT(entry, SLOT_ENTRY);
CHECK_SLOT(arg, SLOT_ARG);
CHECK_SLOT(present, SLOT_PRESENT);
CHECK_SLOT(sctlr_el2, SLOT_SCTLR_EL2);
CHECK_SLOT(hcr_el2, SLOT_HCR_EL2);
CHECK_SLOT(cptr_el2, SLOT_CPTR_EL2);
CHECK_SLOT(mdcr_el2, SLOT_MDCR_EL2);
CHECK_SLOT(hcrx_el2, SLOT_HCRX_EL2);
CHECK_SLOT(smcr_el2, SLOT_SMCR_EL2);
CHECK_SLOT(arrived, SLOT_ARRIVED);
CHECK_SLOT(acked, SLOT_ACKED);
#if ADVERSARY
CHECK_SLOT(adversary, SLOT_ADVERSARY);
#endif
_Static_assert(sizeof(struct cpu_slot) == SLOT_SIZE, "slot size");

#define mrs(reg) ({							\
	u64 _v;								\
	asm volatile("mrs %0, " reg : "=r" (_v) : : "memory");		\
	_v;								\
})
#define msr(reg, val)							\
	asm volatile("msr " reg ", %x0" : : "rZ" ((u64)(val)) : "memory")

#define isb()	asm volatile("isb" : : : "memory")
#define dsb()	asm volatile("dsb sy" : : : "memory")
#define sev()	asm volatile("sev" : : : "memory")
#define wfe()	asm volatile("wfe" : : : "memory")
#define wfi()	asm volatile("wfi" : : : "memory")

static inline u32 read32(u64 addr)
{
	return *(volatile u32 *)addr;
}

static inline void write32(u64 addr, u32 val)
{
	*(volatile u32 *)addr = val;
}

static inline u64 read64(u64 addr)
{
	return *(volatile u64 *)addr;
}

static inline void write64(u64 addr, u64 val)
{
	*(volatile u64 *)addr = val;
}

static inline u64 this_hwid(void)
{
	return mrs("mpidr_el1") & HWID_MASK;
}

static inline u64 counter(void)
{
	isb();
	return mrs("cntpct_el0");
}

/** park() - stop the calling CPU for ever */
void __attribute__((noreturn)) park(void);

/* arch/head.S, arch/spin.S */
extern char _start[], __image_end[], __bss_end[];
extern char cpu_return[], spin[];

/**
 * enter_ram() - continue in the copy of the firmware that stays resident
 * @base:	where the copy lies
 * @fdt:	the tree as the machine left it
 * @size:	of the reserved region at @base
 * @boot_cpu:	this is the CPU that loads the OS
 */
void __attribute__((noreturn)) enter_ram(u64 base, const void *fdt, u64 size, bool boot_cpu);

/**
 * el3_drop() - leave EL3 for good
 * @slot: says where to, at which level, and in which state EL2 is left
 */
void __attribute__((noreturn)) el3_drop(struct cpu_slot *slot);

/**
 * el3_init() - set up what only EL3 can set up on the calling CPU
 * @slot: of the calling CPU; its level is known, features and EL2 state are filled in
 *
 * Follows "Booting AArch64 Linux", section "System registers".
 */
void el3_init(struct cpu_slot *slot);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ADVERSARY_ADVERSARY_H
#define ADVERSARY_ADVERSARY_H

#include <slot.h>

/* struct adversary, from the start of the slot on */
#define ADV_FAULTS	(SLOT_ADVERSARY + 0)
#define ADV_ARG		(SLOT_ADVERSARY + 8)
#define ADV_IRQS	(SLOT_ADVERSARY + 24)
#define ADV_VBAR	(SLOT_ADVERSARY + 32)
#define ADV_LAST	(SLOT_ADVERSARY + 40)
#define ADV_ROUND	(SLOT_ADVERSARY + 48)
#define ADV_RETURNED	(SLOT_ADVERSARY + 56)
#define ADV_STARTED	(SLOT_ADVERSARY + 64)
#define ADV_MISBEHAVED	(SLOT_ADVERSARY + 72)

/*
 * Faults, bit numbers in ADV_FAULTS. To add one: a number here, a line in
 * adversary.c, a tbnz in hooks.S, and a row in lab/adversary/faults.
 */
#define NO_ACK		0
#define LATE_ACK	1
#define ACK_VALUE	2
#define ACK_OTHER	3
#define ACK_SECOND	4
#define ACK_FORGOTTEN	5
#define ACK_NO_SEV	6
#define ACK_WITHDRAWN	7
#define EARLY_ACK	8
#define WRITES_ON	9
#define STALE_VBAR	10
#define SPURIOUS_START	11
#define IGNORE_RELEASE	12
#define LATE_START	13
#define WORD_ORDER	14
#define WRONG_LEVEL	15
#define BYTE_ORDER	16
#define CLOBBER		17
#define UNMASKED	18
#define TIMER		19
#define ACTIVE		20
#define PENDING		21
#define COUNTER		22
#define E2H		23
#define HYP		24
#define RESET		25
/* and those that are done with before the OS is entered */
#define WORD_OF		26
#define INITIAL_WORD	27
/* and those of psci.c */
#define OFF_DENIED	32
#define OFF_NEVER	33
#define OFF_LATE	34
#define ON_LATE		35
#define ON_NEVER	36
#define RESIDENT	37
#define LPI_CLEAR	38
#define LPI_FOREIGN	39

/* Services at EL3, in x6 of an SMC */
#define SMC_LEVEL	0	/* go on at x4 with SPSR x5 */
#define SMC_COUNTER	1	/* CNTVOFF_EL2 is x5 */
#define SMC_RESET	2	/* of the machine */

#ifndef __ASSEMBLER__
#include <cpu.h>

/* What is behind the colon: nothing, milliseconds, a number, a CPU's release word. */
enum { NONE, MS, NUMBER, WORD };

struct fault {
	char name[16];
	u8 bit;
	u8 arg;
};

/** find_cpu() - the slot of a CPU, NULL if there is none */
struct cpu_slot *find_cpu(u64 hwid);

/* psci.c: what PSCI_VERSION answers, 1 for 0.1, 0 if there are release words */
extern u64 psci_version;

/* Those that PSCI has in place of the others; the last one has no name. */
extern const struct fault psci_faults[];

/** psci_init() - before other CPUs are let in; all CPUs' faults are known */
void psci_init(void *tree);

/** psci_cpu_init() - as adversary_cpu_init(), whose last part it is */
void psci_cpu_init(struct cpu_slot *slot);

/**
 * count_for() - count where others may count as well
 * @self: slot of the calling CPU
 */
void count_for(struct cpu_slot *self, u64 *counter);

/** tee_call() - psci.c does not know it. Returns false if it is none of the TEE's */
bool tee_call(struct cpu_slot *self, u64 *x);

/** tee_smccc() - the SMCCC_VERSION that the TEE needs */
u64 tee_smccc(void);

/** tee_tree() - may add a node; an error of libfdt if it cannot */
int tee_tree(void *tree);

/* Function numbers of the 64-bit convention */
#define SMC64		(1U << 30)

/** is_among() - those known with SMC64 are there without it, too */
bool is_among(u32 id, const u32 *known, unsigned int count);

/** allow_smc() - from the level below, on the calling CPU */
void allow_smc(void);
#endif

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the resident code knows of one CPU. Read by assembly with the MMU off,
 * so the offsets are written down; cpu.h checks them against the structure.
 *
 * A slot is written by firmware only, and but for the time stamps only before
 * the OS is entered. It never shares a cache writeback granule with a release
 * word.
 */
#ifndef SLOT_H
#define SLOT_H

#define SLOT_HWID	0
#define SLOT_WORD	8
#define SLOT_LEVEL	16
#define SLOT_STAMPS	24
#define SLOT_FEATURES	32
#define SLOT_ENTRY	40
#define SLOT_ARG	48
#define SLOT_PRESENT	56
#define SLOT_SCTLR_EL2	64
#define SLOT_HCR_EL2	72
#define SLOT_CPTR_EL2	80
#define SLOT_MDCR_EL2	88
#define SLOT_HCRX_EL2	96
#define SLOT_SMCR_EL2	104
#define SLOT_ARRIVED	112
#define SLOT_ACKED	120
#define SLOT_ADVERSARY	128	/* adversary/adversary.h */

/* A board without room to spare has smaller ones. */
#ifndef SLOT_SHIFT
#define SLOT_SHIFT	11
#endif
#define SLOT_SIZE	(1 << SLOT_SHIFT)

/* SLOT_LEVEL holds CurrentEL as it reads at the level of the hand-over. */
#define LEVEL_EL1	(1 << 2)
#define LEVEL_EL2	(2 << 2)
#define LEVEL_EL3	(3 << 2)

/* SLOT_FEATURES: bit numbers, which optional EL2 registers this CPU has */
#define HAS_EL2		0
#define HAS_GICV3	1
#define HAS_HCX		2
#define HAS_FGT		3
#define HAS_FGT2	4
#define HAS_SVE		5
#define HAS_SME		6
#define HAS_CNTPOFF	7
#define HAS_MPAM	8
#define HAS_GCS		9

/* Affinity fields of MPIDR_EL1, as in the "reg" of a cpu node */
#define HWID_MASK	0xff00ffffff

/* MMU and caches off, little-endian, the rest what is RES1 */
#define SCTLR_EL3_OFF	0x30c50830
#define SCTLR_EL2_OFF	0x30c50830
#define SCTLR_EL1_OFF	0x30d00800
#define HCR_EL2_RW	0x80000000

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The resident part: where a CPU waits, and how it comes back. Runs at the
 * level of the hand-over, with the MMU off, without a stack. Once the OS has
 * been entered it reads slots and writes nothing but release words (and time
 * stamps, on request).
 *
 * A "hook" is no instruction at all: adversary/ gets in there.
 */
#include <adversary.h>
#include <asm-util.h>
#include <slot.h>

#define ICC_SRE_EL2	S3_4_C12_C9_5
#define ICH_HCR_EL2	S3_4_C12_C11_0
#define HCRX_EL2	S3_4_C1_C2_2
#define HFGRTR_EL2	S3_4_C1_C1_4
#define HFGWTR_EL2	S3_4_C1_C1_5
#define HFGITR_EL2	S3_4_C1_C1_6
#define HDFGRTR_EL2	S3_4_C3_C1_4
#define HDFGWTR_EL2	S3_4_C3_C1_5
#define HDFGRTR2_EL2	S3_4_C3_C1_0
#define HDFGWTR2_EL2	S3_4_C3_C1_1
#define HFGRTR2_EL2	S3_4_C3_C1_2
#define HFGWTR2_EL2	S3_4_C3_C1_3
#define HFGITR2_EL2	S3_4_C3_C1_7
#define ZCR_EL2		S3_4_C1_C2_0
#define SMCR_EL2	S3_4_C1_C2_6
#define CNTPOFF_EL2	S3_4_C14_C0_6
#define MPAM2_EL2	S3_4_C10_C5_0
#define GCSCR_EL1	S3_0_C2_C5_0
#define GCSCRE0_EL1	S3_0_C2_C5_2
#define GCSCR_EL2	S3_4_C2_C5_0

.macro resident name
	.section .text.resident.\name, "ax"
.endm

/*
 * One table for all levels. Its rows are sections of their own: where there is
 * no room to spare, a linker script puts something else in between.
 */
	.irp	row, 00, 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12, 13, 14, 15
	.section .text.vector.\row, "ax"
	.ifc	\row, 00
	.balign	2048
func vectors
	.else
	.balign	128
	.endif
	b	exception
	.endr

/*
 * An exception is a bug, in here or in an OS that has not yet set its own
 * vectors: say so and stop.
 */
	resident exception
func exception
	mrs	x0, CurrentEL
	cmp	x0, #LEVEL_EL2
	b.eq	2f
	b.hi	3f
	mrs	x1, esr_el1
	mrs	x2, elr_el1
	mrs	x3, far_el1
	b	4f
2:	mrs	x1, esr_el2
	mrs	x2, elr_el2
	mrs	x3, far_el2
4:	/* EL3 has a stack. Here the slot has one that nobody uses any more. */
	bl	find_slot
	cbz	x28, stay
	add	sp, x28, #SLOT_SIZE
	b	report_exception
3:	mrs	x1, esr_el3
	mrs	x2, elr_el3
	mrs	x3, far_el3
	b	report_exception

/*
 * The return address of every CPU. Nothing is known of SCTLR, HCR, VBAR or the
 * general registers, except that the MMU is off and that instructions are
 * always little-endian.
 */
	resident cpu_return
	.balign	64
func cpu_return
	msr	daifset, #0xf
	msr	spsel, #1			/* the rows of vectors that are meant */
	mrs	x12, cntpct_el0			/* for SLOT_ARRIVED */
	hook	fault_returned

	/* 1. Own endianness and MMU off, before the first data access. */
	mrs	x4, CurrentEL
	adr_l	x5, vectors
	cmp	x4, #LEVEL_EL2
	b.ne	1f
	mov_q	x6, SCTLR_EL2_OFF
	msr	sctlr_el2, x6
	isb
	/*
	 * 2. Leave VHE, before anything that changes its layout with E2H: CPTR_EL2
	 * and CNTHCTL_EL2; and before EL1 registers, whose names mean EL2 ones.
	 */
	mov_q	x6, HCR_EL2_RW
	msr	hcr_el2, x6
	/* 3. Vectors: the old ones lie in memory of the OS. */
	msr	vbar_el2, x5
	isb
1:	cmp	x4, #LEVEL_EL1
	b.ne	2f
	mov_q	x6, SCTLR_EL1_OFF
	msr	sctlr_el1, x6
2:	msr	vbar_el1, x5
	isb

	/* 4. Who am I? */
	bl	find_slot
	cbz	x28, stay
	ldr	x5, [x28, #SLOT_LEVEL]
	cmp	x4, x5
	b.ne	wrong_level

	/* 5. The state of a first hand-over. */
	cmp	x4, #LEVEL_EL2
	b.ne	3f
	bl	el2_restore
3:	bl	el1_restore
	hook	fault_acknowledge

	/* 6. The acknowledgement: from here on nothing of the OS is touched. */
	ldr	x5, [x28, #SLOT_WORD]
	dsb	sy
	str	xzr, [x5]
	dsb	sy
	sev

	ldr	x8, [x28, #SLOT_STAMPS]
	cbz	x8, spin
	mrs	x6, cntpct_el0
	stp	x12, x6, [x28, #SLOT_ARRIVED]

/* First boot comes in here, x28 is the slot. */
func spin
	hook	fault_wait
	ldr	x5, [x28, #SLOT_WORD]
	sevl
1:	wfe
	ldr	x4, [x5]
	cbz	x4, 1b
	/* Not an address of an instruction: 1 in the boot CPU's word, say. */
	tst	x4, #3
	b.ne	1b

/* As well, to x4 */
func release
	start_state
	hook	fault_start
	br	x4

/* Not one of ours. */
func stay
	wfi
	b	stay

func wrong_level
	add	sp, x28, #SLOT_SIZE
	mov	x0, x4
	mov	x1, x28
	b	report_level

/* Slot of this CPU in x28, 0 if it has none. Uses x9-x11. */
	resident find_slot
func find_slot
	mrs	x9, mpidr_el1
	mov_q	x10, HWID_MASK
	and	x9, x9, x10
	adr_l	x10, fw_cpus
	ldr	x10, [x10]
	adr_l	x28, fw_slots
	ldr	x28, [x28]
1:	cbz	x10, 2f
	ldr	x11, [x28, #SLOT_HWID]
	cmp	x11, x9
	b.eq	3f
	add	x28, x28, #SLOT_SIZE
	sub	x10, x10, #1
	b	1b
2:	mov	x28, xzr
3:	ret

/*
 * EL2 as it is handed over, from EL3 the first time and at EL2 later. For an
 * OS at EL1 it is out of the way; for one at EL2 nothing of the last OS or its
 * guests is left. E2H is 0. Slot in x28, uses x5-x7.
 */
	resident el2_restore
func el2_restore
	ldr	x7, [x28, #SLOT_FEATURES]
	ldr	x5, [x28, #SLOT_SCTLR_EL2]
	msr	sctlr_el2, x5
	ldr	x5, [x28, #SLOT_HCR_EL2]
	msr	hcr_el2, x5
	ldr	x5, [x28, #SLOT_CPTR_EL2]
	msr	cptr_el2, x5
	ldr	x5, [x28, #SLOT_MDCR_EL2]
	msr	mdcr_el2, x5
	isb					/* CPTR_EL2 traps ZCR and SMCR */
	msr	hstr_el2, xzr
	msr	vttbr_el2, xzr
	mov	x5, #3				/* EL1PCTEN, EL1PCEN */
	msr	cnthctl_el2, x5
	msr	cntvoff_el2, xzr
	mrs	x5, midr_el1
	msr	vpidr_el2, x5
	mrs	x5, mpidr_el1
	msr	vmpidr_el2, x5

	tbz	x7, #HAS_GICV3, 1f
	mov	x5, #0xf			/* SRE, no bypass, Enable */
	msr	ICC_SRE_EL2, x5
	isb
	msr	ICH_HCR_EL2, xzr
1:	tbz	x7, #HAS_HCX, 2f
	ldr	x5, [x28, #SLOT_HCRX_EL2]
	msr	HCRX_EL2, x5
2:	tbz	x7, #HAS_FGT, 3f
	msr	HFGRTR_EL2, xzr
	msr	HFGWTR_EL2, xzr
	msr	HFGITR_EL2, xzr
	msr	HDFGRTR_EL2, xzr
	msr	HDFGWTR_EL2, xzr
3:	tbz	x7, #HAS_FGT2, 4f
	msr	HFGRTR2_EL2, xzr
	msr	HFGWTR2_EL2, xzr
	msr	HFGITR2_EL2, xzr
	msr	HDFGRTR2_EL2, xzr
	msr	HDFGWTR2_EL2, xzr
4:	tbz	x7, #HAS_SVE, 5f
	mov	x5, #0xf
	msr	ZCR_EL2, x5
5:	tbz	x7, #HAS_SME, 6f
	ldr	x5, [x28, #SLOT_SMCR_EL2]
	msr	SMCR_EL2, x5
6:	tbz	x7, #HAS_CNTPOFF, 7f
	msr	CNTPOFF_EL2, xzr
7:	tbz	x7, #HAS_MPAM, 8f
	msr	MPAM2_EL2, xzr
8:	tbz	x7, #HAS_GCS, 9f
	msr	GCSCR_EL2, xzr
9:	isb
	ret

/* EL1 as it is handed over; stage 1 of EL1&0 off also for an OS at EL2. Uses x5, x7. */
	resident el1_restore
func el1_restore
	mov_q	x5, SCTLR_EL1_OFF
	msr	sctlr_el1, x5
	msr	cpacr_el1, xzr
	msr	cntkctl_el1, xzr
	msr	mdscr_el1, xzr
	ldr	x7, [x28, #SLOT_FEATURES]
	tbz	x7, #HAS_GCS, 1f
	msr	GCSCR_EL1, xzr
	msr	GCSCRE0_EL1, xzr
1:	isb
	ret

	.section .note.GNU-stack, "", %progbits

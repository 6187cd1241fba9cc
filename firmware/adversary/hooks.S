/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a CPU misbehaves, at the hooks of arch/spin.S. In all of them x28 is the
 * slot, and x8 to x11 are lost. At the end, what is left of EL3.
 */
#include <adversary.h>
#include <asm-util.h>
#include "adversary.h"

#define ICC_AP1R0_EL1	S3_0_C12_C9_0

#define IRQ_ISPENDR	0x200
#define IRQ_ISACTIVER	0x300

#define EC_SHIFT	26
#define EC_SMC64	0x17

/* x0 to x30, and a word that makes it a multiple of 16 */
#define FRAME		256

	.section .text.adversary, "ax"

.macro count what
	ldr	x9, [x28, #\what]
	add	x9, x9, #1
	str	x9, [x28, #\what]
.endm

.macro misbehave
	count	ADV_MISBEHAVED
.endm

/* For that many ticks of the counter. Uses x9 to x11. */
.macro delay ticks
	mov	x11, \ticks
	isb
	mrs	x10, cntpct_el0
997:	isb
	mrs	x9, cntpct_el0
	sub	x9, x9, x10
	cmp	x9, x11
	b.lo	997b
.endm

/* Before the first data access: the OS may be of the other byte order. Keep x13. */
func fault_returned
	mrs	x13, CurrentEL
	cmp	x13, #LEVEL_EL2
	b.eq	1f
	mrs	x13, vbar_el1
	ret
1:	mrs	x13, vbar_el2
	ret

/* In place of the acknowledgement. x4 is CurrentEL, x12 has to stay. */
func fault_acknowledge
	str	x13, [x28, #ADV_VBAR]
	count	ADV_RETURNED
	ldr	x8, [x28, #ADV_FAULTS]
	tbnz	x8, #NO_ACK, no_ack
	tbnz	x8, #LATE_ACK, late_ack
	tbnz	x8, #ACK_VALUE, ack_value
	tbnz	x8, #ACK_OTHER, ack_other
	tbnz	x8, #ACK_SECOND, ack_second
	tbnz	x8, #ACK_FORGOTTEN, ack_forgotten
	tbnz	x8, #ACK_NO_SEV, ack_no_sev
	tbnz	x8, #RESET, reset
	ret

no_ack:
	misbehave
	b	lost

late_ack:
	misbehave
	ldr	x8, [x28, #ADV_ARG]
	delay	x8
	ret

ack_value:
	misbehave
	ldr	x5, [x28, #SLOT_WORD]
	ldr	x6, [x28, #ADV_ARG]
	dsb	sy
	str	x6, [x5]
	dsb	sy
	sev
	b	lost

/* Once: the other CPU's word is its own again when that one comes back. */
ack_other:
	misbehave
	ldr	x5, [x28, #ADV_ARG]
	dsb	sy
	str	xzr, [x5]
	dsb	sy
	sev
	b	lost

/* Odd ones are not answered. */
ack_second:
	ldr	x9, [x28, #ADV_RETURNED]
	tbz	x9, #0, 1f
	misbehave
	b	spin
1:	ret

/* A hundred times, for an emulator's sake. */
ack_forgotten:
	ldr	x9, [x28, #ADV_RETURNED]
	cmp	x9, #100
	b.hi	lost
	misbehave
	b	spin

ack_no_sev:
	misbehave
	ldr	x5, [x28, #SLOT_WORD]
	dsb	sy
	str	xzr, [x5]
	dsb	sy
	b	spin

reset:
	misbehave
	mov	x6, #SMC_RESET
	smc	#0
	b	lost

/* Out of the reach of everybody */
lost:
	wfi
	b	lost

/*
 * Before the word is polled. A CPU that comes from EL3 has nothing to be wrong
 * about yet.
 */
func fault_wait
	ldr	x9, [x28, #ADV_RETURNED]
	cbz	x9, 1f
	ldr	x8, [x28, #ADV_FAULTS]
	tbnz	x8, #ACK_WITHDRAWN, ack_withdrawn
	tbnz	x8, #WRITES_ON, writes_on
	tbnz	x8, #STALE_VBAR, stale_vbar
	tbnz	x8, #SPURIOUS_START, spurious_start
1:	ret

ack_withdrawn:
	ldr	x8, [x28, #ADV_ARG]
	delay	x8
	misbehave
	ldr	x5, [x28, #SLOT_WORD]
	ldr	x6, [x28, #ADV_LAST]
	str	x6, [x5]
	dsb	sy
	b	lost

/* The counter stands for memory of the OS. */
writes_on:
	ldr	x5, [x28, #SLOT_WORD]
1:	misbehave
	ldr	x9, [x5]
	cbz	x9, 1b
	ret

stale_vbar:
	misbehave
	ldr	x5, [x28, #ADV_VBAR]
	mrs	x9, CurrentEL
	cmp	x9, #LEVEL_EL2
	b.eq	1f
	msr	vbar_el1, x5
	b	2f
1:	msr	vbar_el2, x5
2:	isb
	mvn	x0, xzr				/* no call that a hypervisor stub knows */
	.inst	0				/* UDF */

/* ADV_ARG times in a row, 10 ms apart. */
spurious_start:
	ldr	x8, [x28, #ADV_ROUND]
	ldr	x9, [x28, #ADV_ARG]
	cmp	x8, x9
	b.hs	1f
	add	x8, x8, #1
	str	x8, [x28, #ADV_ROUND]
	mrs	x8, cntfrq_el0
	mov	x9, #100
	udiv	x8, x8, x9
	delay	x8
	misbehave
	ldr	x4, [x28, #ADV_LAST]
	start_state
	br	x4
1:	ret

/*
 * In front of the branch to x4, where the OS wants the CPU. What does not need
 * the OS to have been there before it does at each start, the rest from the
 * second one on, so that the boot goes well.
 */
func fault_start
	count	ADV_STARTED
	str	x4, [x28, #ADV_LAST]
	str	xzr, [x28, #ADV_ROUND]
	ldr	x8, [x28, #ADV_FAULTS]
	tbnz	x8, #EARLY_ACK, early_ack
	tbnz	x8, #IGNORE_RELEASE, ignore_release
	tbnz	x8, #BYTE_ORDER, byte_order
	tbnz	x8, #CLOBBER, clobber
	tbnz	x8, #UNMASKED, unmasked
	tbnz	x8, #TIMER, timer
	cmp	x9, #1
	b.eq	honest
	tbnz	x8, #LATE_START, late_start
	tbnz	x8, #WORD_ORDER, word_order
	tbnz	x8, #WRONG_LEVEL, wrong_level
	tbnz	x8, #ACTIVE, active
	tbnz	x8, #PENDING, pending
	tbnz	x8, #COUNTER, counter
	tbnz	x8, #E2H, e2h
	tbnz	x8, #HYP, hyp
honest:
	ret

/* From the start on that the argument says. */
early_ack:
	ldr	x10, [x28, #ADV_ARG]
	cmp	x9, x10
	b.lo	honest
	misbehave
	ldr	x5, [x28, #SLOT_WORD]
	str	xzr, [x5]
	dsb	sy
	ret

/* The one that the argument says. There is no other while it is in the word. */
ignore_release:
	ldr	x10, [x28, #ADV_ARG]
	cmp	x9, x10
	b.ne	honest
	misbehave
	b	lost

/* Once, or a CPU that is sent back would never be in time. */
late_start:
	cmp	x9, #2
	b.ne	honest
	misbehave
	ldr	x8, [x28, #ADV_ARG]
	delay	x8
	ret

word_order:
	misbehave
	rev	x4, x4
	br	x4

/* To the one that is not that of the hand-over. */
wrong_level:
	misbehave
	mrs	x9, CurrentEL
	mov	x5, #(0x3c0 | LEVEL_EL1 | 1)	/* DAIF, SP_ELx */
	cmp	x9, #LEVEL_EL2
	b.eq	1f
	eor	x5, x5, #(LEVEL_EL1 | LEVEL_EL2)
1:	mov	x6, #SMC_LEVEL
	smc	#0

byte_order:
	misbehave
	mrs	x9, CurrentEL
	mrs	x10, sctlr_el1
	orr	x10, x10, #(3 << 24)		/* EE, E0E */
	msr	sctlr_el1, x10
	cmp	x9, #LEVEL_EL2
	b.ne	1f
	mrs	x10, sctlr_el2
	orr	x10, x10, #(1 << 25)		/* EE */
	msr	sctlr_el2, x10
1:	isb
	ret

clobber:
	misbehave
	mvn	x0, xzr
	.irp	r, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\r, x0
	.endr
	mov	sp, x0
	msr	tpidr_el1, x0
	br	x4

unmasked:
	misbehave
	msr	daifclr, #0xf
	ret

/* Every one of them on, and its time come. */
timer:
	misbehave
	mov	x9, #1
	msr	cntv_cval_el0, xzr
	msr	cntp_cval_el0, xzr
	msr	cntv_ctl_el0, x9
	msr	cntp_ctl_el0, x9
	mrs	x10, CurrentEL
	cmp	x10, #LEVEL_EL2
	b.ne	1f
	msr	cnthp_cval_el2, xzr
	msr	cnthp_ctl_el2, x9
1:	isb
	ret

/* All private interrupts, and all priorities. */
active:
	misbehave
	mvn	w10, wzr
	ldr	x9, [x28, #ADV_IRQS]
	str	w10, [x9, #IRQ_ISACTIVER]
	dsb	sy
	ldr	x9, [x28, #SLOT_FEATURES]
	tbz	x9, #HAS_GICV3, 1f
	msr	ICC_AP1R0_EL1, x10
	isb
1:	ret

/* SGIs that the argument says */
pending:
	misbehave
	ldr	x10, [x28, #ADV_ARG]
	ldr	x9, [x28, #ADV_IRQS]
	str	w10, [x9, #IRQ_ISPENDR]
	dsb	sy
	ret

/* The virtual counter is behind by this. */
counter:
	misbehave
	ldr	x5, [x28, #ADV_ARG]
	mov	x6, #SMC_COUNTER
	smc	#0
	ret

e2h:
	misbehave
	mrs	x9, hcr_el2
	orr	x9, x9, #(1 << 34)		/* E2H */
	orr	x9, x9, #(1 << 27)		/* TGE */
	msr	hcr_el2, x9
	isb
	ret

/* As a hypervisor leaves it */
hyp:
	misbehave
	mov_q	x9, 0xffffffff0000
	msr	vttbr_el2, x9
	mov	x9, #0x1234
	msr	vpidr_el2, x9
	msr	vmpidr_el2, x9
	mov	x9, #0xffff
	msr	hstr_el2, x9
	msr	cnthctl_el2, xzr
	mrs	x9, cptr_el2
	orr	x9, x9, #(1 << 10)		/* TFP */
	msr	cptr_el2, x9
	mrs	x9, hcr_el2
	orr	x9, x9, #(1 << 3 | 1 << 4)	/* FMO, IMO */
	orr	x9, x9, #(1 << 19)		/* TSC */
	msr	hcr_el2, x9
	isb
	ret

/*
 * An exception from below, x0 is the slot and SP what x0 was. To C and back: by
 * SMCCC the caller finds all registers as they were but those with results, which
 * C writes into the frame. It is on the slot's stack, empty while the CPU is below
 * EL3.
 */
func psci_smc
	add	x0, x0, #(SLOT_SIZE - FRAME)
	stp	x2, x3, [x0, #16]
	str	x1, [x0, #8]
	mov	x1, sp
	str	x1, [x0]
	mov	sp, x0
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	str	x30, [sp, #240]
	mrs	x0, esr_el3
	lsr	x0, x0, #EC_SHIFT
	cmp	x0, #EC_SMC64
	b.ne	vectors
	mrs	x0, tpidr_el3
	mov	x1, sp
	bl	smc_call
	ldp	x0, x1, [sp]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldr	x30, [sp, #240]
	eret

/*
 * EL3 stays with firmware here: some faults need more than the OS has. Calls
 * come from above, anything else is a bug. With PSCI they come from the OS, and
 * TPIDR_EL3 is the slot. No general register is free to see that with; SP is.
 */
	.balign	2048
func adversary_vectors
	.rept	8
	.balign	128
	b	vectors
	.endr
	.balign	128
	mov	sp, x0
	mrs	x0, tpidr_el3
	cbnz	x0, psci_smc
	mov	x0, sp
	cmp	x6, #SMC_COUNTER
	b.eq	1f
	b.hi	2f
	msr	elr_el3, x4
	msr	spsr_el3, x5
	eret
1:	msr	cntvoff_el2, x5
	eret
2:	b	board_reset
	.rept	7
	.balign	128
	b	vectors
	.endr
	.balign	128

	.section .note.GNU-stack, "", %progbits

/* SPDX-License-Identifier: GPL-2.0-only */
#include <asm-util.h>
#include <slot.h>
#include "conformance.h"

	.section .head, "ax"

	image_header

primary:
	mov	x19, x0
	adr_l	x4, boot_stack_top
	mov	sp, x4
	bl	set_vectors
	clear_bss x4, x5
	mov	x0, x19
	mov	x30, xzr
	b	primary_main

/* Firmware starts every CPU here. Record first, judge later. */
	.text
func secondary_entry
	mrs	x4, mpidr_el1
	mov_q	x5, HWID_MASK
	and	x4, x4, x5
	adr_l	x5, cpus
	adr_l	x6, nr_cpus
	ldr	x6, [x6]
1:	cbz	x6, 3f
	ldr	x7, [x5, #CPU_HWID]
	cmp	x7, x4
	b.eq	2f
	add	x5, x5, #CPU_SIZE
	sub	x6, x6, #1
	b	1b
2:	stp	x0, x1, [x5, #CPU_X]
	stp	x2, x3, [x5, #CPU_X + 16]
	mrs	x4, CurrentEL
	str	x4, [x5, #CPU_EL]
	mrs	x6, daif
	str	x6, [x5, #CPU_DAIF]
	mrs	x6, sctlr_el1
	mov	x7, xzr
	cmp	x4, #LEVEL_EL2
	b.ne	4f
	mrs	x7, hcr_el2
	mrs	x8, sctlr_el2
	orr	x6, x6, x8			/* no bit that is tested may be in either */
4:	str	x6, [x5, #CPU_SCTLR]
	str	x7, [x5, #CPU_HCR]
	bl	set_vectors
	ldr	x4, [x5, #CPU_STACK]
	mov	sp, x4
	mov	x0, x5
	mov	x30, xzr
	b	secondary_main
3:	wfe
	b	3b

/* Uses x4 and x6. */
set_vectors:
	adr_l	x4, payload_vectors
	mrs	x6, CurrentEL
	cmp	x6, #LEVEL_EL2
	b.ne	1f
	msr	vbar_el2, x4
1:	msr	vbar_el1, x4
	isb
	ret

/*
 * void go_back(struct cpu *cpu, u64 dirt)
 *
 * Everything that the contract leaves open is as unhelpful as can be, with the
 * last data access behind us.
 */
func go_back
	msr	daifset, #0xf
	ldr	x4, [x0, #CPU_RETURN]
	mrs	x5, CurrentEL
	mov_q	x6, 0xdead0000beef		/* of no use as a vector base */
	bic	x6, x6, #0x7ff
	cmp	x5, #LEVEL_EL2
	b.ne	2f

	msr	vbar_el2, x6
	tbz	x1, #DIRTY_TRAPS, 1f
	mov_q	x7, 0xffffffff0000
	msr	vttbr_el2, x7
	msr	cntvoff_el2, x7
	mov	x7, #0xffff
	msr	hstr_el2, x7
	mrs	x7, cptr_el2
	orr	x7, x7, #(1 << 10)
	orr	x7, x7, #(1 << 31)
	msr	cptr_el2, x7
	msr	cnthctl_el2, xzr
	mrs	x7, hcr_el2
	orr	x7, x7, #(1 << 3 | 1 << 4)	/* FMO, IMO */
	orr	x7, x7, #(1 << 19)		/* TSC */
	msr	hcr_el2, x7
	mov	x7, #0x1234
	msr	vpidr_el2, x7
	msr	vmpidr_el2, x7
1:	tbz	x1, #DIRTY_E2H, 3f
	mrs	x7, id_aa64mmfr1_el1
	ubfx	x7, x7, #8, #4			/* VH */
	cbz	x7, 3f
	mrs	x7, hcr_el2
	orr	x7, x7, #(1 << 34)		/* E2H */
	orr	x7, x7, #(1 << 27)		/* TGE */
	msr	hcr_el2, x7
	isb
	b	3f
2:	msr	vbar_el1, x6
3:	tbz	x1, #DIRTY_EE, 5f
	mov_q	x7, SCTLR_EL2_OFF
	mov_q	x8, SCTLR_EL1_OFF
	orr	x7, x7, #(1 << 25)		/* EE */
	orr	x8, x8, #(1 << 25)
	cmp	x5, #LEVEL_EL2
	b.ne	4f
	msr	sctlr_el2, x7
	b	5f
4:	msr	sctlr_el1, x8
5:	isb
	/* x0 to x3 are 0 by contract, everything else is not. */
	mov	x0, xzr
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	mvn	x5, xzr
	mov	sp, x6
	mov	x6, x5
	mov	x7, x5
	mov	x8, x5
	mov	x9, x5
	mov	x10, x5
	mov	x11, x5
	mov	x12, x5
	mov	x28, x5
	mov	x29, x5
	mov	x30, x5
	dsb	sy
	br	x4

	.balign	2048
payload_vectors:
	.rept	16
	.balign	128
	b	1f
	.endr
1:	mrs	x4, CurrentEL
	cmp	x4, #LEVEL_EL2
	b.ne	2f
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	b	report_exception
2:	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	b	report_exception

	.section .bss.stack, "aw", %nobits
	.balign	16
	.skip	STACK_SIZE
boot_stack_top:

	.section .note.GNU-stack, "", %progbits

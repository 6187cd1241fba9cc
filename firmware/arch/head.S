/* SPDX-License-Identifier: GPL-2.0-only */
/* From reset, at EL3, to C: once in flash and once in the copy. */
#include <asm-util.h>
#include <slot.h>

	.section .head, "ax"

/* Every CPU, out of reset. */
func _start
	msr	daifset, #0xf
	mov_q	x0, SCTLR_EL3_OFF
	msr	sctlr_el3, x0
	adr_l	x0, vectors
	msr	vbar_el3, x0
	isb
	bl	board_early_stack
	cbz	x0, 1f
	mov	sp, x0
	mov	x29, xzr
	mov	x30, xzr
	b	flash_main
1:	wfe
	b	1b

	.section .text.enter_ram, "ax"

/* void enter_ram(u64 base, const void *fdt, u64 size, bool boot_cpu) */
func enter_ram
	adr_l	x4, _start
	adr_l	x5, 1f
	sub	x5, x5, x4
	add	x5, x5, x0
	/* Memory held other code before: also that of a run before a reset. */
	ic	iallu
	dsb	sy
	isb
	br	x5
1:	adr_l	x5, vectors
	msr	vbar_el3, x5
	isb
	cbz	w3, 2f
	adr_l	x5, boot_stack_top
	mov	sp, x5
	b	ram_main

2:	bl	find_slot
	cbz	x28, 3f
	add	sp, x28, #SLOT_SIZE
	mov	x0, x28
	b	secondary_main
3:	wfe
	b	3b

/*
 * void el3_drop(struct cpu_slot *slot)
 *
 * A secondary goes to "spin" behind the write of 0, not before it: the OS may
 * have released it as soon as it has checked in.
 */
	.section .text.el3_drop, "ax"
func el3_drop
	mov	x28, x0
	adr_l	x4, vectors
	msr	vbar_el1, x4
	bl	el1_restore
	ldr	x4, [x28, #SLOT_FEATURES]
	tbz	x4, #HAS_EL2, 1f
	adr_l	x4, vectors
	msr	vbar_el2, x4
	bl	el2_restore
1:	ldr	x4, [x28, #SLOT_LEVEL]
	add	x4, x4, #0x3c1			/* DAIF, SP_ELx */
	msr	spsr_el3, x4
	ldr	x4, [x28, #SLOT_ENTRY]
	msr	elr_el3, x4
	ldr	x0, [x28, #SLOT_ARG]
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	mov	x4, #1
	str	x4, [x28, #SLOT_PRESENT]
	dsb	sy
	sev
	isb
	eret

	.section .bss.stack, "aw", %nobits
	.balign	16
	.skip	4096
boot_stack_top:

	.section .note.GNU-stack, "", %progbits

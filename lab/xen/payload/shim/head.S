/* SPDX-License-Identifier: GPL-2.0-only */
#include <asm-util.h>

#include "shim.h"

	.section .head, "ax"

func _start
	b	primary
	.long	0
	.quad	0				/* text_offset */
	.quad	0				/* image_size: join knows */
	.quad	0xa				/* 4K pages, anywhere */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0
func kernel_offset
	.quad	0

/* There is no .bss to clear: the kernel is behind it, and join fills with zeroes. */
primary:
	adr_l	x1, first_stack_top
	mov	sp, x1
	mov	x30, xzr
	b	shim_main

	.text
func second_entry
	adr_l	x1, second_stack_top
	mov	sp, x1
	mov	x30, xzr
	b	second_main

/* PSCI promises x0 at most, the boot protocol of Linux wants zeroes behind it. */
func enter_kernel
	mov	x4, x1
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	dsb	sy
	ic	iallu
	dsb	sy
	isb
	br	x4

	.section .bss.stack, "aw", %nobits
	.balign	16
	.skip	STACK_SIZE
first_stack_top:
	.skip	STACK_SIZE
second_stack_top:

	.section .note.GNU-stack, "", %progbits

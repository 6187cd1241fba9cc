/* SPDX-License-Identifier: GPL-2.0-only */
#include <asm-util.h>

#include "left.h"

	.section .head, "ax"

	image_header

/* The MMU is off and stays off: what is written is where everybody sees it. */
primary:
	clear_bss x1, x2
	adr_l	x1, first_stack_top
	mov	sp, x1
	mov	x30, xzr
	b	left_main

	.text
func second_entry
	adr_l	x1, second_stack_top
	mov	sp, x1
	mov	x30, xzr
	b	second_main

	.section .bss.stack, "aw", %nobits
	.balign	16
	.skip	STACK_SIZE
first_stack_top:
	.skip	STACK_SIZE
second_stack_top:

	.section .note.GNU-stack, "", %progbits

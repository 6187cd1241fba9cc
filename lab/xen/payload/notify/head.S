/* SPDX-License-Identifier: GPL-2.0-only */
#include <asm-util.h>

#define STACK_SIZE	4096

	.section .head, "ax"

	image_header

/* The MMU is off and stays off. */
primary:
	clear_bss x1, x2
	adr_l	x1, stack_top
	mov	sp, x1
	mov	x30, xzr
	b	notify_main

	.section .bss.stack, "aw", %nobits
	.balign	16
	.skip	STACK_SIZE
stack_top:

	.section .note.GNU-stack, "", %progbits

/* SPDX-License-Identifier: GPL-2.0-only */
#include <asm-util.h>

/*
 * With secure=on there is a PL061 that only EL3 reaches, with the power switch
 * on its pin 0 and the restart line on pin 1. Only adversary/ has a use for it.
 */
#define SECURE_GPIO	0x090b0000
#define GPIO_DIR	0x400

	.section .text.board_reset, "ax"

/* Switch the machine off, at EL3. Does not return. */
func board_off
	mov	x10, #(1 << 0)
	b	pull

/* Reset it. */
func board_reset
	mov	x10, #(1 << 1)
pull:
	mov_q	x9, SECURE_GPIO
	str	w10, [x9, #GPIO_DIR]
	/* The address says which pins are written. */
	add	x9, x9, x10, lsl #2
	str	w10, [x9]
	dsb	sy
1:	wfi
	b	1b

	.section .note.GNU-stack, "", %progbits

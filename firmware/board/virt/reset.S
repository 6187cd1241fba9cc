/* SPDX-License-Identifier: GPL-2.0-only */
#include <asm-util.h>

/*
 * With secure=on there is a PL061 that only EL3 reaches, with the restart line
 * on its pin 1. Only adversary/ has a use for it.
 */
#define SECURE_GPIO	0x090b0000
#define GPIO_DATA	((1 << 1) << 2)		/* pin 1 alone */
#define GPIO_DIR	0x400

	.section .text.board_reset, "ax"

/* Reset the machine, at EL3. Does not return. */
func board_reset
	mov_q	x9, SECURE_GPIO
	mov	w10, #(1 << 1)
	str	w10, [x9, #GPIO_DIR]
	str	w10, [x9, #GPIO_DATA]
	dsb	sy
1:	wfi
	b	1b

	.section .note.GNU-stack, "", %progbits

/* SPDX-License-Identifier: GPL-2.0-only */
#include <asm-util.h>
#include <virt.h>

	.section .head, "ax"

/*
 * A stack before anything is known but where the tree lies: 2 KiB for each of
 * the 512 CPUs that "virt" can have, between the tree and the first memory
 * that anything is loaded to. 8 or 16 CPUs to a cluster.
 */
func board_early_stack
	mrs	x0, mpidr_el1
	ubfx	x1, x0, #0, #8
	ubfx	x2, x0, #8, #8
	cmp	x1, #16
	b.hs	1f
	cmp	x2, #32
	b.hs	1f
	add	x1, x1, x2, lsl #4
	mov_q	x0, VIRT_FREE
	sub	x0, x0, x1, lsl #11
	ret
1:	mov	x0, xzr
	ret

	.section .note.GNU-stack, "", %progbits

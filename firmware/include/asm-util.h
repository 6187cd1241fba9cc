/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ASM_UTIL_H
#define ASM_UTIL_H

/*
 * Immediates are built from instructions: a literal is a data access, and
 * cpu_return must make none before it has set its endianness.
 */
.macro mov_q reg, val
	mov	\reg, #((\val) & 0xffff)
	.if ((\val) >> 16) & 0xffff
	movk	\reg, #(((\val) >> 16) & 0xffff), lsl #16
	.endif
	.if ((\val) >> 32) & 0xffff
	movk	\reg, #(((\val) >> 32) & 0xffff), lsl #32
	.endif
.endm

.macro adr_l reg, sym
	adrp	\reg, \sym
	add	\reg, \reg, :lo12:\sym
.endm

.macro func name
	.global	\name
	.hidden	\name
	.type	\name, %function
\name:
.endm

/* _start, with the header of an arm64 Image, for a linker script with __bss_end. The code is at "primary". */
.macro image_header
func _start
	b	primary
	.long	0
	.quad	0				/* text_offset */
	.long	__bss_end - (. - 16), 0		/* image_size, without a relocation */
	.quad	0xa				/* 4K pages, anywhere */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0
.endm

/* Up to there an Image has its memory, and QEMU or Xen need not have cleared it. */
.macro clear_bss at, end
	adr_l	\at, __image_end
	adr_l	\end, __bss_end
1:	cmp	\at, \end
	b.hs	2f
	str	xzr, [\at], #8
	b	1b
2:
.endm

/* What an OS is promised at each start. There may be other code than when this CPU was last there. */
.macro start_state
	ic	iallu
	dsb	sy
	isb
	mov	x0, xzr
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
.endm

#endif

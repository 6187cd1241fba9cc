/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All memory is accessed with MMU and caches on. vCPUs share words and count
 * atomically, and exclusives are for Normal cacheable memory only; a bakery lock
 * in uncached memory would do for a lock, but make every counter another one.
 *
 * So the first thing that a vCPU does, by whatever way it comes, is to switch on
 * an identity map that came with the image. Until then it has nothing but its
 * registers: nothing is ever written with the MMU off, and nothing needs cache
 * maintenance.
 *
 * The map has four entries of 1 GiB, after Xen's public/arch-arm.h: below 1 GiB
 * a guest has devices, from there on memory. Guests that are mapped directly may
 * differ, and are not for this payload.
 */
#include <asm-util.h>
#include <slot.h>

#include "hammer.h"

#define BLOCK		(1 << 0)
#define BLOCK_DEVICE	(0 << 2)
#define BLOCK_NORMAL	(1 << 2)
#define BLOCK_INNER	(3 << 8)
#define BLOCK_AF	(1 << 10)
#define BLOCK_PXN	(1 << 53)
#define BLOCK_UXN	(1 << 54)

#define MAIR		0xff00		/* 0: Device-nGnRnE, 1: Normal write-back */
/* 4 GiB from TTBR0 and nothing from TTBR1, tables are write-back and inner shareable */
#define TCR		(32 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23)
#define SCTLR		(SCTLR_EL1_OFF | 1 << 12 | 1 << 2 | 1 << 0)

/* Harmless if it is on already, as it must not be. */
.macro mmu_on a
	mov_q	\a, MAIR
	msr	mair_el1, \a
	mov_q	\a, TCR
	msr	tcr_el1, \a
	adr_l	\a, map
	msr	ttbr0_el1, \a
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	mov_q	\a, SCTLR
	msr	sctlr_el1, \a
	isb
.endm

	.section .head, "ax"

	image_header

primary:
	/* Is this memory that the map has? There is no console to complain on. */
	adr	x1, _start
	lsr	x1, x1, #30
	sub	x1, x1, #1
	cmp	x1, #3
	b.hs	stop
	mmu_on	x1
	clear_bss x1, x2
	msr	spsel, #1
	adr_l	x1, vectors
	msr	vbar_el1, x1
	isb
	adr_l	x1, boot_stack_top
	mov	sp, x1
	mov	x30, xzr
	b	hammer_main

stop:	wfi
	b	stop

	.text
	.balign	ENTRY_SIZE
func entries
	.set	n, 0
	.rept	ENTRY_REFUSED + 1
	mov	x1, #n
	b	arrived
	.set	n, n + 1
	.endr

/* x0 is what the caller of CPU_ON gave, and PSCI promises no other register. */
arrived:
	mov	x6, xzr
	mov	x7, xzr
state:
	mrs	x2, sctlr_el1
	mrs	x3, daif
	mrs	x4, CurrentEL
	mrs	x5, spsel
	mmu_on	x8
	msr	spsel, #1
	adr_l	x8, vectors
	msr	vbar_el1, x8
	isb

	mrs	x8, mpidr_el1
	mov_q	x9, HWID_MASK
	and	x8, x8, x9
	adr_l	x9, cpus
	adr_l	x10, nr_cpus
	ldr	x10, [x10]
1:	cbz	x10, stop
	ldr	x11, [x9, #CPU_HWID]
	cmp	x11, x8
	b.eq	2f
	add	x9, x9, #CPU_SIZE
	sub	x10, x10, #1
	b	1b
2:	stp	x0, x1, [x9, #CPU_CAME]
	stp	x2, x3, [x9, #CPU_CAME + 16]
	stp	x4, x5, [x9, #CPU_CAME + 32]
	stp	x6, x7, [x9, #CPU_CAME + 48]
	ldr	x10, [x9, #CPU_STACK]
	mov	sp, x10
	mov	x0, x9
	mov	x30, xzr
	b	came_in

/*
 * Nothing is expected here but what a wrong start leads to; the vCPU forgets
 * what it was about. Xen leaves VBAR_EL1 alone when a vCPU goes off and on.
 */
	.balign	2048
func vectors
	.rept	16
	.balign	128
	mov	x1, #ENTRY_TRAP
	mrs	x6, esr_el1
	mrs	x7, elr_el1
	b	state
	.endr

	.data
	.balign	64
map:	.quad	0x00000000 | BLOCK | BLOCK_DEVICE | BLOCK_AF | BLOCK_PXN | BLOCK_UXN
	.quad	0x40000000 | BLOCK | BLOCK_NORMAL | BLOCK_INNER | BLOCK_AF
	.quad	0x80000000 | BLOCK | BLOCK_NORMAL | BLOCK_INNER | BLOCK_AF
	.quad	0xc0000000 | BLOCK | BLOCK_NORMAL | BLOCK_INNER | BLOCK_AF

	.section .bss.stack, "aw", %nobits
	.balign	16
	.skip	STACK_SIZE
boot_stack_top:

	.section .note.GNU-stack, "", %progbits

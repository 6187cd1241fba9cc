/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where CPUs start, with their MMU off: CPU 0 from QEMU, the others by CPU_ON with x0 the
 * context ID of that call.
 */

#define STACK_SHIFT	14
#define CPUS		4

	.section .text.first, "ax"
	.global _start
_start:
	mov	x0, xzr
	.global cpu_entry
cpu_entry:
	adr	x1, vectors
	msr	vbar_el1, x1
	isb
	mrs	x1, mpidr_el1
	and	x1, x1, #0xff
	adr	x2, stacks
	add	x3, x1, #1
	add	x2, x2, x3, lsl #STACK_SHIFT
	mov	sp, x2
	cbz	x1, 1f
	bl	secondary_main
1:	bl	primary_main
2:	wfi
	b	2b

	/* No exception is expected: each of the 16 vectors ends the test. */
	.balign	0x800
vectors:
	.rept	16
	.balign	0x80
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	b	unexpected_exception
	.endr

	/*
	 * What value_of() in off-cpu-tlb.c calls is patched: it returns the immediate of its first instruction.
	 */
	.balign	4096
	.global patched_code
patched_code:
	.rept	2 * CPUS
	.balign	4096
	movz	x0, #0
	ret
	.endr
	.balign	4096

	.bss
	.balign	16
stacks:
	.space	CPUS << STACK_SHIFT

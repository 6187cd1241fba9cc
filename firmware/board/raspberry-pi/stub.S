/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Raspberry Pi 3 and 4: data at fixed addresses, and where a CPU waits for the
 * first time.
 */
#include <adversary.h>
#include <asm-util.h>
#include <slot.h>
#include "stub.h"

	.section .head, "ax"

/* The upper half of its slot, for each of four CPUs of one cluster */
func board_early_stack
	mrs	x0, mpidr_el1
	and	x1, x0, #0xff
	mov	x0, xzr
	cmp	x1, #STUB_CPUS
	b.hs	1f
	adr_l	x0, slots + SLOT_SIZE
	add	x0, x0, x1, lsl #SLOT_SHIFT
1:	ret

/*
 * With the overlay a kernel releases CPUs by words of ours. One that was given
 * the board's tree as it is, or that cannot know better, does it by the old ones.
 * Those share a cache line, and are of no use to a CPU that has come back.
 * x28 is the slot.
 */
	.section .text.first_wait, "ax"
func first_wait
	ldr	x5, [x28, #SLOT_HWID]
	mov	x6, #STUB_LEGACY_WORDS
	add	x6, x6, x5, lsl #3
	ldr	x5, [x28, #SLOT_WORD]
	sevl
1:	wfe
	ldr	x4, [x5]
	cbnz	x4, spin
	ldr	x4, [x6]
	cbz	x4, 1b
	/* The magic, if nobody has cleared it */
	tst	x4, #3
	b.ne	1b
	b	release

	.section .armstub, "aw"
	.zero	STUB_MAGIC_AT - STUB_LEGACY_WORDS
	.long	STUB_MAGIC
	.long	0				/* version */
	.long	0				/* device tree */
	.long	0				/* kernel */

	/*
	 * Core 0 boots: it is not in firmware when the OS starts. The GPU reads
	 * the file anew at each reset, so that nothing else has to write this.
	 */
	.section .words, "aw"
	.quad	1
	.zero	STUB_CPUS * STUB_WORD_STRIDE - 8

	.section .slots, "aw"
	.global	slots, fw_slots, fw_cpus
	.hidden	slots, fw_slots, fw_cpus
slots:
	.irp	cpu, 0, 1, 2, 3
	.quad	\cpu					/* SLOT_HWID */
	.quad	STUB_WORDS + \cpu * STUB_WORD_STRIDE	/* SLOT_WORD */
	.quad	LEVEL_EL2
	.zero	SLOT_SIZE - SLOT_STAMPS
	.endr

	/* Read with the MMU off, when an access that is not aligned is a fault */
	.section .data.cpus, "aw"
	.balign	8
fw_slots:
	.quad	slots
fw_cpus:
	.quad	STUB_CPUS

#if ADVERSARY
	/* Filled in by who loads it; empty is honest. */
	.section .texts, "aw"
	.global	stub_options, stub_edits
	.hidden	stub_options, stub_edits
stub_options:
	.zero	STUB_EDITS_AT - STUB_OPTIONS_AT
stub_edits:
	.zero	STUB_EDITS_AT - STUB_OPTIONS_AT
#endif

	.section .note.GNU-stack, "", %progbits

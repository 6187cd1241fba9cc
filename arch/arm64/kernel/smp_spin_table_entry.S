/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where firmware starts a CPU that it can take back
 */

#include <linux/linkage.h>
#include <linux/threads.h>

#include <asm/assembler.h>
#include <asm/cputype.h>
#include <asm/ptrace.h>
#include <asm/sysreg.h>

#include "smp_spin_table.h"

	.pushsection ".idmap.text", "a"

/*
 * spin_table_secondary_entry - the value that releases a returnable CPU
 *
 * secondary_entry hands the stack of the CPU that is being brought up to
 * whoever comes by. The holding pen lets only the right CPU through; a CPU
 * that comes straight out of firmware has to be checked here, or one that
 * firmware starts late, twice or in place of another runs on a live stack.
 * It is sent back to firmware before it has touched anything: no stack, no
 * exception level change, no write.
 *
 * The level is compared as well. One CPU that comes back at another level
 * changes __boot_cpu_mode, and with it what the kernel thinks of all CPUs.
 *
 * Entered as Documentation/arch/arm64/booting.rst has it for secondary CPUs:
 * MMU off, DAIF masked, at EL2 or EL1, byte order unknown.
 */
SYM_CODE_START(spin_table_secondary_entry)
	/*
	 * Byte order comes first, as there is data to read. init_kernel_el()
	 * writes the same value again.
	 */
	mrs	x0, CurrentEL
	cmp	x0, #CurrentEL_EL2
	b.ne	1f
	mov_q	x1, INIT_SCTLR_EL2_MMU_OFF
	pre_disable_mmu_workaround
	msr	sctlr_el2, x1
	b	2f
1:	mov_q	x1, INIT_SCTLR_EL1_MMU_OFF
	pre_disable_mmu_workaround
	msr	sctlr_el1, x1
2:	isb

	mrs	x1, mpidr_el1
	mov_q	x2, MPIDR_HWID_BITMASK
	and	x1, x1, x2
	adr_l	x3, spin_table_expected
	ldp	x4, x5, [x3]			// hwid, CurrentEL (0: any)
	cmp	x4, x1
	b.ne	3f
	cbz	x5, secondary_entry
	cmp	x5, x0
	b.eq	secondary_entry

3:	adr_l	x3, spin_table_return
	mov_q	x4, NR_CPUS * SPIN_TABLE_RETURN_SIZE
	add	x4, x3, x4
4:	ldp	x5, x6, [x3], #SPIN_TABLE_RETURN_SIZE	// hwid, return address (0: none)
	cmp	x5, x1
	b.ne	5f
	cbnz	x6, 6f
5:	cmp	x3, x4
	b.lo	4b

	/* Not a CPU that firmware takes back. There is no place for it. */
	wfe
	wfi
	b	5b

6:	mov	x0, xzr				// reserved arguments
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x6
SYM_CODE_END(spin_table_secondary_entry)

	.popsection

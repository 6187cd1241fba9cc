/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where spin-table firmware starts a CPU that it takes back, and how that CPU
 * goes there
 */

#include <asm/page.h>
#include <asm/processor.h>

        .section .text.idmap, "ax", %progbits

/*
 * The value that releases a CPU which can be returned.
 *
 * A release cannot be withdrawn, so a CPU may come when nobody waits for it;
 * and firmware may start the wrong one. init_secondary keeps it until it is
 * wanted. Here it goes back to where it waits for just that, before it has
 * touched anything: no stack, no write.
 *
 * Entered as secondary CPUs are: MMU off, DAIF masked, byte order unknown.
 */
FUNC(spin_table_entry)
        /* At another level than Xen's nobody could take it back. */
        mrs   x0, CurrentEL
        cmp   x0, #PSR_MODE_EL2t
        b.ne  stay

        /* Byte order comes first, as there is data to read. See cpu_init. */
        mov   x0, #(SCTLR_EL2_SET & 0xffff)
        movk  x0, #((SCTLR_EL2_SET >> 16) & 0xffff), lsl #16
        msr   SCTLR_EL2, x0
        isb

        mrs   x0, mpidr_el1
        ldr   x1, =(~MPIDR_HWID_MASK)
        bic   x0, x0, x1

        /* Does __cpu_up() wait for it? It has opened the gate before. */
        adr_l x1, smp_up_cpu
        ldr   x1, [x1]
        cmp   x0, x1
        b.eq  init_secondary

        adr_l x1, spin_table_ways
        ldr   x1, [x1]
1:      ldp   x2, x4, [x1], #16      /* struct spin_table_way */
        cmn   x2, #1                 /* MPIDR_INVALID: the last one */
        b.eq  stay
        cmp   x2, x0
        b.ne  1b
        cbz   x4, 1b

        /* To firmware: MMU and caches off, DAIF masked, x4 is where. */
hand_back:
        mov   x0, xzr                /* reserved */
        mov   x1, xzr
        mov   x2, xzr
        mov   x3, xzr
        br    x4

stay:
        wfi
        b     stay
END(spin_table_entry)

/*
 * spin_table_leave(addr, ttbr, paddr of spin_table_mmu_off): from Xen's
 * mapping to the identity mapping. Both are in the tables of ttbr, and Xen's
 * is as it was; the stack is not there.
 */
FUNC(spin_table_leave)
        msr   TTBR0_EL2, x1
        isb
        mov   x4, x0
        br    x2
END(spin_table_leave)

FUNC(spin_table_mmu_off)
        mrs   x0, SCTLR_EL2
        bic   x0, x0, #SCTLR_Axx_ELx_M
        bic   x0, x0, #SCTLR_Axx_ELx_C
        msr   SCTLR_EL2, x0
        isb
        b     hand_back
END(spin_table_mmu_off)

/*
 * Local variables:
 * mode: ASM
 * indent-tabs-mode: nil
 * End:
 */

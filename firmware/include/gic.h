/* SPDX-License-Identifier: GPL-2.0-only */
/* GICv2 (IHI0048), and what of it GICv3 (IHI0069) has in common */
#ifndef GIC_H
#define GIC_H

#include <cpu.h>

#define GICD_CTLR		0x000
#define GICD_TYPER		0x004
#define  GICD_TYPER_LINES(t)	((t) & 0x1f)
#define  GICD_TYPER_SECURITY	(1 << 10)
#define GICD_IGROUPR		0x080

#define GICC_CTLR		0x000
#define  GICC_CTLR_BYPASS_OFF	(0xf << 5)
#define GICC_PMR		0x004

/**
 * gicv2_cpu_init() - hand over what is private to the calling CPU
 * @gicd:	distributor
 * @gicc:	CPU interface
 * @shared:	and what all CPUs share
 *
 * All interrupts are in group 1, and the OS enables that itself. Without the
 * Security Extensions IGROUPR may not be there, and nothing has to be done.
 */
static inline void gicv2_cpu_init(u64 gicd, u64 gicc, bool shared)
{
	u32 typer = read32(gicd + GICD_TYPER);

	if (!(typer & GICD_TYPER_SECURITY))
		return;
	for (u32 i = 0; i <= (shared ? GICD_TYPER_LINES(typer) : 0); i++)
		write32(gicd + GICD_IGROUPR + 4 * i, ~0U);
	/* Below 0x80 the non-secure side could not write it. */
	write32(gicc + GICC_PMR, 0xff);
	/*
	 * Signals of a legacy controller do not pass while a group is disabled. An
	 * OS keeps these bits as it finds them.
	 */
	write32(gicc + GICC_CTLR, GICC_CTLR_BYPASS_OFF);
}

#endif

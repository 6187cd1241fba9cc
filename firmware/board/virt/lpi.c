// SPDX-License-Identifier: GPL-2.0-only
/*
 * LPIs of one redistributor (IHI0069), for adversary/ alone: firmware that
 * behaves leaves them to the OS.
 */
#include <board.h>

#define GICR_CTLR		0x000
#define  GICR_CTLR_LPIS		(1 << 0)
#define  GICR_CTLR_RWP		(1 << 3)
#define GICR_TYPER		0x008
#define  GICR_TYPER_PLPIS	(1 << 0)
#define GICR_PROPBASER		0x070
#define  GICR_PROPBASER_IDBITS	13	/* minus one: 8192 LPIs, the fewest that there can be */
#define GICR_PENDBASER		0x078
#define  GICR_PENDBASER_PTZ	(1UL << 62)

/* A byte for each LPI; a bit for each interrupt */
_Static_assert(LPI_TABLE_SIZE >= (2 << GICR_PROPBASER_IDBITS) - 8192, "configuration");
_Static_assert(LPI_TABLE_SIZE >= (2 << GICR_PROPBASER_IDBITS) / 8, "pending");

static u64 frame_of(u64 irqs)
{
	return irqs - SZ_64K;
}

static void enable(u64 frame, bool on)
{
	u32 ctlr = read32(frame + GICR_CTLR) & ~GICR_CTLR_LPIS;

	dsb();
	write32(frame + GICR_CTLR, on ? ctlr | GICR_CTLR_LPIS : ctlr);
	dsb();
	while (read32(frame + GICR_CTLR) & GICR_CTLR_RWP)
		;
}

static bool enabled(u64 frame)
{
	return read32(frame + GICR_CTLR) & GICR_CTLR_LPIS;
}

bool board_lpis_off(u64 irqs)
{
	u64 frame = frame_of(irqs);

	if (!enabled(frame))
		return false;
	enable(frame, false);
	return !enabled(frame);
}

bool board_lpis_on(u64 irqs, u64 config, u64 pending)
{
	u64 frame = frame_of(irqs);

	/* While they are enabled, the tables cannot be replaced. */
	if (!(read32(frame + GICR_TYPER) & GICR_TYPER_PLPIS) || enabled(frame))
		return false;
	write64(frame + GICR_PROPBASER, config | GICR_PROPBASER_IDBITS);
	write64(frame + GICR_PENDBASER, pending | GICR_PENDBASER_PTZ);
	enable(frame, true);
	return enabled(frame);
}

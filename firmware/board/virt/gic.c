// SPDX-License-Identifier: GPL-2.0-only
/* GICv2 (IHI0048) and GICv3 (IHI0069): hand everything to the non-secure side. */
#include <board.h>
#include <gic.h>
#include <print.h>
#include <tree.h>
#include <virt.h>

/* GICD_CTLR */
#define  GICD_CTLR_GRP0		(1 << 0)
#define  GICD_CTLR_GRP1NS	(1 << 1)
#define  GICD_CTLR_ARE_S	(1 << 4)
#define  GICD_CTLR_ARE_NS	(1 << 5)
#define  GICD_CTLR_DS		(1 << 6)
#define  GICD_CTLR_RWP		(1U << 31)
/* GICD_TYPER */
#define  GICD_TYPER_ESPI	(1 << 8)
#define  GICD_TYPER_ELINES(t)	((t) >> 27)
#define GICD_IGRPMODR		0xd00
#define GICD_IGROUPRE		0x1000
#define GICD_IGRPMODRE		0x3400

#define GICR_TYPER		0x008
#define  GICR_TYPER_VLPIS	(1 << 1)
#define  GICR_TYPER_LAST	(1 << 4)
#define  GICR_TYPER_PPINUM(t)	(((t) >> 27) & 0x1f)
#define GICR_WAKER		0x014
#define  GICR_WAKER_SLEEP	(1 << 1)
#define  GICR_WAKER_ASLEEP	(1 << 2)
#define GICR_SGI		SZ_64K

#define MAX_REGIONS		4

static u64 gicd, gicc;
static u64 gicr[MAX_REGIONS], gicr_size[MAX_REGIONS];

/* No writable data: also called from flash. Returns the version, 0 for none. */
static int find_gic(const void *fdt, u64 *dist, int *node)
{
	u64 size;
	int version = 3;

	*node = fdt_node_offset_by_compatible(fdt, -1, "arm,gic-v3");
	if (*node < 0) {
		version = 2;
		*node = fdt_node_offset_by_compatible(fdt, -1, "arm,cortex-a15-gic");
	}
	if (*node < 0 || !tree_reg(fdt, *node, 0, dist, &size))
		return 0;
	return version;
}

/*
 * Reset clears the enable of group 0. In the secure view it is out of the
 * reach of an OS, so the gate also stays open for a latecomer; nothing is in
 * group 0 that it could enable.
 */
void board_wait_gate(const void *fdt)
{
	u64 dist;
	int node;

	if (!find_gic(fdt, &dist, &node))
		park();
	while (!(read32(dist + GICD_CTLR) & GICD_CTLR_GRP0))
		wfe();
	/* What the boot CPU wrote before it opened the gate is read after this. */
	dsb();
}

void board_open_gate(void)
{
	write32(gicd + GICD_CTLR, read32(gicd + GICD_CTLR) | GICD_CTLR_GRP0 | GICD_CTLR_GRP1NS);
	dsb();
	sev();
}

bool gic_init(const void *fdt)
{
	u64 size, n = 1;
	int node, version = find_gic(fdt, &gicd, &node);

	if (version == 2)
		return tree_reg(fdt, node, 1, &gicc, &size);
	if (version != 3)
		return false;
	tree_u64(fdt, node, "#redistributor-regions", &n);
	for (u64 i = 0; i < n && i < MAX_REGIONS; i++)
		if (!tree_reg(fdt, node, i + 1, &gicr[i], &gicr_size[i]))
			return false;
	return true;
}

const char *board_irq_name(void)
{
	return gicc ? "GICv2" : "GICv3";
}

static bool has_groups(void)
{
	u32 ctlr = read32(gicd + GICD_CTLR);

	if (!gicc && (ctlr & GICD_CTLR_DS))
		return false;
	/* Without the Security Extensions IGROUPR may not be there. */
	return read32(gicd + GICD_TYPER) & GICD_TYPER_SECURITY;
}

static void wait_rwp(void)
{
	while (!gicc && (read32(gicd + GICD_CTLR) & GICD_CTLR_RWP))
		;
}

void board_irq_init(void)
{
	u32 typer = read32(gicd + GICD_TYPER);

	if (!gicc) {
		write32(gicd + GICD_CTLR, has_groups() ? GICD_CTLR_ARE_S | GICD_CTLR_ARE_NS :
							 GICD_CTLR_ARE_S);
		wait_rwp();
	}
	if (!has_groups())
		return;
	for (u32 i = 1; i <= GICD_TYPER_LINES(typer); i++) {
		write32(gicd + GICD_IGROUPR + 4 * i, ~0U);
		if (!gicc)
			write32(gicd + GICD_IGRPMODR + 4 * i, 0);
	}
	if (gicc || !(typer & GICD_TYPER_ESPI))
		return;
	for (u32 i = 0; i <= GICD_TYPER_ELINES(typer); i++) {
		write32(gicd + GICD_IGROUPRE + 4 * i, ~0U);
		write32(gicd + GICD_IGRPMODRE + 4 * i, 0);
	}
}

/* The redistributor of this CPU, 0 if there is none */
static u64 find_redistributor(void)
{
	u64 hwid = this_hwid();
	u32 affinity = (u32)(hwid >> 32) << 24 | (u32)(hwid & 0xffffff);

	for (int i = 0; i < MAX_REGIONS; i++) {
		u64 frame = gicr[i], end = gicr[i] + gicr_size[i];

		while (frame < end) {
			u32 typer = read32(frame + GICR_TYPER);

			if (read32(frame + GICR_TYPER + 4) == affinity)
				return frame;
			if (typer & GICR_TYPER_LAST)
				break;
			frame += typer & GICR_TYPER_VLPIS ? 4 * SZ_64K : 2 * SZ_64K;
		}
	}
	return 0;
}

static void redistributor_init(void)
{
	u64 frame = find_redistributor();
	u32 more;

	if (!frame)
		fatal("cpu 0x%lx has no redistributor", this_hwid());
	write32(frame + GICR_WAKER, read32(frame + GICR_WAKER) & ~GICR_WAKER_SLEEP);
	while (read32(frame + GICR_WAKER) & GICR_WAKER_ASLEEP)
		;
	if (!has_groups())
		return;
	/* 0: 32 private interrupts; 1 and 2: 32 or 64 more */
	more = GICR_TYPER_PPINUM(read32(frame + GICR_TYPER));
	for (u32 i = 0; i <= more && i < 3; i++) {
		write32(frame + GICR_SGI + GICD_IGROUPR + 4 * i, ~0U);
		write32(frame + GICR_SGI + GICD_IGRPMODR + 4 * i, 0);
	}
}

u64 board_private_irqs(void)
{
	return gicc ? gicd : find_redistributor() + GICR_SGI;
}

void board_cpu_init(void)
{
	if (gicc)
		gicv2_cpu_init(gicd, gicc, false);
	else
		redistributor_init();
}

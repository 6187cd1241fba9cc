// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stub that misbehaves: as large as it likes, and reserved by itself. What
 * it is told is in the image, where who loads it has put it.
 */
#include <adversary.h>
#include <board.h>
#include <firmware.h>
#include <print.h>
#include <tree.h>
#include "stub.h"
#include "uart.h"

extern char stub_options[], stub_edits[];

const char print_prefix[] = "firmware: ";

static u64 ready;

void stub_adversary(struct cpu_slot *slot, bool boot_cpu)
{
	if (boot_cpu) {
		void *tree = (void *)(u64)read32(STUB_TREE_AT);
		u64 size = ALIGN_UP((u64)__image_end, SZ_64K);
		struct options options;

		write32(board_uart() + UART_CR, UART_CR_ON);
		options_parse(&options, stub_options);
		if (fdt_open_into(tree, tree, fdt_totalsize(tree) + SZ_64K) ||
		    fdt_add_mem_rsv(tree, 0, size))
			fatal("no tree at 0x%lx", (u64)tree);
		adversary_init(tree);
		edits_apply(tree, stub_edits);
		fdt_pack(tree);
		dsb();
		write64((u64)&ready, 1);
		dsb();
		sev();
	} else {
		while (!read64((u64)&ready))
			wfe();
		dsb();
	}
	adversary_cpu_init(slot);
}

void board_putc(char c)
{
	pl011_putc(board_uart(), c);
}

void park(void)
{
	for (;;)
		wfi();
}

/* Nobody is there who could, and nothing that has LPIs. */
void board_off(void)
{
	park();
}

void board_reset(void)
{
	park();
}

bool board_lpis_off(u64 irqs)
{
	return false;
}

bool board_lpis_on(u64 irqs, u64 config, u64 pending)
{
	return false;
}

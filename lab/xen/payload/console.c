// SPDX-License-Identifier: GPL-2.0-only
/* Whole lines: what Xen prints of its own does not come between. */
#include <board.h>
#include <libfdt.h>
#include <tree.h>

#include "console.h"
#include "hypervisor.h"

#define UART_DR		0x00
#define UART_FR		0x18
#define UART_FR_TXFF	(1 << 5)

static u64 uart;
static char line[160];
static unsigned int used;

void console_init(const void *fdt)
{
	u64 size;
	int node = fdt_node_offset_by_compatible(fdt, -1, "arm,sbsa-uart");

	if (node < 0)
		node = fdt_node_offset_by_compatible(fdt, -1, "arm,pl011");
	if (node < 0 || !tree_reg(fdt, node, 0, &uart, &size))
		uart = 0;
}

static void flush(void)
{
	if (uart) {
		for (unsigned int i = 0; i < used; i++) {
			while (read32(uart + UART_FR) & UART_FR_TXFF)
				;
			write32(uart + UART_DR, line[i]);
		}
	} else {
		/* Xen reads it through caches, and ours may be off. */
		clean(line, used);
		hypercall(XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, used, (u64)line);
	}
	used = 0;
}

void board_putc(char c)
{
	/* Xen adds these itself. */
	if (c == '\r')
		return;
	line[used++] = c;
	if (c == '\n' || used == sizeof(line))
		flush();
}

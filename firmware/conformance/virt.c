// SPDX-License-Identifier: GPL-2.0-only
#include <board.h>
#include <tree.h>
#include "conformance.h"

#define UART_DR		0x00
#define UART_FR		0x18
#define UART_FR_TXFF	(1 << 5)

static u64 uart;

bool console_init(const void *fdt)
{
	int node = fdt_path_offset(fdt, "/chosen");
	const char *path = fdt_getprop(fdt, node, "stdout-path", NULL);
	u64 size;

	if (!path)
		return false;
	node = fdt_path_offset(fdt, path);
	return node >= 0 && tree_reg(fdt, node, 0, &uart, &size);
}

void board_putc(char c)
{
	while (read32(uart + UART_FR) & UART_FR_TXFF)
		;
	write32(uart + UART_DR, (u8)c);
}

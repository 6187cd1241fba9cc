// SPDX-License-Identifier: GPL-2.0-only
#include <board.h>
#include <pl011.h>
#include <tree.h>
#include "conformance.h"

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
	pl011_putc(uart, c);
}

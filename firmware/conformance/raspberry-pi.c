// SPDX-License-Identifier: GPL-2.0-only
#include <board.h>
#include "../board/raspberry-pi/uart.h"
#include "conformance.h"

/* Whatever the tree has for a console */
bool console_init(const void *fdt)
{
	write32(board_uart() + UART_CR, UART_CR_ON);
	return true;
}

void board_putc(char c)
{
	pl011_putc(board_uart(), c);
}

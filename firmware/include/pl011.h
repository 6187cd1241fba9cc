/* SPDX-License-Identifier: GPL-2.0-only */
/* PL011 (DDI0183), as a console */
#ifndef PL011_H
#define PL011_H

#include <cpu.h>

#define UART_DR		0x00
#define UART_FR		0x18
#define UART_FR_TXFF	(1 << 5)
#define UART_IBRD	0x24
#define UART_FBRD	0x28
#define UART_LCRH	0x2c
#define UART_LCRH_8N1	(3 << 5 | 1 << 4)	/* with FIFO */
#define UART_CR		0x30
#define UART_CR_ON	(1 << 9 | 1 << 8 | 1 << 0)

/** pl011_putc() - wait until there is room, and send @c */
static inline void pl011_putc(u64 uart, char c)
{
	while (read32(uart + UART_FR) & UART_FR_TXFF)
		;
	write32(uart + UART_DR, (u8)c);
}

#endif

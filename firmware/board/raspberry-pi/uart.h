/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the PL011 is; only what tests the stub has a console. */
#ifndef RASPBERRY_PI_UART_H
#define RASPBERRY_PI_UART_H

#include <midr.h>
#include <pl011.h>

#define BCM2837_UART0	0x3f201000
#define BCM2711_UART0	0xfe201000

static inline u64 board_uart(void)
{
	return midr_part() == PART_CORTEX_A72 ? BCM2711_UART0 : BCM2837_UART0;
}

#endif

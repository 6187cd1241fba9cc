// SPDX-License-Identifier: GPL-2.0-only
/* QEMU's "virt" with secure=on and this firmware as -bios. */
#include <board.h>
#include <pl011.h>
#include <print.h>
#include <tree.h>
#include <virt.h>

static u64 uart;
static u64 counter_hz = 62500000;

const char *board_name(void)
{
	return "virt";
}

const void *board_fdt(void)
{
	return (const void *)VIRT_FDT;
}

bool board_is_boot_cpu(const void *fdt)
{
	return this_hwid() == fdt_boot_cpuid_phys(fdt);
}

static void uart_init(const void *fdt)
{
	int chosen = fdt_path_offset(fdt, "/chosen"), node = -1;
	const char *path = fdt_getprop(fdt, chosen, "stdout-path", NULL);
	u64 size;

	if (path)
		node = fdt_path_offset(fdt, path);
	if (node < 0)
		node = fdt_node_offset_by_compatible(fdt, -1, "arm,pl011");
	if (node < 0 || fdt_node_check_compatible(fdt, node, "arm,pl011") ||
	    !tree_reg(fdt, node, 0, &uart, &size))
		return;
	write32(uart + UART_CR, 0);
	/* 115200 from 24 MHz. Who finds the UART on asks it for its rate, and divides. */
	write32(uart + UART_IBRD, 13);
	write32(uart + UART_FBRD, 1);
	write32(uart + UART_LCRH, UART_LCRH_8N1);
	write32(uart + UART_CR, UART_CR_ON);
}

void board_init(const void *fdt)
{
	u64 hz;
	int timer = fdt_path_offset(fdt, "/timer");

	uart_init(fdt);
	if (tree_u64(fdt, timer, "clock-frequency", &hz))
		counter_hz = hz;
	if (fdt_totalsize(fdt) > VIRT_FDT_MAX)
		fatal("the machine's tree is larger than 1 MiB");
	if (!gic_init(fdt))
		fatal("no GICv2 or GICv3 in the tree");
	if (!fw_cfg_init(fdt))
		fatal("no fw_cfg with DMA in the tree");
}

u64 board_counter_hz(void)
{
	return counter_hz;
}

u64 board_free_memory(void)
{
	return VIRT_FREE;
}

void board_putc(char c)
{
	if (uart)
		pl011_putc(uart, c);
}

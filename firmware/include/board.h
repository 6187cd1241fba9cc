/* SPDX-License-Identifier: GPL-2.0-only */
/* What a board gives to the generic code. */
#ifndef BOARD_H
#define BOARD_H

#include <cpu.h>

#define FW_VERSION	"1.0"

enum board_item { ITEM_KERNEL, ITEM_INITRD, ITEM_OPTIONS, ITEM_EDITS };

/*
 * In assembly: board_early_stack, called by every CPU out of reset without a
 * stack. Returns a private stack in x0, or 0 for a CPU that is to be left out;
 * may use x0-x9.
 */

/** board_name() - for the banner */
const char *board_name(void);

/** board_fdt() - the tree as the machine left it */
const void *board_fdt(void);

/** board_is_boot_cpu() - does the calling CPU load the OS? */
bool board_is_boot_cpu(const void *fdt);

/**
 * board_wait_gate() - hold a secondary until board_open_gate()
 *
 * The gate is something that a hardware reset closes: memory may hold the
 * words, the code and the flags of the run before.
 * Runs from flash, without writable data.
 */
void board_wait_gate(const void *fdt);

/** board_open_gate() - the resident copy is complete, let the others in */
void board_open_gate(void);

/** board_init() - console, devices; boot CPU, in RAM, before anything prints */
void board_init(const void *fdt);

/** board_irq_init() - what of the interrupt controller all CPUs share */
void board_irq_init(void);

/** board_irq_name() - for the banner */
const char *board_irq_name(void);

/** board_cpu_init() - what each CPU sets up for itself at EL3, after el3_init() */
void board_cpu_init(void);

/**
 * board_private_irqs() - the registers of the calling CPU's private interrupts
 *
 * GICR_* or GICD_* from 0x80 on, as IHI0069 and IHI0048 have them in common.
 */
u64 board_private_irqs(void);

/** board_counter_hz() - for CPUs whose CNTFRQ_EL0 nobody has set */
u64 board_counter_hz(void);

/** board_free_memory() - first address that the OS may be loaded to */
u64 board_free_memory(void);

/** board_item_size() - 0 if there is none */
u64 board_item_size(enum board_item item);

/** board_item_read() - @len bytes from @offset on */
void board_item_read(enum board_item item, u64 offset, void *to, u64 len);

/** board_putc() - does nothing before board_init() */
void board_putc(char c);

/* Only adversary/ has a use for what follows. */

/** board_off() - and board_reset(): the machine */
void __attribute__((noreturn)) board_off(void);
void __attribute__((noreturn)) board_reset(void);

/**
 * board_lpis_off() - clear EnableLPIs of a redistributor
 * @irqs: board_private_irqs() of its CPU, with a GICv3
 * Returns false if it was clear before, or cannot be cleared.
 */
bool board_lpis_off(u64 irqs);

/**
 * board_lpis_on() - set EnableLPIs
 * @config:	table that the redistributor is to read
 * @pending:	table for it alone, all 0
 * Returns false if there are no LPIs.
 */
bool board_lpis_on(u64 irqs, u64 config, u64 pending);

/* Enough for, and the alignment of, each of the two */
#define LPI_TABLE_SIZE	SZ_64K
#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_H
#define SHIM_H

#define STACK_SIZE	4096

#ifndef __ASSEMBLER__
#include <cpu.h>

/* head.S */
extern char _start[], second_entry[];

/* Where the kernel is, behind _start. Written by join. */
extern u64 kernel_offset;

/** enter_kernel() - as its boot CPU */
void __attribute__((noreturn)) enter_kernel(const void *fdt, u64 entry);

/**
 * cpu_nodes_edit() - put cpu nodes into another order, and leave some out
 * @order:	"3,0": these first, then the rest as it was
 * @drop:	"1,5"
 *
 * Numbers are those of the nodes as Xen wrote them. A list ends with its word.
 */
void cpu_nodes_edit(void *fdt, const char *order, const char *drop);

/* Called by head.S */
void __attribute__((noreturn)) shim_main(void *fdt);
void __attribute__((noreturn)) second_main(const void *fdt);
#endif
#endif

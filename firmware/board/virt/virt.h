/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VIRT_H
#define VIRT_H

/*
 * The one address that QEMU documents for firmware besides flash at 0: its
 * tree is at the start of memory.
 */
#define VIRT_FDT	0x40000000
#define VIRT_FDT_MAX	0x100000
/* Behind tree and early stacks */
#define VIRT_FREE	0x40200000

#ifndef __ASSEMBLER__
#include <types.h>

/* fw_cfg.c */
bool fw_cfg_init(const void *fdt);

/* gic.c */
bool gic_init(const void *fdt);
#endif

#endif

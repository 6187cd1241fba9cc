/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading device trees. No writable data: runs from flash as well. */
#ifndef TREE_H
#define TREE_H

#include <types.h>

#include <libfdt.h>

/**
 * tree_cells() - read a number of 1 or 2 cells
 * @prop: 32-bit aligned, as libfdt hands out properties
 */
u64 tree_cells(const void *prop, int cells);

/**
 * tree_reg() - one entry of a "reg" below the root node
 * Returns false if the node has no such entry.
 */
bool tree_reg(const void *fdt, int node, unsigned int idx, u64 *addr, u64 *size);

/** tree_u64() - a property of 4 or 8 bytes; false if there is none such */
bool tree_u64(const void *fdt, int node, const char *name, u64 *val);

/**
 * tree_bank() - the memory bank that holds an address
 * Returns false if none does.
 */
bool tree_bank(const void *fdt, u64 addr, u64 *start, u64 *end);

/**
 * tree_next_cpu() - walk through the enabled cpu nodes
 * @prev:	the one before, or -1
 * @hwid:	its MPIDR affinity, if not NULL
 * Returns the offset of the node, negative after the last one.
 */
int tree_next_cpu(const void *fdt, int prev, u64 *hwid);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <print.h>

/**
 * console_init() - find out where print() goes
 *
 * To the PL011 that Xen emulates, if the tree has one; else to Xen's own console,
 * by a hypercall that is there for everybody if Xen was built for debugging.
 */
void console_init(const void *fdt);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LEFT_H
#define LEFT_H

#define STACK_SIZE	4096

#ifndef __ASSEMBLER__
#include <types.h>

/* head.S */
extern char second_entry[];

/* Called by head.S */
void __attribute__((noreturn)) left_main(const void *fdt);
void __attribute__((noreturn)) second_main(u64 life);
#endif
#endif

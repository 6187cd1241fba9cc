/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PRINT_H
#define PRINT_H

#include <cpu.h>

/**
 * print() - to the console, once board_init() found it
 * @fmt: knows %s, %c, %u (unsigned int), %d (int) and %lx, %lu (u64)
 */
void __attribute__((format(printf, 1, 2))) print(const char *fmt, ...);

/* What print() starts every line with */
extern const char print_prefix[];

#define say(fmt, ...)	print(fmt "\n", ##__VA_ARGS__)
#define fatal(fmt, ...) do {			\
	say(fmt, ##__VA_ARGS__);		\
	park();					\
} while (0)

#endif

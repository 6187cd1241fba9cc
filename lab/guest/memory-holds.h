/* SPDX-License-Identifier: GPL-2.0-only */
#include <stddef.h>
#include <stdint.h>

#define SEED		0x9e3779b97f4a7c15ul

/* What memory-holds writes to a word: it says where that is, and cannot pass for another one. */
static inline uint64_t pattern(size_t word)
{
	return (word + 1) * SEED;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses in the stub: those that others fixed, and those that the overlay
 * tells the OS. For C, assembly and device trees.
 *
 * All of the stub lies in the page at 0, which the trees of these boards reserve
 * by /memreserve/ for as long as there have been any.
 */
#ifndef STUB_H
#define STUB_H

#define STUB_CPUS		4
#define STUB_SIZE		0x1000

/* The contract of an armstub: 32 bits each, the last two filled in by who loads it. */
#define STUB_MAGIC		0x5afe570b
#define STUB_MAGIC_AT		0xf0
#define STUB_VERSION_AT		0xf4
#define STUB_TREE_AT		0xf8
#define STUB_KERNEL_AT		0xfc

/*
 * Where a kernel that knows nothing of return releases CPU N, by its tree, 8
 * bytes apart. That of CPU 3 is where the magic was, which who loads the stub clears.
 */
#define STUB_LEGACY_WORDS	0xd8

/* Where every CPU comes back to, and where CPU N polls, in a granule of its own. */
#define STUB_RETURN		0x100
#define STUB_WORDS		0x700
#define STUB_WORD_STRIDE	0x40

/* In the one that misbehaves, 1 KiB each: options, and edits of the tree (README.md) */
#define STUB_OPTIONS_AT		0x1000
#define STUB_EDITS_AT		0x1400

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before everything else: -fvisibility=hidden is for definitions only,
 * and what is declared without it is reached through the GOT.
 */
#ifndef __ASSEMBLER__
#pragma GCC visibility push(hidden)
#endif

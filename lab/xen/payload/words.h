/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line: words between blanks, "key=value". */
#ifndef WORDS_H
#define WORDS_H

#include <types.h>

/** command_line() - /chosen/bootargs, or "" */
const char *command_line(const void *fdt);

/**
 * find_word() - the value of the last word with a key
 * @key: with its "="
 * Returns what stands behind it, up to a blank or the end; NULL without such a word.
 */
const char *find_word(const char *line, const char *key);

/**
 * read_number() - decimal, or hexadecimal after 0x
 * @text: is moved behind it
 */
bool read_number(const char **text, u64 *val);

/** number_word() - the number that is the whole value of a word, or @otherwise */
u64 number_word(const char *line, const char *key, u64 otherwise);

#endif

// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <tree.h>

#include "console.h"
#include "words.h"

const char *command_line(const void *fdt)
{
	int len;
	const char *args = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "bootargs", &len);

	return args && len > 0 && !args[len - 1] ? args : "";
}

const char *find_word(const char *line, const char *key)
{
	const char *found = NULL;
	u64 len = strlen(key);

	while (*line) {
		/* strnlen: the line may end within the key */
		if (strnlen(line, len) == len && !memcmp(line, key, len))
			found = line + len;
		while (*line && *line != ' ')
			line++;
		while (*line == ' ')
			line++;
	}
	return found;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return 16;
}

bool read_number(const char **text, u64 *val)
{
	const char *p = *text;
	int base = 10;

	if (p[0] == '0' && p[1] == 'x') {
		base = 16;
		p += 2;
	}
	if (digit(*p) >= base)
		return false;
	for (*val = 0; digit(*p) < base; p++)
		*val = *val * base + digit(*p);
	*text = p;
	return true;
}

u64 number_word(const char *line, const char *key, u64 otherwise)
{
	const char *value = find_word(line, key);
	u64 number;

	if (!value)
		return otherwise;
	if (!read_number(&value, &number) || (*value && *value != ' '))
		fatal("%s wants a number", key);
	return number;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trees that no firmware should hand over, made on request so that an OS can
 * be tested with them. firmware/README.md describes the language.
 */
#include <firmware.h>
#include <string.h>
#include <tree.h>

static char *word(char **line)
{
	char *p = *line, *start;

	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	start = p;
	while (*p && *p != ' ' && *p != '\t' && *p != '\r')
		p++;
	if (*p)
		*p++ = 0;
	*line = p;
	return start;
}

/* "<path>:<property>", the property with or without "+n" or "-n" behind it */
static bool reference(const void *fdt, char *text, u64 *val)
{
	char *name = strrchr(text, ':'), *op;
	const char *digits;
	u64 n;
	int node;

	if (!name)
		return false;
	*name++ = 0;
	node = fdt_path_offset(fdt, text);
	if (node < 0)
		return false;

	/* Property names contain '-' and even "-2": what exists as it stands wins. */
	if (tree_u64(fdt, node, name, val))
		return true;
	op = strrchr(name, '+');
	if (!op)
		op = strrchr(name, '-');
	if (!op)
		return false;
	digits = op + 1;
	if (!parse_u64(&digits, &n) || *digits)
		return false;
	if (*op == '-')
		n = -n;
	*op = 0;
	if (!tree_u64(fdt, node, name, val))
		return false;
	*val += n;
	return true;
}

static bool value(const void *fdt, char *text, u64 *val)
{
	const char *p = text;

	if (*text == '@')
		return reference(fdt, text + 1, val);
	return parse_u64(&p, val) && !*p;
}

static bool edit(void *fdt, char *line)
{
	char *path = word(&line), *name = word(&line), *verb;
	u64 val, size;
	int node;

	if (!strcmp(path, "memreserve"))
		return value(fdt, name, &val) && value(fdt, word(&line), &size) &&
		       !*word(&line) && !fdt_add_mem_rsv(fdt, val, size);

	verb = word(&line);
	node = fdt_path_offset(fdt, path);
	if (*path != '/' || node < 0 || !*name)
		return false;
	if (!strcmp(verb, "string"))
		return !fdt_setprop_string(fdt, node, name, word(&line)) && !*word(&line);
	if (!strcmp(verb, "delete"))
		return !fdt_delprop(fdt, node, name) && !*word(&line);
	if (!strcmp(verb, "empty"))
		return !fdt_setprop_empty(fdt, node, name) && !*word(&line);
	if (!strcmp(verb, "u64"))
		return value(fdt, word(&line), &val) && !*word(&line) &&
		       !fdt_setprop_u64(fdt, node, name, val);
	if (!strcmp(verb, "u32"))
		return value(fdt, word(&line), &val) && !*word(&line) && !(val >> 32) &&
		       !fdt_setprop_u32(fdt, node, name, val);
	return false;
}

void edits_apply(void *fdt, char *text)
{
	for (unsigned int number = 1; *text; number++) {
		char *next = text, *first;

		while (*next && *next != '\n')
			next++;
		if (*next)
			*next++ = 0;
		for (first = text; *first == ' ' || *first == '\t' || *first == '\r'; first++)
			;
		if (*first && *first != '#') {
			print("tree edit: %s\n", first);
			if (!edit(fdt, first))
				fatal("tree-edits line %u cannot be applied", number);
		}
		text = next;
	}
}

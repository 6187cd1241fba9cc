// SPDX-License-Identifier: GPL-2.0-only
#include <adversary.h>
#include <firmware.h>
#include <string.h>

bool parse_u64(const char **s, u64 *val)
{
	unsigned int base = 10;
	const char *p = *s, *first;

	if (p[0] == '0' && (p[1] | 32) == 'x') {
		base = 16;
		p += 2;
	}
	first = p;
	for (*val = 0; ; p++) {
		unsigned int digit = *p <= '9' ? (unsigned int)(*p - '0') :
						 (unsigned int)((*p | 32) - 'a' + 10);

		if (digit >= base)
			break;
		if (__builtin_mul_overflow(*val, (u64)base, val) ||
		    __builtin_add_overflow(*val, (u64)digit, val))
			return false;
	}
	*s = p;
	return p != first;
}

/* Plain numbers */
static const struct {
	char name[13];
	u8 min;
	u8 max;
	u8 def;
} numbers[OPTS] = {
	[OPT_EL]		= { "el",		1, 2, 2 },
	[OPT_EL_SECONDARY]	= { "el-secondary",	1, 2, 2 },
	[OPT_RETURN]		= { "return",		0, 1, 1 },
	[OPT_STAMPS]		= { "stamps",		0, 1, 0 },
};

static const char reserve_names[][11] = {
	[RESERVE_NO_MAP]			= "no-map",
	[RESERVE_MEMRESERVE]			= "memreserve",
	[RESERVE_NO_MAP | RESERVE_MEMRESERVE]	= "both",
};

static bool number(const char *text, u64 min, u64 max, u64 *val)
{
	return parse_u64(&text, val) && !*text && *val >= min && *val <= max;
}

/* Returns false for a bad value. */
static bool set(struct options *o, const char *key, char *val)
{
	for (unsigned int i = 0; i < OPTS; i++) {
		if (strcmp(key, numbers[i].name))
			continue;
		return number(val, numbers[i].min, numbers[i].max, &o->num[i]);
	}
	if (!strcmp(key, "reserve")) {
		for (o->reserve = ARRAY_SIZE(reserve_names) - 1; o->reserve; o->reserve--)
			if (!strcmp(val, reserve_names[o->reserve]))
				break;
		return o->reserve;
	}
	if (ADVERSARY && !strcmp(key, "fault"))
		return adversary_option(val);
	if (ADVERSARY && !strcmp(key, "psci"))
		return psci_option(val);
	if (ADVERSARY && !strcmp(key, "tee"))
		return tee_option(val);
	fatal("unknown option '%s'", key);
}

void options_parse(struct options *o, char *text)
{
	bool has_el2 = (mrs("id_aa64pfr0_el1") >> 8) & 0xf;
	char *next;

	*o = (struct options){ .reserve = RESERVE_NO_MAP };
	for (unsigned int i = 0; i < OPTS; i++)
		o->num[i] = numbers[i].def;
	if (!has_el2)
		o->num[OPT_EL] = 1;
	o->num[OPT_EL_SECONDARY] = 0;

	for (; *text; text = next) {
		char *val;

		for (next = text; *next && *next != ',' && *next != '\n'; next++)
			;
		if (*next)
			*next++ = 0;
		if (!*text)
			continue;
		val = strchr(text, '=');
		if (!val)
			fatal("option '%s' has no value", text);
		*val++ = 0;
		if (!set(o, text, val))
			fatal("option '%s': bad value '%s'", text, val);
	}

	if (!o->num[OPT_EL_SECONDARY])
		o->num[OPT_EL_SECONDARY] = o->num[OPT_EL];
	if (!has_el2 && (o->num[OPT_EL] | o->num[OPT_EL_SECONDARY]) & 2)
		fatal("option 'el': this CPU has no EL2");
}

void options_print(const struct options *o)
{
	print("options reserve=%s", reserve_names[o->reserve]);
	for (unsigned int i = 0; i < OPTS; i++)
		print(" %s=%lu", numbers[i].name, o->num[i]);
	print("\n");
}

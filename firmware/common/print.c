// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>

#include <board.h>
#include <print.h>

static bool in_line;

static void put(char c)
{
	if (!in_line) {
		in_line = true;
		for (const char *p = print_prefix; *p; p++)
			board_putc(*p);
	}
	if (c == '\n') {
		in_line = false;
		board_putc('\r');
	}
	board_putc(c);
}

static void put_number(u64 val, unsigned int base)
{
	char buf[20];
	int n = 0;

	do {
		buf[n++] = "0123456789abcdef"[val % base];
		val /= base;
	} while (val);
	while (n)
		put(buf[--n]);
}

void print(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	for (; *fmt; fmt++) {
		bool is_long = false;

		if (*fmt != '%') {
			put(*fmt);
			continue;
		}
		if (*++fmt == 'l') {
			is_long = true;
			fmt++;
		}
		switch (*fmt) {
		case 's':
			for (const char *s = va_arg(ap, const char *); *s; s++)
				put(*s);
			break;
		case 'c':
			put(va_arg(ap, int));
			break;
		case 'd': {
			int val = va_arg(ap, int);

			if (val < 0)
				put('-');
			put_number(val < 0 ? -(unsigned int)val : (unsigned int)val, 10);
			break;
		}
		default:
			put_number(is_long ? va_arg(ap, u64) : va_arg(ap, unsigned int),
				   *fmt == 'x' ? 16 : 10);
		}
	}
	va_end(ap);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* The compiler's own limits.h wants a hosted one behind it. */
#ifndef LIMITS_H
#define LIMITS_H

#define INT_MAX		__INT_MAX__
#define INT_MIN		(-__INT_MAX__ - 1)
#define UINT_MAX	(__INT_MAX__ * 2U + 1)

#endif

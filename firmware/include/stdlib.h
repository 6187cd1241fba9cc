/* SPDX-License-Identifier: GPL-2.0-only */
/* libfdt_env.h includes this; the parts of libfdt that we build use nothing of it. */

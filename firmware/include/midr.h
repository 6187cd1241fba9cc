/* SPDX-License-Identifier: GPL-2.0-only */
/* Which core this is: for boards that differ in that, and have one image */
#ifndef MIDR_H
#define MIDR_H

#include <cpu.h>

#define PART_CORTEX_A53		0xd03
#define PART_CORTEX_A72		0xd08

/** midr_part() - MIDR_EL1.PartNum of the calling CPU */
static inline u32 midr_part(void)
{
	return (mrs("midr_el1") >> 4) & 0xfff;
}

#endif

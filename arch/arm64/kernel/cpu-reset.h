/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU reset routines
 */
#ifndef __ARM64_CPU_RESET_H
#define __ARM64_CPU_RESET_H

void cpu_soft_restart(unsigned long el2_switch, unsigned long entry,
		      unsigned long arg0, unsigned long arg1,
		      unsigned long arg2);

#endif /* __ARM64_CPU_RESET_H */

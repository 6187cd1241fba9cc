// SPDX-License-Identifier: GPL-2.0-only
/*
 * counter - the system counter in nanoseconds, which goes on from one kernel to
 * the next, unlike the clocks that a kernel starts.
 */
#include <stdio.h>

int main(void)
{
	unsigned long count, frequency;

	asm volatile("isb; mrs %0, cntvct_el0" : "=r" (count));
	asm volatile("mrs %0, cntfrq_el0" : "=r" (frequency));
	printf("counter: %lu\n",
	       (unsigned long)((__uint128_t)count * 1000000000 / frequency));
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * counter-behind CPU OTHER - is the virtual counter of CPU behind that of OTHER?
 *
 * Reads OTHER's first, then CPU's: a lower value is of the past. Prints
 * "behind" or "not behind".
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t counter_on(int cpu)
{
	cpu_set_t set;
	uint64_t val;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		perror("counter-behind: sched_setaffinity");
		exit(1);
	}
	asm volatile("isb; mrs %0, cntvct_el0" : "=r" (val) : : "memory");
	return val;
}

int main(int argc, char **argv)
{
	uint64_t first;

	if (argc != 3)
		return 2;
	first = counter_on(atoi(argv[2]));
	printf(counter_on(atoi(argv[1])) < first ? "behind\n" : "not behind\n");
	return 0;
}

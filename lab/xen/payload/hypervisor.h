/* SPDX-License-Identifier: GPL-2.0-only */
/* PSCI (DEN0022) by HVC, and the few hypercalls that a payload makes. */
#ifndef HYPERVISOR_H
#define HYPERVISOR_H

#include <cpu.h>

#define PSCI_VERSION		0x84000000
#define PSCI_CPU_OFF		0x84000002
#define PSCI_CPU_ON_32		0x84000003
#define PSCI_CPU_ON_64		0xc4000003
#define PSCI_AFFINITY_INFO_32	0x84000004
#define PSCI_AFFINITY_INFO_64	0xc4000004
#define PSCI_SYSTEM_OFF		0x84000008

#define PSCI_SUCCESS		0
#define PSCI_INVALID_PARAMETERS	(-2)
#define PSCI_ALREADY_ON		(-4)
#define PSCI_ON_PENDING		(-5)
#define PSCI_INVALID_ADDRESS	(-9)

/* AFFINITY_INFO */
#define PSCI_ON			0
#define PSCI_OFF		1
#define PSCI_PENDING		2

#define XEN_HVC			0xea1
#define XEN_CONSOLE_IO		18
#define XEN_CONSOLE_WRITE	0
#define XEN_SCHED_OP		29
#define XEN_SCHED_YIELD		0

/* All that PSCI returns to us is 32 bits wide, whatever the width of the call. */
static inline int psci(u32 function, u64 a, u64 b, u64 c)
{
	register u64 x0 asm("x0") = function;
	register u64 x1 asm("x1") = a;
	register u64 x2 asm("x2") = b;
	register u64 x3 asm("x3") = c;

	asm volatile("hvc #0"
		     : "+r" (x0), "+r" (x1), "+r" (x2), "+r" (x3)
		     :
		     : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
		       "x14", "x15", "x16", "x17", "memory");
	return (int)x0;
}

/* A debug build of Xen destroys the arguments on purpose. */
static inline long hypercall(u64 number, u64 a, u64 b, u64 c)
{
	register u64 x16 asm("x16") = number;
	register u64 x0 asm("x0") = a;
	register u64 x1 asm("x1") = b;
	register u64 x2 asm("x2") = c;

	asm volatile("hvc %4"
		     : "+r" (x16), "+r" (x0), "+r" (x1), "+r" (x2)
		     : "i" (XEN_HVC)
		     : "memory");
	return (long)x0;
}

static inline void yield(void)
{
	hypercall(XEN_SCHED_OP, XEN_SCHED_YIELD, 0, 0);
}

static inline u64 ticks(void)
{
	isb();
	return mrs("cntvct_el0");
}

/** clean() - clean and invalidate data cache lines to the point of coherency */
static inline void clean(const void *start, u64 size)
{
	u64 line = 4UL << (mrs("ctr_el0") >> 16 & 0xf);

	for (u64 a = ALIGN_DOWN((u64)start, line); a < (u64)start + size; a += line)
		asm volatile("dc civac, %0" : : "r" (a) : "memory");
	dsb();
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#define MAX_CPUS	64
#define STACK_SIZE	4096

/* Offsets in struct cpu, for assembly */
#define CPU_HWID	0
#define CPU_RETURN	8
#define CPU_STACK	16
#define CPU_ARRIVALS	24
#define CPU_X		32
#define CPU_EL		64
#define CPU_SCTLR	72
#define CPU_DAIF	80
#define CPU_HCR		88
#define CPU_COMMAND	96
#define CPU_SIZE	128

/* How a CPU is dirtied before it goes back */
#define DIRTY_EE	0	/* big-endian data */
#define DIRTY_E2H	1	/* VHE, at EL2 where the CPU has it */
#define DIRTY_TRAPS	2	/* EL2 as a hypervisor leaves it */

#ifndef __ASSEMBLER__
#include <cpu.h>

/**
 * struct cpu - one CPU, and how it was when firmware last started it
 * @hwid:	affinity
 * @ret:	its cpu-return-addr
 * @stack:	top of its stack
 * @arrivals:	how often it has come in
 * @x:		x0 to x3 at entry
 * @el:		and so on
 * @sctlr:	.
 * @daif:	.
 * @hcr:	HCR_EL2, at EL2
 * @command:	0, or what to do
 * @word:	its cpu-release-addr
 */
struct cpu {
	u64 hwid;
	u64 ret;
	u64 stack;
	u64 arrivals;
	u64 x[4];
	u64 el;
	u64 sctlr;
	u64 daif;
	u64 hcr;
	u64 command;
	u64 word;
	u64 pad[2];
};

#define CHECK_CPU(field, offset) \
	_Static_assert(offsetof(struct cpu, field) == (offset), #field)

CHECK_CPU(ret, CPU_RETURN);
CHECK_CPU(stack, CPU_STACK);
CHECK_CPU(arrivals, CPU_ARRIVALS);
CHECK_CPU(x, CPU_X);
CHECK_CPU(el, CPU_EL);
CHECK_CPU(sctlr, CPU_SCTLR);
CHECK_CPU(daif, CPU_DAIF);
CHECK_CPU(hcr, CPU_HCR);
CHECK_CPU(command, CPU_COMMAND);
_Static_assert(sizeof(struct cpu) == CPU_SIZE, "struct cpu");

/* head.S */
extern char secondary_entry[];

/**
 * go_back() - dirty this CPU and give it to firmware
 * @cpu:	its own
 * @dirt:	DIRTY_* bits
 */
void __attribute__((noreturn)) go_back(struct cpu *cpu, u64 dirt);

/** console_init() - per board: where print() goes. False without a console. */
bool console_init(const void *fdt);

/* Called by head.S */
void primary_main(const void *fdt);
void secondary_main(struct cpu *cpu);
void report_exception(u64 esr, u64 elr, u64 far);
#endif
#endif

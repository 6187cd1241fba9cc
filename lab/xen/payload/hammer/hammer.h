/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAMMER_H
#define HAMMER_H

#define MAX_CPUS	128
#define STACK_SIZE	4096

/* Entry points: one for each caller, and one that nobody may come in by. */
#define ENTRY_SIZE	8
#define ENTRY_REFUSED	MAX_CPUS
#define ENTRY_TRAP	(MAX_CPUS + 1)

/* Offsets in struct cpu, for assembly */
#define CPU_HWID	0
#define CPU_STACK	8
#define CPU_CAME	16
#define CPU_SIZE	512

#ifndef __ASSEMBLER__
#include <print.h>

#include "hypervisor.h"

/**
 * struct came - how a vCPU was when it last came in
 * @x0:		the context ID that it was given
 * @entry:	whose entry point, or ENTRY_REFUSED, or ENTRY_TRAP: by an exception
 * @sctlr:	SCTLR_EL1, and the following: as their names say
 * @daif:	.
 * @el:		.
 * @spsel:	.
 * @esr:	after an exception
 * @elr:	.
 */
struct came {
	u64 x0;
	u64 entry;
	u64 sctlr;
	u64 daif;
	u64 el;
	u64 spsel;
	u64 esr;
	u64 elr;
};

/* What a vCPU does in a job */
enum role {
	ROLE_NONE,
	ROLE_LEAVE,	/* CPU_OFF, after a while */
	ROLE_ON,	/* one CPU_ON of the target, at the same time as others */
	ROLE_CHASE,	/* CPU_ON of the target while it goes off, until somebody succeeds */
	ROLE_POLITE,	/* CPU_ON of the target once AFFINITY_INFO says OFF */
	ROLE_WATCH,	/* AFFINITY_INFO of the target until it came in again */
	ROLE_STORM,	/* anything, of anybody */
	ROLE_BAD,	/* calls that have to be refused */
};

/**
 * struct cpu - one vCPU
 * @hwid:	its MPIDR affinity
 * @stack:	top of its stack
 * @came:	how it last came in
 * @index:	in cpus[]
 * @random:	state of its generator
 * @tokens:	how many context IDs it made
 * @on:		it runs our code; 0 from right before CPU_OFF until it comes in again
 * @lives:	how often it came in
 * @faults:	how often something was wrong with that
 * @lost:	it was reported as lost, and has not been seen since
 * @losses:	how often
 * @role:	of the job
 * @job:	number of the last job that it was given
 * @ready:	of the last job for which it waits at the gate
 * @leaving:	of the last job in which it called CPU_OFF
 * @done:	of the last job that it is through with
 * @result:	what its CPU_ON said
 * @token:	the context ID that it gave
 * @promised:	how many CPU_ONs of this vCPU succeeded
 * @promises:	and a sum over their context IDs
 * @arrived:	how often it came in by an entry point and context ID of ours
 * @arrivals:	and a sum over these
 */
struct cpu {
	u64 hwid;
	u64 stack;
	struct came came;
	u64 index;
	u64 random;
	u64 tokens;
	u64 on;
	u64 lives;
	u64 faults;
	u64 lost;
	u64 losses;
	u64 role;
	u64 job;
	u64 ready;
	u64 leaving;
	u64 done;
	int result;
	u64 token;
	u64 promised;
	u64 promises;
	u64 arrived;
	u64 arrivals;
	u64 pad[35];
};

#define CHECK_CPU(field, offset) \
	_Static_assert(offsetof(struct cpu, field) == (offset), #field)

CHECK_CPU(hwid, CPU_HWID);
CHECK_CPU(stack, CPU_STACK);
CHECK_CPU(came, CPU_CAME);
_Static_assert(sizeof(struct cpu) == CPU_SIZE, "struct cpu");

/* One line of the result each, in this order; report.c has their names */
enum test {
	T_ONE,
	T_ON_ITS_WAY,
	T_OFF,
	T_ORDER,
	T_TOKEN,
	T_STATE,
	T_LOST,
	T_TRAP,
	T_BAD_ON,
	T_BAD_INFO,
	T_ODD,
	T_REFUSED,
	T_HALVES,
	T_ROUNDS,
	TESTS
};

#define load(x)		__atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define store(x, v)	__atomic_store_n(&(x), v, __ATOMIC_RELEASE)
#define add(x, v)	__atomic_add_fetch(&(x), v, __ATOMIC_ACQ_REL)

/* Wait for something that happens; how long is nothing to be judged by. */
#define wait_for(condition)	wait_relaxed(condition, RELAXED)
#define wait_tightly(condition)	wait_relaxed(condition, TIGHT)
#define wait_relaxed(condition, how) ({					\
	u64 _start = ticks();						\
	unsigned int _spins = 0;					\
	bool _true;							\
									\
	while (!(_true = (condition)) && ticks() - _start < patience)	\
		relax(&_spins, how);					\
	_true;								\
})

/* head.S */
extern char entries[], vectors[];

static inline u64 entry_of(u64 index)
{
	return (u64)entries + index * ENTRY_SIZE;
}

/* main.c */
extern struct cpu cpus[MAX_CPUS];
extern u64 nr_cpus, seed, patience, lead, current_round;

/**
 * relax() - in a loop that waits: let others run, too, every @how times
 *
 * There may be more vCPUs than CPUs, and Xen does not know who waits for whom. But
 * who is in Xen when something happens comes too late for it: TIGHT is for those
 * who are to be there.
 */
void relax(unsigned int *spins, unsigned int how);

#define RELAXED		128
#define TIGHT		16384

/** leave() - CPU_OFF of the calling vCPU */
void leave(struct cpu *self);

/* calls.c */

/** draw() - 64 random bits */
u64 draw(struct cpu *self);

/** below() - a random number smaller than @n */
u64 below(struct cpu *self, u64 n);

/** pause() - for a random, short while */
void pause(struct cpu *self);

/** token_weight() - what a context ID adds to the sums in struct cpu */
u64 token_weight(u64 token);

/** token_good() - can it be what @caller gave @target? */
bool token_good(u64 token, u64 caller, u64 target);

/**
 * cpu_on() - CPU_ON with the caller's entry point and a new context ID
 * @crooked: added to the entry point
 *
 * Sets self->result and self->token, and books a success.
 */
int cpu_on(struct cpu *self, struct cpu *target, u64 crooked);

/** cpu_on_dirty() - the same by SMC32, with high halves that do not count */
int cpu_on_dirty(struct cpu *self, struct cpu *target);

/** affinity_info() - of one vCPU */
int affinity_info(struct cpu *self, const struct cpu *target);

/**
 * refused_call() - make a call that has to be refused, and judge
 * @spare: a vCPU whose MPIDR is not to be played with, or NULL
 */
void refused_call(struct cpu *self, const struct cpu *spare);

/* jobs.c */

/** perform() - the calling vCPU's part in the job */
void perform(struct cpu *self);

/** bring_up() - all vCPUs for the first time, in order */
void bring_up(struct cpu *self);

/** one_round() - the calling vCPU leads. False if there is nobody left. */
bool one_round(struct cpu *self);

/** jobs_only() - restrict jobs to "race,storm"; ends with the word */
void jobs_only(const char *names);

extern bool dirty_halves;

/* report.c */

/** checked() - something was judged */
void checked(enum test test);

/**
 * failed() - something is wrong
 * @about:	the vCPU that it happened to
 * @format:	for two numbers
 *
 * Any vCPU may call this; the lead prints it, later.
 */
#define failed(test, about, format, a, b) do {				\
	if (0)								\
		print(format, (u64)(a), (u64)(b));			\
	failure_add(test, about, format, (u64)(a), (u64)(b));		\
} while (0)
void failure_add(enum test test, const struct cpu *about, const char *format, u64 a, u64 b);

/** print_failures() - those since the last time */
void print_failures(void);

/** print_results() - one line for each test */
void print_results(void);

/* Called by head.S */
void __attribute__((noreturn)) hammer_main(const void *fdt);
void __attribute__((noreturn)) came_in(struct cpu *self);
#endif
#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does PSCI for guests keep its word when all vCPUs of a guest use it against each
 * other? Started by Xen like a kernel. In each round one vCPU, the lead, gives the
 * others a job and takes part; then it judges by what CPU_ON promised and by how
 * vCPUs came in, and may hand the lead on. TAP on the console; the last line is
 * "# psci-hammer: passed" or "failed".
 *
 *	rounds=N	how many
 *	seed=N		what is done in them; when it meets is up to the machine
 *	wait=N		seconds until a vCPU that does not come counts as lost
 *	only=A,B	jobs, see jobs.c
 */
#include <string.h>
#include <tree.h>

#include "console.h"
#include "hammer.h"
#include "words.h"

#define ROUNDS		200
#define WAIT_SECONDS	20
#define WORD_SECONDS	10	/* between signs of life */

#define SCTLR_ON	(1UL << 25 | 1UL << 2 | 1UL << 0)	/* EE, C, M */
#define DAIF_IRQ	0x1c0	/* A, I, F */
#define DAIF_D		0x200

#define EC_PC_ALIGNMENT	0x22

const char print_prefix[] = "";

struct cpu cpus[MAX_CPUS];
u64 nr_cpus, seed, patience, lead, current_round;

static u8 stacks[MAX_CPUS][STACK_SIZE] __attribute__((aligned(16)));
static u64 rounds, first_tick, last_word, debug_unmasked;

static bool finished;

/* Also the end of fatal(). Whoever waits for the last line gets it. */
void park(void)
{
	if (!finished)
		print("# psci-hammer: failed\n");
	psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		wfi();
}

void relax(unsigned int *spins, unsigned int how)
{
	if (++*spins % how == 0)
		yield();
}

static void finish(void)
{
	print_failures();
	if (load(debug_unmasked))
		print("# PSTATE.D is clear when a vCPU comes in\n");
	print("# %lu rounds, %lu s\n", current_round,
	      (ticks() - first_tick) / mrs("cntfrq_el0"));
	print_results();
	finished = true;
	park();
}

static void sign_of_life(void)
{
	u64 now = ticks();

	if (now - last_word < WORD_SECONDS * mrs("cntfrq_el0"))
		return;
	last_word = now;
	print("# round %lu of %lu\n", current_round, rounds);
}

/* What every vCPU does while it is on. */
static void __attribute__((noreturn)) live(struct cpu *self)
{
	unsigned int spins = 0;

	for (;;) {
		u64 next;

		if (load(lead) != self->index) {
			if (load(self->job) == self->done)
				relax(&spins, RELAXED);
			else
				perform(self);
			continue;
		}

		if (current_round == rounds)
			finish();
		current_round++;
		checked(T_ROUNDS);
		if (!one_round(self)) {
			failed(T_ROUNDS, self, "nobody is left to go on with in round %lu of %lu",
			       current_round, rounds);
			finish();
		}
		print_failures();
		sign_of_life();

		next = below(self, nr_cpus);
		if (!below(self, 4) && load(cpus[next].on) && cpus[next].done == cpus[next].job)
			store(lead, next);
	}
}

void leave(struct cpu *self)
{
	int ret;

	checked(T_TRAP);
	store(self->on, 0);
	store(self->leaving, self->job);
	ret = psci(PSCI_CPU_OFF, 0, 0, 0);
	store(self->on, 1);
	add(self->faults, 1);
	failed(T_TRAP, self, "CPU_OFF returned 0x%lx, after life %lu", (u64)ret, self->lives);
}

static void judge_state(struct cpu *self)
{
	const struct came *came = &self->came;

	checked(T_STATE);
	if ((came->daif & DAIF_IRQ) == DAIF_IRQ && came->el == LEVEL_EL1 && came->spsel == 1 &&
	    !(came->sctlr & SCTLR_ON)) {
		if (!(came->daif & DAIF_D))
			store(debug_unmasked, 1);
		return;
	}
	add(self->faults, 1);
	if (came->sctlr & SCTLR_ON)
		failed(T_STATE, self, "came in with SCTLR_EL1 0x%lx, DAIF 0x%lx", came->sctlr,
		       came->daif);
	else
		failed(T_STATE, self, "came in with DAIF 0x%lx, CurrentEL | SPSel 0x%lx",
		       came->daif, came->el | came->spsel);
}

static void judge_token(struct cpu *self, u64 caller, u64 token)
{
	checked(T_TOKEN);
	if (!token_good(token, caller, self->index)) {
		add(self->faults, 1);
		failed(T_TOKEN, self, "came in by the entry point of vCPU %lu, context ID 0x%lx",
		       caller, token);
	}
	add(self->arrivals, token_weight(token));
	add(self->arrived, 1);
}

static void judge_trap(struct cpu *self)
{
	const struct came *came = &self->came;
	u64 at = came->elr - (u64)entries;

	/* An entry point that PSCI need not refuse, but no CPU can execute */
	if (came->esr >> 26 == EC_PC_ALIGNMENT && (at & (ENTRY_SIZE - 1)) == 2 &&
	    at / ENTRY_SIZE < nr_cpus) {
		judge_token(self, at / ENTRY_SIZE, came->x0);
		return;
	}
	add(self->faults, 1);
	if (dirty_halves && came->elr >> 32) {
		failed(T_HALVES, self, "was started at 0x%lx with context ID 0x%lx", came->elr,
		       came->x0);
		add(self->arrivals, token_weight((u32)came->x0));
		add(self->arrived, 1);
		return;
	}
	failed(T_TRAP, self, "ESR_EL1 0x%lx, ELR_EL1 0x%lx", came->esr, came->elr);
}

/**
 * came_in() - by an entry point or an exception
 *
 * What happened is in self->came. Everything else on the stack is gone.
 */
void came_in(struct cpu *self)
{
	u64 entry = self->came.entry;

	if (entry == ENTRY_TRAP && load(lead) == self->index)
		fatal("\nBail out! vCPU %lu, the lead: ESR_EL1 0x%lx, ELR_EL1 0x%lx", self->index,
		      self->came.esr, self->came.elr);

	self->lives++;
	self->lost = 0;
	if (entry == ENTRY_TRAP) {
		judge_trap(self);
	} else if (entry == ENTRY_REFUSED) {
		add(self->faults, 1);
		failed(T_REFUSED, self, "was started by CPU_ON of 0x%lx, in life %lu",
		       self->came.x0, self->lives);
	} else {
		judge_state(self);
		if (dirty_halves)
			self->came.x0 = (u32)self->came.x0;
		judge_token(self, entry, self->came.x0);
	}
	store(self->on, 1);
	live(self);
}

void hammer_main(const void *fdt)
{
	const char *args = command_line(fdt);
	const char *only = find_word(args, "only=");
	struct cpu *self = NULL;

	console_init(fdt);
	first_tick = ticks();
	last_word = first_tick;
	rounds = number_word(args, "rounds=", ROUNDS);
	seed = number_word(args, "seed=", first_tick);
	patience = number_word(args, "wait=", WAIT_SECONDS) * mrs("cntfrq_el0");
	if (only)
		jobs_only(only);

	for (int node = -1; nr_cpus < MAX_CPUS; nr_cpus++) {
		struct cpu *cpu = &cpus[nr_cpus];

		node = tree_next_cpu(fdt, node, &cpu->hwid);
		if (node < 0)
			break;
		cpu->index = nr_cpus;
		cpu->stack = (u64)stacks[nr_cpus + 1];
		cpu->random = token_weight(seed * MAX_CPUS + nr_cpus) | 1;
		if (cpu->hwid == this_hwid())
			self = cpu;
	}
	print("# seed=%lu rounds=%lu vcpus=%lu, PSCI %u.%u\n", seed, rounds, nr_cpus,
	      (unsigned int)psci(PSCI_VERSION, 0, 0, 0) >> 16,
	      (unsigned int)psci(PSCI_VERSION, 0, 0, 0) & 0xffff);
	print("1..%u\n", TESTS);
	if (!self || nr_cpus < 2)
		fatal("Bail out! too few vCPUs in the tree, or this one is not there");

	lead = self->index;
	self->on = 1;
	self->lives = 1;
	bring_up(self);
	print_failures();
	live(self);
}

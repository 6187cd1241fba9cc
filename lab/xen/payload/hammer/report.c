// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everybody judges, only the lead prints: its lines stay whole without a lock,
 * and nobody takes one along into a CPU_OFF, or into a start that never should
 * have happened.
 */
#include "hammer.h"

#define ROOM	64	/* failures between two looks of the lead */
#define SHOWN	8	/* of each test; the rest is only counted */

struct failure {
	u64 complete;
	enum test test;
	u64 about;
	u64 round;
	const char *format;
	u64 a, b;
};

static const char names[TESTS][88] = {
	[T_ONE] = "of CPU_ONs of one vCPU at the same time one succeeds",
	[T_ON_ITS_WAY] = "CPU_ON of a vCPU on its way off says ALREADY_ON, then starts it",
	[T_OFF] = "CPU_ON starts a vCPU of which AFFINITY_INFO said OFF",
	[T_ORDER] = "AFFINITY_INFO goes from ON to OFF to ON_PENDING to ON and never back",
	[T_TOKEN] = "vCPUs come in with entry point and context ID of the CPU_ON that succeeded",
	[T_STATE] = "vCPUs come in at EL1 with SP_EL1, MMU and data cache off, interrupts masked",
	[T_LOST] = "every vCPU for which CPU_ON succeeded comes in",
	[T_TRAP] = "CPU_OFF does not return, nobody meets an exception",
	[T_BAD_ON] = "CPU_ON of an MPIDR that Xen never gave says INVALID_PARAMETERS",
	[T_BAD_INFO] = "AFFINITY_INFO of such an MPIDR or of a bad level says INVALID_PARAMETERS",
	[T_ODD] = "CPU_ON with an odd entry point is refused",
	[T_REFUSED] = "no vCPU starts by a call that has to be refused",
	[T_HALVES] = "SMC32 calls mean the low halves of registers",
	[T_ROUNDS] = "all rounds are run",
};

static struct failure failures[ROOM];
static u64 nr_failures, nr_printed;
static u64 counts[TESTS], fails[TESTS], shown[TESTS];

void checked(enum test test)
{
	add(counts[test], 1);
}

void failure_add(enum test test, const struct cpu *about, const char *format, u64 a, u64 b)
{
	u64 n = add(nr_failures, 1) - 1;
	struct failure *f = &failures[n % ROOM];

	add(fails[test], 1);
	/* Nobody is to wait for the lead; it will find that some are missing. */
	if (n - load(nr_printed) >= ROOM)
		return;
	f->test = test;
	f->about = about->index;
	f->round = current_round;
	f->format = format;
	f->a = a;
	f->b = b;
	store(f->complete, n + 1);
}

void print_failures(void)
{
	u64 end = load(nr_failures);

	for (u64 n = nr_printed; n < end; n++) {
		struct failure *f = &failures[n % ROOM];

		if (load(f->complete) != n + 1 || shown[f->test]++ >= SHOWN)
			continue;
		print("# test %u, round %lu, vCPU %lu: ", f->test + 1, f->round, f->about);
		print(f->format, f->a, f->b);
		print("\n");
	}
	store(nr_printed, end);
}

void print_results(void)
{
	u64 bad = 0;

	for (unsigned int t = 0; t < TESTS; t++) {
		print("%sok %u - %s", fails[t] ? "not " : "", t + 1, names[t]);
		if (fails[t])
			print(" (%lu failures)", fails[t]);
		if (t == T_LOST) {
			const char *before = " (lost: vCPU ";

			for (u64 i = 0; i < nr_cpus; i++) {
				if (!cpus[i].losses)
					continue;
				print("%s%lu", before, i);
				before = ", ";
			}
			if (before[0] == ',')
				print(")");
		}
		if (!fails[t] && !counts[t])
			print(" # SKIP not tried");
		print("\n");
		bad += !!fails[t];
	}
	for (unsigned int t = 0; t < TESTS; t++)
		print("# test %u: %lu checks, %lu failures\n", t + 1, counts[t], fails[t]);
	print("# psci-hammer: %s\n", bad ? "failed" : "passed");
}

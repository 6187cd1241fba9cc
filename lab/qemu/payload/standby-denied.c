// SPDX-License-Identifier: GPL-2.0-only
/*
 * What does PSCI say of CPUs that are on standby, whoever asks, and how often?
 *
 * A guest of -M virt,gic-version=2,standby-cpus=on -smp cpus=4,maxcpus=8. All of its four CPUs call CPU_ON and
 * AFFINITY_INFO at the same time, in no order, with affinities of CPUs on standby, of their own, and of none.
 * CPU_ON of a CPU on standby is denied, AFFINITY_INFO says that it is off, and it never starts; what is no CPU's is
 * an invalid parameter, in whichever bits it differs; the rest is as without standby CPUs. Of a function of 32 bits
 * the upper halves of registers do not count.
 */

#include "bare.h"

#define STANDBY_FIRST	CPUS
#define STANDBY_END	8
#define SECONDS		3

/* Those of CPU_ON are even. */
enum kind { STANDBY_ON, STANDBY_INFO, NONE_ON, NONE_INFO, SELF_ON, SELF_INFO, STANDBY_ON32, CLUSTER_INFO, KINDS };

static const struct {
	const char *what;
	int wanted;
} kinds[KINDS] = {
	[STANDBY_ON] = { "CPU_ON of a CPU on standby is denied", PSCI_DENIED },
	[STANDBY_INFO] = { "AFFINITY_INFO says that it is off", AFFINITY_OFF },
	[NONE_ON] = { "CPU_ON of no CPU's affinity is an invalid parameter", PSCI_INVALID_PARAMETERS },
	[NONE_INFO] = { "AFFINITY_INFO of no CPU's is as well", PSCI_INVALID_PARAMETERS },
	[SELF_ON] = { "CPU_ON of one that is on: already on", PSCI_ALREADY_ON },
	[SELF_INFO] = { "AFFINITY_INFO says that it is on", AFFINITY_ON },
	[STANDBY_ON32] = { "CPU_ON by 32 bits, with others above them: denied", PSCI_DENIED },
	[CLUSTER_INFO] = { "AFFINITY_INFO of all of them says that they are on", AFFINITY_ON },
};

static const u64 nobody[] = {
	STANDBY_END, 0xff, 0x100, 0x104, 0x10004, 0x1000004, 0x80000004, 0x100000004, 0xff00000004, ~0UL, ~0UL - 3,
};

static u64 asked[CPUS][KINDS], wrong[CPUS][KINDS], answer_wrong[KINDS], started, go, done[CPUS], ends;

static void ask(u64 cpu, u64 dice)
{
	enum kind kind = dice % KINDS;
	u64 affinity, function = kind & 1 ? PSCI_AFFINITY_INFO : PSCI_CPU_ON, level = 0;
	int answer;

	dice /= KINDS;
	switch (kind) {
	case STANDBY_ON:
	case STANDBY_INFO:
		affinity = STANDBY_FIRST + dice % (STANDBY_END - STANDBY_FIRST);
		break;
	case STANDBY_ON32:
		function = PSCI_CPU_ON32 | dice << 32;
		affinity = STANDBY_FIRST | dice << 32;
		break;
	case CLUSTER_INFO:
		/* One of those on standby, and all from its level on. */
		affinity = STANDBY_FIRST;
		level = 1 + dice % 3;
		break;
	case NONE_ON:
	case NONE_INFO:
		affinity = nobody[dice % (sizeof(nobody) / sizeof(nobody[0]))];
		break;
	default:
		affinity = cpu;
	}
	/* AFFINITY_INFO's third argument is a level; no CPU's is all the same at 0, and at one that there is not. */
	if (kind == NONE_INFO && dice & 1UL << 32) {
		affinity = cpu;
		level = 4 + (dice >> 33);
	}
	answer = psci(function, affinity, kind & 1 ? level : (u64)cpu_entry, 0);
	asked[cpu][kind]++;
	if (answer != kinds[kind].wanted) {
		wrong[cpu][kind]++;
		answer_wrong[kind] = answer;
	}
}

static void hammer(u64 cpu)
{
	u64 dice = 88172645463325252UL + cpu;

	while (!acquire(&go))
		relax();
	while (!is_past(ends)) {
		/* Marsaglia's xorshift64 */
		dice ^= dice << 13;
		dice ^= dice >> 7;
		dice ^= dice << 17;
		ask(cpu, dice >> 8);
	}
	release(&done[cpu], 1);
}

void secondary_main(u64 context)
{
	u64 cpu = cpu_self();

	if (cpu >= STANDBY_FIRST)
		release(&started, started + 1);
	else
		hammer(cpu);
	for (;;)
		psci(PSCI_CPU_OFF, 0, 0, 0);
}

void primary_main(void)
{
	u64 version = psci(PSCI_VERSION, 0, 0, 0);
	int version_right = version == 0x10001;

	test_name = "standby-denied";
	put("1..");
	put_number(KINDS + 2);
	put("\n");
	for (u64 cpu = 1; cpu < CPUS; cpu++)
		if (psci(PSCI_CPU_ON, cpu, (u64)cpu_entry, 0) != PSCI_SUCCESS)
			bail_out("CPU_ON of a CPU that is not on standby failed");
	ends = seconds_from_now(SECONDS);
	release(&go, 1);
	hammer(0);
	for (u64 cpu = 1; cpu < CPUS; cpu++)
		while (!acquire(&done[cpu]))
			relax();

	for (int kind = 0; kind < KINDS; kind++) {
		u64 sum = 0, bad = 0;

		for (u64 cpu = 0; cpu < CPUS; cpu++) {
			sum += asked[cpu][kind];
			bad += wrong[cpu][kind];
		}
		result(sum && !bad, kinds[kind].what);
		count("calls", sum);
		count("wrong", bad);
		count("answer", answer_wrong[kind]);
		put("\n");
	}
	result(!started, "none of them has started");
	count("started", started);
	put("\n");
#ifdef KVM
	/* That of the host's kernel. */
	version_right = version >= 0x10001;
#endif
	result(version_right && !psci(PSCI_FEATURES, PSCI_CPU_ON, 0, 0), "PSCI_VERSION and PSCI_FEATURES are as before");
	count("version", version);
	put("\n");
	finish();
}

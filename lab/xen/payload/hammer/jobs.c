// SPDX-License-Identifier: GPL-2.0-only
/* What vCPUs do to each other, and what the lead makes of it. */
#include <string.h>

#include "hammer.h"

enum job { JOB_RACE, JOB_CHASE, JOB_POLITE, JOB_STORM, JOB_BAD, JOB_CROOKED, JOB_HALVES, JOBS };

static const char job_names[JOBS][8] = {
	[JOB_RACE] = "race",		/* CPU_ONs of a vCPU that is off, at the same time */
	[JOB_CHASE] = "chase",		/* CPU_ONs of a vCPU while it goes off */
	[JOB_POLITE] = "polite",	/* the same, but one that asks AFFINITY_INFO before */
	[JOB_STORM] = "storm",		/* everybody does anything */
	[JOB_BAD] = "bad",		/* calls that have to be refused */
	[JOB_CROOKED] = "crooked",	/* unaligned entry points */
	[JOB_HALVES] = "halves",	/* SMC32, with something in the high halves */
};

/* How often each is drawn */
static const u8 job_weights[JOBS] = { 4, 4, 4, 3, 2, 1, 1 };

#define STORM_CALLS	24	/* for each vCPU */
#define BAD_CALLS	8

bool dirty_halves;

static bool excluded[JOBS];

/* The job. Written by the lead between jobs. */
static u64 job, gate;
static struct cpu *target;
static u64 chasers, life;

/* Written by all during it */
static u64 started, pendings, storm_left;

void jobs_only(const char *names)
{
	memset(excluded, 1, sizeof(excluded));
	for (;;) {
		u64 len = 0;
		unsigned int j;

		while (names[len] && names[len] != ',' && names[len] != ' ')
			len++;
		for (j = 0; j < JOBS; j++)
			if (strlen(job_names[j]) == len && !memcmp(job_names[j], names, len))
				break;
		if (j == JOBS)
			fatal("Bail out! only= has a job that is not known");
		excluded[j] = false;
		names += len;
		if (*names++ != ',')
			return;
	}
}

static bool refused(int ret)
{
	return ret == PSCI_ALREADY_ON || ret == PSCI_ON_PENDING;
}

/* Somebody was told that the target is on, or will be. It does not go off in this job. */
static void still_on(struct cpu *self)
{
	int ret = affinity_info(self, target);

	checked(T_ORDER);
	if (ret != PSCI_ON && ret != PSCI_PENDING)
		failed(T_ORDER, target, "AFFINITY_INFO says %lu after CPU_ON said -%lu", ret,
		       -self->result);
}

static void wait_at_gate(struct cpu *self)
{
	unsigned int spins = 0;

	store(self->ready, self->job);
	while (load(gate) != self->job)
		relax(&spins, TIGHT);
}

static void chase(struct cpu *self)
{
	unsigned int spins = 0;
	u64 start;

	wait_tightly(load(target->leaving) == self->job || load(started));
	if (below(self, 2))
		pause(self);
	for (start = ticks(); !load(started) && ticks() - start < patience; relax(&spins, TIGHT)) {
		u64 before = load(pendings);
		int ret = cpu_on(self, target, 0);

		if (ret == PSCI_SUCCESS) {
			add(started, 1);
			still_on(self);
			if (before)
				failed(T_ON_ITS_WAY, target,
				       "%lu CPU_ONs said ON_PENDING before that of vCPU %lu began",
				       before, self->index);
			return;
		}
		/* Who is told so need not try again: somebody else started it. */
		if (ret == PSCI_ON_PENDING)
			add(pendings, 1);
		/* Who is alone finds nothing pending. */
		if (ret != PSCI_ALREADY_ON && (ret != PSCI_ON_PENDING || chasers == 1)) {
			failed(T_ON_ITS_WAY, target, "CPU_ON says -%lu to vCPU %lu", -ret,
			       self->index);
			return;
		}
	}
}

static void polite(struct cpu *self)
{
	int ret;

	wait_tightly(load(target->leaving) == self->job);
	wait_tightly((ret = affinity_info(self, target)) != PSCI_ON);
	checked(T_OFF);
	if (ret != PSCI_OFF) {
		failed(T_OFF, target, "AFFINITY_INFO says %lu to vCPU %lu, and never OFF", ret,
		       self->index);
		return;
	}
	if (below(self, 2))
		pause(self);
	if (cpu_on(self, target, 0) == PSCI_SUCCESS)
		still_on(self);
	else
		failed(T_OFF, target, "AFFINITY_INFO says OFF, CPU_ON says -%lu to vCPU %lu",
		       -self->result, self->index);
	add(started, 1);
}

/* The target goes off once and on once. */
static void watch(struct cpu *self)
{
	unsigned int spins = 0;
	u64 start = ticks();
	int before = PSCI_ON;
	bool was_off = false;

	for (; load(target->lives) == life && ticks() - start < patience; relax(&spins, RELAXED)) {
		int ret = affinity_info(self, target);

		checked(T_ORDER);
		if (ret < PSCI_ON || ret > PSCI_PENDING ||
		    (before == PSCI_PENDING && ret == PSCI_OFF) ||
		    (before == PSCI_ON && was_off && ret != PSCI_ON)) {
			failed(T_ORDER, target, "AFFINITY_INFO says %lu after %lu", ret, before);
			return;
		}
		was_off |= ret != PSCI_ON;
		before = ret;
	}
}

static void storm(struct cpu *self)
{
	while ((long)add(storm_left, -1UL) >= 0) {
		struct cpu *other = &cpus[below(self, nr_cpus)];
		int ret;

		switch (below(self, 16)) {
		case 0 ... 6:
			ret = cpu_on(self, other, 0);
			/* Who makes the call is on, and the lead never goes off. */
			if (other == self || other->index == load(lead))
				checked(T_ONE);
			if (!refused(ret) && (ret != PSCI_SUCCESS || other == self ||
					      other->index == load(lead)))
				failed(T_ONE, other, "CPU_ON in a storm says -%lu to vCPU %lu",
				       -ret, self->index);
			break;
		case 7 ... 9:
			ret = affinity_info(self, other);
			checked(T_ORDER);
			if (ret < PSCI_ON || ret > PSCI_PENDING || (ret && other == self))
				failed(T_ORDER, other, "AFFINITY_INFO says %lu to vCPU %lu", ret,
				       self->index);
			break;
		case 10 ... 12:
			if (load(lead) != self->index)
				leave(self);
			break;
		case 13:
			pause(self);
			break;
		default:
			refused_call(self, NULL);
		}
	}
}

void perform(struct cpu *self)
{
	u64 number = load(self->job);

	if (self->role)
		wait_at_gate(self);
	switch (self->role) {
	case ROLE_LEAVE:
		pause(self);
		/* When it comes in again it is through, but it is not idle here. */
		store(self->on, 0);
		store(self->done, number);
		leave(self);
		break;
	case ROLE_ON:
		/* Where two may get through, there is little time. */
		if (below(self, 2))
			pause(self);
		if (cpu_on(self, target, 0) == PSCI_SUCCESS || refused(self->result))
			still_on(self);
		break;
	case ROLE_CHASE:
		chase(self);
		break;
	case ROLE_POLITE:
		polite(self);
		break;
	case ROLE_WATCH:
		watch(self);
		break;
	case ROLE_STORM:
		storm(self);
		break;
	case ROLE_BAD:
		for (int i = 0; i < BAD_CALLS; i++)
			refused_call(self, target);
		break;
	}
	store(self->done, number);
}

/* --- The lead ------------------------------------------------------------- */

static bool idle(const struct cpu *cpu)
{
	return load(cpu->on) && load(cpu->done) == cpu->job;
}

static bool is_off(struct cpu *self, const struct cpu *cpu)
{
	return !load(cpu->on) && affinity_info(self, cpu) == PSCI_OFF;
}

static void no_roles(void)
{
	for (u64 i = 0; i < nr_cpus; i++)
		cpus[i].role = ROLE_NONE;
}

/* A random share of those who are on, and always the lead. Returns how many. */
static u64 give_roles(struct cpu *self, enum role role, u64 of_four)
{
	u64 n = 0;

	for (u64 i = 0; i < nr_cpus; i++) {
		struct cpu *cpu = &cpus[i];

		if (cpu == target || cpu->role || (cpu != self && !idle(cpu)))
			continue;
		if (cpu != self && below(self, 4) >= of_four)
			continue;
		cpu->role = role;
		n++;
	}
	return n;
}

/* Everybody who has a role plays it, the lead too. A vCPU that is off does so when it comes in. */
static void play(struct cpu *self)
{
	started = 0;
	pendings = 0;
	job++;
	for (u64 i = 0; i < nr_cpus; i++) {
		struct cpu *cpu = &cpus[i];

		cpu->result = 1;
		if (cpu->role && cpu != self)
			store(cpu->job, job);
	}
	for (u64 i = 0; i < nr_cpus; i++) {
		struct cpu *cpu = &cpus[i];

		if (cpu->role && cpu != self && load(cpu->on))
			wait_for(load(cpu->ready) == job);
	}
	self->job = job;
	store(gate, job);
	perform(self);
	/* Those who may go off are for settle(). */
	for (u64 i = 0; i < nr_cpus; i++) {
		const struct cpu *cpu = &cpus[i];

		if (cpu->role && cpu->role != ROLE_LEAVE && cpu->role != ROLE_STORM)
			wait_for(load(cpu->done) == job);
	}
}

/* Promised to come while it is on and has nothing to do: it never will. */
static bool overbooked(const struct cpu *cpu)
{
	return load(cpu->promised) > load(cpu->arrived) && idle(cpu);
}

static bool settled(struct cpu *self, struct cpu *cpu)
{
	if (cpu->lost || overbooked(cpu))
		return true;
	if (load(cpu->promised) > load(cpu->arrived))
		return false;
	return load(cpu->on) ? idle(cpu) : is_off(self, cpu);
}

static bool all_settled(struct cpu *self)
{
	for (u64 i = 0; i < nr_cpus; i++)
		if (&cpus[i] != self && !settled(self, &cpus[i]))
			return false;
	return true;
}

static void lose(struct cpu *cpu)
{
	cpu->lost = 1;
	cpu->losses++;
}

static void judge(struct cpu *self, struct cpu *cpu, bool excused)
{
	u64 promised = cpu->promised, arrived = load(cpu->arrived);

	if (cpu->lost)
		return;
	checked(T_LOST);
	if (!load(cpu->on) && promised > arrived) {
		lose(cpu);
		add(cpu->faults, 1);
		failed(T_LOST, cpu, "CPU_ON succeeded, it never came; AFFINITY_INFO says %lu, life %lu",
		       affinity_info(self, cpu), cpu->lives);
	} else if (load(cpu->on) && !idle(cpu)) {
		lose(cpu);
		add(cpu->faults, 1);
		failed(T_LOST, cpu, "it came and is not seen since; role %lu, life %lu", cpu->role,
		       cpu->lives);
	} else if (promised > arrived) {
		if (!excused)
			failed(T_ONE, cpu, "%lu CPU_ONs succeeded, it came in %lu times", promised,
			       arrived);
	} else if (arrived > promised) {
		failed(T_TOKEN, cpu, "%lu CPU_ONs succeeded, it came in %lu times", promised,
		       arrived);
	} else if (cpu->promises != load(cpu->arrivals)) {
		failed(T_TOKEN, cpu, "came in by a CPU_ON that did not succeed, life %lu, %lu times",
		       cpu->lives, arrived);
	} else if (!load(cpu->on) && !is_off(self, cpu)) {
		lose(cpu);
		failed(T_OFF, cpu, "called CPU_OFF, AFFINITY_INFO never says OFF but %lu, life %lu",
		       affinity_info(self, cpu), cpu->lives);
	}
	/* Once is enough. */
	cpu->promised = arrived;
	cpu->promises = cpu->arrivals;
	/* What it has not done while it was off, it need not do later. */
	if (!load(cpu->on))
		cpu->done = cpu->job;
}

/*
 * After a job: wait until every vCPU is where it was promised to be, and compare
 * the books.
 */
static void settle(struct cpu *self, const struct cpu *excused)
{
	/*
	 * Twice: who was found off may have been started since, by one who was not
	 * through yet. When all were, nobody makes calls any more.
	 */
	wait_for(all_settled(self) && all_settled(self));
	for (u64 i = 0; i < nr_cpus; i++) {
		if (!overbooked(&cpus[i]))
			continue;
		u64 start = ticks();

		/* It may be started once more: then before the next job, not in it. */
		while (ticks() - start < mrs("cntfrq_el0") / 10)
			;
		break;
	}
	for (u64 i = 0; i < nr_cpus; i++)
		if (&cpus[i] != self)
			judge(self, &cpus[i], &cpus[i] == excused);
}

/* One vCPU goes off, nobody disturbs it. */
static bool make_off(struct cpu *self, struct cpu *cpu)
{
	if (is_off(self, cpu))
		return true;
	if (!idle(cpu))
		return false;
	no_roles();
	target = cpu;
	cpu->role = ROLE_LEAVE;
	play(self);
	settle(self, NULL);
	return is_off(self, cpu);
}

static bool make_on(struct cpu *self, struct cpu *cpu)
{
	if (idle(cpu))
		return true;
	if (!is_off(self, cpu))
		return false;
	target = cpu;
	checked(T_OFF);
	if (cpu_on(self, cpu, 0) != PSCI_SUCCESS)
		failed(T_OFF, cpu, "AFFINITY_INFO says OFF, CPU_ON says -%lu to vCPU %lu",
		       -self->result, self->index);
	settle(self, NULL);
	return idle(cpu);
}

void bring_up(struct cpu *self)
{
	for (u64 i = 0; i < nr_cpus; i++)
		if (&cpus[i] != self)
			make_on(self, &cpus[i]);
}

/* Did the vCPU come in as the one CPU_ON that succeeded said? */
static void judge_race(struct cpu *self, enum test test)
{
	u64 winners = 0, losers = 0, others = 0;
	const struct cpu *winner = NULL;

	for (u64 i = 0; i < nr_cpus; i++) {
		const struct cpu *cpu = &cpus[i];

		if (cpu->role != ROLE_ON && cpu->role != ROLE_CHASE)
			continue;
		if (cpu->result == PSCI_SUCCESS) {
			winner = cpu;
			winners++;
		} else if (refused(cpu->result)) {
			losers++;
		} else if (cpu->result != 1) {
			others++;
			failed(test, target, "CPU_ON says -%lu to vCPU %lu", -cpu->result,
			       cpu->index);
		}
	}
	checked(test);
	if (winners != 1 && !others)
		failed(test, target, "%lu CPU_ONs succeeded, %lu were refused", winners, losers);
	settle(self, winners > 1 ? target : NULL);
	if (winners == 1 && idle(target) &&
	    (target->came.entry != winner->index || target->came.x0 != winner->token))
		failed(T_TOKEN, target, "came in by vCPU %lu, the CPU_ON of vCPU %lu succeeded",
		       target->came.entry, winner->index);
}

static void race(struct cpu *self)
{
	if (!make_off(self, target))
		return;
	no_roles();
	give_roles(self, ROLE_ON, 3);
	give_roles(self, ROLE_BAD, 2);
	play(self);
	judge_race(self, T_ONE);
}

static void pursue(struct cpu *self, enum role how)
{
	enum test test = how == ROLE_CHASE ? T_ON_ITS_WAY : T_OFF;
	u64 faults;

	if (!make_on(self, target))
		return;
	no_roles();
	chasers = 1;
	if (how == ROLE_CHASE && below(self, 2))
		chasers = give_roles(self, how, 2);
	self->role = how;
	give_roles(self, ROLE_WATCH, 2);
	give_roles(self, ROLE_BAD, 2);
	target->role = ROLE_LEAVE;
	faults = load(target->faults);
	life = load(target->lives);
	play(self);
	if (how == ROLE_CHASE)
		judge_race(self, test);
	else
		settle(self, NULL);
	if (load(target->faults) != faults)
		failed(test, target, "was started while it ran: SCTLR_EL1 0x%lx, context ID 0x%lx",
		       target->came.sctlr, target->came.x0);
}

static void run_storm(struct cpu *self)
{
	no_roles();
	for (u64 i = 0; i < nr_cpus; i++)
		if (&cpus[i] == self || idle(&cpus[i]) || is_off(self, &cpus[i]))
			cpus[i].role = ROLE_STORM;
	storm_left = STORM_CALLS * nr_cpus;
	play(self);
	settle(self, NULL);
}

static void run_bad(struct cpu *self)
{
	/* A vCPU that is off is one that can be started by mistake. */
	if (below(self, 2))
		make_off(self, target);
	no_roles();
	target = NULL;
	give_roles(self, ROLE_BAD, 3);
	play(self);
	settle(self, NULL);
}

static void crooked(struct cpu *self)
{
	int ret;

	if (!make_off(self, target))
		return;
	no_roles();
	ret = cpu_on(self, target, 2);
	if (ret != PSCI_SUCCESS && ret != PSCI_INVALID_ADDRESS && ret != PSCI_INVALID_PARAMETERS)
		failed(T_ODD, target, "CPU_ON with an unaligned entry point says -%lu to vCPU %lu",
		       -ret, self->index);
	settle(self, NULL);
}

static void halves(struct cpu *self)
{
	int ret;

	if (!make_off(self, target))
		return;
	no_roles();
	dirty_halves = true;
	ret = cpu_on_dirty(self, target);
	checked(T_HALVES);
	if (ret != PSCI_SUCCESS)
		failed(T_HALVES, target, "CPU_ON says -%lu to vCPU %lu", -ret, self->index);
	settle(self, NULL);
	dirty_halves = false;
}

static enum job draw_job(struct cpu *self)
{
	unsigned int j, sum = 0;

	for (j = 0; j < JOBS; j++)
		sum += job_weights[j];
	for (;;) {
		u64 n = below(self, sum);

		for (j = 0; n >= job_weights[j]; )
			n -= job_weights[j++];
		if (!excluded[j])
			return j;
	}
}

/* Any vCPU but the lead of which we know where it is. */
static struct cpu *draw_target(struct cpu *self)
{
	u64 first = below(self, nr_cpus);

	for (u64 i = 0; i < nr_cpus; i++) {
		struct cpu *cpu = &cpus[(first + i) % nr_cpus];

		if (cpu != self && (idle(cpu) || is_off(self, cpu)))
			return cpu;
	}
	return NULL;
}

bool one_round(struct cpu *self)
{
	enum job what = draw_job(self);

	target = draw_target(self);
	if (!target)
		return false;
	target->lost = 0;
	switch (what) {
	case JOB_RACE:
		race(self);
		break;
	case JOB_CHASE:
		pursue(self, ROLE_CHASE);
		break;
	case JOB_POLITE:
		pursue(self, ROLE_POLITE);
		break;
	case JOB_STORM:
		run_storm(self);
		break;
	case JOB_BAD:
		run_bad(self);
		break;
	case JOB_CROOKED:
		crooked(self);
		break;
	default:
		halves(self);
	}
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs off and on: each of them, all but one, in random order, under load,
 * by several writers at once.
 */
#include "cpu_hotplug.h"

HP_TEST(each_cpu)
{
	int round, cpu;

	for (round = 0; round < hp_rounds(); round++) {
		for (cpu = -1; hp_step(&hp_can, &cpu);) {
			ASSERT_EQ(0, hp_switch(cpu, false)) {
				TH_LOG("CPU %d off", cpu);
			}
			ASSERT_EQ(0, hp_verify(cpu, false));
			ASSERT_EQ(0, hp_switch(cpu, true)) {
				TH_LOG("CPU %d on", cpu);
			}
			ASSERT_EQ(0, hp_verify(cpu, true));
		}
	}
}

/* each_cpu has done it if it can be done; here it is said when it can't */
HP_TEST(cpu0)
{
	int cpu;

	if (!hp_has(&hp_can, 0))
		SKIP(return, "CPU 0 is not hotpluggable on this machine");

	ASSERT_EQ(0, hp_switch(0, false));
	ASSERT_EQ(0, hp_verify(0, false));
	/* the others do without it */
	for (cpu = -1; hp_step(&hp_online0, &cpu);) {
		if (cpu)
			ASSERT_EQ(0, hp_verify(cpu, true));
	}
	ASSERT_EQ(0, hp_switch(0, true));
	ASSERT_EQ(0, hp_verify(0, true));
}

/* SMT siblings are kept off by a switch of their own */
static bool smt_is_on(void)
{
	char buf[32];

	return hp_read(buf, sizeof(buf), HP_CPUS "/smt/control") < 0 ||
	       !strncmp(buf, "on", 2) || !strncmp(buf, "not", 3);
}

HP_TEST(found_offline)
{
	int cpu, ret, done = 0;

	if (!hp_count(&hp_offline0))
		SKIP(return, "no hotpluggable CPU was found offline");

	for (cpu = -1; hp_step(&hp_offline0, &cpu);) {
		ASSERT_EQ(0, hp_verify(cpu, false));
		ret = hp_switch(cpu, true);
		if (ret == -EPERM && !smt_is_on())
			continue;
		ASSERT_EQ(0, ret) {
			TH_LOG("CPU %d on", cpu);
		}
		ASSERT_EQ(0, hp_verify(cpu, true));
		ASSERT_EQ(0, hp_switch(cpu, false)) {
			TH_LOG("CPU %d off", cpu);
		}
		ASSERT_EQ(0, hp_verify(cpu, false));
		done++;
	}
	if (!done)
		SKIP(return, "the CPUs found offline are held off: SMT is off");
}

/* Takes off all hotpluggable CPUs except @keep and brings them back. */
static void all_but(struct __test_metadata *_metadata, int keep)
{
	struct hp_mask model = hp_online0, now;
	int cpu, last;

	for (cpu = -1; hp_step(&hp_can, &cpu);) {
		if (cpu == keep)
			continue;
		ASSERT_EQ(0, hp_switch(cpu, false)) {
			TH_LOG("CPU %d off, all but %d", cpu, keep);
		}
		hp_del(&model, cpu);
	}
	now = hp_online();
	ASSERT_TRUE(hp_same(&now, &model));
	for (cpu = -1; hp_step(&hp_can, &cpu);)
		ASSERT_EQ(0, hp_verify(cpu, cpu == keep));
	for (last = -1; hp_step(&model, &last);)
		ASSERT_EQ(0, hp_verify(last, true));

	for (cpu = -1; hp_step(&hp_can, &cpu);) {
		if (cpu == keep)
			continue;
		ASSERT_EQ(0, hp_switch(cpu, true)) {
			TH_LOG("CPU %d on, all but %d", cpu, keep);
		}
		ASSERT_EQ(0, hp_verify(cpu, true));
	}
	now = hp_online();
	ASSERT_TRUE(hp_same(&now, &hp_online0));
}

/*
 * The first and the last CPU are the ones that remain, each in turn; every one
 * if asked for. An isolated CPU is not: the last one that is not isolated is
 * refused to go. Where CPUs can't go, it is these that remain.
 */
HP_TEST(all_but_one)
{
	struct hp_mask keep = hp_can;
	int cpu, round, first = -1, last = -1;

	for (cpu = -1; hp_step(&hp_can, &cpu);) {
		if (hp_has(&hp_isolated, cpu)) {
			hp_del(&keep, cpu);
			continue;
		}
		first = first < 0 ? cpu : first;
		last = cpu;
	}
	for (round = 0; round < hp_rounds(); round++) {
		if (!hp_same(&hp_can, &hp_online0)) {
			all_but(_metadata, -1);
			continue;
		}
		ASSERT_LE(0, first);
		for (cpu = -1; hp_step(&keep, &cpu);) {
			if (hp_rounds() > 1 || cpu == first || cpu == last)
				all_but(_metadata, cpu);
		}
	}
}

HP_TEST(random_order)
{
	struct hp_mask model = hp_online0, now;
	int i, cpu, pick, rest, steps, offs = 0;
	uint64_t seed = hp_seed();
	bool on;

	steps = hp_rounds() * 3 * hp_count(&hp_can);
	for (i = 0; i < steps; i++) {
		pick = hp_random(&seed, hp_count(&hp_can));
		for (cpu = -1; hp_step(&hp_can, &cpu);) {
			if (!pick--)
				break;
		}
		on = !hp_has(&model, cpu);
		now = model;
		if (on) {
			hp_add(&model, cpu);
		} else {
			/* the last one, and the last not isolated, has to stay */
			hp_del(&model, cpu);
			for (rest = -1; hp_step(&model, &rest);) {
				if (!hp_has(&hp_isolated, rest))
					break;
			}
			if (rest < 0) {
				model = now;
				continue;
			}
			offs++;
		}
		ASSERT_EQ(0, hp_switch(cpu, on)) {
			TH_LOG("step %d: CPU %d %s", i, cpu, on ? "on" : "off");
		}
		now = hp_online();
		ASSERT_TRUE(hp_same(&now, &model)) {
			TH_LOG("step %d: CPU %d %s", i, cpu, on ? "on" : "off");
		}
		ASSERT_EQ(0, hp_verify(cpu, on));
	}
	TH_LOG("%d of %d steps took a CPU off", offs, steps);
	ASSERT_LT(0, offs);
}

#define LOADS	3

/*
 * Busy threads on the CPU that leaves: they go on elsewhere, what they compute
 * stays right, and they can be given the CPU again.
 */
HP_TEST(under_load)
{
	static struct hp_worker load[LOADS];
	int round, cpu, i;

	for (round = 0; round < hp_rounds(); round++) {
		for (cpu = -1; hp_step(&hp_can, &cpu);) {
			for (i = 0; i < LOADS; i++) {
				ASSERT_EQ(0, hp_worker_start(&load[i], cpu));
				ASSERT_EQ(cpu, hp_worker_cpu(&load[i]));
			}
			ASSERT_EQ(0, hp_switch(cpu, false)) {
				TH_LOG("CPU %d off", cpu);
			}
			for (i = 0; i < LOADS; i++) {
				ASSERT_EQ(0, hp_worker_goes_on(&load[i]));
				ASSERT_NE(cpu, hp_worker_cpu(&load[i]));
			}
			ASSERT_EQ(0, hp_switch(cpu, true)) {
				TH_LOG("CPU %d on", cpu);
			}
			for (i = 0; i < LOADS; i++) {
				ASSERT_EQ(0, hp_pin_cpu(load[i].tid, cpu));
				ASSERT_EQ(0, hp_worker_goes_on(&load[i]));
				ASSERT_EQ(cpu, hp_worker_cpu(&load[i]));
			}
			for (i = 0; i < LOADS; i++)
				ASSERT_EQ(0, hp_worker_stop(&load[i]));
		}
	}
}

struct writer {
	pthread_t thread;
	pthread_barrier_t *start;
	int cpu;
	int rounds;
	int done;
	int failed;
	int err;		/* the first one */
	int mismatch;		/* reading back gave something else */
};

static void *writer_main(void *arg)
{
	struct writer *w = arg;
	int i, on, ret;

	pthread_barrier_wait(w->start);
	for (i = 0; i < w->rounds; i++) {
		for (on = 0; on < 2; on++) {
			ret = hp_switch(w->cpu, on);
			if (ret) {
				w->failed++;
				if (!w->err)
					w->err = ret;
				continue;
			}
			/* no one else writes to this CPU */
			if (hp_get(w->cpu) != on)
				w->mismatch++;
			w->done++;
		}
	}
	return NULL;
}

/*
 * One writer per CPU. The kernel takes them one after the other, and makes a
 * writer that finds the lock taken begin again without userspace noticing: no
 * write may fail, neither with EBUSY nor with EAGAIN or EINTR.
 */
HP_TEST(concurrent_writers)
{
	struct writer *w;
	struct hp_mask leaving = hp_can, now;
	pthread_barrier_t start;
	int cpu, n, i, stays = -1, running, reads = 0;

	/* one that is not isolated stays */
	for (cpu = -1; hp_step(&hp_online0, &cpu);) {
		if (!hp_has(&hp_isolated, cpu) &&
		    (stays < 0 || hp_has(&hp_can, stays)))
			stays = cpu;
	}
	ASSERT_LE(0, stays);
	hp_del(&leaving, stays);
	n = hp_count(&leaving);
	if (n < 2)
		SKIP(return, "fewer than two CPUs can leave at a time");

	w = calloc(n, sizeof(*w));
	ASSERT_NE(NULL, w);
	ASSERT_EQ(0, pthread_barrier_init(&start, NULL, n + 1));
	i = 0;
	for (cpu = -1; hp_step(&leaving, &cpu);) {
		w[i].cpu = cpu;
		w[i].start = &start;
		w[i].rounds = 3 * hp_rounds();
		ASSERT_EQ(0, pthread_create(&w[i].thread, NULL, writer_main,
					    &w[i]));
		i++;
	}
	pthread_barrier_wait(&start);

	/* while they write, the mask never says what can't be */
	for (i = 0, running = n; i < n; ) {
		now = hp_online();
		reads++;
		EXPECT_TRUE(hp_has(&now, stays));
		EXPECT_TRUE(hp_subset(&now, &hp_online0));
		if (!pthread_tryjoin_np(w[i].thread, NULL)) {
			running--;
			i++;
		}
		usleep(1000);
	}
	EXPECT_EQ(0, running);
	EXPECT_LT(0, reads);

	for (i = 0; i < n; i++) {
		EXPECT_EQ(0, w[i].failed) {
			TH_LOG("CPU %d: %d writes failed, the first with %s",
			       w[i].cpu, w[i].failed, strerror(-w[i].err));
		}
		EXPECT_EQ(0, w[i].mismatch);
		EXPECT_EQ(2 * w[i].rounds, w[i].done);
		EXPECT_EQ(0, hp_verify(w[i].cpu, true));
	}
	now = hp_online();
	EXPECT_TRUE(hp_same(&now, &hp_online0));
	free(w);
}

static void *same_cpu_main(void *arg)
{
	struct writer *w = arg;
	int i, ret;

	pthread_barrier_wait(w->start);
	for (i = 0; i < w->rounds; i++) {
		ret = hp_set(w->cpu, i & 1);
		if (ret) {
			w->failed++;
			w->err = w->err ? w->err : ret;
		} else {
			w->done++;
		}
	}
	return NULL;
}

/*
 * Two writers to one CPU: which of them changes anything is open, but a state
 * that is already there is no error either.
 */
HP_TEST(two_writers_one_cpu)
{
	struct writer w[2] = {};
	pthread_barrier_t start;
	int cpu, i;

	/* the second, so as to leave a CPU 0 alone that is not isolated */
	cpu = hp_next(&hp_can, hp_next(&hp_can, -1));
	if (cpu < 0)
		cpu = hp_next(&hp_can, -1);

	ASSERT_EQ(0, pthread_barrier_init(&start, NULL, 2));
	for (i = 0; i < 2; i++) {
		w[i].cpu = cpu;
		w[i].start = &start;
		w[i].rounds = 6 * hp_rounds();
		ASSERT_EQ(0, pthread_create(&w[i].thread, NULL, same_cpu_main,
					    &w[i]));
	}
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, pthread_join(w[i].thread, NULL));
		EXPECT_EQ(0, w[i].failed) {
			TH_LOG("CPU %d: %s", cpu, strerror(-w[i].err));
		}
		EXPECT_EQ(w[i].rounds, w[i].done);
	}
	/* the last write of both was "1" */
	EXPECT_EQ(0, hp_verify(cpu, true));
}

int main(int argc, char **argv)
{
	return hp_main(argc, argv, true);
}

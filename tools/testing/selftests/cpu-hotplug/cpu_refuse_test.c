// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel has to refuse, with the right errno, and with the CPUs in
 * the state they were in: the last CPU, CPUs that can't go, writes without a
 * meaning, and transitions that fail half way.
 *
 * It also runs where no CPU is hotpluggable: this is what un_offlinable is for.
 */
#include "cpu_hotplug.h"

/* To write the state that is there already is no error and changes nothing. */
HP_TEST(same_state)
{
	int cpu = hp_next(&hp_can, -1);

	if (cpu < 0)
		SKIP(return, "no CPU is hotpluggable");
	if (hp_count(&hp_online0) < 2)
		SKIP(return, "only one CPU is online");

	ASSERT_EQ(0, hp_set(cpu, true));
	ASSERT_EQ(0, hp_verify(cpu, true));
	if (hp_set(cpu, false) == -EOPNOTSUPP)
		SKIP(return, "this platform refuses to take CPUs off");
	ASSERT_EQ(0, hp_verify(cpu, false));
	ASSERT_EQ(0, hp_set(cpu, false));
	ASSERT_EQ(0, hp_verify(cpu, false));
	ASSERT_EQ(0, hp_set(cpu, true));
	ASSERT_EQ(0, hp_verify(cpu, true));
}

HP_TEST(bad_value)
{
	static const char * const bad[] = { "2", "-1", "x", " 0", "" };
	char path[HP_PATH];
	unsigned int i;
	int cpu;

	if (!hp_count(&hp_can))
		SKIP(return, "no CPU is hotpluggable");

	for (cpu = -1; hp_step(&hp_can, &cpu);) {
		hp_path(path, cpu, "online");
		for (i = 0; i < ARRAY_SIZE(bad); i++) {
			/* a write of nothing need not reach the file */
			ASSERT_EQ(*bad[i] ? -EINVAL : 0, hp_write(path, bad[i])) {
				TH_LOG("\"%s\" to CPU %d", bad[i], cpu);
			}
			ASSERT_EQ(0, hp_verify(cpu, true));
		}
	}
}

HP_TEST(last_cpu)
{
	struct hp_mask some = hp_some();
	int last, cpu, ret;

	if (!hp_same(&hp_can, &hp_online0))
		SKIP(return, "a CPU that can't go is always left");

	for (last = -1; hp_step(&some, &last);) {
		/* the last one not isolated is refused before it is the last */
		if (hp_has(&hp_isolated, last))
			continue;
		for (cpu = -1; hp_step(&hp_can, &cpu);) {
			if (cpu == last)
				continue;
			ret = hp_set(cpu, false);
			if (ret == -EOPNOTSUPP)
				SKIP(return, "this platform refuses to take CPUs off");
			ASSERT_EQ(0, ret) {
				TH_LOG("CPU %d off", cpu);
			}
		}
		ASSERT_EQ(-EBUSY, hp_set(last, false)) {
			TH_LOG("CPU %d is the last", last);
		}
		ASSERT_EQ(0, hp_verify(last, true));
		ASSERT_EQ(0, hp_restore());
	}
}

/*
 * A CPU that can't go has no online file, and nothing can make one. Where it
 * has one all the same, the architecture refuses: EPERM if it is this CPU
 * which has to stay (as the one a resident secure OS lives on), EOPNOTSUPP if
 * there is no way to take CPUs off at all.
 */
HP_TEST(un_offlinable)
{
	int cpu, ret, refused = 0;
	char path[HP_PATH];

	for (cpu = -1; hp_step(&hp_online0, &cpu);) {
		if (!hp_has(&hp_can, cpu)) {
			ASSERT_EQ(-ENOENT, hp_get(cpu));
			ASSERT_EQ(-ENOENT, hp_set(cpu, false));
			hp_path(path, cpu, "online");
			ASSERT_EQ(-1, open(path, O_CREAT | O_WRONLY, 0644));
		} else {
			if (hp_count(&hp_online0) == 1)
				continue;
			ret = hp_set(cpu, false);
			if (!ret) {
				ASSERT_EQ(0, hp_set(cpu, true));
				continue;
			}
			ASSERT_TRUE(ret == -EPERM || ret == -EOPNOTSUPP) {
				TH_LOG("CPU %d: %s", cpu, strerror(-ret));
			}
		}
		TH_LOG("CPU %d can't go", cpu);
		ASSERT_EQ(0, hp_verify(cpu, true));
		refused++;
	}
	if (!refused)
		SKIP(return, "every CPU can be taken off");
}

/*
 * The kernel can be told to let a transition fail at a state of its choice. It
 * then has to undo all that it has done: the CPU is where it was, and works.
 * Not each state can be made to fail, and not each is passed in both ways.
 */
#define MAX_STATES	1024
#define SOME_STATES	6

/* The states that accept to fail while the CPU is as it is now */
static int fail_list(int cpu, int *list)
{
	static char states[65536];
	char path[HP_PATH], num[16], *line, *end;
	int n = 0;

	if (hp_read(states, sizeof(states), HP_CPUS "/hotplug/states") < 0)
		return -1;
	hp_path(path, cpu, "hotplug/fail");
	hp_shared->fail_cpu = cpu;
	for (line = states; line && n < MAX_STATES; line = strchr(line, '\n')) {
		line += *line == '\n';
		/* "  56: irq/affinity:online" */
		list[n] = strtol(line, &end, 10);
		if (end == line || *end != ':')
			continue;
		snprintf(num, sizeof(num), "%d", list[n]);
		if (!hp_write(path, num))
			n++;
	}
	if (hp_write(path, "-1"))
		return -1;
	hp_shared->fail_cpu = -1;
	return n;
}

static void fail_states(struct __test_metadata *_metadata, int cpu, bool on)
{
	int list[MAX_STATES], n, i, ret, some, failed = 0;
	char path[HP_PATH], num[16];

	hp_path(path, cpu, "hotplug/fail");
	ASSERT_EQ(0, hp_set(cpu, !on));
	n = fail_list(cpu, list);
	ASSERT_LT(0, n);

	/* the first, the last, and as many between them as there is time for */
	some = n > SOME_STATES && hp_rounds() == 1 ? SOME_STATES : n;
	for (i = 0; i < some; i++) {
		int state = list[some > 1 ? i * (n - 1) / (some - 1) : 0];

		ASSERT_EQ(0, hp_set(cpu, !on));
		hp_shared->fail_cpu = cpu;
		snprintf(num, sizeof(num), "%d", state);
		ASSERT_EQ(0, hp_write(path, num));
		ret = hp_set(cpu, on);
		/* if it was not passed it must not be left for the way back */
		ASSERT_EQ(0, hp_write(path, "-1"));
		hp_shared->fail_cpu = -1;
		if (ret) {
			ASSERT_EQ(-EAGAIN, ret) {
				TH_LOG("CPU %d, state %d: %s", cpu, state,
				       strerror(-ret));
			}
			failed++;
		}
		ASSERT_EQ(0, hp_verify(cpu, ret ? !on : on)) {
			TH_LOG("CPU %d, state %d, %s", cpu, state,
			       ret ? "failed" : "not passed");
		}
	}
	TH_LOG("CPU %d: failed in %d states on its way %s, %d of %d tried", cpu,
	       failed, on ? "on" : "off", some, n);
	ASSERT_LT(0, failed);
	ASSERT_EQ(0, hp_set(cpu, true));
	ASSERT_EQ(0, hp_verify(cpu, true));
}

static int fail_cpu(struct __test_metadata *_metadata)
{
	char path[HP_PATH];
	int cpu, ret;

	cpu = hp_next(&hp_can, hp_next(&hp_can, -1));
	if (cpu < 0)
		cpu = hp_next(&hp_can, -1);
	if (cpu < 0 || hp_count(&hp_online0) < 2)
		SKIP(return -1, "no CPU can be taken off");
	hp_path(path, cpu, "hotplug/fail");
	if (access(path, W_OK))
		SKIP(return -1, "the kernel can't be made to fail");
	ret = hp_set(cpu, false);
	if (ret == -EOPNOTSUPP)
		SKIP(return -1, "this platform refuses to take CPUs off");
	EXPECT_EQ(0, ret);
	EXPECT_EQ(0, hp_set(cpu, true));
	return cpu;
}

HP_TEST(failed_offline)
{
	int cpu = fail_cpu(_metadata);

	if (cpu >= 0)
		fail_states(_metadata, cpu, false);
}

HP_TEST(failed_online)
{
	int cpu = fail_cpu(_metadata);

	if (cpu >= 0)
		fail_states(_metadata, cpu, true);
}

int main(int argc, char **argv)
{
	return hp_main(argc, argv, false);
}

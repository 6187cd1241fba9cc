// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lives on a CPU when it leaves: tasks, timers, interrupts, perf events;
 * and whether all that tells of CPUs tells the same.
 */
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>

#include "cpu_hotplug.h"

/* An online CPU that is not @cpu and, if there is one, can leave as well */
static int other_cpu(int cpu)
{
	int other;

	for (other = -1; hp_step(&hp_can, &other);) {
		if (other != cpu)
			return other;
	}
	for (other = -1; hp_step(&hp_online0, &other);) {
		if (other != cpu)
			return other;
	}
	return -1;
}

/*
 * Tasks
 *
 * A task all of whose CPUs are gone is let run on others: the mask it was given
 * is lost, and what it gets instead depends on cpusets. Nothing gives it the
 * old one back by itself. So what is tested is that it runs, where its mask
 * says, that nothing can pin it to a CPU that is off, and that it can be pinned
 * again to the CPU that came back.
 */
HP_TEST(pinned_task)
{
	struct hp_mask some = hp_some();
	static struct hp_worker w;
	struct hp_mask m;
	int cpu;

	for (cpu = -1; hp_step(&some, &cpu);) {
		ASSERT_EQ(0, hp_worker_start(&w, cpu));
		ASSERT_EQ(cpu, hp_worker_cpu(&w));

		ASSERT_EQ(0, hp_switch(cpu, false));
		ASSERT_EQ(0, hp_worker_goes_on(&w));
		ASSERT_NE(cpu, hp_worker_cpu(&w));
		ASSERT_EQ(0, hp_affinity(w.tid, &m));
		EXPECT_FALSE(hp_has(&m, cpu));
		EXPECT_TRUE(hp_has(&m, hp_worker_cpu(&w)));
		EXPECT_EQ(-EINVAL, hp_pin_cpu(w.tid, cpu));

		ASSERT_EQ(0, hp_switch(cpu, true));
		ASSERT_EQ(0, hp_pin_cpu(w.tid, cpu));
		ASSERT_EQ(0, hp_worker_goes_on(&w));
		ASSERT_EQ(cpu, hp_worker_cpu(&w));
		ASSERT_EQ(0, hp_worker_stop(&w));
	}
}

/* A task that has another CPU left keeps its mask, also for the time after. */
HP_TEST(task_with_two_cpus)
{
	struct hp_mask some = hp_some();
	static struct hp_worker w;
	struct hp_mask two, m;
	int cpu, other;

	for (cpu = -1; hp_step(&some, &cpu);) {
		other = other_cpu(cpu);
		two = hp_one(cpu);
		hp_add(&two, other);

		ASSERT_EQ(0, hp_worker_start(&w, cpu));
		ASSERT_EQ(0, hp_pin(w.tid, &two));

		ASSERT_EQ(0, hp_switch(cpu, false));
		ASSERT_EQ(0, hp_worker_goes_on(&w));
		EXPECT_EQ(other, hp_worker_cpu(&w));
		ASSERT_EQ(0, hp_affinity(w.tid, &m));
		EXPECT_EQ(1, hp_count(&m));
		EXPECT_TRUE(hp_has(&m, other));

		ASSERT_EQ(0, hp_switch(cpu, true));
		ASSERT_EQ(0, hp_affinity(w.tid, &m));
		EXPECT_TRUE(hp_same(&m, &two));

		/* it does not only say so: now it has to go there */
		if (hp_has(&hp_can, other)) {
			ASSERT_EQ(0, hp_switch(other, false));
			ASSERT_EQ(0, hp_worker_goes_on(&w));
			EXPECT_EQ(cpu, hp_worker_cpu(&w));
			ASSERT_EQ(0, hp_switch(other, true));
			ASSERT_EQ(0, hp_affinity(w.tid, &m));
			EXPECT_TRUE(hp_same(&m, &two));
		}
		ASSERT_EQ(0, hp_worker_stop(&w));
	}
}

struct sleeper {
	pthread_t thread;
	int cpu;
	int pipe[2];
	int ready[2];
	int err;
	int before, after;	/* the CPUs it ran on */
};

static void *sleeper_main(void *arg)
{
	struct sleeper *s = arg;
	char c = 0;

	s->err = hp_pin_cpu(0, s->cpu);
	s->before = hp_getcpu();
	if (write(s->ready[1], &c, 1) != 1 || read(s->pipe[0], &c, 1) != 1)
		s->err = -EIO;
	s->after = hp_getcpu();
	return NULL;
}

static int join(pthread_t thread)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += HP_HANG;
	return -pthread_timedjoin_np(thread, NULL, &limit);
}

/* A task that slept while its CPU left is found a CPU when it wakes up. */
HP_TEST(sleeping_task)
{
	struct hp_mask some = hp_some();
	struct sleeper s;
	char c = 0;
	int cpu;

	for (cpu = -1; hp_step(&some, &cpu);) {
		memset(&s, 0, sizeof(s));
		s.cpu = cpu;
		ASSERT_EQ(0, pipe(s.pipe));
		ASSERT_EQ(0, pipe(s.ready));
		ASSERT_EQ(0, pthread_create(&s.thread, NULL, sleeper_main, &s));
		ASSERT_EQ(1, read(s.ready[0], &c, 1));
		ASSERT_EQ(0, hp_switch(cpu, false));
		ASSERT_EQ(1, write(s.pipe[1], &c, 1));
		ASSERT_EQ(0, join(s.thread));
		ASSERT_EQ(0, hp_switch(cpu, true));
		EXPECT_EQ(0, s.err);
		EXPECT_EQ(cpu, s.before);
		EXPECT_NE(cpu, s.after);
		EXPECT_TRUE(hp_has(&hp_online0, s.after));
		close(s.pipe[0]);
		close(s.pipe[1]);
		close(s.ready[0]);
		close(s.ready[1]);
	}
}

/*
 * Timers
 *
 * They are armed by a task that runs on the CPU that leaves, so that they are
 * queued there, and have to fire all the same.
 */
#define TICKS	20

static int wait_ticks(int fd, uint64_t want)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t n, sum = 0;

	while (sum < want) {
		if (poll(&p, 1, HP_HANG * 1000) != 1)
			return -ETIMEDOUT;
		if (read(fd, &n, sizeof(n)) != sizeof(n))
			return -errno;
		sum += n;
	}
	return 0;
}

HP_TEST(timerfd_periodic)
{
	struct hp_mask some = hp_some();
	struct itimerspec its = {
		.it_value.tv_nsec = 1000000,
		.it_interval.tv_nsec = 1000000,
	};
	uint64_t missed;
	int cpu, fd;

	for (cpu = -1; hp_step(&some, &cpu);) {
		fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, hp_pin_cpu(0, cpu));
		ASSERT_EQ(0, timerfd_settime(fd, 0, &its, NULL));
		ASSERT_EQ(0, wait_ticks(fd, TICKS));

		ASSERT_EQ(0, hp_switch(cpu, false)) {
			TH_LOG("CPU %d off", cpu);
		}
		/* what came in the meantime proves nothing */
		if (read(fd, &missed, sizeof(missed)) < 0)
			ASSERT_EQ(EAGAIN, errno);
		ASSERT_EQ(0, wait_ticks(fd, TICKS));

		ASSERT_EQ(0, hp_switch(cpu, true));
		if (read(fd, &missed, sizeof(missed)) < 0)
			ASSERT_EQ(EAGAIN, errno);
		ASSERT_EQ(0, wait_ticks(fd, TICKS));
		close(fd);
	}
}

static int wait_signals(int want)
{
	struct timespec limit = { .tv_sec = HP_HANG };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	while (want--)
		if (sigtimedwait(&set, NULL, &limit) != SIGRTMIN)
			return -errno;
	return 0;
}

HP_TEST(posix_timer)
{
	struct hp_mask some = hp_some();
	struct sigevent ev = {
		.sigev_notify = SIGEV_SIGNAL,
	};
	struct itimerspec its = {
		.it_value.tv_nsec = 1000000,
		.it_interval.tv_nsec = 1000000,
	};
	sigset_t set;
	timer_t timer;
	int cpu;

	ev.sigev_signo = SIGRTMIN;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	ASSERT_EQ(0, sigprocmask(SIG_BLOCK, &set, NULL));

	for (cpu = -1; hp_step(&some, &cpu);) {
		ASSERT_EQ(0, timer_create(CLOCK_MONOTONIC, &ev, &timer));
		ASSERT_EQ(0, hp_pin_cpu(0, cpu));
		ASSERT_EQ(0, timer_settime(timer, 0, &its, NULL));
		ASSERT_EQ(0, wait_signals(TICKS));

		/* one signal may be pending from before, one more is not */
		ASSERT_EQ(0, hp_switch(cpu, false)) {
			TH_LOG("CPU %d off", cpu);
		}
		ASSERT_EQ(0, wait_signals(TICKS));
		ASSERT_EQ(0, hp_switch(cpu, true));
		ASSERT_EQ(0, wait_signals(TICKS));
		ASSERT_EQ(0, timer_delete(timer));
		while (sigtimedwait(&set, NULL, &(struct timespec){}) > 0)
			;
	}
}

/* Once, neither lost nor early */
HP_TEST(timerfd_once)
{
	struct hp_mask some = hp_some();
	struct itimerspec its = {};
	struct pollfd p = { .events = POLLIN };
	struct timespec now;
	uint64_t n;
	int cpu;

	for (cpu = -1; hp_step(&some, &cpu);) {
		p.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
		ASSERT_LE(0, p.fd);
		ASSERT_EQ(0, hp_pin_cpu(0, cpu));
		its.it_value = hp_later(200);
		ASSERT_EQ(0, timerfd_settime(p.fd, TFD_TIMER_ABSTIME, &its,
					     NULL));
		ASSERT_EQ(0, hp_switch(cpu, false)) {
			TH_LOG("CPU %d off", cpu);
		}
		ASSERT_EQ(1, poll(&p, 1, HP_HANG * 1000));
		now = hp_now();
		EXPECT_FALSE(hp_before(&now, &its.it_value));
		ASSERT_EQ((ssize_t)sizeof(n), read(p.fd, &n, sizeof(n)));
		EXPECT_EQ(1, n);
		ASSERT_EQ(0, hp_switch(cpu, true));
		close(p.fd);
	}
}

struct nap {
	pthread_t thread;
	pthread_barrier_t begin;
	int cpu;
	int err;
	struct timespec until, woke;
};

static void *nap_main(void *arg)
{
	struct nap *nap = arg;

	nap->err = hp_pin_cpu(0, nap->cpu);
	nap->until = hp_later(200);
	pthread_barrier_wait(&nap->begin);
	if (!nap->err)
		nap->err = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME,
					   &nap->until, NULL);
	nap->woke = hp_now();
	return NULL;
}

HP_TEST(nanosleep)
{
	struct hp_mask some = hp_some();
	struct nap nap;
	int cpu;

	for (cpu = -1; hp_step(&some, &cpu);) {
		memset(&nap, 0, sizeof(nap));
		nap.cpu = cpu;
		ASSERT_EQ(0, pthread_barrier_init(&nap.begin, NULL, 2));
		ASSERT_EQ(0, pthread_create(&nap.thread, NULL, nap_main, &nap));
		pthread_barrier_wait(&nap.begin);
		ASSERT_EQ(0, hp_switch(cpu, false)) {
			TH_LOG("CPU %d off", cpu);
		}
		ASSERT_EQ(0, join(nap.thread));
		EXPECT_EQ(0, nap.err);
		EXPECT_FALSE(hp_before(&nap.woke, &nap.until));
		ASSERT_EQ(0, hp_switch(cpu, true));
	}
}

/*
 * Interrupts
 */
static int irq_file(int irq, const char *file, struct hp_mask *m)
{
	char path[HP_PATH];

	snprintf(path, sizeof(path), "/proc/irq/%d/%s", irq, file);
	return hp_read_mask(path, m);
}

static int irq_pin(int irq, const char *list)
{
	char path[HP_PATH];

	snprintf(path, sizeof(path), "/proc/irq/%d/smp_affinity_list", irq);
	return hp_write(path, list);
}

static int irq_pin_cpu(int irq, int cpu)
{
	char list[16];

	snprintf(list, sizeof(list), "%d", cpu);
	return irq_pin(irq, list);
}

static bool irq_is_at(int irq, int cpu)
{
	struct hp_mask m, want = hp_one(cpu);

	return !irq_file(irq, "effective_affinity_list", &m) &&
	       hp_same(&m, &want);
}

/* The number at the begin of the lines of /proc/interrupts: in use */
static bool irq_in_use(const char *interrupts, int irq)
{
	const char *line = interrupts;
	char *end;

	while ((line = strchr(line, '\n'))) {
		line++;
		if (strtol(line, &end, 10) == irq && end != line && *end == ':')
			return true;
	}
	return false;
}

/*
 * An interrupt which goes at once where it is told. Some never do (per CPU, or
 * managed by the kernel), some only when they fire next.
 */
static int find_irq(int cpu, int other)
{
	static char interrupts[1 << 20];
	char path[HP_PATH + 256];
	struct dirent *de;
	int irq = -1;
	DIR *dir;

	if (hp_read(interrupts, sizeof(interrupts), "/proc/interrupts") < 0)
		return -1;
	dir = opendir("/proc/irq");
	if (!dir)
		return -1;
	while ((de = readdir(dir))) {
		if (!isdigit(de->d_name[0]))
			continue;
		irq = atoi(de->d_name);
		if (!irq_in_use(interrupts, irq))
			continue;
		snprintf(path, sizeof(path), "/proc/irq/%d/smp_affinity_list",
			 irq);
		if (hp_read(hp_shared->affinity, sizeof(hp_shared->affinity),
			    path) <= 0)
			continue;
		hp_shared->irq = irq;
		if (!irq_pin_cpu(irq, other) && irq_is_at(irq, other) &&
		    !irq_pin_cpu(irq, cpu) && irq_is_at(irq, cpu))
			break;
		hp_shared->irq = -1;
		irq_pin(irq, hp_shared->affinity);
	}
	closedir(dir);
	return de ? irq : -1;
}

HP_TEST(interrupt)
{
	struct hp_mask some = hp_some();
	struct hp_mask before, m, now;
	int cpu, irq;

	irq = find_irq(hp_next(&hp_can, -1), other_cpu(hp_next(&hp_can, -1)));
	if (irq < 0)
		SKIP(return, "no interrupt can be moved");
	TH_LOG("interrupt %d", irq);
	ASSERT_EQ(0, hp_parse(hp_shared->affinity, &before));

	for (cpu = -1; hp_step(&some, &cpu);) {
		ASSERT_EQ(0, irq_pin_cpu(irq, cpu));
		ASSERT_TRUE(irq_is_at(irq, cpu));

		ASSERT_EQ(0, hp_switch(cpu, false));
		now = hp_online();
		ASSERT_EQ(0, irq_file(irq, "effective_affinity_list", &m));
		EXPECT_LT(0, hp_count(&m));
		EXPECT_TRUE(hp_subset(&m, &now)) {
			TH_LOG("interrupt %d remained on CPU %d", irq, cpu);
		}
		/* it can't be sent there now, whether that is an error or not */
		irq_pin_cpu(irq, cpu);
		ASSERT_EQ(0, irq_file(irq, "effective_affinity_list", &m));
		EXPECT_LT(0, hp_count(&m));
		EXPECT_TRUE(hp_subset(&m, &now));

		ASSERT_EQ(0, hp_switch(cpu, true));
		ASSERT_EQ(0, irq_pin_cpu(irq, cpu));
		EXPECT_TRUE(irq_is_at(irq, cpu));
	}

	ASSERT_EQ(0, irq_pin(irq, hp_shared->affinity));
	hp_shared->irq = -1;
	ASSERT_EQ(0, irq_file(irq, "smp_affinity_list", &m));
	EXPECT_TRUE(hp_same(&m, &before));
}

/* As with tasks: with another CPU left, the mask is kept. */
HP_TEST(interrupt_with_two_cpus)
{
	struct hp_mask some = hp_some();
	struct hp_mask two, m;
	int cpu, other, irq;
	char list[32];

	irq = find_irq(hp_next(&hp_can, -1), other_cpu(hp_next(&hp_can, -1)));
	if (irq < 0)
		SKIP(return, "no interrupt can be moved");
	TH_LOG("interrupt %d", irq);

	for (cpu = -1; hp_step(&some, &cpu);) {
		other = other_cpu(cpu);
		two = hp_one(cpu);
		hp_add(&two, other);
		snprintf(list, sizeof(list), "%d,%d", cpu, other);

		/* so that it is there when the mask is widened */
		ASSERT_EQ(0, irq_pin_cpu(irq, cpu));
		ASSERT_EQ(0, irq_pin(irq, list));
		ASSERT_EQ(0, hp_switch(cpu, false));
		EXPECT_TRUE(irq_is_at(irq, other));
		ASSERT_EQ(0, irq_file(irq, "smp_affinity_list", &m));
		EXPECT_TRUE(hp_same(&m, &two));
		ASSERT_EQ(0, hp_switch(cpu, true));
		ASSERT_EQ(0, irq_file(irq, "smp_affinity_list", &m));
		EXPECT_TRUE(hp_same(&m, &two));
		ASSERT_EQ(0, irq_file(irq, "effective_affinity_list", &m));
		EXPECT_LT(0, hp_count(&m));
		EXPECT_TRUE(hp_subset(&m, &two));
	}
}

/*
 * Perf events
 */
/* the documented way to find out */
static bool have_perf(void)
{
	return !access("/proc/sys/kernel/perf_event_paranoid", F_OK);
}

static int perf_open(uint32_t type, uint64_t config, pid_t tid, int cpu)
{
	struct perf_event_attr attr = {
		.type = type,
		.size = sizeof(attr),
		.config = config,
	};
	int fd;

	fd = syscall(SYS_perf_event_open, &attr, tid, cpu, -1,
		     PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static uint64_t perf_count(struct __test_metadata *_metadata, int fd)
{
	uint64_t count = 0;

	EXPECT_EQ((ssize_t)sizeof(count), read(fd, &count, sizeof(count)));
	return count;
}

/* An event of a task goes where the task goes. */
static int perf_of_task(struct __test_metadata *_metadata, uint32_t type,
			uint64_t config)
{
	struct hp_mask some = hp_some();
	static struct hp_worker w;
	uint64_t a, b;
	int cpu, fd;

	for (cpu = -1; hp_step(&some, &cpu);) {
		ASSERT_EQ(0, hp_worker_start(&w, cpu));
		fd = perf_open(type, config, w.tid, -1);
		if (fd < 0) {
			hp_worker_stop(&w);
			return fd;
		}
		ASSERT_EQ(0, hp_worker_goes_on(&w));
		a = perf_count(_metadata, fd);
		if (!a && type == PERF_TYPE_HARDWARE) {
			/* a counter that was given to no one, as in some guests */
			close(fd);
			hp_worker_stop(&w);
			return -ENOENT;
		}
		EXPECT_LT(0, a);

		ASSERT_EQ(0, hp_switch(cpu, false));
		b = perf_count(_metadata, fd);
		EXPECT_LE(a, b);
		ASSERT_EQ(0, hp_worker_goes_on(&w));
		ASSERT_NE(cpu, hp_worker_cpu(&w));
		a = perf_count(_metadata, fd);
		EXPECT_LT(b, a) {
			TH_LOG("no longer counts with CPU %d off", cpu);
		}

		ASSERT_EQ(0, hp_switch(cpu, true));
		ASSERT_EQ(0, hp_pin_cpu(w.tid, cpu));
		b = perf_count(_metadata, fd);
		EXPECT_LE(a, b);
		ASSERT_EQ(0, hp_worker_goes_on(&w));
		ASSERT_EQ(cpu, hp_worker_cpu(&w));
		a = perf_count(_metadata, fd);
		EXPECT_LT(b, a) {
			TH_LOG("no longer counts with CPU %d on again", cpu);
		}
		close(fd);
		ASSERT_EQ(0, hp_worker_stop(&w));
	}
	return 0;
}

HP_TEST(perf_task_software)
{
	int ret;

	if (!have_perf())
		SKIP(return, "the kernel has no perf events");
	ret = perf_of_task(_metadata, PERF_TYPE_SOFTWARE,
			   PERF_COUNT_SW_TASK_CLOCK);
	ASSERT_EQ(0, ret);
}

HP_TEST(perf_task_hardware)
{
	int ret;

	if (!have_perf())
		SKIP(return, "the kernel has no perf events");
	ret = perf_of_task(_metadata, PERF_TYPE_HARDWARE,
			   PERF_COUNT_HW_CPU_CYCLES);
	if (ret == -ENOENT || ret == -EOPNOTSUPP)
		SKIP(return, "no hardware counter of cycles");
	ASSERT_EQ(0, ret);
}

/*
 * An event of a CPU leaves with it, and is not resumed: it can be read, and
 * counts no more. None can be opened while the CPU is off; when it is back
 * a new one counts.
 */
HP_TEST(perf_cpu)
{
	struct hp_mask some = hp_some();
	static struct hp_worker w;
	uint64_t a, b, c;
	int cpu, fd, fd2;

	if (!have_perf())
		SKIP(return, "the kernel has no perf events");
	for (cpu = -1; hp_step(&some, &cpu);) {
		fd = perf_open(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, -1,
			       cpu);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, hp_worker_start(&w, cpu));
		a = perf_count(_metadata, fd);
		EXPECT_LT(0, a);

		ASSERT_EQ(0, hp_switch(cpu, false));
		b = perf_count(_metadata, fd);
		EXPECT_LE(a, b);
		EXPECT_EQ(-ENODEV, perf_open(PERF_TYPE_SOFTWARE,
					     PERF_COUNT_SW_CPU_CLOCK, -1, cpu));
		ASSERT_EQ(0, hp_worker_goes_on(&w));
		c = perf_count(_metadata, fd);
		EXPECT_EQ(b, c);

		ASSERT_EQ(0, hp_switch(cpu, true));
		fd2 = perf_open(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, -1,
				cpu);
		ASSERT_LE(0, fd2);
		ASSERT_EQ(0, hp_pin_cpu(w.tid, cpu));
		ASSERT_EQ(0, hp_worker_goes_on(&w));
		EXPECT_LT(0, perf_count(_metadata, fd2));
		c = perf_count(_metadata, fd);
		EXPECT_LE(b, c);
		close(fd2);
		close(fd);
		ASSERT_EQ(0, hp_worker_stop(&w));
	}
}

/*
 * What tells of CPUs
 */
static char text[1 << 22];

/* The CPUs in the header of /proc/interrupts */
static int interrupts_mask(struct hp_mask *m)
{
	char *p, *end;
	int ret, cpu, n = 0;

	memset(m, 0, sizeof(*m));
	ret = hp_read(text, sizeof(text), "/proc/interrupts");
	if (ret < 0)
		return ret;
	end = strchr(text, '\n');
	if (!end)
		return -EINVAL;
	*end = 0;
	for (p = text; (p = strstr(p, "CPU")); p += 3) {
		cpu = atoi(p + 3);
		hp_add(m, cpu);
		n++;
	}
	return n == hp_count(m) ? 0 : -EEXIST;
}

/*
 * The lines of an interrupt have a number for each column: those of the first
 * one are counted. -1: there is none.
 */
static int interrupts_columns(void)
{
	char *line, *p, *end;
	int n = 0;

	if (hp_read(text, sizeof(text), "/proc/interrupts") < 0)
		return -1;
	line = strchr(text, '\n');
	p = line ? strchr(line, ':') : NULL;
	if (!p)
		return -1;
	for (p++; ; p = end, n++) {
		strtoul(p, &end, 10);
		/* what follows the numbers may begin with a digit */
		if (end == p || (*end != ' ' && *end != '\n'))
			return n;
	}
}

/* The CPUs named in the lines that begin with @key, as "cpu12 ..." */
static int lines_mask(const char *path, const char *key, const char *sep,
		      struct hp_mask *m)
{
	char *line, *p;
	int ret, n = 0;

	memset(m, 0, sizeof(*m));
	ret = hp_read(text, sizeof(text), path);
	if (ret < 0)
		return ret;
	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, strlen(key)))
			continue;
		p = line + strlen(key);
		p += strspn(p, sep);
		if (!isdigit(*p))
			continue;
		hp_add(m, atoi(p));
		n++;
	}
	return n == hp_count(m) ? 0 : -EEXIST;
}

static void files_agree(struct __test_metadata *_metadata,
			const struct hp_mask *want)
{
	struct hp_mask m;
	int n;

	EXPECT_EQ(0, hp_read_mask(HP_CPUS "/online", &m));
	EXPECT_TRUE(hp_same(&m, want));
	EXPECT_EQ(0, interrupts_mask(&m));
	EXPECT_TRUE(hp_same(&m, want)) {
		TH_LOG("/proc/interrupts has other columns");
	}
	n = interrupts_columns();
	/* with as many numbers: what follows them may look like one more */
	if (n >= 0)
		EXPECT_LE(hp_count(want), n);
	EXPECT_EQ(0, lines_mask("/proc/cpuinfo", "processor", "\t :", &m));
	EXPECT_TRUE(hp_same(&m, want)) {
		TH_LOG("/proc/cpuinfo has other CPUs");
	}
	EXPECT_EQ(0, lines_mask("/proc/stat", "cpu", "", &m));
	EXPECT_TRUE(hp_same(&m, want)) {
		TH_LOG("/proc/stat has other CPUs");
	}
	EXPECT_EQ(hp_count(want), sysconf(_SC_NPROCESSORS_ONLN));
}

HP_TEST(proc_files)
{
	struct hp_mask want = hp_online0;
	int cpu;

	files_agree(_metadata, &want);
	for (cpu = -1; hp_step(&hp_can, &cpu);) {
		ASSERT_EQ(0, hp_switch(cpu, false));
		hp_del(&want, cpu);
		files_agree(_metadata, &want);
		ASSERT_EQ(0, hp_switch(cpu, true));
		hp_add(&want, cpu);
		files_agree(_metadata, &want);
	}
}

static const char * const topology[] = {
	"topology/thread_siblings_list",
	"topology/core_siblings_list",
	"topology/core_cpus_list",
	"topology/cluster_cpus_list",
	"topology/die_cpus_list",
	"topology/package_cpus_list",
	"cache/index0/shared_cpu_list",
	"cache/index1/shared_cpu_list",
	"cache/index2/shared_cpu_list",
	"cache/index3/shared_cpu_list",
};

/* The lists of online CPUs name them and online CPUs; the others have none. */
static void topology_agrees(struct __test_metadata *_metadata,
			    const struct hp_mask *want)
{
	char path[HP_PATH];
	struct hp_mask m;
	unsigned int i;
	int cpu;

	for (cpu = -1; hp_step(&hp_online0, &cpu);) {
		hp_path(path, cpu, "topology");
		EXPECT_EQ(hp_has(want, cpu) ? 0 : -1, access(path, F_OK)) {
			TH_LOG("%s", path);
		}
		for (i = 0; hp_has(want, cpu) && i < ARRAY_SIZE(topology); i++) {
			hp_path(path, cpu, topology[i]);
			if (hp_read_mask(path, &m))
				continue;
			EXPECT_TRUE(hp_has(&m, cpu)) {
				TH_LOG("%s is without CPU %d", path, cpu);
			}
			EXPECT_TRUE(hp_subset(&m, want)) {
				TH_LOG("%s has CPUs that are off", path);
			}
		}
	}
}

HP_TEST(topology)
{
	struct hp_mask want = hp_online0, m;
	static struct hp_mask before[ARRAY_SIZE(topology)];
	char path[HP_PATH];
	unsigned int i;
	int cpu;

	hp_path(path, hp_next(&hp_can, -1), "topology");
	if (access(path, F_OK))
		SKIP(return, "the kernel tells of no topology");

	topology_agrees(_metadata, &want);
	for (cpu = -1; hp_step(&hp_can, &cpu);) {
		memset(before, 0, sizeof(before));
		for (i = 0; i < ARRAY_SIZE(topology); i++) {
			hp_path(path, cpu, topology[i]);
			if (hp_read_mask(path, &before[i]))
				memset(&before[i], 0, sizeof(before[i]));
		}
		ASSERT_EQ(0, hp_switch(cpu, false));
		hp_del(&want, cpu);
		topology_agrees(_metadata, &want);
		ASSERT_EQ(0, hp_switch(cpu, true));
		hp_add(&want, cpu);
		topology_agrees(_metadata, &want);
		for (i = 0; i < ARRAY_SIZE(topology); i++) {
			hp_path(path, cpu, topology[i]);
			if (hp_read_mask(path, &m))
				memset(&m, 0, sizeof(m));
			EXPECT_TRUE(hp_same(&m, &before[i])) {
				TH_LOG("%s is not what it was", path);
			}
		}
	}
}

int main(int argc, char **argv)
{
	return hp_main(argc, argv, true);
}

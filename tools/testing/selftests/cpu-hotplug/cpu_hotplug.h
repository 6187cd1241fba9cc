/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the CPU hotplug tests of this directory share.
 *
 * The tests take CPUs off and on. Whatever ends a test - the end, a failed
 * assertion, the harness' timeout, a signal to the process or to its group -
 * the CPUs are left as they were found: see hp_main().
 *
 * A CPU is called hotpluggable if it has a writable "online" file. On arm64
 * and x86 a CPU which the platform won't let go has none. Only hotpluggable
 * CPUs that were found online are taken off. CPUs found offline stay offline;
 * only the subtest found_offline brings them on, and puts them back.
 *
 * Environment:
 *   KSFT_CPUHP_ROUNDS  how much is done (default 1). With more than 1, what is
 *                      else done to the first and the last CPU is done to all,
 *                      and what is else sampled is done in full; the number is
 *                      how often what repeats is repeated.
 *   KSFT_CPUHP_SEED    seed of what is random (default: taken from the clock,
 *                      and printed)
 */
#ifndef _CPU_HOTPLUG_H
#define _CPU_HOTPLUG_H

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <time.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "../kselftest_harness.h"

#ifndef __NR_pidfd_open
#define __NR_pidfd_open		434
#endif

#define HP_CPUS			"/sys/devices/system/cpu"
#define HP_MAX_CPUS		8192
#define HP_PATH			256

/*
 * Nothing here is asserted to be quick. These two are there to tell a hang:
 * the seconds that one wait, and one subtest, may take on the slowest machine
 * (many CPUs, or emulated ones).
 */
#define HP_HANG			60
#define HP_TIMEOUT		300

struct hp_mask {
	unsigned long bits[HP_MAX_CPUS / (8 * sizeof(long))];
};

/* What has to be put back besides the CPUs; shared by all the processes. */
struct hp_shared {
	int irq;			/* -1: none */
	char affinity[4096];
	int fail_cpu;			/* -1: none */
};

static struct hp_mask hp_online0;	/* online at the start */
static struct hp_mask hp_can;		/* ... and hotpluggable */
static struct hp_mask hp_offline0;	/* offline at the start, hotpluggable */
static struct hp_mask hp_isolated;
static struct hp_shared *hp_shared;

static inline void hp_add(struct hp_mask *m, int cpu)
{
	CPU_SET_S(cpu, sizeof(*m), (cpu_set_t *)m->bits);
}

static inline void hp_del(struct hp_mask *m, int cpu)
{
	CPU_CLR_S(cpu, sizeof(*m), (cpu_set_t *)m->bits);
}

static inline bool hp_has(const struct hp_mask *m, int cpu)
{
	return CPU_ISSET_S(cpu, sizeof(*m), (cpu_set_t *)m->bits);
}

static inline int hp_count(const struct hp_mask *m)
{
	return CPU_COUNT_S(sizeof(*m), (cpu_set_t *)m->bits);
}

static inline bool hp_same(const struct hp_mask *a, const struct hp_mask *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline bool hp_subset(const struct hp_mask *a, const struct hp_mask *b)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(a->bits); i++)
		if (a->bits[i] & ~b->bits[i])
			return false;
	return true;
}

static inline struct hp_mask hp_one(int cpu)
{
	struct hp_mask m = {};

	hp_add(&m, cpu);
	return m;
}

/* The next CPU of the mask after @cpu, or -1 */
static inline int hp_next(const struct hp_mask *m, int cpu)
{
	while (++cpu < HP_MAX_CPUS)
		if (hp_has(m, cpu))
			return cpu;
	return -1;
}

/* for (cpu = -1; hp_step(&mask, &cpu);) goes through a mask; -1 at the end */
static inline bool hp_step(const struct hp_mask *m, int *cpu)
{
	*cpu = hp_next(m, *cpu);
	return *cpu >= 0;
}

/* "0-3,5" */
static inline int hp_parse(const char *s, struct hp_mask *m)
{
	memset(m, 0, sizeof(*m));
	while (*s && *s != '\n') {
		char *end;
		long a = strtol(s, &end, 10), b = a;

		if (end == s)
			return -EINVAL;
		if (*end == '-')
			b = strtol(end + 1, &end, 10);
		if (a < 0 || b < a || b >= HP_MAX_CPUS)
			return -EINVAL;
		for (; a <= b; a++)
			hp_add(m, a);
		s = *end == ',' ? end + 1 : end;
	}
	return 0;
}

static inline int hp_read(char *buf, size_t size, const char *path)
{
	size_t len = 0;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (len < size - 1) {
		n = read(fd, buf + len, size - 1 - len);
		if (n < 0) {
			n = -errno;
			close(fd);
			return n;
		}
		if (!n)
			break;
		len += n;
	}
	close(fd);
	buf[len] = 0;
	return len;
}

static inline int hp_write(const char *path, const char *s)
{
	ssize_t n;
	int fd;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = write(fd, s, strlen(s));
	if (n < 0)
		n = -errno;
	else
		n = n == (ssize_t)strlen(s) ? 0 : -EIO;
	close(fd);
	return n;
}

static inline int hp_read_mask(const char *path, struct hp_mask *m)
{
	static __thread char buf[HP_MAX_CPUS * 5];
	int ret;

	ret = hp_read(buf, sizeof(buf), path);
	return ret < 0 ? ret : hp_parse(buf, m);
}

static inline struct hp_mask hp_online(void)
{
	struct hp_mask m;

	if (hp_read_mask(HP_CPUS "/online", &m))
		memset(&m, 0, sizeof(m));
	return m;
}

static inline void hp_path(char *path, int cpu, const char *file)
{
	snprintf(path, HP_PATH, HP_CPUS "/cpu%d/%s", cpu, file);
}

/* Writes the "online" file: 0 or a negative errno */
static inline int hp_set(int cpu, bool on)
{
	char path[HP_PATH];

	hp_path(path, cpu, "online");
	return hp_write(path, on ? "1" : "0");
}

/* Reads the "online" file: 0, 1 or a negative errno */
static inline int hp_get(int cpu)
{
	char path[HP_PATH], buf[16];
	int ret;

	hp_path(path, cpu, "online");
	ret = hp_read(buf, sizeof(buf), path);
	return ret < 0 ? ret : atoi(buf);
}

/* hp_set(), and the CPU has to have gone (come): -EIO if it has not */
static inline int hp_switch(int cpu, bool on)
{
	struct hp_mask m;
	int ret = hp_set(cpu, on);

	if (ret)
		return ret;
	m = hp_online();
	return hp_has(&m, cpu) == on ? 0 : -EIO;
}

static inline int hp_getcpu(void)
{
	unsigned int cpu;

	/* not sched_getcpu(), which may not ask the kernel */
	return syscall(SYS_getcpu, &cpu, NULL, NULL) ? -1 : (int)cpu;
}

static inline int hp_pin(pid_t tid, const struct hp_mask *m)
{
	if (sched_setaffinity(tid, sizeof(*m), (cpu_set_t *)m->bits))
		return -errno;
	return 0;
}

static inline int hp_pin_cpu(pid_t tid, int cpu)
{
	struct hp_mask m = hp_one(cpu);

	return hp_pin(tid, &m);
}

static inline int hp_affinity(pid_t tid, struct hp_mask *m)
{
	memset(m, 0, sizeof(*m));
	if (sched_getaffinity(tid, sizeof(*m), (cpu_set_t *)m->bits))
		return -errno;
	return 0;
}

/*
 * Does all that can be seen of one CPU say that it is on (off)? An online CPU
 * has to run a task, and an offline one must not accept one. The caller's
 * affinity is widened to all CPUs. Says what is wrong; returns how much is.
 */
static inline int hp_verify(int cpu, bool on)
{
	struct hp_mask m = hp_online();
	int bad = 0, ret;

	ret = hp_get(cpu);
	/* a CPU that can't be taken off has no such file */
	if (ret != on && !(ret == -ENOENT && on)) {
		fprintf(stderr, "# cpu%d/online reads %d\n", cpu, ret);
		bad++;
	}
	if (hp_has(&m, cpu) != on) {
		fprintf(stderr, "# CPU %d is %s the online mask\n", cpu,
			on ? "missing in" : "still in");
		bad++;
	}
	ret = hp_pin_cpu(0, cpu);
	if (ret != (on ? 0 : -EINVAL)) {
		fprintf(stderr, "# CPU %d: pinning a task gives %d\n", cpu, ret);
		bad++;
	} else if (on && hp_getcpu() != cpu) {
		fprintf(stderr, "# CPU %d: a task pinned there runs on %d\n",
			cpu, hp_getcpu());
		bad++;
	}
	ret = hp_pin(0, &hp_online0);
	if (ret) {
		fprintf(stderr, "# unpinning gives %d\n", ret);
		bad++;
	}
	return bad;
}

/* Puts everything back as it was found. Returns how much can't be. */
static inline int hp_restore(void)
{
	char path[HP_PATH];
	int cpu, ret, bad = 0;

	if (hp_shared->fail_cpu >= 0) {
		hp_path(path, hp_shared->fail_cpu, "hotplug/fail");
		if (!hp_write(path, "-1"))
			hp_shared->fail_cpu = -1;
		else
			bad++;
	}
	for (cpu = -1; hp_step(&hp_can, &cpu);) {
		if (hp_get(cpu) == 1)
			continue;
		ret = hp_set(cpu, true);
		if (ret) {
			dprintf(2, "# CPU %d can't be brought back: %s\n", cpu,
				strerror(-ret));
			bad++;
		}
	}
	for (cpu = -1; hp_step(&hp_offline0, &cpu);) {
		if (!hp_get(cpu))
			continue;
		ret = hp_set(cpu, false);
		if (ret) {
			dprintf(2, "# CPU %d can't be taken off again: %s\n",
				cpu, strerror(-ret));
			bad++;
		}
	}
	if (hp_shared->irq >= 0) {
		snprintf(path, sizeof(path), "/proc/irq/%d/smp_affinity_list",
			 hp_shared->irq);
		ret = hp_write(path, hp_shared->affinity);
		if (ret) {
			dprintf(2, "# affinity of interrupt %d: %s\n",
				hp_shared->irq, strerror(-ret));
			bad++;
		}
		hp_shared->irq = -1;
	}
	return bad;
}

static inline int hp_env(const char *name, int def)
{
	const char *s = getenv(name);

	return s && atoi(s) > 0 ? atoi(s) : def;
}

static inline int hp_rounds(void)
{
	return hp_env("KSFT_CPUHP_ROUNDS", 1);
}

/*
 * The CPUs for subtests in which one CPU stands for all: the first one, mostly
 * the boot CPU with duties of its own, and the last one; all if asked for.
 */
static inline struct hp_mask hp_some(void)
{
	struct hp_mask m = {};
	int cpu, last = -1;

	if (hp_rounds() > 1)
		return hp_can;
	for (cpu = -1; hp_step(&hp_can, &cpu);)
		last = cpu;
	if (last >= 0) {
		hp_add(&m, hp_next(&hp_can, -1));
		hp_add(&m, last);
	}
	return m;
}

/* A generator of our own: a seed means the same with every C library. */
static inline unsigned int hp_random(uint64_t *state, unsigned int below)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned int)(*state >> 33) % below;
}

static inline uint64_t hp_seed(void)
{
	const char *s = getenv("KSFT_CPUHP_SEED");
	struct timespec ts;
	uint64_t seed;

	clock_gettime(CLOCK_REALTIME, &ts);
	seed = s ? strtoull(s, NULL, 0) : (uint32_t)(ts.tv_sec ^ ts.tv_nsec);
	fprintf(stderr, "# KSFT_CPUHP_SEED=%llu\n", (unsigned long long)seed);
	return seed;
}

static inline struct timespec hp_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts;
}

static inline struct timespec hp_later(long ms)
{
	struct timespec ts = hp_now();

	ts.tv_sec += ms / 1000;
	ts.tv_nsec += ms % 1000 * 1000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	return ts;
}

static inline bool hp_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
	       (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/*
 * A thread that is busy with memory and arithmetic, and whose result is known:
 * if a CPU that goes or comes damages what runs on it, the sum is wrong.
 */
#define HP_WORK_WORDS		4096

struct hp_worker {
	pthread_t thread;
	int cpu;			/* where it begins */
	int err;			/* of pinning it there */
	pid_t tid;
	unsigned long loops;
	unsigned long wrong;
	int cpu_now;			/* where it was seen last */
	bool stop;
	uint64_t sum;			/* what each loop has to come to */
	uint64_t words[HP_WORK_WORDS];
};

static inline uint64_t hp_work(uint64_t *words, uint64_t seed)
{
	uint64_t sum = 0, x = seed;
	int i;

	for (i = 0; i < HP_WORK_WORDS; i++) {
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		__atomic_store_n(&words[i], x ^ (x >> 29), __ATOMIC_RELAXED);
	}
	for (i = 0; i < HP_WORK_WORDS; i++)
		sum = (sum << 7 | sum >> 57) ^
		      __atomic_load_n(&words[i], __ATOMIC_RELAXED);
	return sum;
}

static inline void *hp_worker_main(void *arg)
{
	struct hp_worker *w = arg;

	w->err = hp_pin_cpu(0, w->cpu);
	__atomic_store_n(&w->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	while (!__atomic_load_n(&w->stop, __ATOMIC_ACQUIRE)) {
		if (hp_work(w->words, w->cpu + 1) != w->sum)
			__atomic_add_fetch(&w->wrong, 1, __ATOMIC_RELAXED);
		__atomic_store_n(&w->cpu_now, hp_getcpu(), __ATOMIC_RELAXED);
		__atomic_add_fetch(&w->loops, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

/*
 * Waits until the worker has done two more loops: the last of them was begun
 * after this was called, and so cpu_now is of after this was called, too.
 */
static inline int hp_worker_goes_on(struct hp_worker *w)
{
	unsigned long begin = __atomic_load_n(&w->loops, __ATOMIC_ACQUIRE);
	struct timespec now, limit = hp_later(HP_HANG * 1000);

	while (__atomic_load_n(&w->loops, __ATOMIC_ACQUIRE) - begin < 2) {
		now = hp_now();
		if (hp_before(&limit, &now))
			return -ETIMEDOUT;
		usleep(1000);
	}
	return 0;
}

static inline int hp_worker_cpu(struct hp_worker *w)
{
	return __atomic_load_n(&w->cpu_now, __ATOMIC_RELAXED);
}

static inline int hp_worker_start(struct hp_worker *w, int cpu)
{
	int ret;

	memset(w, 0, sizeof(*w));
	w->cpu = cpu;
	w->sum = hp_work(w->words, cpu + 1);
	ret = pthread_create(&w->thread, NULL, hp_worker_main, w);
	if (ret)
		return -ret;
	ret = hp_worker_goes_on(w);
	return ret ? ret : w->err;
}

/* Returns how many of its loops came to a wrong sum */
static inline unsigned long hp_worker_stop(struct hp_worker *w)
{
	__atomic_store_n(&w->stop, true, __ATOMIC_RELEASE);
	pthread_join(w->thread, NULL);
	return w->wrong;
}

/*
 * Three processes: the one that was started, below it a guardian in a session
 * of its own, below that the harness, which forks the subtests. The first
 * holds one end of a pipe. If a signal ends it, the guardian sees the pipe
 * closed, ends all that is below it, and puts the CPUs back; the first waits
 * for that if it can. If it is the guardian that is killed, the first one does
 * the same. A signal to a process group, as from a terminal or from timeout(1),
 * does not reach the guardian.
 */
static int hp_lifeline = -1;
static int hp_signal;

static const int hp_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static inline void hp_on_signal(int sig)
{
	__atomic_store_n(&hp_signal, sig, __ATOMIC_RELAXED);
	if (hp_lifeline >= 0)
		close(hp_lifeline);
	hp_lifeline = -1;
}

static inline void hp_handle_signals(void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hp_signals); i++)
		sigaction(hp_signals[i], &sa, NULL);
}

/*
 * Kills and reaps whatever is below this process, which has to be a subreaper:
 * what loses its parent here becomes its child.
 */
static inline void hp_kill_below(void)
{
	for (;;) {
		DIR *dir = opendir("/proc");
		struct dirent *de;
		pid_t pid;

		while (dir && (de = readdir(dir))) {
			char path[HP_PATH + sizeof(de->d_name)], buf[512], *p;

			if (!isdigit(de->d_name[0]))
				continue;
			snprintf(path, sizeof(path), "/proc/%s/stat", de->d_name);
			if (hp_read(buf, sizeof(buf), path) < 0)
				continue;
			/* "1 (name) S 0 ...", the name may hold anything */
			p = strrchr(buf, ')');
			if (p && strlen(p) > 4 && atoi(p + 4) == getpid())
				kill(atoi(de->d_name), SIGKILL);
		}
		if (dir)
			closedir(dir);
		do {
			pid = waitpid(-1, NULL, WNOHANG);
		} while (pid > 0);
		if (pid < 0 && errno == ECHILD)
			return;
		usleep(10000);
	}
}

/* Offlining may be off for the whole machine, though the files are there. */
static inline void hp_probe(void)
{
	int cpu, ret;

	cpu = hp_next(&hp_can, hp_next(&hp_can, -1));
	if (cpu < 0)
		cpu = hp_next(&hp_can, -1);
	ret = hp_set(cpu, false);
	if (ret == -EOPNOTSUPP) {
		ksft_print_header();
		ksft_exit_skip("this platform refuses to take CPUs off\n");
	}
	/* any other error is the subtests' to find */
	hp_set(cpu, true);
}

static inline int hp_guard(int argc, char **argv, bool probe, int lifeline,
			   const sigset_t *mask)
{
	struct pollfd fds[2] = { { .fd = lifeline }, { .events = POLLIN } };
	int status = 0, ret = KSFT_FAIL;
	pid_t pid;

	setsid();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	hp_handle_signals(SIG_IGN);

	pid = fork();
	if (!pid) {
		close(lifeline);
		hp_handle_signals(SIG_DFL);
		sigprocmask(SIG_SETMASK, mask, NULL);
		if (probe)
			hp_probe();
		exit(test_harness_run(argc, argv));
	}
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_SETMASK, mask, NULL);
	fds[1].fd = pid < 0 ? -1 : syscall(__NR_pidfd_open, pid, 0);
	if (fds[1].fd < 0)
		dprintf(2, "# no harness: %s\n", strerror(errno));
	while (fds[1].fd >= 0 && poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (fds[1].revents && waitpid(pid, &status, 0) == pid) {
		if (WIFEXITED(status))
			ret = WEXITSTATUS(status);
		else
			dprintf(2, "# the harness ended by signal %d\n",
				WTERMSIG(status));
	}
	hp_kill_below();
	return hp_restore() ? KSFT_FAIL : ret;
}

static inline void hp_skip(const char *why)
{
	ksft_print_header();
	ksft_exit_skip("%s\n", why);
}

static inline void hp_init(bool need_hotpluggable)
{
	struct hp_mask present, allowed;
	char path[HP_PATH];
	int cpu, fd;

	if (geteuid())
		hp_skip("must be run as root");
	if (hp_read_mask(HP_CPUS "/online", &hp_online0) ||
	    hp_read_mask(HP_CPUS "/present", &present))
		hp_skip("sysfs is not mounted");
	if (access(HP_CPUS "/hotplug", F_OK))
		hp_skip("the kernel has no CPU hotplug");
	hp_read_mask(HP_CPUS "/isolated", &hp_isolated);
	for (cpu = -1; hp_step(&present, &cpu);) {
		hp_path(path, cpu, "online");
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0)
			hp_skip("the CPUs' online files can't be written");
		close(fd);
		hp_add(hp_has(&hp_online0, cpu) ? &hp_can : &hp_offline0, cpu);
	}
	if (need_hotpluggable && hp_count(&hp_online0) < 2)
		hp_skip("only one CPU is online");
	if (need_hotpluggable && !hp_count(&hp_can))
		hp_skip("no CPU is hotpluggable");
	/* a cpuset in the way would make the CPUs' tasks go elsewhere */
	if (hp_pin(0, &hp_online0) || hp_affinity(0, &allowed) ||
	    !hp_same(&allowed, &hp_online0))
		hp_skip("not all online CPUs are allowed for this task");

	hp_shared = mmap(NULL, sizeof(*hp_shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (hp_shared == MAP_FAILED)
		ksft_exit_fail_msg("mmap: %s\n", strerror(errno));
	hp_shared->irq = -1;
	hp_shared->fail_cpu = -1;
}

/* main() of each program, instead of TEST_HARNESS_MAIN */
static inline int hp_main(int argc, char **argv, bool need_hotpluggable)
{
	sigset_t block, old;
	int fds[2], status = 0, sig;
	unsigned int i;
	pid_t pid;

	/* to list the tests needs neither root nor CPUs */
	if (argc > 1 && (!strcmp(argv[1], "-l") || !strcmp(argv[1], "-h")))
		return test_harness_run(argc, argv);

	hp_init(need_hotpluggable);
	fflush(stdout);

	sigemptyset(&block);
	for (i = 0; i < ARRAY_SIZE(hp_signals); i++)
		sigaddset(&block, hp_signals[i]);
	sigprocmask(SIG_BLOCK, &block, &old);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (pipe2(fds, O_CLOEXEC))
		ksft_exit_fail_msg("pipe: %s\n", strerror(errno));
	pid = fork();
	if (pid < 0)
		ksft_exit_fail_msg("fork: %s\n", strerror(errno));
	if (!pid) {
		close(fds[1]);
		exit(hp_guard(argc, argv, need_hotpluggable, fds[0], &old));
	}
	close(fds[0]);
	hp_lifeline = fds[1];
	hp_handle_signals(hp_on_signal);
	sigprocmask(SIG_SETMASK, &old, NULL);

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status)) {
		dprintf(2, "# the guardian ended by signal %d\n",
			WTERMSIG(status));
		hp_kill_below();
		hp_restore();
	}
	sig = __atomic_load_n(&hp_signal, __ATOMIC_RELAXED);
	if (sig) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : KSFT_FAIL;
}

/*
 * Each subtest begins with the CPUs as they were found, whatever became of the
 * one before it: the harness' timeout kills a subtest without its teardown.
 */
FIXTURE(hotplug)
{
};

FIXTURE_SETUP(hotplug)
{
	ASSERT_EQ(0, hp_restore());
}

FIXTURE_TEARDOWN(hotplug)
{
	struct hp_mask now;

	EXPECT_EQ(0, hp_restore());
	now = hp_online();
	EXPECT_TRUE(hp_same(&now, &hp_online0));
}

#define HP_TEST(name)	TEST_F_TIMEOUT(hotplug, name, HP_TIMEOUT)

#endif /* _CPU_HOTPLUG_H */

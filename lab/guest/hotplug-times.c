// SPDX-License-Identifier: GPL-2.0-only
/*
 * hotplug-times CPU CYCLES - how long CPU takes to go offline and come back
 *
 * Runs in the guest, on one CPU that is not CPU. Meant for -icount, under which
 * CLOCK_MONOTONIC counts instructions: then one figure is as good as another,
 * and the mean over the cycles evens out only where in a tick a cycle begins.
 *
 * Prints a line per figure, "NAME<tab>VALUE", times in ns:
 *   offline, online	write() to the online file, from call to return
 *   away		from the CPU's arrival in firmware to its release word
 *			being 0, by the stamps that firmware leaves when it was
 *			told to (see firmware/README.md); absent without them
 *   down:NAME, up:NAME	one state of the CPU hotplug state machine, by writing to
 *			hotplug/target; "cpu" is all in which the CPU itself is
 *			neither on nor off
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SYSFS_CPU	"/sys/devices/system/cpu/cpu%d/%s"
#define STAMPS_PROP	"of_node/cpu-return-stamps"
#define MAX_STATES	512

/* what firmware writes, where the cpu node says */
struct stamps {
	uint64_t arrived;	/* CNTPCT_EL0 */
	uint64_t acknowledged;
};

struct state {
	int id;
	char name[64];
};

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	fprintf(stderr, "hotplug-times: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", strerror(err));
	exit(1);
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static int open_cpu(int cpu, const char *file)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), SYSFS_CPU, cpu, file);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		die("%s", path);
	return fd;
}

static uint64_t timed_write(int fd, const char *s)
{
	uint64_t start = now();

	if (pwrite(fd, s, strlen(s), 0) < 0)
		die("cannot write %s", s);
	return now() - start;
}

/* Returns NULL where firmware leaves no stamps. */
static volatile struct stamps *map_stamps(int cpu)
{
	char path[128], *page;
	uint64_t addr;
	int fd;

	snprintf(path, sizeof(path), SYSFS_CPU, cpu, STAMPS_PROP);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return NULL;
	if (read(fd, &addr, sizeof(addr)) != sizeof(addr))
		die("%s", path);
	close(fd);
	addr = be64toh(addr);

	fd = open("/dev/mem", O_RDONLY | O_SYNC);
	if (fd < 0)
		die("/dev/mem");
	page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, addr & ~4095ULL);
	if (page == MAP_FAILED)
		die("cannot map %#llx", (unsigned long long)addr);
	close(fd);
	return (volatile struct stamps *)(page + (addr & 4095));
}

static uint64_t counter_to_ns(uint64_t ticks)
{
	uint64_t freq;

	asm volatile("mrs %0, cntfrq_el0" : "=r" (freq));
	return ticks * 1000000000ULL / freq;
}

static int read_states(struct state *s)
{
	const char *path = "/sys/devices/system/cpu/hotplug/states";
	FILE *f = fopen(path, "r");
	int n = 0;

	if (!f)
		return 0;
	while (n < MAX_STATES && fscanf(f, "%d: %63[^\n]", &s[n].id, s[n].name) == 2)
		n++;
	fclose(f);
	return n;
}

/*
 * Goes to state @id. Where the kernel says that one cannot stop there (EINVAL),
 * or not come from there (EBUSY), it is part of the next state that one can.
 */
static void step(int fd, int id, uint64_t *ns)
{
	char buf[16];
	uint64_t start;

	snprintf(buf, sizeof(buf), "%d", id);
	start = now();
	if (pwrite(fd, buf, strlen(buf), 0) < 0) {
		if (errno != EINVAL && errno != EBUSY)
			die("cannot go to state %d", id);
		return;
	}
	*ns += now() - start;
}

/* From bringup to teardown the CPU itself is between on and off: one step. */
static int find_state(const struct state *s, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(s[i].name, name))
			return i;
	die("no state %s", name);
}

static void walk(int cpu, int cycles)
{
	static struct state s[MAX_STATES];
	static uint64_t down[MAX_STATES], up[MAX_STATES];
	int n = read_states(s), first, last, fd, i, c;

	if (!n)
		return;
	first = find_state(s, n, "cpu:bringup");
	last = find_state(s, n, "cpu:teardown");
	fd = open_cpu(cpu, "hotplug/target");
	for (c = 0; c < cycles; c++) {
		for (i = n - 2; i >= 0; i--)
			if (i < first || i > last)
				step(fd, s[i].id, &down[i]);
		for (i = 1; i < n; i++)
			if (i < first || i > last)
				step(fd, s[i].id, &up[i]);
	}
	close(fd);

	/* a state is left downwards, and reached upwards, in the time of its step */
	for (i = 0; i < n; i++) {
		if (down[i])
			printf("down:%s\t%llu\n", i == first - 1 ? "cpu" : s[i + 1].name,
			       (unsigned long long)down[i] / cycles);
		if (up[i])
			printf("up:%s\t%llu\n", i == last + 1 ? "cpu" : s[i].name,
			       (unsigned long long)up[i] / cycles);
	}
}

int main(int argc, char **argv)
{
	uint64_t off = 0, on = 0, away = 0;
	volatile struct stamps *stamps;
	int cpu, cycles, fd, i;
	cpu_set_t here;

	if (argc != 3 || (cpu = atoi(argv[1])) < 1 || (cycles = atoi(argv[2])) < 1) {
		fprintf(stderr, "usage: hotplug-times CPU CYCLES (CPU 1 or above)\n");
		return 2;
	}

	CPU_ZERO(&here);
	CPU_SET(0, &here);
	if (sched_setaffinity(0, sizeof(here), &here))
		die("cannot run on CPU 0");

	stamps = map_stamps(cpu);
	fd = open_cpu(cpu, "online");

	/* the first cycle warms up what is done once */
	for (i = -1; i < cycles; i++) {
		uint64_t o = timed_write(fd, "0");
		uint64_t a = stamps ? stamps->acknowledged - stamps->arrived : 0;
		uint64_t u = timed_write(fd, "1");

		if (i < 0)
			continue;
		off += o;
		on += u;
		away += a;
	}
	close(fd);

	printf("offline\t%llu\nonline\t%llu\n", (unsigned long long)off / cycles,
	       (unsigned long long)on / cycles);
	if (stamps)
		printf("away\t%llu\n", (unsigned long long)counter_to_ns(away) / cycles);
	walk(cpu, cycles);
	return 0;
}

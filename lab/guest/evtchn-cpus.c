// SPDX-License-Identifier: GPL-2.0-only
/*
 * evtchn-cpus [COUNT]: does an event that is bound to a CPU arrive there, and nowhere else?
 *
 * For each CPU that is online: an event channel from this guest to itself, whose one end is bound to the
 * CPU, is notified COUNT times (default 10). Where its interrupts were is in /proc/interrupts. Linux binds by
 * the id that it thinks the CPU's vCPU has; Xen delivers to the vCPU.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define EVTCHN(nr, size)	_IOC(_IOC_NONE, 'E', nr, size)
#define BIND_INTERDOMAIN	EVTCHN(1, 2 * sizeof(unsigned int))
#define BIND_UNBOUND_PORT	EVTCHN(2, sizeof(unsigned int))
#define NOTIFY			EVTCHN(4, sizeof(unsigned int))
#define DOMID_SELF		0x7ff0

#define MAX_CPUS		128
#define MINE			"evtchn:evtchn-cpus"

static void fail(const char *what)
{
	printf("# %s: %s\n", what, strerror(errno));
	exit(1);
}

/* How many of interrupt @irq there were on each of @cpus; with @irq -1, the first one of ours. */
static int interrupts(int irq, unsigned long *counts, int *cpus, int *columns)
{
	char line[8192];
	FILE *file = fopen("/proc/interrupts", "r");
	int found = -1;

	if (!file || !fgets(line, sizeof(line), file))
		fail("/proc/interrupts");
	*columns = 0;
	for (char *word = strtok(line, " \n"); word && *columns < MAX_CPUS; word = strtok(NULL, " \n"))
		cpus[(*columns)++] = atoi(word + 3);

	while (found < 0 && fgets(line, sizeof(line), file)) {
		char *at = line;
		int number = strtol(line, &at, 10);

		if (*at++ != ':' || !strstr(line, MINE) || (irq >= 0 && number != irq))
			continue;
		for (int i = 0; i < *columns; i++)
			counts[i] = strtoul(at, &at, 10);
		found = number;
	}
	fclose(file);
	return found;
}

static void bind_irq(int irq, int cpu)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/irq/%d/smp_affinity_list", irq);
	file = fopen(path, "w");
	if (!file || fprintf(file, "%d\n", cpu) < 0 || fclose(file))
		fail(path);
}

int main(int argc, char **argv)
{
	unsigned long before[MAX_CPUS], after[MAX_CPUS];
	unsigned int self = DOMID_SELF, other[2] = { DOMID_SELF };
	int cpus[MAX_CPUS], columns, count = argc > 1 ? atoi(argv[1]) : 10, failed = 0;
	int in = open("/dev/xen/evtchn", O_RDWR), out, port, irq;

	if (in < 0)
		fail("/dev/xen/evtchn");
	port = ioctl(in, BIND_UNBOUND_PORT, &self);
	if (port < 0)
		fail("bind unbound");
	/* There is no other yet. */
	irq = interrupts(-1, before, cpus, &columns);
	if (irq < 0) {
		printf("# no interrupt\n");
		return 1;
	}

	out = open("/dev/xen/evtchn", O_RDWR);
	other[1] = port;
	other[1] = ioctl(out, BIND_INTERDOMAIN, other);
	if ((int)other[1] < 0)
		fail("bind interdomain");

	for (int i = 0; i < columns; i++) {
		bind_irq(irq, cpus[i]);
		interrupts(irq, before, cpus, &columns);
		for (int n = 0; n < count; n++) {
			struct pollfd wait = { .fd = in, .events = POLLIN };
			uint32_t got;

			if (ioctl(out, NOTIFY, &other[1]))
				fail("notify");
			/* For who waits: the machine may be slow, and an event that is lost does not come. */
			if (poll(&wait, 1, 60000) != 1) {
				printf("# CPU %d: event %d does not come\n", cpus[i], n + 1);
				return 1;
			}
			if (read(in, &got, sizeof(got)) != sizeof(got) ||
			    write(in, &got, sizeof(got)) != sizeof(got))
				fail("read, write");
		}
		interrupts(irq, after, cpus, &columns);
		for (int j = 0; j < columns; j++) {
			unsigned long came = after[j] - before[j], wanted = i == j ? count : 0;

			if (came == wanted)
				continue;
			printf("# bound to CPU %d: %lu of %d events on CPU %d\n", cpus[i], came, count,
			       cpus[j]);
			failed = 1;
		}
	}
	printf("events: each on its CPU, %d on each of %d\n", count, columns);
	return failed;
}

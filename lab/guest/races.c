// SPDX-License-Identifier: GPL-2.0-only
/*
 * races DOMAIN ROUNDS SEED: everybody does something with Xen's physical CPUs at the same time, by the hypercalls that
 * xen-hptool and xl make, for as long as it takes the first one to do it ROUNDS times:
 *
 *	0	takes CPUs offline and online, in random order
 *	1	does the same, with the same CPUs
 *	2	creates and destroys a cpupool, gives and takes its CPUs, and has DOMAIN move there and back
 *	3	creates domains with vCPUs, in either pool, and destroys them
 *	4	pins vCPUs of this domain and of DOMAIN
 *	5	takes CPUs from Pool-0 and gives them back, those that 2 takes as well
 *
 * SEED says what is asked for in which order, not when it is done. What came of it is said in lines
 *
 *	ACTOR OPERATION: RESULT COUNT
 *
 * where RESULT is "done" or an error, and one that the operation is not known to have is followed by "unexpected".
 * In the end all CPUs are online and in Pool-0, as is DOMAIN, and vCPUs may run anywhere; what cannot be had is said.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "privcmd.h"

#define SYSCTL_physinfo		3
#define SYSCTL_cpu_hotplug	11
#define SYSCTL_cpupool_op	18
#define HOTPLUG_ONLINE		0
#define HOTPLUG_OFFLINE		1
#define POOL_CREATE		1
#define POOL_DESTROY		2
#define POOL_ADDCPU		4
#define POOL_RMCPU		5
#define POOL_MOVEDOMAIN		6

#define DOMCTL_createdomain	1
#define DOMCTL_destroydomain	2
#define DOMCTL_setvcpuaffinity	9
#define DOMCTL_max_vcpus	15

#define ACTORS		6
#define MAX_ERRNO	128
#define POOL		1	/* the other one; 0 is Pool-0 */
#define FIRST_DOMID	100
#define MAX_VCPUS	2

struct bitmap {
	uint64_t bits;
	uint32_t nr_bits, pad;
};

/* After xen/include/public/sysctl.h and domctl.h of 4.20 */
struct op {
	struct control control;
	union {
		struct {
			uint32_t threads_per_core, cores_per_socket, nr_cpus, max_cpu_id;
		} physinfo;
		struct {
			uint32_t cpu, op;
		} hotplug;
		struct {
			uint32_t op, id, sched, domid, cpu, n_dom;
			struct bitmap map;
		} pool;
		struct {
			uint16_t domid, pad[3];
			union {
				struct {
					uint32_t ssidref;
					uint8_t handle[16];
					uint32_t flags, iommu_opts, max_vcpus, max_evtchn_port;
					int32_t max_grant_frames, max_maptrack_frames;
					uint32_t grant_opts, altp2m_opts, vmtrace_size, pool;
					uint8_t gic, sve;
					uint16_t tee;
					uint32_t nr_spis, clock;
				} create;
				struct {
					uint32_t max;
				} max_vcpus;
				struct {
					uint32_t vcpu, flags;
					struct bitmap hard, soft;
				} affinity;
			};
		} dom;
		uint8_t pad[256];
	};
};

enum what { OFFLINE, ONLINE, CREATE, DESTROY, ADD, REMOVE, MOVE, DOMAIN, VCPUS, END, PIN, OPERATIONS };

/*
 * What each is known to answer: of the first two, docs/admin-guide/cpu-online-offline.rst says so; of cpupools, that
 * one is not there, or is there already, or not empty (EBUSY), that a CPU is in use or in no state for it, or that a
 * vCPU on it cannot be moved just now (EAGAIN). A domain cannot be where a pool is not, or has no CPUs; nor a vCPU be
 * pinned to CPUs that its pool has not.
 */
static const struct {
	char name[16];
	int errors[6];
} operations[OPERATIONS] = {
	[OFFLINE] = { "offline", { EEXIST, EBUSY, ENODEV } },
	[ONLINE] = { "online", { EEXIST, EBUSY } },
	[CREATE] = { "pool create", { EEXIST } },
	[DESTROY] = { "pool destroy", { ENOENT, EBUSY } },
	[ADD] = { "pool add", { ENOENT, ENODEV, EADDRNOTAVAIL } },
	[REMOVE] = { "pool remove", { ENOENT, EINVAL, EADDRNOTAVAIL, EBUSY, EAGAIN } },
	[MOVE] = { "pool move", { ENOENT } },
	[DOMAIN] = { "create", { ESRCH, ENODEV } },
	[VCPUS] = { "vcpus", { 0 } },
	[END] = { "destroy", { 0 } },
	[PIN] = { "pin", { EINVAL, EBUSY } },
};

static int fd;
static unsigned int actor, nr_cpus, busy;
static unsigned int (*counts)[OPERATIONS][MAX_ERRNO];
static volatile bool *over;

static int result(enum what what, int err)
{
	counts[actor][what][err < MAX_ERRNO ? err : MAX_ERRNO - 1]++;
	return err;
}

static int hotplug(bool online, unsigned int cpu)
{
	struct op op = { .control.cmd = SYSCTL_cpu_hotplug };

	op.hotplug.cpu = cpu;
	op.hotplug.op = online ? HOTPLUG_ONLINE : HOTPLUG_OFFLINE;
	return result(online ? ONLINE : OFFLINE, control(fd, HYPERVISOR_sysctl, &op));
}

/* @arg: of an operation that has one, a CPU, a domain, or a scheduler. */
static int pool(enum what what, unsigned int id, unsigned int arg)
{
	static const uint8_t ops[OPERATIONS] = {
		[CREATE] = POOL_CREATE, [DESTROY] = POOL_DESTROY, [ADD] = POOL_ADDCPU, [REMOVE] = POOL_RMCPU,
		[MOVE] = POOL_MOVEDOMAIN,
	};
	struct op op = { .control.cmd = SYSCTL_cpupool_op };

	op.pool.op = ops[what];
	op.pool.id = id;
	op.pool.sched = op.pool.domid = op.pool.cpu = arg;
	return result(what, control(fd, HYPERVISOR_sysctl, &op));
}

/* Where it fails half way it is to be tried again, or undone. Often enough nobody does. */
static void pool_remove(unsigned int id, unsigned int cpu, bool careful)
{
	int err = pool(REMOVE, id, cpu);

	for (int tries = 0; careful && tries < 3 && (err == EAGAIN || err == EBUSY); tries++)
		err = pool(REMOVE, id, cpu);
	if (careful && err == EAGAIN)
		pool(ADD, id, cpu);
}

static int domain_create(unsigned int domid, unsigned int id)
{
	struct op op = { .control.cmd = DOMCTL_createdomain };

	op.dom.domid = domid;
	op.dom.create.flags = 3;		/* HVM, HAP */
	op.dom.create.max_vcpus = MAX_VCPUS;
	op.dom.create.max_evtchn_port = 1023;
	op.dom.create.max_grant_frames = 4;
	op.dom.create.max_maptrack_frames = 4;
	op.dom.create.grant_opts = 1;
	op.dom.create.pool = id;
	return result(DOMAIN, control(fd, HYPERVISOR_domctl, &op));
}

static int domain_vcpus(unsigned int domid)
{
	struct op op = { .control.cmd = DOMCTL_max_vcpus };

	op.dom.domid = domid;
	op.dom.max_vcpus.max = MAX_VCPUS;
	return result(VCPUS, control(fd, HYPERVISOR_domctl, &op));
}

static int domain_destroy(unsigned int domid)
{
	struct op op = { .control.cmd = DOMCTL_destroydomain };
	int err;

	/* It asks to be called again for as long as it has something to do. */
	do {
		op.dom.domid = domid;
		err = control(fd, HYPERVISOR_domctl, &op);
	} while (err == EAGAIN);
	return result(END, err);
}

static int pin(unsigned int domid, unsigned int vcpu, bool hard, uint64_t mask)
{
	static uint64_t bits;
	struct op op = { .control.cmd = DOMCTL_setvcpuaffinity };

	bits = mask;
	op.dom.domid = domid;
	op.dom.affinity.vcpu = vcpu;
	op.dom.affinity.flags = hard ? 1 : 2;
	op.dom.affinity.hard.bits = op.dom.affinity.soft.bits = (uintptr_t)&bits;
	op.dom.affinity.hard.nr_bits = op.dom.affinity.soft.nr_bits = 64;
	return result(PIN, control(fd, HYPERVISOR_domctl, &op));
}

static unsigned int seed, round;
static unsigned int below(unsigned int end)
{
	return rand_r(&seed) % end;
}

/* Not the boot CPU */
static unsigned int any_cpu(void)
{
	return 1 + below(nr_cpus - 1);
}

static void act_hotplug(void)
{
	hotplug(below(2), any_cpu());
}

static void act_pools(void)
{
	static const uint8_t schedulers[] = { 5, 6, 8, 9 };	/* credit, credit2, rtds, null */

	switch (below(8)) {
	case 0:
		pool(CREATE, POOL, schedulers[below(sizeof(schedulers))]);
		break;
	case 1:
		pool(DESTROY, POOL, 0);
		break;
	case 2:
	case 3:
		pool_remove(0, any_cpu(), below(2));
		break;
	case 4:
		pool_remove(POOL, any_cpu(), below(2));
		break;
	case 5:
	case 6:
		pool(ADD, below(2), any_cpu());
		break;
	case 7:
		pool(MOVE, below(2), busy);
		break;
	}
}

static void act_domains(void)
{
	unsigned int domid = FIRST_DOMID + round % 100, id = below(2);

	/* Those that are destroyed take their time. */
	if (domain_create(domid, id))
		return;
	domain_vcpus(domid);
	for (unsigned int vcpu = 0; vcpu < MAX_VCPUS; vcpu++)
		pin(domid, vcpu, below(2), 1 + below((1 << nr_cpus) - 1));
	usleep(below(20000));
	domain_destroy(domid);
}

static void act_pins(void)
{
	pin(below(2) * busy, below(MAX_VCPUS), below(2), 1 + below((1 << nr_cpus) - 1));
	usleep(below(20000));
}

static void act_removes(void)
{
	unsigned int cpu = any_cpu();

	if (!pool(REMOVE, 0, cpu))
		pool(ADD, 0, cpu);
	usleep(below(5000));
}

static void (*const actors[ACTORS])(void) = {
	act_hotplug, act_hotplug, act_pools, act_domains, act_pins, act_removes,
};

static void *shared(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* What is being done may take a moment; then it has to be possible, unless it is so already, or there is no such pool. */
static void have(enum what what, unsigned int a, unsigned int b, int already)
{
	int err = 0;

	for (int tries = 0; tries < 100; tries++) {
		err = what == ONLINE ? hotplug(true, a) : pool(what, a, b);
		if (!err || err == already || err == ENOENT)
			return;
		usleep(100000);
	}
	printf("restore %s %u %u: %s\n", operations[what].name, a, b, strerror(err));
}

static void restore(void)
{
	have(MOVE, 0, busy, 0);
	for (unsigned int cpu = 1; cpu < nr_cpus; cpu++)
		have(ONLINE, cpu, 0, EEXIST);
	/* One may be half way out of either pool. */
	for (unsigned int cpu = 1; cpu < nr_cpus; cpu++) {
		pool(ADD, POOL, cpu);
		pool(ADD, 0, cpu);
	}
	for (unsigned int cpu = 1; cpu < nr_cpus; cpu++) {
		/* in Pool-0, in the other one, or in none */
		have(REMOVE, POOL, cpu, EADDRNOTAVAIL);
		have(ADD, 0, cpu, ENODEV);
	}
	have(DESTROY, POOL, 0, 0);
	for (unsigned int vcpu = 0; vcpu < MAX_VCPUS; vcpu++) {
		if (pin(0, vcpu, true, -1ULL) || pin(0, vcpu, false, -1ULL) ||
		    pin(busy, vcpu, true, -1ULL) || pin(busy, vcpu, false, -1ULL))
			printf("restore pin: vCPU %u\n", vcpu);
	}
}

static bool expected(enum what what, int err)
{
	for (unsigned int i = 0; i < sizeof(operations[what].errors) / sizeof(int); i++)
		if (err == operations[what].errors[i])
			return true;
	return false;
}

int main(int argc, char **argv)
{
	struct op op = { .control.cmd = SYSCTL_physinfo };
	unsigned int rounds, first;
	int err;
	pid_t pids[ACTORS];

	if (argc != 4)
		return 2;
	busy = atoi(argv[1]);
	rounds = atoi(argv[2]);
	first = atoi(argv[3]);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	fd = open("/dev/xen/privcmd", O_RDWR);
	counts = shared(ACTORS * sizeof(*counts));
	over = shared(sizeof(*over));
	err = fd < 0 ? errno : control(fd, HYPERVISOR_sysctl, &op);
	if (err) {
		fprintf(stderr, "races: %s\n", strerror(err));
		return 2;
	}
	nr_cpus = op.physinfo.max_cpu_id + 1;
	/* The version of domctls is found once, and not by each. */
	pin(0, 0, true, -1ULL);
	fflush(stdout);

	for (actor = 0; actor < ACTORS; actor++) {
		pids[actor] = fork();
		if (pids[actor])
			continue;
		seed = first * ACTORS + actor;
		for (round = 0; actor ? !*over : round < rounds; round++)
			actors[actor]();
		_exit(0);
	}
	waitpid(pids[0], NULL, 0);
	*over = true;
	for (actor = 1; actor < ACTORS; actor++)
		waitpid(pids[actor], NULL, 0);

	for (actor = 0; actor < ACTORS; actor++)
		for (unsigned int what = 0; what < OPERATIONS; what++)
			for (err = 0; err < MAX_ERRNO; err++)
				if (counts[actor][what][err])
					printf("%u %s: %s %u%s\n", actor, operations[what].name,
					       err ? strerror(err) : "done", counts[actor][what][err],
					       err && !expected(what, err) ? " unexpected" : "");
	actor = 0;
	restore();
	return 0;
}

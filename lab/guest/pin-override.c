// SPDX-License-Identifier: GPL-2.0-only
/*
 * pin-override CPU COMMAND [ARGUMENT...]: run it while Xen has this process's vCPU pinned to a physical CPU
 * (SCHEDOP_pin_override, which is dom0's). Its status is COMMAND's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "privcmd.h"

#define HYPERVISOR_sched_op	29
#define SCHEDOP_pin_override	7

static int fd;

/* -1 ends it. */
static int override(int32_t cpu)
{
	static int32_t pcpu;
	struct privcmd_hypercall call = {
		.op = HYPERVISOR_sched_op, .arg = { SCHEDOP_pin_override, (uintptr_t)&pcpu },
	};

	pcpu = cpu;
	return ioctl(fd, IOCTL_PRIVCMD_HYPERCALL, &call);
}

int main(int argc, char **argv)
{
	cpu_set_t all, one;
	int vcpu = sched_getcpu(), status;
	pid_t pid;

	if (argc < 3)
		return 2;
	mlockall(MCL_CURRENT | MCL_FUTURE);
	fd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	sched_getaffinity(0, sizeof(all), &all);
	/* It is the calling vCPU that is pinned, and that has to be the one to end it. */
	CPU_ZERO(&one);
	CPU_SET(vcpu, &one);
	if (fd < 0 || sched_setaffinity(0, sizeof(one), &one) || override(atoi(argv[1]))) {
		printf("pin-override: vCPU %d to CPU %s: %s\n", vcpu, argv[1], strerror(errno));
		return 2;
	}
	printf("pin-override: vCPU %d to CPU %s\n", vcpu, argv[1]);
	fflush(stdout);

	pid = fork();
	if (!pid) {
		sched_setaffinity(0, sizeof(all), &all);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (override(-1)) {
		printf("pin-override: vCPU %d does not end: %s\n", vcpu, strerror(errno));
		return 2;
	}
	printf("pin-override: vCPU %d is free\n", vcpu);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * For LD_PRELOAD of a user of KVM: what the host's kernel says when it is asked to leave PSCI's functions to user
 * space (KVM_ARM_VM_SMCCC_FILTER), by the environment variable SMCCC_FILTER.
 *
 *	absent	as a kernel that has no such filter
 *	ignored	success, and nothing is done
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Devices of the VM have attributes as well, which are none of this. */
static int is_vm(int fd)
{
	char path[32], target[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return 0;
	target[length] = 0;
	return !strcmp(target, "anon_inode:kvm-vm");
}

int ioctl(int fd, unsigned long request, ...)
{
	const char *filter = getenv("SMCCC_FILTER");
	void *argument;
	va_list list;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);
	if (request != KVM_SET_DEVICE_ATTR || !is_vm(fd) || !filter)
		return syscall(SYS_ioctl, fd, request, argument);
	if (!strcmp(filter, "ignored"))
		return 0;
	errno = ENXIO;
	return -1;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls of a program in dom0: an ioctl() of /dev/xen/privcmd. After include/uapi/xen/privcmd.h of Linux, which is
 * not among the compiler's headers.
 */
#include <stdint.h>
#include <sys/ioctl.h>

struct privcmd_hypercall {
	uint64_t op, arg[5];
};
#define IOCTL_PRIVCMD_HYPERCALL	_IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))

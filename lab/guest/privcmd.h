/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls of a program in dom0: an ioctl() of /dev/xen/privcmd. After include/uapi/xen/privcmd.h of Linux, which is
 * not among the compiler's headers.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/ioctl.h>

#define HYPERVISOR_sysctl	35
#define HYPERVISOR_domctl	36

struct privcmd_hypercall {
	uint64_t op, arg[5];
};
#define IOCTL_PRIVCMD_HYPERCALL	_IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))

/* What each sysctl and domctl begins with. */
struct control {
	uint32_t cmd, version;
};

/*
 * Makes a sysctl or a domctl: @op, a struct control and what follows it. The version of the interface is part of each
 * request, and Xen takes no other: the first request finds it. Returns 0, or a positive error.
 */
static inline int control(int fd, unsigned int hypercall, void *op)
{
	static uint32_t versions[HYPERVISOR_domctl + 1] = { [HYPERVISOR_sysctl] = 0x10, [HYPERVISOR_domctl] = 0x10 };
	struct privcmd_hypercall call = { .op = hypercall, .arg = { (uintptr_t)op } };

	for (;;) {
		((struct control *)op)->version = versions[hypercall];
		if (!ioctl(fd, IOCTL_PRIVCMD_HYPERCALL, &call))
			return 0;
		if (errno != EACCES || versions[hypercall] > 0x80)
			return errno;
		versions[hypercall]++;
	}
}

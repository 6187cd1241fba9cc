/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a crash kernel on Xen takes over from the kernel that crashed.
 */
#ifndef _XEN_ARM_CRASH_H
#define _XEN_ARM_CRASH_H

#include <linux/percpu-defs.h>

struct vcpu_info;

#ifdef CONFIG_CRASH_DUMP
void xen_crash_publish(struct vcpu_info __percpu *areas);
int xen_crash_init(void);
#else
static inline void xen_crash_publish(struct vcpu_info __percpu *areas) { }

static inline int xen_crash_init(void)
{
	return 0;
}
#endif

#endif /* _XEN_ARM_CRASH_H */

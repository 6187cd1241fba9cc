/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a crash kernel on Xen takes over from the kernel that crashed.
 */
#ifndef _XEN_ARM_CRASH_H
#define _XEN_ARM_CRASH_H

#include <linux/percpu-defs.h>

struct shared_info;
struct vcpu_info;

#ifdef CONFIG_CRASH_DUMP
void xen_crash_publish(struct vcpu_info __percpu *areas);
int xen_crash_init(void);
struct shared_info *xen_crash_shared_info(void);
struct vcpu_info *xen_crash_vcpu_info(unsigned int cpu);
void xen_crash_release_grant_frames(void);
#else
static inline void xen_crash_publish(struct vcpu_info __percpu *areas) { }

static inline int xen_crash_init(void)
{
	return 0;
}

static inline struct shared_info *xen_crash_shared_info(void)
{
	return NULL;
}

static inline struct vcpu_info *xen_crash_vcpu_info(unsigned int cpu)
{
	return NULL;
}

static inline void xen_crash_release_grant_frames(void) { }
#endif

#endif /* _XEN_ARM_CRASH_H */

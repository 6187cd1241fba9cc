/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one kernel in a guest of Xen leaves to the next.
 */
#ifndef _XEN_ARM_HANDOVER_H
#define _XEN_ARM_HANDOVER_H

#include <linux/types.h>

struct shared_info;
struct vcpu_info;

/* In each kernel's image that goes on where another one has ended */
extern const char xen_kexec_mark[32];

int xen_reset_event_channels(void);

struct vcpu_info *xen_vcpu_info_of(struct shared_info *shared, unsigned int vcpu);
struct vcpu_info *xen_registered_vcpu_info(unsigned int cpu);
bool xen_take_vcpu_info(struct shared_info *shared, struct vcpu_info *info,
			unsigned int cpu);

int xen_map_shared_info(void);
bool xen_can_unmap_shared_info(void);
int xen_unmap_shared_info(void);

void xen_forget_runstate(void);
void xen_release_grant_frames(void);

#endif /* _XEN_ARM_HANDOVER_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kexec has to know of Xen.
 */
#ifndef _XEN_ARM_KEXEC_H
#define _XEN_ARM_KEXEC_H

struct kimage;

#ifdef CONFIG_XEN
int xen_kexec_prepare(struct kimage *image);
void xen_kexec_leave(void);
#else
static inline int xen_kexec_prepare(struct kimage *image)
{
	return 0;
}

static inline void xen_kexec_leave(void) { }
#endif

#endif /* _XEN_ARM_KEXEC_H */

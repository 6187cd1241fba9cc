/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a CPU of a Xen guest on Arm knows which vCPU of its domain it is.
 */
#ifndef _XEN_ARM_VCPU_ID_H
#define _XEN_ARM_VCPU_ID_H

#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/types.h>

/* What there is of the affinity fields in the MPIDR of a vCPU */
#define XEN_MPIDR_AFF0		GENMASK(3, 0)
#define XEN_MPIDR_AFF1		GENMASK(15, 8)

/* Ids that an MPIDR can tell apart. A domain has far fewer vCPUs. */
#define XEN_MPIDR_VCPU_IDS	BIT(12)

/**
 * xen_mpidr_to_vcpu_id() - Get the id of a vCPU from its MPIDR
 * @mpidr:	Aff3, Aff2, Aff1 and Aff0 of the MPIDR in the places that they have
 *		there, and 0 in all others, as in cpu_logical_map()
 *
 * A domain's vCPUs are numbered from 0, and hypercalls name them by this
 * number. The CPU numbers of an operating system are something else: they
 * depend on which vCPU it was started on, and on what it was told of. The
 * MPIDR of a vCPU depends on its id only. Bits [3:0] of the id are in Aff0,
 * bits [11:4] are in Aff1, and the rest is 0. This is part of Xen's interface
 * to its guests, see public/arch-arm.h there, and the same for guests of either
 * execution state and for each version of the GIC.
 *
 * Aff0 ends at 15 because the list of targets of an SGI does. With 0x10 in Aff0
 * a vCPU could not be reached, so this is not taken for an odd way of writing
 * 0x100: that is the MPIDR of vCPU 16, and of no other.
 *
 * Context: Any.
 * Return: the id, or -EINVAL if Xen gives this MPIDR to no vCPU.
 */
static inline int xen_mpidr_to_vcpu_id(u64 mpidr)
{
	if (mpidr & ~(u64)(XEN_MPIDR_AFF0 | XEN_MPIDR_AFF1))
		return -EINVAL;

	return FIELD_GET(XEN_MPIDR_AFF1, mpidr) << 4 |
	       FIELD_GET(XEN_MPIDR_AFF0, mpidr);
}

/**
 * xen_claim_vcpu_id() - Get the id of a CPU's vCPU, for this CPU alone
 * @mpidr:	as for xen_mpidr_to_vcpu_id()
 * @claimed:	ids of other CPUs, a bitmap of XEN_MPIDR_VCPU_IDS bits. The id
 *		that is returned is added.
 * @probe:	asks Xen about a vCPU of this domain. -ENOENT says that there is
 *		none with this id, any other answer that there is.
 *
 * Two CPUs that pass for one vCPU would take each other's events, and a
 * device tree may have more CPUs than the domain. It is better to find that out
 * here than from a hypercall that fails when the CPU is half up.
 *
 * Context: That of @probe. Who calls it sees to it that nobody else uses
 *	    @claimed.
 * Return: the id, or why there is none:
 *	   -EINVAL if the MPIDR is that of no vCPU,
 *	   -ENOENT if the domain has no vCPU with this id,
 *	   -EEXIST if another CPU has it.
 */
static inline int xen_claim_vcpu_id(u64 mpidr, unsigned long *claimed,
				    int (*probe)(unsigned int id))
{
	int id = xen_mpidr_to_vcpu_id(mpidr);

	if (id < 0)
		return id;

	if (probe(id) == -ENOENT)
		return -ENOENT;

	if (__test_and_set_bit(id, claimed))
		return -EEXIST;

	return id;
}

int xen_init_vcpu_ids(void);

#endif /* _XEN_ARM_VCPU_ID_H */

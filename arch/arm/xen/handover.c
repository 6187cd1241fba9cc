// SPDX-License-Identifier: GPL-2.0-only
/*
 * From one kernel to the next in a guest of Xen
 *
 * Xen is not told that a kernel gives way to another one, by kexec or because it
 * crashed. It goes on writing where the first one wanted it to: into shared_info,
 * which is mapped at one place, and into a vcpu_info of each vCPU, which is
 * registered once in the life of a domain.
 *
 * shared_info can be mapped elsewhere. Its page is Xen's own, and half of it is
 * empty. That is where each vcpu_info is kept, so that it is part of no kernel's
 * memory, and the next kernel knows where to look. Considered were
 *
 * - per-CPU data, which the next kernel would have to leave alone without knowing
 *   of it. A device tree could tell, but the two who write one for kexec take the
 *   reservations from the tree that this kernel was booted with.
 * - memory that is not RAM, in an extended region. There need not be any, and a
 *   domain may not be allowed more memory than it has.
 * - soft reset. Xen has none on Arm, and dom0 could not be reset anyway.
 *
 * Event channels can be reset. Xen closes all of them, and FIFO control blocks can
 * be set up again. What a toolstack has opened for the guest, for xenstore and the
 * console, is opened again under its old number.
 */
#define pr_fmt(fmt) "xen: " fmt

#include <linux/bitmap.h>
#include <linux/build_bug.h>
#include <linux/cpumask.h>
#include <linux/crash_dump.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/smp.h>

#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>
#include <xen/arm/handover.h>
#include <xen/arm/vcpu_id.h>
#include <xen/grant_table.h>
#include <xen/hvm.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/hvm/params.h>
#include <xen/interface/memory.h>
#include <xen/interface/vcpu.h>
#include <xen/page.h>
#include <xen/xen-ops.h>

#define EVTCHN_WORD_BITS	(sizeof(xen_ulong_t) * BITS_PER_BYTE)

/* A cache line for each vcpu_info, in the second half of the page */
#define VCPU_INFO_OFFSET	2048
#define VCPU_INFO_STRIDE	64

const char xen_kexec_mark[32] __aligned(32) = "Xen: goes on after kexec, v1";

/* Ports below the ones that a toolstack has opened are few */
#define MAX_REBIND_PORT	1024

struct old_port {
	int param;
	const char *name;
	struct evtchn_status status;
};

static struct old_port old_ports[] = {
	{ HVM_PARAM_STORE_EVTCHN, "xenstore" },
	{ HVM_PARAM_CONSOLE_EVTCHN, "console" },
};

static evtchn_port_t bind_ipi(unsigned int vcpu)
{
	struct evtchn_bind_ipi bind = { .vcpu = vcpu };

	return HYPERVISOR_event_channel_op(EVTCHNOP_bind_ipi, &bind) ?
		0 : bind.port;
}

static void close_port(evtchn_port_t port)
{
	struct evtchn_close close = { .port = port };

	HYPERVISOR_event_channel_op(EVTCHNOP_close, &close);
}

static void save_ports(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(old_ports); i++) {
		struct evtchn_status *status = &old_ports[i].status;
		u64 port = 0;

		/* dom0 has none, and this says so with a message of its own */
		if (!xen_initial_domain())
			hvm_get_parameter(old_ports[i].param, &port);

		status->dom = DOMID_SELF;
		status->port = port;
		if (!port ||
		    HYPERVISOR_event_channel_op(EVTCHNOP_status, status) ||
		    status->status != EVTCHNSTAT_interdomain)
			status->port = 0;
	}
}

/*
 * Xen gives the lowest number that is free. The users of these ports get their
 * numbers from parameters that the guest cannot change.
 */
static int rebind_port(const struct evtchn_status *status)
{
	static DECLARE_BITMAP(fillers, MAX_REBIND_PORT);
	struct evtchn_bind_interdomain bind = {
		.remote_dom = status->u.interdomain.dom,
		.remote_port = status->u.interdomain.port,
	};
	evtchn_port_t port;
	int err = -ERANGE;

	bitmap_zero(fillers, MAX_REBIND_PORT);
	while (status->port < MAX_REBIND_PORT) {
		port = bind_ipi(xen_vcpu_nr(smp_processor_id()));
		if (!port || port > status->port)
			break;
		if (port == status->port) {
			close_port(port);
			err = HYPERVISOR_event_channel_op(EVTCHNOP_bind_interdomain,
							  &bind);
			break;
		}
		__set_bit(port, fillers);
	}

	for_each_set_bit(port, fillers, MAX_REBIND_PORT)
		close_port(port);

	return err;
}

/**
 * xen_reset_event_channels() - Have no event channels but those of the toolstack
 *
 * Xen has the 2-level ABI afterwards, and no memory of the guest's in which it
 * keeps events other than shared_info and vcpu_info.
 *
 * Context: The only CPU that is online, which stays on it.
 * Return: 0, or what Xen said. If only the channel of xenstore or of the console
 *	   could not be had again, there is a message.
 */
int xen_reset_event_channels(void)
{
	struct evtchn_reset reset = { .dom = DOMID_SELF };
	int i, err;

	save_ports();
	err = HYPERVISOR_event_channel_op(EVTCHNOP_reset, &reset);
	if (err)
		return err;

	for (i = 0; i < ARRAY_SIZE(old_ports); i++) {
		if (!old_ports[i].status.port)
			continue;
		err = rebind_port(&old_ports[i].status);
		if (err)
			pr_err("the event channel of %s is lost (%d)\n",
			       old_ports[i].name, err);
	}

	return 0;
}

/*
 * shared_info and vcpu_info
 */

static DEFINE_PER_CPU(struct vcpu_info *, registered_vcpu_info);

/*
 * Does Xen write there when there is an event for the vCPU? With the event
 * channels reset, it has the 2-level ABI for now, in which it writes to both.
 */
static bool xen_writes_to(struct shared_info *shared, struct vcpu_info *info,
			  unsigned int vcpu)
{
	struct evtchn_send send = { .port = bind_ipi(vcpu) };
	xen_ulong_t *pending, *mask, bit;
	bool written;

	if (!send.port)
		return false;

	pending = &shared->evtchn_pending[send.port / EVTCHN_WORD_BITS];
	mask = &shared->evtchn_mask[send.port / EVTCHN_WORD_BITS];
	bit = (xen_ulong_t)1 << (send.port % EVTCHN_WORD_BITS);

	/* Nobody else has a channel that could be of interest to anybody */
	*pending &= ~bit;
	*mask &= ~bit;
	info->evtchn_pending_sel = 0;
	info->evtchn_upcall_pending = 0;
	mb(); /* Xen is to see this before the event */

	HYPERVISOR_event_channel_op(EVTCHNOP_send, &send);

	mb(); /* and this is to be seen afterwards */
	written = (READ_ONCE(*pending) & bit) &&
		  READ_ONCE(info->evtchn_pending_sel) &&
		  READ_ONCE(info->evtchn_upcall_pending);

	*mask |= bit;
	close_port(send.port);
	*pending &= ~bit;
	info->evtchn_pending_sel = 0;
	info->evtchn_upcall_pending = 0;

	return written;
}

/**
 * xen_take_vcpu_info() - Use a vcpu_info that an earlier kernel has registered
 * @shared:	shared_info, as it is mapped
 * @info:	where vcpu_info of the CPU should be
 * @cpu:	the CPU, whose vCPU's it is
 *
 * Context: As for xen_reset_event_channels(), and after it.
 * Return: whether Xen writes there. If not, the vCPU has never been up, and its
 *	   vcpu_info can be registered; or it is elsewhere.
 */
bool xen_take_vcpu_info(struct shared_info *shared, struct vcpu_info *info,
			unsigned int cpu)
{
	if (!xen_writes_to(shared, info, xen_vcpu_nr(cpu)))
		return false;

	per_cpu(registered_vcpu_info, cpu) = info;
	return true;
}

/**
 * xen_vcpu_info_of() - Where vcpu_info of a vCPU is kept
 * @shared:	shared_info
 * @vcpu:	the vCPU's id
 *
 * All kernels agree about this.
 *
 * Return: a place in the same page, or NULL if that has none for it
 */
struct vcpu_info *xen_vcpu_info_of(struct shared_info *shared, unsigned int vcpu)
{
	BUILD_BUG_ON(sizeof(struct shared_info) > VCPU_INFO_OFFSET);
	BUILD_BUG_ON(sizeof(struct vcpu_info) > VCPU_INFO_STRIDE);

	if (vcpu >= (XEN_PAGE_SIZE - VCPU_INFO_OFFSET) / VCPU_INFO_STRIDE)
		return NULL;

	return (void *)shared + VCPU_INFO_OFFSET + vcpu * VCPU_INFO_STRIDE;
}

/* Not for a crash kernel, where shared_info is not in the linear map */
static int register_vcpu_info(unsigned int cpu)
{
	struct vcpu_info *info = xen_vcpu_info_of(HYPERVISOR_shared_info,
						  xen_vcpu_nr(cpu));
	struct vcpu_register_vcpu_info where;
	int err;

	if (!info)
		return -ENOSPC;

	where.mfn = virt_to_gfn(info);
	where.offset = xen_offset_in_page(info);
	err = HYPERVISOR_vcpu_op(VCPUOP_register_vcpu_info, xen_vcpu_nr(cpu),
				 &where);
	if (!err)
		per_cpu(registered_vcpu_info, cpu) = info;
	return err;
}

/**
 * xen_registered_vcpu_info() - The vcpu_info of a CPU that comes up
 * @cpu:	the CPU
 *
 * Context: That CPU, or another one while it is not online.
 * Return: what Xen knows of, registered now if need be; or NULL if the page of
 *	   shared_info is no place for it.
 */
struct vcpu_info *xen_registered_vcpu_info(unsigned int cpu)
{
	if (!per_cpu(registered_vcpu_info, cpu) && !is_kdump_kernel())
		register_vcpu_info(cpu);

	return per_cpu(registered_vcpu_info, cpu);
}

/* Of each CPU that the earlier kernel has had */
static int __init take_vcpu_infos(void)
{
	struct shared_info *shared = HYPERVISOR_shared_info;
	unsigned int cpu;
	int err;

	err = xen_reset_event_channels();
	if (err)
		return err;

	for_each_possible_cpu(cpu) {
		unsigned int id = xen_vcpu_nr(cpu);
		struct vcpu_info *info;

		if (id == XEN_VCPU_ID_INVALID)
			continue;

		info = xen_vcpu_info_of(shared, id);
		if (info)
			xen_take_vcpu_info(shared, info, cpu);
	}

	return per_cpu(registered_vcpu_info, smp_processor_id()) ? 0 : -EBUSY;
}

/* XENMEM_decrease_reservation or XENMEM_populate_physmap, of one page of Xen's */
static int change_reservation(unsigned int op, xen_pfn_t gfn)
{
	struct xen_memory_reservation reservation = {
		.nr_extents = 1,
		.domid = DOMID_SELF,
	};

	set_xen_guest_handle(reservation.extent_start, &gfn);
	return HYPERVISOR_memory_op(op, &reservation) == 1 ? 0 : -ENOMEM;
}

/* Is there memory to be had below shared_info once it is gone? */
static bool shared_info_on_ram;

static int __init map_page(void *page)
{
	struct xen_add_to_physmap xatp = {
		.domid = DOMID_SELF,
		.space = XENMAPSPACE_shared_info,
		.gpfn = virt_to_gfn(page),
	};
	int err;

	/*
	 * Otherwise Xen would forget where the memory at that place is, without
	 * taking it back.
	 */
	shared_info_on_ram = !change_reservation(XENMEM_decrease_reservation, xatp.gpfn);

	err = HYPERVISOR_memory_op(XENMEM_add_to_physmap, &xatp);
	if (!err)
		return 0;

	if (!shared_info_on_ram ||
	    !change_reservation(XENMEM_populate_physmap, xatp.gpfn))
		free_page((unsigned long)page);
	return err;
}

/**
 * xen_map_shared_info() - Map shared_info, and go on where an earlier kernel ended
 *
 * Sets HYPERVISOR_shared_info, and registers vcpu_info of this CPU, unless an
 * earlier kernel has: then all is used that is registered.
 *
 * Context: The boot CPU of a kernel that is no crash kernel, while it is the only
 *	    one, after xen_init_vcpu_ids() and before there are event channels. May
 *	    sleep.
 * Return: 0; -ENOMEM; -EBUSY, with a message, if an earlier kernel did not hand
 *	   over what it had; or what Xen said. It is left to the caller to do without
 *	   Xen then.
 */
int __init xen_map_shared_info(void)
{
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	int err;

	if (!page)
		return -ENOMEM;

	err = map_page(page);
	if (err) {
		pr_err("shared_info cannot be mapped (%d)%s\n", err, err == -EBUSY ?
		       ": an earlier kernel has left it where it was" : "");
		return err;
	}
	HYPERVISOR_shared_info = page;

	err = register_vcpu_info(smp_processor_id());
	if (err == -ENOSPC)
		return 0;
	if (err == -EBUSY)
		err = take_vcpu_infos();
	if (err)
		pr_err("no vcpu_info (%d)%s\n", err, err == -EBUSY ?
		       ": an earlier kernel has it in memory of its own" : "");
	return err;
}

/**
 * xen_can_unmap_shared_info() - Can another kernel have shared_info?
 *
 * Context: Any.
 * Return: whether what remains in its place is memory.
 */
bool xen_can_unmap_shared_info(void)
{
	return shared_info_on_ram;
}

/**
 * xen_unmap_shared_info() - Leave shared_info to the next kernel
 *
 * There are no events after this.
 *
 * Context: The only CPU that is online. Interrupts are disabled.
 * Return: 0, or an error if there is no memory now where shared_info was.
 */
int xen_unmap_shared_info(void)
{
	struct xen_remove_from_physmap remove = {
		.domid = DOMID_SELF,
		.gpfn = virt_to_gfn(HYPERVISOR_shared_info),
	};
	int err;

	err = HYPERVISOR_memory_op(XENMEM_remove_from_physmap, &remove);
	return err ?: change_reservation(XENMEM_populate_physmap, remove.gpfn);
}

/**
 * xen_forget_runstate() - Have Xen write no vCPU's runstate any more
 *
 * It is written to a virtual address, by way of the page tables that the vCPU
 * happens to use, whenever the vCPU is scheduled. In another kernel something else
 * can be at that address.
 *
 * Context: Any, also before there is a linear map.
 */
void xen_forget_runstate(void)
{
	struct vcpu_register_runstate_memory_area area = {};
	unsigned int vcpu;

	for (vcpu = 0; vcpu < XEN_MPIDR_VCPU_IDS; vcpu++)
		if (HYPERVISOR_vcpu_op(VCPUOP_register_runstate_memory_area,
				       vcpu, &area))
			break;
}

/**
 * xen_release_grant_frames() - Let the grant table be mapped once more
 *
 * Xen maps each of its frames at one place only, and it would be at the same
 * place: that comes from the device tree.
 *
 * Context: The boot CPU, after xen_auto_xlat_grant_frames is set up and before
 *	    gnttab_init().
 */
void __init xen_release_grant_frames(void)
{
	struct xen_remove_from_physmap remove = { .domid = DOMID_SELF };
	unsigned int i;

	/* One that is not mapped is an error that does no harm */
	for (i = 0; i < xen_auto_xlat_grant_frames.count; i++) {
		remove.gpfn = xen_auto_xlat_grant_frames.pfn[i];
		HYPERVISOR_memory_op(XENMEM_remove_from_physmap, &remove);
	}
}

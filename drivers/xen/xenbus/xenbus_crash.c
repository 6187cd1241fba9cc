// SPDX-License-Identifier: GPL-2.0-only
/*
 * Xenstore after a crash: requests and replies that are half in their ring
 *
 * The other end does not know that a kernel has crashed. It waits for the rest
 * of a request, and would take for it what a crash kernel asks first; from then
 * on it would see the middle of messages for their headers. Likewise a crash
 * kernel would read the middle of a reply. A server may offer to reconnect,
 * which would do as well (docs/misc/xenstore-ring.txt in Xen); the C xenstored
 * does not.
 */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/printk.h>
#include <linux/wait.h>
#include <xen/events.h>
#include <xen/interface/io/xs_wire.h>
#include <xen/xenbus.h>
#include "xenbus.h"

/* No message is longer than this. */
#define MAX_MESSAGE	(sizeof(struct xsd_sockmsg) + XENSTORE_PAYLOAD_MAX)

/**
 * xen_crashed_xb_position() - Where the crashed kernel's last messages end
 * @position:	filled in
 *
 * For architectures whose crash kernels take over from the one that crashed.
 *
 * Return: whether this is such a crash kernel, and it is known.
 */
bool __weak xen_crashed_xb_position(struct xb_position *position)
{
	return false;
}

static bool has_reply(struct xenstore_domain_interface *intf)
{
	return READ_ONCE(intf->rsp_prod) != intf->rsp_cons;
}

static bool has_room(struct xenstore_domain_interface *intf)
{
	return intf->req_prod - READ_ONCE(intf->req_cons) < XENSTORE_RING_SIZE;
}

static void finish_reply(struct xenstore_domain_interface *intf, u32 left)
{
	while (left && !kthread_should_stop()) {
		u32 size;

		if (!has_reply(intf)) {
			wait_event_interruptible(xb_waitq, has_reply(intf) ||
						 kthread_should_stop());
			continue;
		}

		size = min(left, READ_ONCE(intf->rsp_prod) - intf->rsp_cons);
		left -= size;
		WRITE_ONCE(intf->rsp_cons, intf->rsp_cons + size);
		notify_remote_via_evtchn(xen_store_evtchn);
	}
}

static void finish_request(struct xenstore_domain_interface *intf, u32 left)
{
	while (left && !kthread_should_stop()) {
		u32 prod = intf->req_prod, size;

		if (!has_room(intf)) {
			wait_event_interruptible(xb_waitq, has_room(intf) ||
						 kthread_should_stop());
			continue;
		}

		size = min(left, XENSTORE_RING_SIZE -
				 (prod - READ_ONCE(intf->req_cons)));
		left -= size;
		virt_mb(); /* The other end is done with what is overwritten */
		for (; size; size--)
			intf->req[MASK_XENSTORE_IDX(prod++)] = 0;
		virt_wmb(); /* and is to see this before the index */
		WRITE_ONCE(intf->req_prod, prod);
		notify_remote_via_evtchn(xen_store_evtchn);
	}
}

/**
 * xb_finish_crashed() - Bring both rings to the end of a message
 * @intf:	the rings
 *
 * The rest of a reply is skipped, and the rest of a request is zeros. What that
 * asks for is not known; it cannot be taken back, but most of it is refused, a
 * path or a value that contains a zero. The reply to it is one that nobody waits
 * for.
 *
 * Of a reply's header a part may have been read, if the ring was full. Then the
 * header is read again.
 *
 * Context: The xenbus thread, before it handles any message. Sleeps until the
 *	    other end has taken and given what is needed.
 */
void xb_finish_crashed(struct xenstore_domain_interface *intf)
{
	struct xb_position position;
	s32 reply, request;

	if (!xen_crashed_xb_position(&position))
		return;

	reply = position.reply_end - intf->rsp_cons;
	request = position.request_end - intf->req_prod;
	if (reply > (s32)MAX_MESSAGE || request > (s32)MAX_MESSAGE ||
	    reply < -(s32)sizeof(struct xsd_sockmsg)) {
		pr_warn("xenbus: the crashed kernel lies about its messages\n");
		return;
	}

	if (reply < 0)
		intf->rsp_cons += reply;
	else
		finish_reply(intf, reply);

	if (request > 0) {
		pr_info("xenbus: %d bytes of a request were missing\n", request);
		finish_request(intf, request);
	}
}

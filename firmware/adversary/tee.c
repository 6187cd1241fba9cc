// SPDX-License-Identifier: GPL-2.0-only
/*
 * As much of a Trusted OS as a mediator looks for before it believes in one: the
 * option "tee". OP-TEE (its optee_smc.h) or a Secure Partition Manager (FF-A 1.1,
 * DEN0077) without partitions; neither keeps anything of what it is told.
 */
#include <board.h>
#include <firmware.h>
#include <string.h>
#include <tree.h>
#include "adversary.h"

#define OPTEE_UID		0xbf00ff01
#define OPTEE_REVISION		0xbf00ff03
#define OPTEE_OS_REVISION	0xb2000001
#define OPTEE_CAPABILITIES	0xb2000009
#define OPTEE_NO_SHM_CACHE	0xb200000a
#define OPTEE_SHM_CACHE		0xb200000b
#define OPTEE_VM_CREATED	0xb200000d
#define OPTEE_VM_DESTROYED	0xb200000e
#define OPTEE_THREADS		0xb200000f
#define OPTEE_SHM_CONFIG	0xb2000007
#define OPTEE_CALL		0x32000004
#define OPTEE_OK		0
#define OPTEE_EBADCMD		5
#define OPTEE_ENOTAVAIL		7
#define OPTEE_DYNAMIC_SHM	(1 << 2)
#define OPTEE_NR_THREADS	4

#define FFA_ERROR		0x84000060
#define FFA_SUCCESS		0x84000061
#define FFA_VERSION		0x84000063
#define FFA_FEATURES		0x84000064
#define FFA_RX_RELEASE		0x84000065
#define FFA_RXTX_MAP		0x84000066
#define FFA_RXTX_UNMAP		0x84000067
#define FFA_PARTITION_INFO_GET	0x84000068
#define FFA_ID_GET		0x84000069
#define FFA_DIRECT_REQ		0x8400006f
#define FFA_DIRECT_RESP		0x84000070
#define FFA_BITMAP_CREATE	0x8400007d
#define FFA_BITMAP_DESTROY	0x8400007e
#define FFA_NOTIFICATION_GET	0x84000082
#define FFA_INFO_GET		0x84000083
#define FFA_SPM_ID_GET		0x84000085

#define FFA_1_1			0x10001
#define FFA_SCHEDULE_RECV_INTR	2
#define FFA_NOT_SUPPORTED	((u32)-1)
#define FFA_INVALID_PARAMETERS	((u32)-2)
#define FFA_NO_DATA		((u32)-9)
#define FFA_PARTITION_INFO_SIZE	24
#define FFA_SPM_ID		0x8000
#define FFA_NOTIFIER_ID		0x8001
#define NOTIFIER_COUNT		1

/* The first one that Linux and others leave to the secure side */
#define NOTIFICATION_SGI	8
#define IRQ_ISPENDR		0x200

/* Ours, in the range of silicon partners: SMC64, x1 is an MPIDR */
#define NOTIFY			0xc2000001

static enum { NO_TEE, OPTEE, FFA } tee;

bool tee_option(const char *text)
{
	if (!strcmp(text, "optee"))
		tee = OPTEE;
	else if (!strcmp(text, "ffa"))
		tee = FFA;
	return tee;
}

u64 tee_smccc(void)
{
	return tee == FFA ? 0x10002 : 0x10001;
}

int tee_tree(void *tree)
{
	int node;

	if (tee && !psci_version)
		fatal("option 'tee' needs 'psci'");
	if (tee != OPTEE)
		return 0;
	node = fdt_add_subnode(tree, 0, "firmware");
	if (node >= 0)
		node = fdt_add_subnode(tree, node, "optee");
	return node < 0 ? node : fdt_setprop_string(tree, node, "method", "smc") ?:
		fdt_setprop_string(tree, node, "compatible", "linaro,optee-tz");
}

/* False if there is no such CPU, or no such thing as the SGI of another one. */
static bool notify(struct cpu_slot *self, u64 hwid)
{
	struct cpu_slot *slot = find_cpu(hwid);

	if (!slot || !(slot->features & 1UL << HAS_GICV3))
		return false;
	count_for(self, &slot->adversary.sent);
	write32(slot->adversary.irqs + IRQ_ISPENDR, 1 << NOTIFICATION_SGI);
	dsb();
	return true;
}

/* Version 2.0 of the protocol, which is not that of OP-TEE itself */
static const struct {
	u32 id;
	u8 x0;
	u8 x1;
} optee_answers[] = {
	{ OPTEE_REVISION,	2, 0 },
	{ OPTEE_OS_REVISION,	4, 0 },
	{ OPTEE_CAPABILITIES,	OPTEE_OK, OPTEE_DYNAMIC_SHM },
	{ OPTEE_THREADS,	OPTEE_OK, OPTEE_NR_THREADS },
	{ OPTEE_SHM_CACHE,	OPTEE_OK, 0 },
	{ OPTEE_VM_CREATED,	OPTEE_OK, 0 },
	{ OPTEE_VM_DESTROYED,	OPTEE_OK, 0 },
	{ OPTEE_NO_SHM_CACHE,	OPTEE_ENOTAVAIL, 0 },
	{ OPTEE_SHM_CONFIG,	OPTEE_ENOTAVAIL, 0 },
	{ OPTEE_CALL,		OPTEE_EBADCMD, 0 },
};

static bool optee_call(u64 *x)
{
	u32 id = x[0];

	if (id == OPTEE_UID) {
		x[0] = 0x384fb3e0;
		x[1] = 0xe7f811e3;
		x[2] = 0xaf630002;
		x[3] = 0xa5d5c51b;
		return true;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(optee_answers); i++) {
		if (id != optee_answers[i].id)
			continue;
		x[0] = optee_answers[i].x0;
		x[1] = optee_answers[i].x1;
		x[2] = 0;
		x[3] = 0;
		return true;
	}
	return false;
}

static void ffa_result(u64 *x, u32 id, u32 w2)
{
	memset(x, 0, 8 * sizeof(*x));
	x[0] = id;
	x[2] = w2;
}

static bool ffa_has(u32 id)
{
	static const u32 known[] = {
		FFA_VERSION, FFA_FEATURES, FFA_RX_RELEASE, FFA_RXTX_MAP | SMC64, FFA_RXTX_UNMAP,
		FFA_PARTITION_INFO_GET, FFA_ID_GET, FFA_DIRECT_REQ | SMC64, FFA_BITMAP_CREATE,
		FFA_BITMAP_DESTROY, FFA_NOTIFICATION_GET, FFA_INFO_GET | SMC64, FFA_SPM_ID_GET,
	};

	return is_among(id, known, ARRAY_SIZE(known));
}

static void ffa_call(struct cpu_slot *self, u64 *x)
{
	u32 id = x[0], ends = x[1];
	struct cpu_slot *slot;

	switch (id & ~SMC64) {
	case FFA_VERSION:
		ffa_result(x, FFA_1_1, 0);
		break;
	case FFA_FEATURES:
		if (ends == FFA_SCHEDULE_RECV_INTR)
			ffa_result(x, FFA_SUCCESS, NOTIFICATION_SGI);
		else if (ffa_has(ends))
			ffa_result(x, FFA_SUCCESS, 0);
		else
			ffa_result(x, FFA_ERROR, FFA_NOT_SUPPORTED);
		break;
	case FFA_PARTITION_INFO_GET:
		ffa_result(x, FFA_SUCCESS, 0);
		x[3] = FFA_PARTITION_INFO_SIZE;
		break;
	case FFA_SPM_ID_GET:
		ffa_result(x, FFA_SUCCESS, FFA_SPM_ID);
		break;
	case FFA_DIRECT_REQ:
		/* For guests, whose hypervisor lets nothing else of theirs through */
		slot = find_cpu(x[3]);
		if ((ends & 0xffff) == FFA_NOTIFIER_ID && slot &&
		    (x[4] == NOTIFIER_COUNT || notify(self, x[3]))) {
			ffa_result(x, FFA_DIRECT_RESP | (id & SMC64), 0);
			x[1] = ends << 16 | ends >> 16;
			x[3] = slot->adversary.sent;
			x[4] = slot->adversary.asked;
		} else {
			ffa_result(x, FFA_ERROR, FFA_INVALID_PARAMETERS);
		}
		break;
	case FFA_INFO_GET:
		count_for(self, &self->adversary.asked);
		ffa_result(x, FFA_ERROR, FFA_NO_DATA);
		break;
	default:
		ffa_result(x, FFA_SUCCESS, 0);
	}
}

bool tee_call(struct cpu_slot *self, u64 *x)
{
	if (tee == OPTEE)
		return optee_call(x);
	if (tee != FFA)
		return false;
	if ((u32)x[0] == NOTIFY) {
		x[0] = notify(self, x[1]) ? 0 : -2UL;
		return true;
	}
	if (!ffa_has(x[0]))
		return false;
	ffa_call(self, x);
	return true;
}

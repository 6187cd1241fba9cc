// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls a Trusted OS through Xen's mediator: the stub in firmware/adversary/tee.c.
 * Words in bootargs:
 *
 *	tee=ffa cpus=MPIDR,MPIDR...
 *		has the interrupt made pending by which an SPMC says that there are
 *		notifications, on one physical CPU after the other, and waits until
 *		that CPU has asked for them
 *	tee=optee
 *		asks for OP-TEE's UID, and for its capabilities
 *
 * Lines start with "notify: ". It ends by SYSTEM_OFF.
 */
#include <string.h>
#include <tree.h>

#include "console.h"
#include "hypervisor.h"
#include "words.h"

/* For who waits for what does not come */
#define WAIT_SECONDS		20

#define FFA_SUCCESS		0x84000061
#define FFA_VERSION		0x84000063
#define FFA_ID_GET		0x84000069
#define FFA_DIRECT_REQ		0x8400006f
#define FFA_DIRECT_RESP		0x84000070
#define FFA_1_1			0x10001
#define NOTIFIER_ID		0x8001
#define NOTIFIER_NOTIFY		0
#define NOTIFIER_COUNT		1

#define OPTEE_UID		0xbf00ff01
#define OPTEE_UID_0		0x384fb3e0
#define OPTEE_CAPABILITIES	0xb2000009
#define OPTEE_OK		0

#define MAX_CPUS		16

const char print_prefix[] = "notify: ";

struct counts {
	u64 sent;
	u64 asked;
};

static u64 cpus[MAX_CPUS], self;
static unsigned int nr_cpus;

void park(void)
{
	for (;;)
		wfi();
}

static void __attribute__((noreturn)) off(void)
{
	psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	park();
}

/* Registers x0 to x7 of a call, and what comes back in them */
static void smc(u64 *x)
{
	register u64 x0 asm("x0") = x[0];
	register u64 x1 asm("x1") = x[1];
	register u64 x2 asm("x2") = x[2];
	register u64 x3 asm("x3") = x[3];
	register u64 x4 asm("x4") = x[4];
	register u64 x5 asm("x5") = x[5];
	register u64 x6 asm("x6") = x[6];
	register u64 x7 asm("x7") = x[7];

	asm volatile("smc #0"
		     : "+r" (x0), "+r" (x1), "+r" (x2), "+r" (x3),
		       "+r" (x4), "+r" (x5), "+r" (x6), "+r" (x7)
		     :
		     : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17",
		       "memory");
	x[0] = x0;
	x[1] = x1;
	x[2] = x2;
	x[3] = x3;
	x[4] = x4;
	x[5] = x5;
	x[6] = x6;
	x[7] = x7;
}

static struct counts notifier(u64 hwid, u64 what)
{
	u64 x[8] = { FFA_DIRECT_REQ, self << 16 | NOTIFIER_ID, 0, hwid, what };

	smc(x);
	if ((u32)x[0] != FFA_DIRECT_RESP) {
		say("no response for CPU 0x%lx: 0x%lx 0x%lx", hwid, x[0], x[2]);
		off();
	}
	return (struct counts){ x[3], x[4] };
}

static void say_counts(const char *when)
{
	struct counts all = { 0, 0 };

	for (unsigned int i = 0; i < nr_cpus; i++) {
		struct counts one = notifier(cpus[i], NOTIFIER_COUNT);

		all.sent += one.sent;
		all.asked += one.asked;
	}
	say("%s: %lu sent, %lu asked for", when, all.sent, all.asked);
}

static void notify(u64 hwid)
{
	struct counts before = notifier(hwid, NOTIFIER_COUNT), after;
	u64 start = ticks();

	notifier(hwid, NOTIFIER_NOTIFY);
	do {
		yield();
		after = notifier(hwid, NOTIFIER_COUNT);
	} while (after.asked == before.asked && ticks() - start < WAIT_SECONDS * mrs("cntfrq_el0"));
	say("CPU 0x%lx: %s", hwid, after.asked == before.asked ? "not taken" : "taken");
}

static void ffa(const char *word)
{
	u64 version[8] = { FFA_VERSION, FFA_1_1 }, id[8] = { FFA_ID_GET };

	while (word && nr_cpus < MAX_CPUS && read_number(&word, &cpus[nr_cpus])) {
		nr_cpus++;
		if (*word++ != ',')
			break;
	}
	smc(version);
	smc(id);
	if ((u32)id[0] != FFA_SUCCESS) {
		say("no FF-A: version 0x%lx, ID_GET 0x%lx", version[0], id[0]);
		off();
	}
	self = id[2];
	say_counts("first");
	for (unsigned int i = 0; i < nr_cpus; i++)
		notify(cpus[i]);
	say_counts("last");
}

static void optee(void)
{
	u64 uid[8] = { OPTEE_UID }, capabilities[8] = { OPTEE_CAPABILITIES };

	smc(uid);
	smc(capabilities);
	say("OP-TEE: %s, capabilities %s", (u32)uid[0] == OPTEE_UID_0 ? "its UID" : "another UID",
	    capabilities[0] == OPTEE_OK ? "exchanged" : "refused");
}

void notify_main(const void *fdt)
{
	const char *line, *tee;

	clean(fdt, 64);
	clean(fdt, fdt_totalsize(fdt));
	console_init(fdt);

	line = command_line(fdt);
	tee = find_word(line, "tee=");
	if (tee && *tee == 'o')
		optee();
	else
		ffa(find_word(line, "cpus="));
	off();
}

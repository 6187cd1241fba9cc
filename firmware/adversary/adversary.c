// SPDX-License-Identifier: GPL-2.0-only
/* Which CPU misbehaves how: the option "fault". README.md describes it. */
#include <board.h>
#include <firmware.h>
#include <string.h>
#include <tree.h>
#include "adversary.h"

#define MAX_FAULTS	16

#define CHECK_ADV(field, offset) \
	_Static_assert(offsetof(struct cpu_slot, adversary.field) == (offset), #field)

CHECK_ADV(faults, ADV_FAULTS);
CHECK_ADV(arg, ADV_ARG);
CHECK_ADV(irqs, ADV_IRQS);
CHECK_ADV(vbar, ADV_VBAR);
CHECK_ADV(last, ADV_LAST);
CHECK_ADV(round, ADV_ROUND);
CHECK_ADV(returned, ADV_RETURNED);
CHECK_ADV(started, ADV_STARTED);
CHECK_ADV(misbehaved, ADV_MISBEHAVED);

extern char adversary_vectors[];

/* Of CPUs with release words */
static const struct fault faults[] = {
	{ "no-ack",		NO_ACK,		NONE },
	{ "late-ack",		LATE_ACK,	MS },
	{ "ack-value",		ACK_VALUE,	NUMBER },
	{ "ack-other",		ACK_OTHER,	WORD },
	{ "ack-second",		ACK_SECOND,	NONE },
	{ "ack-forgotten",	ACK_FORGOTTEN,	NONE },
	{ "ack-no-sev",		ACK_NO_SEV,	NONE },
	{ "ack-withdrawn",	ACK_WITHDRAWN,	MS },
	{ "early-ack",		EARLY_ACK,	NUMBER },
	{ "writes-on",		WRITES_ON,	NONE },
	{ "stale-vbar",		STALE_VBAR,	NONE },
	{ "spurious-start",	SPURIOUS_START,	NUMBER },
	{ "ignore-release",	IGNORE_RELEASE,	NUMBER },
	{ "late-start",		LATE_START,	MS },
	{ "word-order",		WORD_ORDER,	NONE },
	{ "wrong-level",	WRONG_LEVEL,	NONE },
	{ "byte-order",		BYTE_ORDER,	NONE },
	{ "clobber",		CLOBBER,	NONE },
	{ "unmasked",		UNMASKED,	NONE },
	{ "timer",		TIMER,		NONE },
	{ "active",		ACTIVE,		NONE },
	{ "pending",		PENDING,	NUMBER },
	{ "counter",		COUNTER,	MS },
	{ "e2h",		E2H,		NONE },
	{ "hyp",		HYP,		NONE },
	{ "reset",		RESET,		NONE },
	{ "initial-word",	INITIAL_WORD,	NUMBER },
	{ "word-of",		WORD_OF,	WORD },
	{ }
};

static char *texts[MAX_FAULTS];
static unsigned int nr_texts;

bool adversary_option(char *text)
{
	if (nr_texts == MAX_FAULTS)
		return false;
	texts[nr_texts++] = text;
	return true;
}

struct cpu_slot *find_cpu(u64 hwid)
{
	for (u64 i = 0; i < fw_cpus; i++)
		if (fw_slots[i].hwid == hwid)
			return &fw_slots[i];
	return NULL;
}

static struct cpu_slot *named_cpu(u64 hwid)
{
	struct cpu_slot *slot = find_cpu(hwid);

	if (!slot)
		fatal("option 'fault': no CPU 0x%lx", hwid);
	return slot;
}

static u64 number(const char *text)
{
	u64 val;

	if (!parse_u64(&text, &val) || *text)
		fatal("option 'fault': '%s' is no number", text);
	return val;
}

static void set(struct cpu_slot *slot, const struct fault *fault, u64 arg)
{
	say("cpu 0x%lx: fault %s", slot->hwid, fault->name);
	slot->adversary.faults |= 1UL << fault->bit;
	if (fault->bit == WORD_OF)
		slot->adversary.word = arg;
	else if (fault->arg != NONE)
		slot->adversary.arg = arg;
}

/* NAME[:ARGUMENT][@CPU] */
static void apply(char *text)
{
	const struct fault *fault = psci_version ? psci_faults : faults;
	char *cpu = strchr(text, '@'), *arg;
	u64 val = 0;

	if (cpu)
		*cpu++ = 0;
	arg = strchr(text, ':');
	if (arg)
		*arg++ = 0;
	while (*fault->name && strcmp(text, fault->name))
		fault++;
	if (!*fault->name)
		fatal("option 'fault': there is no '%s'%s", text,
		      psci_version ? " with PSCI" : "");
	if (!arg != (fault->arg == NONE))
		fatal("option 'fault': '%s' %s an argument", text, arg ? "has not" : "needs");
	if (arg)
		val = number(arg);

	switch (fault->arg) {
	case MS:
		val *= mrs("cntfrq_el0") / 1000;
		break;
	case WORD:
		val = named_cpu(val)->word;
		break;
	}
	if (cpu) {
		set(named_cpu(number(cpu)), fault, val);
		return;
	}
	for (u64 i = 0; i < fw_cpus; i++)
		set(&fw_slots[i], fault, val);
}

void adversary_init(void *tree)
{
	u64 hwid;

	for (unsigned int i = 0; i < nr_texts; i++)
		apply(texts[i]);
	/* Two CPUs can swap words: not before both know the other's. */
	for (u64 i = 0; i < fw_cpus; i++) {
		struct cpu_slot *slot = &fw_slots[i];

		if (slot->adversary.faults & 1UL << WORD_OF)
			slot->word = slot->adversary.word;
		if (slot->adversary.faults & 1UL << INITIAL_WORD)
			write64(slot->word, slot->adversary.arg);
	}

	if (psci_version)
		psci_init(tree);

	/* A test sees by these whether what it tests has happened. */
	for (int node = -1; (node = tree_next_cpu(tree, node, &hwid)) >= 0; )
		if (fdt_setprop_u64(tree, node, "cpu-return-counters",
				    (u64)&named_cpu(hwid)->adversary.returned))
			fatal("no room in the tree");
}

void allow_smc(void)
{
	msr("scr_el3", mrs("scr_el3") & ~(1UL << 7));	/* SMD */
	isb();
}

void adversary_cpu_init(struct cpu_slot *slot)
{
	slot->adversary.irqs = board_private_irqs();
	msr("vbar_el3", adversary_vectors);
	msr("tpidr_el3", psci_version ? slot : NULL);
	allow_smc();
	if (psci_version)
		psci_cpu_init(slot);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where firmware that misbehaves on purpose, for tests of an OS, differs from
 * the one that is to be copied. It is built from the same sources with
 * -DADVERSARY=1 and adversary/; without, nothing in here makes an instruction.
 */
#ifndef ADVERSARY_H
#define ADVERSARY_H

#ifndef ADVERSARY
#define ADVERSARY 0
#endif

#ifdef __ASSEMBLER__
/* x30 is lost; what else is, hooks.S says. */
.macro hook name
#if ADVERSARY
	bl	\name
#endif
.endm
#else
#include <types.h>

/**
 * struct adversary - how one CPU misbehaves, and how often it did
 * @faults:	bits, see adversary/adversary.h
 * @arg:	of the fault that has one
 * @word:	release word of another CPU, until slots are complete
 * @irqs:	board_private_irqs()
 * @vbar:	vector base of the OS
 * @last:	where the CPU was started the last time
 * @round:	spurious starts since then
 * @returned:	how often the CPU came back, and the following: read by guests
 * @started:	how often it was released
 * @misbehaved:	how often a fault really happened
 * @sent:	SGIs of adversary/tee.c
 * @asked:	and calls that a CPU makes for one: read by guests, too
 * @state:	and the following: adversary/psci.c
 * @choosing:	.
 * @ticket:	.
 */
struct adversary {
	u64 faults;
	u64 arg;
	u64 word;
	u64 irqs;
	u64 vbar;
	u64 last;
	u64 round;
	u64 returned;
	u64 started;
	u64 misbehaved;
	u64 sent;
	u64 asked;
	u64 state;
	u64 choosing;
	u64 ticket;
};

struct cpu_slot;

#if ADVERSARY
/**
 * adversary_option() - take the value of an option "fault"
 * @text: stays there, is changed. Returns false if there are too many.
 */
bool adversary_option(char *text);

/** psci_option() - take the value of an option "psci"; false if it is none */
bool psci_option(const char *text);

/** tee_option() - of an option "tee" */
bool tee_option(const char *text);

/**
 * adversary_tree() - make the tree one with PSCI, if that is asked for
 * @tree: as handover_tree() left it
 */
void adversary_tree(void *tree);

/**
 * adversary_init() - set the faults up
 * @tree: as the OS gets it; slots and words are complete
 */
void adversary_init(void *tree);

/**
 * adversary_cpu_init() - what the calling CPU sets up for itself at EL3
 *
 * With PSCI it does not return for a CPU other than the one that boots.
 */
void adversary_cpu_init(struct cpu_slot *slot);
#else
static inline bool adversary_option(char *text)
{
	return false;
}

static inline bool psci_option(const char *text)
{
	return false;
}

static inline bool tee_option(const char *text)
{
	return false;
}

static inline void adversary_tree(void *tree)
{
}

static inline void adversary_init(void *tree)
{
}

static inline void adversary_cpu_init(struct cpu_slot *slot)
{
}
#endif
#endif
#endif

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ADVERSARY_ADVERSARY_H
#define ADVERSARY_ADVERSARY_H

#include <slot.h>

/* struct adversary, from the start of the slot on */
#define ADV_FAULTS	(SLOT_ADVERSARY + 0)
#define ADV_ARG		(SLOT_ADVERSARY + 8)
#define ADV_IRQS	(SLOT_ADVERSARY + 24)
#define ADV_VBAR	(SLOT_ADVERSARY + 32)
#define ADV_LAST	(SLOT_ADVERSARY + 40)
#define ADV_ROUND	(SLOT_ADVERSARY + 48)
#define ADV_RETURNED	(SLOT_ADVERSARY + 56)
#define ADV_STARTED	(SLOT_ADVERSARY + 64)
#define ADV_MISBEHAVED	(SLOT_ADVERSARY + 72)

/*
 * Faults, bit numbers in ADV_FAULTS. To add one: a number here, a line in
 * adversary.c, a tbnz in hooks.S, and a row in lab/adversary/faults.
 */
#define NO_ACK		0
#define LATE_ACK	1
#define ACK_VALUE	2
#define ACK_OTHER	3
#define ACK_SECOND	4
#define ACK_FORGOTTEN	5
#define ACK_NO_SEV	6
#define ACK_WITHDRAWN	7
#define EARLY_ACK	8
#define WRITES_ON	9
#define STALE_VBAR	10
#define SPURIOUS_START	11
#define IGNORE_RELEASE	12
#define LATE_START	13
#define WORD_ORDER	14
#define WRONG_LEVEL	15
#define BYTE_ORDER	16
#define CLOBBER		17
#define UNMASKED	18
#define TIMER		19
#define ACTIVE		20
#define PENDING		21
#define COUNTER		22
#define E2H		23
#define HYP		24
#define RESET		25
/* and those that are done with before the OS is entered */
#define WORD_OF		26
#define INITIAL_WORD	27

/* Services at EL3, in x6 of an SMC */
#define SMC_LEVEL	0	/* go on at x4 with SPSR x5 */
#define SMC_COUNTER	1	/* CNTVOFF_EL2 is x5 */
#define SMC_RESET	2	/* of the machine */

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * PSCI (DEN0022) at EL3 in place of release words: the option "psci". A CPU that
 * is off waits in here.
 *
 * Its state is a word of its slot, with the values that AFFINITY_INFO has. The
 * MMU is off, so memory is Device memory and exclusives need not work on it:
 * each change of the word is made by a plain store, and from each of its values
 * there is one side alone that may make the next one:
 *
 *	ON, ON_PENDING	the CPU itself: CPU_OFF, and on its way out of here
 *	OFF		whoever wants it on, and only with the lock below
 *
 * So of several CPU_ONs of one CPU the first one that has the lock finds it OFF,
 * and the others do not. The lock is Lamport's bakery, whose words are written
 * by one CPU each. Nobody waits for it for long: EL3 is not interrupted.
 */
#include <board.h>
#include <firmware.h>
#include <string.h>
#include <tree.h>
#include "adversary.h"

#define PSCI_0_1		1
#define PSCI_1_0		0x10000
#define PSCI_1_1		0x10001

#define VERSION			0x84000000
#define CPU_OFF			0x84000002
#define CPU_ON			0x84000003
#define AFFINITY_INFO		0x84000004
#define MIGRATE_INFO_TYPE	0x84000006
#define MIGRATE_INFO_UP_CPU	0x84000007
#define SYSTEM_OFF		0x84000008
#define SYSTEM_RESET		0x84000009
#define FEATURES		0x8400000a
#define SMCCC_VERSION		0x80000000
#define SMCCC_FEATURES		0x80000001

/* The tree says which these are: others than later, so that who mixes the two up is found out. */
#define CPU_OFF_0_1		0x95c1ba5f
#define CPU_ON_0_1		0x95c1ba60

#define SUCCESS			0UL
#define NOT_SUPPORTED		-1UL
#define INVALID_PARAMETERS	-2UL
#define DENIED			-3UL
#define ALREADY_ON		-4UL
#define ON_PENDING_ALREADY	-5UL
#define INTERNAL_FAILURE	-6UL
#define INVALID_ADDRESS		-9UL

#define TOS_NOT_MIGRATABLE	1
#define TOS_NONE		2

enum { ON, OFF, ON_PENDING };

u64 psci_version;
static u64 lpi_tables;

const struct fault psci_faults[] = {
	{ "off-denied",		OFF_DENIED,	NONE },
	{ "off-never",		OFF_NEVER,	NONE },
	{ "off-late",		OFF_LATE,	MS },
	{ "on-late",		ON_LATE,	MS },
	{ "on-never",		ON_NEVER,	NONE },
	{ "resident",		RESIDENT,	NONE },
	{ "lpi-clear",		LPI_CLEAR,	NONE },
	{ "lpi-foreign",	LPI_FOREIGN,	NONE },
	{ }
};

static bool has(const struct cpu_slot *slot, unsigned int fault)
{
	return slot->adversary.faults & 1UL << fault;
}

/* Is it the turn of a, if both of them have a ticket? */
static bool before(const struct cpu_slot *a, const struct cpu_slot *b)
{
	u64 of_a = read64((u64)&a->adversary.ticket), of_b = read64((u64)&b->adversary.ticket);

	return of_a && (of_a < of_b || (of_a == of_b && a < b));
}

static void lock(struct cpu_slot *self)
{
	u64 last = 0;

	write64((u64)&self->adversary.choosing, 1);
	dsb();
	for (u64 i = 0; i < fw_cpus; i++) {
		u64 ticket = read64((u64)&fw_slots[i].adversary.ticket);

		if (ticket > last)
			last = ticket;
	}
	write64((u64)&self->adversary.ticket, last + 1);
	dsb();
	write64((u64)&self->adversary.choosing, 0);
	dsb();
	for (u64 i = 0; i < fw_cpus; i++) {
		while (read64((u64)&fw_slots[i].adversary.choosing))
			;
		dsb();
		while (before(&fw_slots[i], self))
			;
	}
	dsb();
}

static void unlock(struct cpu_slot *self)
{
	dsb();
	write64((u64)&self->adversary.ticket, 0);
	dsb();
}

void count_for(struct cpu_slot *self, u64 *counter)
{
	lock(self);
	++*counter;
	unlock(self);
}

static void misbehave(struct cpu_slot *self, struct cpu_slot *of)
{
	count_for(self, &of->adversary.misbehaved);
}

static void delay(u64 ticks)
{
	u64 start = counter();

	while (counter() - start < ticks)
		;
}

static u64 state_of(const struct cpu_slot *slot)
{
	return read64((u64)&slot->adversary.state);
}

/* Whatever this CPU did before, others see before this. */
static void set_state(struct cpu_slot *slot, u64 state)
{
	dsb();
	write64((u64)&slot->adversary.state, state);
	dsb();
	sev();
}

/* CPU_ON has said where to: as at the first boot. */
static void __attribute__((noreturn)) start(struct cpu_slot *self)
{
	bool again = self->adversary.returned;

	if (again && has(self, ON_LATE)) {
		misbehave(self, self);
		delay(self->adversary.arg);
	}
	if (again && has(self, ON_NEVER)) {
		misbehave(self, self);
		park();
	}
	self->adversary.started++;
	set_state(self, ON);

	el3_init(self);
	allow_smc();
	/* There may be other code than when this CPU was last there. */
	asm volatile("ic iallu" : : : "memory");
	dsb();
	isb();
	el3_drop(self);
}

static void __attribute__((noreturn)) wait_for_start(struct cpu_slot *self)
{
	while (state_of(self) != ON_PENDING)
		wfe();
	/* What CPU_ON wrote before is read after this. */
	dsb();
	start(self);
}

/*
 * Nothing of the OS is used any more: EL3 has no translation, and with that of
 * the levels below off no walk goes through tables of the OS that nobody asked
 * for. HCR first: it says what SCTLR_EL2 means.
 */
static void leave_os(const struct cpu_slot *self)
{
	if (self->features & 1UL << HAS_EL2) {
		msr("hcr_el2", HCR_EL2_RW);
		isb();
		msr("sctlr_el2", SCTLR_EL2_OFF);
	}
	msr("sctlr_el1", SCTLR_EL1_OFF);
	isb();
	dsb();
}

static void lose_lpis(struct cpu_slot *self)
{
	u64 irqs = self->adversary.irqs;
	bool was_on = false, is_on = false;

	if (!(self->features & 1UL << HAS_GICV3))
		return;
	if (has(self, LPI_CLEAR) || has(self, LPI_FOREIGN))
		was_on = board_lpis_off(irqs);
	if (has(self, LPI_FOREIGN))
		is_on = board_lpis_on(irqs, lpi_tables, lpi_tables +
				      (self - fw_slots + 1) * LPI_TABLE_SIZE);
	if (has(self, LPI_FOREIGN) ? is_on : was_on)
		misbehave(self, self);
}

/* Returns if it is denied. */
static u64 cpu_off(struct cpu_slot *self)
{
	if (has(self, OFF_DENIED) || has(self, RESIDENT)) {
		misbehave(self, self);
		return DENIED;
	}
	self->adversary.returned++;
	leave_os(self);
	if (has(self, OFF_NEVER)) {
		misbehave(self, self);
		park();
	}
	if (has(self, OFF_LATE)) {
		misbehave(self, self);
		delay(self->adversary.arg);
	}
	lose_lpis(self);
	set_state(self, OFF);
	wait_for_start(self);
}

static u64 cpu_on(struct cpu_slot *self, u64 hwid, u64 entry, u64 context)
{
	struct cpu_slot *slot = find_cpu(hwid);
	u64 state;

	if (!slot)
		return INVALID_PARAMETERS;
	if (entry & 3 || entry - (u64)_start < (u64)(fw_slots + fw_cpus) - (u64)_start)
		return psci_version == PSCI_0_1 ? INVALID_PARAMETERS : INVALID_ADDRESS;
	if (!read64((u64)&slot->present))
		return INTERNAL_FAILURE;

	lock(self);
	state = state_of(slot);
	if (state == OFF) {
		slot->entry = entry;
		slot->arg = context;
		set_state(slot, ON_PENDING);
	}
	unlock(self);

	if (state == OFF)
		return SUCCESS;
	if (psci_version == PSCI_0_1)
		return INVALID_PARAMETERS;
	return state == ON ? ALREADY_ON : ON_PENDING_ALREADY;
}

static u64 affinity_info(u64 hwid, u64 level)
{
	const struct cpu_slot *slot = find_cpu(hwid);

	/* From 1.0 on there need be no other level. */
	return slot && !level ? state_of(slot) : INVALID_PARAMETERS;
}

static struct cpu_slot *resident(void)
{
	for (u64 i = 0; i < fw_cpus; i++)
		if (has(&fw_slots[i], RESIDENT))
			return &fw_slots[i];
	return NULL;
}

static u64 tos_type(struct cpu_slot *self)
{
	if (!resident())
		return TOS_NONE;
	misbehave(self, resident());
	return TOS_NOT_MIGRATABLE;
}

bool is_among(u32 id, const u32 *known, unsigned int count)
{
	while (count--)
		if (id == known[count] || id == (known[count] & ~SMC64))
			return true;
	return false;
}

static u64 features(u32 id)
{
	static const u32 known[] = {
		VERSION, FEATURES, CPU_OFF, CPU_ON | SMC64, AFFINITY_INFO | SMC64,
		MIGRATE_INFO_TYPE, MIGRATE_INFO_UP_CPU | SMC64, SYSTEM_OFF, SYSTEM_RESET,
		SMCCC_VERSION,
	};

	return is_among(id, known, ARRAY_SIZE(known)) ? SUCCESS : NOT_SUPPORTED;
}

static u64 call_0_1(struct cpu_slot *self, const u64 *x)
{
	switch ((u32)x[0]) {
	case CPU_OFF_0_1:
		return cpu_off(self);
	case CPU_ON_0_1:
		return cpu_on(self, x[1], x[2], x[3]);
	}
	return NOT_SUPPORTED;
}

static u64 call(struct cpu_slot *self, const u64 *x)
{
	/* Calls of the 32-bit convention have no more than that in their registers. */
	u64 mask = x[0] & SMC64 ? ~0UL : ~0U;

	switch ((u32)x[0]) {
	case VERSION:
		return psci_version;
	case FEATURES:
		return features(x[1]);
	case CPU_OFF:
		return cpu_off(self);
	case CPU_ON:
	case CPU_ON | SMC64:
		return cpu_on(self, x[1] & mask, x[2] & mask, x[3] & mask);
	case AFFINITY_INFO:
	case AFFINITY_INFO | SMC64:
		return affinity_info(x[1] & mask, x[2] & mask);
	case MIGRATE_INFO_TYPE:
		return tos_type(self);
	case MIGRATE_INFO_UP_CPU:
	case MIGRATE_INFO_UP_CPU | SMC64:
		return resident() ? resident()->hwid : 0;
	case SYSTEM_OFF:
		board_off();
	case SYSTEM_RESET:
		board_reset();
	case SMCCC_VERSION:
		return tee_smccc();
	case SMCCC_FEATURES:
		return (u32)x[1] == SMCCC_VERSION || (u32)x[1] == SMCCC_FEATURES ? SUCCESS :
										   NOT_SUPPORTED;
	}
	return NOT_SUPPORTED;
}

/**
 * smc_call() - from hooks.S
 * @self:	slot of the calling CPU
 * @x:		its x0 to x30
 */
void smc_call(struct cpu_slot *self, u64 *x)
{
	if (tee_call(self, x))
		return;
	x[0] = psci_version == PSCI_0_1 ? call_0_1(self, x) : call(self, x);
}

bool psci_option(const char *text)
{
	if (!parse_u64(&text, &psci_version) || *text)
		return false;
	return psci_version == PSCI_0_1 || psci_version == PSCI_1_0 || psci_version == PSCI_1_1;
}

static int check(int ret)
{
	if (ret < 0)
		fatal("psci: cannot edit the tree: libfdt error %d", ret);
	return ret;
}

void adversary_tree(void *tree)
{
	static const char later[] = "arm,psci-1.0\0arm,psci-0.2";
	int node;

	check(tee_tree(tree));
	if (!psci_version)
		return;
	say("psci 0x%lx instead of release words", psci_version);
	node = check(fdt_add_subnode(tree, 0, "psci"));
	check(fdt_setprop_string(tree, node, "method", "smc"));
	if (psci_version == PSCI_0_1) {
		check(fdt_setprop_string(tree, node, "compatible", "arm,psci"));
		check(fdt_setprop_u32(tree, node, "cpu_off", CPU_OFF_0_1));
		check(fdt_setprop_u32(tree, node, "cpu_on", CPU_ON_0_1));
	} else {
		check(fdt_setprop(tree, node, "compatible", later, sizeof(later)));
	}

	for (node = -1; (node = tree_next_cpu(tree, node, NULL)) >= 0; ) {
		check(fdt_setprop_string(tree, node, "enable-method", "psci"));
		fdt_delprop(tree, node, "cpu-release-addr");
		fdt_delprop(tree, node, "cpu-return-addr");
		fdt_delprop(tree, node, "cpu-return-stamps");
	}
}

/* One with the configuration of LPIs for all CPUs, and one of those pending for each */
static void lpi_tables_init(void *tree)
{
	u64 size = (fw_cpus + 1) * LPI_TABLE_SIZE;

	lpi_tables = (u64)_start - size;
	if (lpi_tables < (u64)tree + SZ_2M)
		fatal("no room for tables of LPIs");
	memset((void *)lpi_tables, 0, size);
	check(fdt_add_mem_rsv(tree, lpi_tables, size));
}

void psci_init(void *tree)
{
	bool foreign = false;

	for (u64 i = 0; i < fw_cpus; i++) {
		fw_slots[i].adversary.state = fw_slots[i].hwid == this_hwid() ? ON : OFF;
		foreign = foreign || has(&fw_slots[i], LPI_FOREIGN);
	}
	if (foreign)
		lpi_tables_init(tree);
}

void psci_cpu_init(struct cpu_slot *slot)
{
	if (slot->entry != (u64)spin)
		return;
	slot->present = 1;
	dsb();
	wait_for_start(slot);
}

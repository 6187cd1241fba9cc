// SPDX-License-Identifier: GPL-2.0-only
/* PSCI calls, good ones and such as have to be refused. */
#include "hammer.h"

/* xorshift64*: the high bits are the good ones */
u64 draw(struct cpu *self)
{
	u64 x = self->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	self->random = x;
	return x * 0x2545f4914f6cdd1dUL;
}

u64 below(struct cpu *self, u64 n)
{
	return (draw(self) >> 32) % n;
}

void pause(struct cpu *self)
{
	static const u16 most[] = { 1, 64, 1024, 16384 };
	u64 n = below(self, most[below(self, ARRAY_SIZE(most))]);

	while (n--)
		asm volatile("" : : : "memory");
}

u64 token_weight(u64 token)
{
	token = (token ^ token >> 31) * 0x9e3779b97f4a7c15UL;
	return token ^ token >> 29;
}

/*
 * A context ID says who made it for whom, and is never made twice: for SMC64 the
 * low half is bit 0 and the high half a hash of it, for SMC32 there is none.
 */
static u64 token_make(struct cpu *self, const struct cpu *target, bool wide)
{
	u64 low = self->index << 25 | target->index << 18 | (self->tokens++ << 1 & 0x3fffe) | wide;

	return wide ? (token_weight(low ^ seed << 32) & ~0xffffffffUL) | low : low;
}

bool token_good(u64 token, u64 caller, u64 target)
{
	u64 low = (u32)token, high = token & ~0xffffffffUL;

	if (low >> 25 != caller || (low >> 18 & 0x7f) != target)
		return false;
	return high == (low & 1 ? token_weight(low ^ seed << 32) & ~0xffffffffUL : 0);
}

static void book(struct cpu *self, struct cpu *target)
{
	if (self->result != PSCI_SUCCESS)
		return;
	add(target->promises, token_weight(self->token));
	add(target->promised, 1);
}

int cpu_on(struct cpu *self, struct cpu *target, u64 crooked)
{
	bool wide = below(self, 2);

	self->token = token_make(self, target, wide);
	self->result = psci(wide ? PSCI_CPU_ON_64 : PSCI_CPU_ON_32, target->hwid,
			    entry_of(self->index) + crooked, self->token);
	book(self, target);
	return self->result;
}

static u64 dirt(struct cpu *self)
{
	return draw(self) << 32 | 1UL << 40;
}

int cpu_on_dirty(struct cpu *self, struct cpu *target)
{
	self->token = token_make(self, target, false);
	self->result = psci(PSCI_CPU_ON_32, target->hwid | dirt(self),
			    entry_of(self->index) | dirt(self), self->token | dirt(self));
	book(self, target);
	return self->result;
}

static int info(struct cpu *self, u64 hwid, u64 level)
{
	bool wide = hwid >> 32 || below(self, 2);

	return psci(wide ? PSCI_AFFINITY_INFO_64 : PSCI_AFFINITY_INFO_32, hwid, level, 0);
}

int affinity_info(struct cpu *self, const struct cpu *target)
{
	return info(self, target->hwid, 0);
}

static bool exists(u64 hwid)
{
	for (u64 i = 0; i < nr_cpus; i++)
		if (cpus[i].hwid == hwid)
			return true;
	return false;
}

/* An MPIDR that no vCPU has, but that may be taken for one by who looks at a part of it. */
static u64 strange_hwid(struct cpu *self, const struct cpu *spare)
{
	for (;;) {
		const struct cpu *near = &cpus[below(self, nr_cpus)];
		u64 hwid = near->hwid, id;

		if (near == spare)
			continue;
		switch (below(self, 10)) {
		case 0:
			/* what MPIDR_EL1 itself reads as */
			hwid |= 1UL << 31;
			break;
		case 1:
			hwid |= (1 + below(self, 0xff)) << 24;
			break;
		case 2:
			hwid |= (1 + below(self, 0xff)) << 16;
			break;
		case 3:
			hwid |= (1 + below(self, 0xff)) << 32;
			break;
		case 4:
			hwid |= 1UL << (40 + below(self, 24));
			break;
		case 5:
			/* for Xen, 16 are an Aff1 */
			hwid += 0x10 * (1 + below(self, 15));
			break;
		case 6:
			hwid += 0x100 * (1 + below(self, 0xff));
			break;
		case 7:
			id = nr_cpus + below(self, 64);
			hwid = (id & 0xf) | id >> 4 << 8;
			break;
		case 8:
			hwid = ~0UL;
			break;
		default:
			hwid = draw(self);
		}
		if (!exists(hwid))
			return hwid;
	}
}

static void strange_on(struct cpu *self, const struct cpu *spare)
{
	u64 hwid = strange_hwid(self, spare);
	u64 fn = hwid >> 32 || below(self, 2) ? PSCI_CPU_ON_64 : PSCI_CPU_ON_32;
	int ret = psci(fn, hwid, entry_of(ENTRY_REFUSED), fn == PSCI_CPU_ON_64 ? hwid : (u32)hwid);

	checked(T_BAD_ON);
	checked(T_REFUSED);
	if (ret != PSCI_INVALID_PARAMETERS)
		failed(T_BAD_ON, self, "CPU_ON of 0x%lx says -%lu", hwid, -ret);
}

static void odd_on(struct cpu *self, const struct cpu *spare)
{
	struct cpu *target = &cpus[below(self, nr_cpus)];
	int ret;

	if (target == spare)
		return;
	ret = psci(below(self, 2) ? PSCI_CPU_ON_64 : PSCI_CPU_ON_32, target->hwid,
		   entry_of(ENTRY_REFUSED) | 1, 0x0dd);
	checked(T_ODD);
	checked(T_REFUSED);
	/* What is looked at first is not laid down. */
	if (ret != PSCI_INVALID_ADDRESS && ret != PSCI_INVALID_PARAMETERS &&
	    ret != PSCI_ALREADY_ON && ret != PSCI_ON_PENDING)
		failed(T_ODD, target, "CPU_ON with entry point 0x%lx says -%lu",
		       entry_of(ENTRY_REFUSED) | 1, -ret);
}

/*
 * Since PSCI 1.0 nobody has to know levels above 0. Who does has to say ON of the
 * group that the caller itself is in, whatever stands below the level.
 */
static void level_info(struct cpu *self)
{
	u64 level = 1 + below(self, 3);
	int ret = info(self, self->hwid | below(self, 1UL << (8 * level)), level);

	checked(T_BAD_INFO);
	if (ret != PSCI_INVALID_PARAMETERS && ret != PSCI_ON)
		failed(T_BAD_INFO, self, "AFFINITY_INFO of its own level %lu says %lu", level, ret);
}

static void wrong_info(struct cpu *self, const struct cpu *spare)
{
	u64 hwid = strange_hwid(self, spare), level = 0;
	int ret;

	if (below(self, 2)) {
		hwid = cpus[below(self, nr_cpus)].hwid;
		level = below(self, 2) ? 4 + below(self, 5) : draw(self) >> 32 | 4;
	}
	ret = info(self, hwid, level);
	checked(T_BAD_INFO);
	if (ret != PSCI_INVALID_PARAMETERS)
		failed(T_BAD_INFO, self, "AFFINITY_INFO of 0x%lx says %lu", hwid, ret);
}

void refused_call(struct cpu *self, const struct cpu *spare)
{
	switch (below(self, 8)) {
	case 0 ... 2:
		strange_on(self, spare);
		break;
	case 3:
		odd_on(self, spare);
		break;
	case 4:
		level_info(self);
		break;
	default:
		wrong_info(self, spare);
	}
}

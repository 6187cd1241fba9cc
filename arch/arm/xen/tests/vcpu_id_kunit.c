// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of how CPUs of a Xen guest find their vCPU ids. They need no Xen.
 */
#include <kunit/test.h>

#include <linux/bitmap.h>
#include <linux/limits.h>
#include <linux/module.h>

#include <xen/arm/vcpu_id.h>

/* Xen's MAX_VIRT_CPUS for 64-bit hosts */
#define MANY_VCPUS	128

static void vcpu_id_examples(struct kunit *test)
{
	static const struct {
		u64 mpidr;
		int id;
	} examples[] = {
		/* All that there is with a GICv2 */
		{ 0x0000, 0 }, { 0x0001, 1 }, { 0x0002, 2 }, { 0x0003, 3 },
		{ 0x0004, 4 }, { 0x0005, 5 }, { 0x0006, 6 }, { 0x0007, 7 },
		/* From here on, Aff0 alone does not tell */
		{ 0x000f, 15 }, { 0x0100, 16 }, { 0x0101, 17 }, { 0x010f, 31 },
		{ 0x0200, 32 }, { 0x070f, 127 },
		/* The last one */
		{ 0xff0f, 4095 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(examples); i++)
		KUNIT_EXPECT_EQ_MSG(test, xen_mpidr_to_vcpu_id(examples[i].mpidr),
				    examples[i].id, "MPIDR %#llx", examples[i].mpidr);
}

/* The way back, as Xen goes when it makes a vCPU */
static u64 mpidr_of(unsigned int id)
{
	return id % 16 + (id / 16) * 256;
}

static void vcpu_id_round_trip(struct kunit *test)
{
	unsigned int id;

	for (id = 0; id < XEN_MPIDR_VCPU_IDS; id++)
		KUNIT_ASSERT_EQ(test, xen_mpidr_to_vcpu_id(mpidr_of(id)), (int)id);
}

static const u64 malformed[] = {
	/* More than 4 bits in Aff0. The first one is not vCPU 16. */
	0x10, 0x11, 0x1f, 0x80, 0xff, 0x110, 0xfff0,
	/* Aff2 */
	0x10000, 0x10001, 0xff0000, 0x800100,
	/* Aff3 */
	0x100000000, 0x100000001, 0xff00000000, 0x8000000100,
	/* What an MPIDR has beside affinity: MT, U, and bit 31 */
	0x01000000, 0x40000000, 0x80000000, 0x80000001, 0xc0000000,
	/* And where it has nothing */
	0x02000000, 0x20000000, 0x10000000000, 0x8000000000000000,
	/* MPIDR_INVALID of arm, INVALID_HWID of arm64 */
	0xff000000, U64_MAX,
};

static void vcpu_id_malformed(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(malformed); i++)
		KUNIT_EXPECT_EQ_MSG(test, xen_mpidr_to_vcpu_id(malformed[i]), -EINVAL,
				    "MPIDR %#llx", malformed[i]);
}

/* A domain without Xen: what it has, and how often it was asked */
static struct {
	unsigned int nr_vcpus;
	int found;
	int asked;
} domain;

static DECLARE_BITMAP(claimed, XEN_MPIDR_VCPU_IDS);

static int probe(unsigned int id)
{
	domain.asked++;
	return id < domain.nr_vcpus ? domain.found : -ENOENT;
}

static int claim(u64 mpidr)
{
	return xen_claim_vcpu_id(mpidr, claimed, probe);
}

static int vcpu_id_test_init(struct kunit *test)
{
	domain.nr_vcpus = MANY_VCPUS;
	/* What Xen says of port 0 when it has found the vCPU */
	domain.found = -EINVAL;
	domain.asked = 0;
	bitmap_zero(claimed, XEN_MPIDR_VCPU_IDS);
	return 0;
}

static void claim_each(struct kunit *test)
{
	unsigned int id;

	for (id = 0; id < MANY_VCPUS; id++)
		KUNIT_ASSERT_EQ(test, claim(mpidr_of(id)), (int)id);

	KUNIT_EXPECT_EQ(test, domain.asked, MANY_VCPUS);
	KUNIT_EXPECT_EQ(test, bitmap_weight(claimed, XEN_MPIDR_VCPU_IDS), MANY_VCPUS);
}

/* Booted on vCPU 2, as after a crash there; nodes reordered; one left out */
static void claim_in_any_order(struct kunit *test)
{
	static const u64 cpus[] = { 0x2, 0x100, 0x0, 0xf, 0x3 };
	static const int ids[] = { 2, 16, 0, 15, 3 };
	int cpu;

	for (cpu = 0; cpu < ARRAY_SIZE(cpus); cpu++)
		KUNIT_EXPECT_EQ_MSG(test, claim(cpus[cpu]), ids[cpu], "CPU%d", cpu);

	KUNIT_EXPECT_FALSE(test, test_bit(1, claimed));
}

static void claim_beyond_domain(struct kunit *test)
{
	domain.nr_vcpus = 4;

	KUNIT_EXPECT_EQ(test, claim(0x3), 3);
	KUNIT_EXPECT_EQ(test, claim(0x4), -ENOENT);
	KUNIT_EXPECT_EQ(test, claim(0x100), -ENOENT);
	KUNIT_EXPECT_EQ(test, claim(0xff0f), -ENOENT);

	/* Nobody has what is not there */
	KUNIT_EXPECT_EQ(test, bitmap_weight(claimed, XEN_MPIDR_VCPU_IDS), 1);
	KUNIT_EXPECT_EQ(test, claim(0x4), -ENOENT);
}

/* Only -ENOENT says no. A Xen that binds nothing but can tell is as good. */
static void claim_answers(struct kunit *test)
{
	static const int answers[] = { -EINVAL, 0, 1, -EOPNOTSUPP, -EPERM, -EFAULT, -EBUSY };
	int i;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		domain.found = answers[i];
		KUNIT_EXPECT_EQ_MSG(test, claim(i), i, "answer %d", answers[i]);
	}

	domain.found = -ENOENT;
	KUNIT_EXPECT_EQ(test, claim(i), -ENOENT);
}

static void claim_twice(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, claim(0x100), 16);
	KUNIT_EXPECT_EQ(test, claim(0x100), -EEXIST);
	KUNIT_EXPECT_EQ(test, claim(0x100), -EEXIST);

	/* The one that came first keeps it, and nobody else is in the way */
	KUNIT_EXPECT_TRUE(test, test_bit(16, claimed));
	KUNIT_EXPECT_EQ(test, claim(0x0), 0);
	KUNIT_EXPECT_EQ(test, claim(0x101), 17);
}

/* Xen is not asked about what cannot be, and no id is taken for it */
static void claim_malformed(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(malformed); i++)
		KUNIT_EXPECT_EQ_MSG(test, claim(malformed[i]), -EINVAL,
				    "MPIDR %#llx", malformed[i]);

	KUNIT_EXPECT_EQ(test, domain.asked, 0);
	KUNIT_EXPECT_TRUE(test, bitmap_empty(claimed, XEN_MPIDR_VCPU_IDS));
}

static struct kunit_case vcpu_id_cases[] = {
	KUNIT_CASE(vcpu_id_examples),
	KUNIT_CASE(vcpu_id_round_trip),
	KUNIT_CASE(vcpu_id_malformed),
	KUNIT_CASE(claim_each),
	KUNIT_CASE(claim_in_any_order),
	KUNIT_CASE(claim_beyond_domain),
	KUNIT_CASE(claim_answers),
	KUNIT_CASE(claim_twice),
	KUNIT_CASE(claim_malformed),
	{}
};

static struct kunit_suite vcpu_id_suite = {
	.name = "xen_vcpu_id",
	.init = vcpu_id_test_init,
	.test_cases = vcpu_id_cases,
};

kunit_test_suite(vcpu_id_suite);

MODULE_DESCRIPTION("KUnit tests of vCPU ids of Xen guests on Arm");
MODULE_LICENSE("GPL");

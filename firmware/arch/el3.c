// SPDX-License-Identifier: GPL-2.0-only
/*
 * EL3, and what EL2 is to look like, by what this CPU has: the rules are in
 * "Booting AArch64 Linux", section "System registers". Registers that an old
 * assembler does not know go by their encoding.
 */
#include <board.h>
#include <cpu.h>

#define ID_AA64PFR0	"S3_0_C0_C4_0"
#define ID_AA64PFR1	"S3_0_C0_C4_1"
#define ID_AA64PFR2	"S3_0_C0_C4_2"
#define ID_AA64SMFR0	"S3_0_C0_C4_5"
#define ID_AA64DFR0	"S3_0_C0_C5_0"
#define ID_AA64ISAR1	"S3_0_C0_C6_1"
#define ID_AA64ISAR2	"S3_0_C0_C6_2"
#define ID_AA64MMFR0	"S3_0_C0_C7_0"
#define ID_AA64MMFR1	"S3_0_C0_C7_1"
#define ID_AA64MMFR3	"S3_0_C0_C7_3"
#define ID_AA64MMFR4	"S3_0_C0_C7_4"

#define ZCR_EL3		"S3_6_C1_C2_0"
#define SMCR_EL3	"S3_6_C1_C2_6"
#define MPAM3_EL3	"S3_6_C10_C5_0"
#define AMCNTENSET0_EL0	"S3_3_C13_C2_5"
#define ICC_SRE_EL3	"S3_6_C12_C12_5"
#define ICC_CTLR_EL3	"S3_6_C12_C12_4"
#define ICC_IGRPEN1_EL3	"S3_6_C12_C12_7"
#define ICC_PMR_EL1	"S3_0_C4_C6_0"

#define BIT(n)		(1UL << (n))

enum id_reg { PFR0, PFR1, PFR2, DFR0, ISAR1, ISAR2, MMFR0, MMFR1, MMFR3, MMFR4 };
enum target { SCR, HCR, HCRX, MDCR3, MDCR2, CPTR3, FEATURES, TARGETS };

/*
 * Where a field of an ID register is at least @min, @width bits from @bit on are
 * set. Fields are unsigned; that of the PMU, which is not, is not in here.
 */
static const struct rule {
	u8 reg;
	u8 shift;
	u8 min;
	u8 target;
	u8 bit;
	u8 width;
} rules[] = {
	{ PFR0,  24, 1, FEATURES, HAS_GICV3, 1 },
	{ PFR0,  28, 2, SCR, 21, 1 },	/* FIEN */
	{ PFR0,  32, 1, CPTR3, 8, 1 },	/* EZ */
	{ PFR0,  32, 1, FEATURES, HAS_SVE, 1 },
	{ PFR0,  40, 1, FEATURES, HAS_MPAM, 1 },
	{ PFR0,  44, 2, SCR, 35, 1 },	/* AMVOFFEN */
	{ PFR0,  56, 2, SCR, 25, 1 },	/* EnSCXT */
	{ PFR0,  56, 2, HCR, 53, 1 },	/* EnSCXT */
	{ PFR1,   8, 2, SCR, 26, 1 },	/* ATA */
	{ PFR1,   8, 2, HCR, 56, 1 },	/* ATA */
	{ PFR1,  24, 1, SCR, 41, 1 },	/* EnTP2 */
	{ PFR1,  24, 1, CPTR3, 12, 1 },	/* ESM */
	{ PFR1,  24, 1, FEATURES, HAS_SME, 1 },
	{ PFR1,  32, 2, SCR, 25, 1 },	/* CSV2_1p2: EnSCXT */
	{ PFR1,  32, 2, HCR, 53, 1 },
	{ PFR1,  44, 1, SCR, 39, 1 },	/* GCSEn */
	{ PFR1,  44, 1, HCRX, 22, 1 },	/* GCSEn */
	{ PFR1,  44, 1, FEATURES, HAS_GCS, 1 },
	{ PFR1,  48, 1, SCR, 42, 1 },	/* RCWMASKEn */
	{ PFR1,  60, 1, SCR, 53, 1 },	/* PFAREn */
	{ PFR2,  32, 1, SCR, 50, 1 },	/* EnFPM */
	{ PFR2,  32, 1, HCRX, 23, 1 },	/* EnFPM */
	{ DFR0,  32, 1, MDCR3, 12, 2 },	/* NSPB: SPE is for NS */
	{ DFR0,  32, 1, MDCR2, 12, 2 },	/* E2PB */
	{ DFR0,  32, 3, MDCR3, 36, 1 },	/* EnPMSN */
	{ DFR0,  32, 4, MDCR3, 42, 1 },	/* EnPMS3 */
	{ DFR0,  44, 1, MDCR3, 24, 2 },	/* NSTB: TRBE is for NS */
	{ DFR0,  44, 1, MDCR2, 24, 2 },	/* E2TB */
	{ DFR0,  52, 1, MDCR3, 32, 2 },	/* SBRBE */
	{ ISAR1,  4, 1, SCR, 16, 2 },	/* API, APK: any of these */
	{ ISAR1,  8, 1, SCR, 16, 2 },
	{ ISAR1, 24, 1, SCR, 16, 2 },
	{ ISAR1, 28, 1, SCR, 16, 2 },
	{ ISAR2,  8, 1, SCR, 16, 2 },
	{ ISAR2, 12, 1, SCR, 16, 2 },
	{ ISAR1,  4, 1, HCR, 40, 2 },
	{ ISAR1,  8, 1, HCR, 40, 2 },
	{ ISAR1, 24, 1, HCR, 40, 2 },
	{ ISAR1, 28, 1, HCR, 40, 2 },
	{ ISAR2,  8, 1, HCR, 40, 2 },
	{ ISAR2, 12, 1, HCR, 40, 2 },
	{ ISAR1, 60, 1, HCRX, 1, 1 },	/* EnALS */
	{ ISAR1, 60, 2, HCRX, 2, 1 },	/* EnASR */
	{ ISAR1, 60, 3, HCRX, 0, 1 },	/* EnAS0 */
	{ ISAR1, 60, 2, SCR, 36, 1 },	/* EnAS0 */
	{ ISAR1, 60, 3, SCR, 37, 1 },	/* ADEn */
	{ ISAR2, 16, 1, HCRX, 11, 1 },	/* MSCEn */
	{ ISAR2, 32, 1, SCR, 55, 1 },	/* EnIDCP128 */
	{ ISAR2, 32, 1, HCRX, 21, 1 },	/* EnIDCP128 */
	{ MMFR0, 56, 1, FEATURES, HAS_FGT, 1 },
	{ MMFR0, 56, 2, FEATURES, HAS_FGT2, 1 },
	{ MMFR0, 60, 2, SCR, 28, 1 },	/* ECVEn */
	{ MMFR0, 60, 2, FEATURES, HAS_CNTPOFF, 1 },
	{ MMFR1, 40, 1, SCR, 38, 1 },	/* HXEn */
	{ MMFR1, 40, 1, FEATURES, HAS_HCX, 1 },
	{ MMFR3,  0, 1, SCR, 43, 1 },	/* TCR2En */
	{ MMFR3,  0, 1, HCRX, 14, 1 },	/* TCR2En */
	{ MMFR3,  4, 1, SCR, 44, 1 },	/* SCTLR2En */
	{ MMFR3,  4, 1, HCRX, 15, 1 },	/* SCTLR2En */
	{ MMFR3,  8, 1, SCR, 45, 1 },	/* PIEn: S1PIE, */
	{ MMFR3, 12, 1, SCR, 45, 1 },	/* S2PIE, */
	{ MMFR3, 16, 1, SCR, 45, 1 },	/* S1POE, */
	{ MMFR3, 20, 1, SCR, 45, 1 },	/* S2POE */
	{ MMFR3, 24, 1, SCR, 46, 1 },	/* AIEn */
	{ MMFR3, 32, 1, SCR, 47, 1 },	/* D128En */
	{ MMFR3, 32, 1, HCRX, 17, 1 },	/* D128En */
	{ MMFR4, 44, 1, SCR, 54, 1 },	/* SRMASKEn */
	{ MMFR4, 44, 1, HCRX, 26, 1 },	/* SRMASKEn */
};

/* Each time anew: a board's stack may have no room for all of them. */
static u64 read_id(enum id_reg reg)
{
	switch (reg) {
	case PFR0: return mrs(ID_AA64PFR0);
	case PFR1: return mrs(ID_AA64PFR1);
	case PFR2: return mrs(ID_AA64PFR2);
	case DFR0: return mrs(ID_AA64DFR0);
	case ISAR1: return mrs(ID_AA64ISAR1);
	case ISAR2: return mrs(ID_AA64ISAR2);
	case MMFR0: return mrs(ID_AA64MMFR0);
	case MMFR1: return mrs(ID_AA64MMFR1);
	case MMFR3: return mrs(ID_AA64MMFR3);
	case MMFR4: return mrs(ID_AA64MMFR4);
	}
	return 0;
}

#define SCR_NS		BIT(0)
#define SCR_RES1	(3UL << 4)
#define SCR_SMD		BIT(7)
#define SCR_HCE		BIT(8)
#define SCR_RW		BIT(10)
#define SCR_FGTEN	BIT(27)
#define SCR_FGTEN2	BIT(59)

void el3_init(struct cpu_slot *slot)
{
	u64 val[TARGETS] = {
		/* Nobody answers an SMC here: let it be undefined. */
		[SCR] = SCR_NS | SCR_RES1 | SCR_SMD | SCR_RW,
		[HCR] = HCR_EL2_RW,
	};
	u64 pmu = (mrs(ID_AA64DFR0) >> 8) & 0xf, pfr0 = mrs(ID_AA64PFR0), smcr = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(rules); i++) {
		const struct rule *r = &rules[i];

		if (((read_id(r->reg) >> r->shift) & 0xf) >= r->min)
			val[r->target] |= (BIT(r->width) - 1) << r->bit;
	}
	if ((pfr0 >> 8) & 0xf) {
		val[SCR] |= SCR_HCE;
		val[FEATURES] |= BIT(HAS_EL2);
	}

	/*
	 * Fine-grained traps are for an OS at EL2. With one at EL1 they stay
	 * switched off here, so that none of those whose 0 means "trap" counts.
	 */
	if (slot->level == LEVEL_EL2) {
		if (val[FEATURES] & BIT(HAS_FGT))
			val[SCR] |= SCR_FGTEN;
		if (val[FEATURES] & BIT(HAS_FGT2))
			val[SCR] |= SCR_FGTEN2;
	} else {
		val[FEATURES] &= ~(BIT(HAS_FGT) | BIT(HAS_FGT2));
	}

	if (pmu && pmu != 0xf) {
		val[MDCR2] |= (mrs("pmcr_el0") >> 11) & 0x1f;	/* HPMN: all counters */
		if (pmu >= 9)
			val[MDCR3] |= BIT(7);			/* EnPM2 */
	}

	msr("scr_el3", val[SCR]);
	msr("cptr_el3", val[CPTR3]);
	msr("mdcr_el3", val[MDCR3]);
	isb();

	/* RES1 where a feature is absent, no trap where it is there */
	slot->cptr_el2 = 0x33ff;
	slot->sctlr_el2 = SCTLR_EL2_OFF;
	if (val[FEATURES] & BIT(HAS_SVE)) {
		slot->cptr_el2 &= ~BIT(8);			/* TZ */
		msr(ZCR_EL3, 0xf);
	}
	if (val[FEATURES] & BIT(HAS_SME)) {
		u64 smfr0 = mrs(ID_AA64SMFR0);

		slot->cptr_el2 &= ~BIT(12);			/* TSM */
		slot->sctlr_el2 |= BIT(60);			/* EnTP2 */
		smcr = 0xf;
		if (smfr0 >> 63)
			smcr |= BIT(31);			/* FA64 */
		if ((smfr0 >> 56) & 0xf)
			smcr |= BIT(30);			/* EZT0 */
		msr(SMCR_EL3, smcr);
	}
	slot->smcr_el2 = smcr;
	if ((pfr0 >> 44) & 0xf)
		msr(AMCNTENSET0_EL0, 0xf);
	if (val[FEATURES] & BIT(HAS_MPAM))
		msr(MPAM3_EL3, 0);				/* no TRAPLOWER */

	if (!mrs("cntfrq_el0"))
		msr("cntfrq_el0", board_counter_hz());

	if (val[FEATURES] & BIT(HAS_GICV3)) {
		msr(ICC_SRE_EL3, 0xf);
		isb();
		msr(ICC_CTLR_EL3, 0);
		/* Below 0x80 the non-secure side could not write it. */
		msr(ICC_PMR_EL1, 0xff);
		/* The OS enables group 1 itself. */
		msr(ICC_IGRPEN1_EL3, 0);
		isb();
	}

	slot->features = val[FEATURES];
	slot->hcr_el2 = val[HCR];
	slot->mdcr_el2 = val[MDCR2];
	slot->hcrx_el2 = val[HCRX];
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does anything get lost that a vCPU leaves behind when it calls CPU_OFF? A guest of
 * two vCPUs, with a GICv3. TAP on the console; the last line is "# psci-left: passed"
 * or "failed".
 *
 * An event that comes while its vCPU is off arrives when that is on again: the event
 * interrupt is level-sensitive, and evtchn_upcall_pending is its level. And an SPI
 * that waits for a vCPU, and has been routed to another one before the first goes
 * off, arrives there.
 */
#include <string.h>
#include <tree.h>

#include "console.h"
#include "hypervisor.h"
#include "left.h"

/*
 * Nobody is judged by them: they are for who waits for what does not come. The
 * second vCPU gives up first, so that what it did not get is known.
 */
#define WAIT_SECONDS		30
#define SECOND_WAIT_SECONDS	10

#define XEN_VCPU_OP		24
#define VCPUOP_REGISTER_INFO	10
#define XEN_EVENT_CHANNEL_OP	32
#define EVTCHNOP_SEND		4
#define EVTCHNOP_BIND_IPI	7

#define EVENT_PPI		31
#define SPI			40

#define GICD_CTLR		0x0000
#define GICD_CTLR_ON		0x12	/* ARE_NS, EnableGrp1NS */
#define GICD_IGROUPR(n)		(0x0080 + (n) / 32 * 4)
#define GICD_ISENABLER(n)	(0x0100 + (n) / 32 * 4)
#define GICD_ISPENDR(n)		(0x0200 + (n) / 32 * 4)
#define GICD_IPRIORITYR(n)	(0x0400 + (n) / 4 * 4)
#define GICD_IROUTER(n)		(0x6000 + (n) * 8)
#define GICR_STRIDE		0x20000
#define GICR_SGI		0x10000
#define INTID_NONE		1023

/* As in Xen's public headers, as far as it matters here */
struct vcpu_info {
	u8 upcall_pending;
	u8 upcall_mask;
	u64 pending_sel;
	u8 rest[48];
};

struct register_info {
	u64 mfn;
	u32 offset;
	u32 reserved;
};

struct bind_ipi {
	u32 vcpu;
	u32 port;
};

const char print_prefix[] = "";

static u64 gicd, gicr, failures;
static u64 hwids[2];
static struct vcpu_info info __attribute__((aligned(64)));

/* What the second vCPU has done */
enum step { STEP_NONE, STEP_READY, STEP_EVENT, STEP_EVENT_AGAIN, STEP_SPI };
static volatile u64 step, moved;
/* and what it got there: an interrupt */
static volatile u64 got;

void park(void)
{
	for (;;)
		wfi();
}

#define wait_seconds(condition, seconds) ({					\
	u64 _start = ticks();							\
	bool _true;								\
										\
	while (!(_true = (condition)) &&					\
	       ticks() - _start < (seconds) * mrs("cntfrq_el0"))		\
		yield();							\
	_true;									\
})

#define wait_for(condition) wait_seconds(condition, WAIT_SECONDS)

static void test(unsigned int number, bool passed, const char *name)
{
	say("%sok %u - %s", passed ? "" : "not ", number, name);
	failures += !passed;
}

/* Interrupts stay masked: they are asked for. */
static void gic_cpu_init(unsigned int vcpu)
{
	u64 sgi = gicr + vcpu * GICR_STRIDE + GICR_SGI;

	msr("S3_0_C12_C12_5", mrs("S3_0_C12_C12_5") | 1);	/* ICC_SRE_EL1.SRE */
	isb();
	msr("S3_0_C4_C6_0", 0xff);				/* ICC_PMR_EL1 */
	msr("S3_0_C12_C12_7", 1);				/* ICC_IGRPEN1_EL1 */
	isb();
	write32(sgi + GICD_IGROUPR(EVENT_PPI), ~0U);
	write32(sgi + GICD_IPRIORITYR(EVENT_PPI), 0x80808080);
	write32(sgi + GICD_ISENABLER(EVENT_PPI), 1U << EVENT_PPI);
}

/* What is pending for this vCPU, without a change: ICC_HPPIR1_EL1 */
static u64 pending(void)
{
	isb();
	return mrs("S3_0_C12_C12_2") & 0xffffff;
}

/* Take it and be done with it: ICC_IAR1_EL1, ICC_EOIR1_EL1 */
static u64 take(void)
{
	u64 intid = mrs("S3_0_C12_C12_0") & 0xffffff;

	if (intid < INTID_NONE)
		msr("S3_0_C12_C12_1", intid);
	isb();
	return intid;
}

static u32 bind_ipi(u32 vcpu)
{
	struct bind_ipi bind = { .vcpu = vcpu };
	long ret;

	clean(&bind, sizeof(bind));
	ret = hypercall(XEN_EVENT_CHANNEL_OP, EVTCHNOP_BIND_IPI, (u64)&bind, 0);
	clean(&bind, sizeof(bind));
	if (ret)
		fatal("bind_ipi says %d\n# psci-left: failed", (int)ret);
	return bind.port;
}

static void send(u32 port)
{
	clean(&port, sizeof(port));
	hypercall(XEN_EVENT_CHANNEL_OP, EVTCHNOP_SEND, (u64)&port, 0);
}

static void register_info(void)
{
	struct register_info arg = {
		.mfn = (u64)&info >> 12,
		.offset = (u64)&info & 0xfff,
	};

	clean(&arg, sizeof(arg));
	hypercall(XEN_VCPU_OP, VCPUOP_REGISTER_INFO, 1, (u64)&arg);
}

/* As a handler of events does it, in the order in which it has to */
static void take_event(void)
{
	info.upcall_pending = 0;
	info.pending_sel = 0;
	clean(&info, sizeof(info));
	got = take();
}

/* The second vCPU, in each of its lives */
void second_main(u64 life)
{
	gic_cpu_init(1);
	if (!life) {
		register_info();
		/* To register makes an event, for the sake of those that came before. */
		wait_seconds(pending() == EVENT_PPI, SECOND_WAIT_SECONDS);
		take_event();
		step = STEP_READY;
		wait_seconds(pending() == EVENT_PPI, SECOND_WAIT_SECONDS);
		take_event();
		step = STEP_EVENT;
	} else {
		wait_seconds(pending() == EVENT_PPI, SECOND_WAIT_SECONDS);
		take_event();
		step = STEP_EVENT_AGAIN;
		wait_seconds(pending() == SPI, SECOND_WAIT_SECONDS);
		got = pending();
		step = STEP_SPI;
		wait_for(moved);
	}
	dsb();
	psci(PSCI_CPU_OFF, 0, 0, 0);
	park();
}

static void second_on(u64 life)
{
	int ret;

	got = INTID_NONE;
	dsb();
	ret = psci(PSCI_CPU_ON_64, hwids[1], (u64)second_entry, life);
	if (ret)
		fatal("CPU_ON says %d\n# psci-left: failed", ret);
}

static bool second_is_off(void)
{
	return psci(PSCI_AFFINITY_INFO_64, hwids[1], 0, 0) == PSCI_OFF;
}

static void test_event(void)
{
	u32 first = bind_ipi(1), second = bind_ipi(1);

	second_on(0);
	wait_for(step == STEP_READY);
	send(first);
	wait_for(step == STEP_EVENT);
	test(1, got == EVENT_PPI, "an event for a vCPU that is on arrives");

	wait_for(second_is_off());
	send(second);
	second_on(1);
	wait_for(step == STEP_EVENT_AGAIN);
	test(2, got == EVENT_PPI, "an event that came while its vCPU was off arrives when it is on");
}

static void test_spi(void)
{
	write32(gicd + GICD_IGROUPR(SPI), ~0U);
	write32(gicd + GICD_IPRIORITYR(SPI), 0x80808080);
	write64(gicd + GICD_IROUTER(SPI), hwids[1]);
	write32(gicd + GICD_ISENABLER(SPI), 1U << SPI % 32);
	write32(gicd + GICD_ISPENDR(SPI), 1U << SPI % 32);
	wait_for(step == STEP_SPI);
	test(3, got == SPI, "an SPI is pending for the vCPU that it is routed to");

	write64(gicd + GICD_IROUTER(SPI), hwids[0]);
	dsb();
	moved = 1;
	wait_for(second_is_off());
	wait_for(pending() == SPI);
	test(4, take() == SPI, "routed elsewhere before that went off, it arrives there");
}

void left_main(const void *fdt)
{
	u64 size;
	int node;

	clean(fdt, 64);
	clean(fdt, fdt_totalsize(fdt));
	console_init(fdt);

	node = tree_next_cpu(fdt, -1, &hwids[0]);
	if (node < 0 || tree_next_cpu(fdt, node, &hwids[1]) < 0)
		fatal("this wants two vCPUs\n# psci-left: failed");
	node = fdt_node_offset_by_compatible(fdt, -1, "arm,gic-v3");
	if (node < 0 || !tree_reg(fdt, node, 0, &gicd, &size) ||
	    !tree_reg(fdt, node, 1, &gicr, &size))
		fatal("this wants a GICv3\n# psci-left: failed");

	say("1..4");
	gic_cpu_init(0);
	write32(gicd + GICD_CTLR, GICD_CTLR_ON);
	test_event();
	test_spi();
	say("# psci-left: %s", failures ? "failed" : "passed");
	psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	park();
}

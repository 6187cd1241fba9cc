// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a CPU that comes on use translations from before it went off?
 *
 * QEMU leaves CPUs that are powered off out of broadcast TLB invalidations, of the search for writable TLB entries
 * of pages with translated code, and of the invalidation of jump caches. This guest of -M virt,gic-version=2 -smp 4
 * looks for what could go wrong with it.
 *
 * For some seconds CPU 0 maps two pages, one with data and one with code, anew and anew. Each mapping has a number,
 * that of the round, which is what the data page holds and what the code returns; once the TLBs have been invalidated
 * the number is published. CPUs 1 to 3 live short lives between CPU_ON and CPU_OFF, and compare what they get with
 * what was published before: it must not be older.
 *
 * - The window of these two pages is also an address of RAM. With the MMU still off a CPU must see what is there, and
 *   neither data nor code of its last life. (To enable the MMU invalidates QEMU's TLB, so this is where it shows. The
 *   tag of a translation block says whether accesses must be aligned, hence SCTLR_EL1.A: with it the tags are equal
 *   with the MMU on and off.)
 * - The CPUs patch code as well, CPU 0 for each of the others, and each of these for CPU 0. Who patches must not do so
 *   by a TLB entry from before this code was translated. Nobody patches before the other has executed what was there:
 *   multi-threaded TCG, whose IC IVAU does nothing, can lose a store that runs into a translation.
 * - CPU 3 now and then waits in WFI, which is not the same as off: no reset, and its translations stay in use.
 * - They go off with an interrupt pending, and are told to come on at once. They must not go on from where they went
 *   off.
 *
 * Then CPUs 0 to 2 call CPU_ON for CPU 3 at once: one of them is to succeed, and CPU 3 to start once, with the context
 * ID of that call. AFFINITY_INFO must not say off from then on.
 *
 * To run it:
 *
 *	qemu-system-aarch64 -M virt,gic-version=2 -cpu max -smp 4 -m 128 -accel tcg,thread=multi \
 *		-nodefaults -display none -serial stdio -kernel off-cpu-tlb.elf
 */

#include "bare.h"

#define PAGE		4096
#define PAGES		64		/* of each kind that the window shows in turn */

#define WINDOW		0x44000000UL
#define WINDOW_DATA	WINDOW
#define WINDOW_CODE	(WINDOW + PAGE)
#define OFF_DATA	0x0ff0ff0ff0ffUL	/* what the window's RAM holds, seen with the MMU off */
#define OFF_CODE	0x0ff0

#define REMAP_SECONDS	5
#define HAMMER_SECONDS	3
#define HAMMER_ROUNDS	3000
#define HAMMER_FEWEST	10
#define LIMIT_SECONDS	120		/* when something is waited for in vain */

#define GICD		0x08000000UL
#define GICC		0x08010000UL

/* Context IDs: what a CPU is to do */
#define TASK_LIVE	0x100
#define TASK_HAMMER	0x200
#define TASK_ANVIL	0x300		/* | number of who called */

extern u32 patched_code[2][CPUS][PAGE / sizeof(u32)];	/* by CPU 0 for the others; by the others for CPU 0 */

static u64 level1[512] __attribute__((aligned(PAGE)));
static u64 level2_devices[512] __attribute__((aligned(PAGE)));
static u64 level2[512] __attribute__((aligned(PAGE)));
static u64 level3_gic[512] __attribute__((aligned(PAGE)));
static u64 level3_uart[512] __attribute__((aligned(PAGE)));
static u64 level3_image[512] __attribute__((aligned(PAGE)));
static u64 level3[512] __attribute__((aligned(PAGE)));
static u64 data_page[PAGES][PAGE / sizeof(u64)] __attribute__((aligned(PAGE)));
static u32 code_page[PAGES][PAGE / sizeof(u32)] __attribute__((aligned(PAGE)));

/* Published: what the others may rely on. Written by one CPU each. */
static u64 data_published, code_published, patch_published[2][CPUS], patch_executed[2][CPUS];
static u64 remap_ends;

static struct counts {
	u64 lives, data, data_stale, code, code_stale, patched, patched_stale, off, off_data_stale, off_code_stale;
	u64 naps, naps_stale, woke_while_off;
} counts[CPUS];
static u64 napping, nap_over;

/* The virtual timer wakes from WFI: who waits leaves the host's CPUs to the others. */
static void sleep_a_bit(void)
{
	sysreg_write(cntv_tval_el0, sysreg_read(cntfrq_el0) / 20000);
	sysreg_write(cntv_ctl_el0, 1);
	isb();
	asm volatile("wfi" : : : "memory");
	sysreg_write(cntv_ctl_el0, 0);
	isb();
}

static u64 limit;

static void wait_a_bit(const char *what)
{
	if (is_past(limit))
		bail_out(what);
	sleep_a_bit();
}

/* Code that returns a number */

static void code_write(u32 *code, u16 number)
{
	*(volatile u32 *)code = 0xd2800000 | number << 5;	/* movz x0, #number */
	asm volatile("dc cvau, %0\n dsb ish\n ic ivau, %0\n dsb ish\n isb" : : "r" (code) : "memory");
}

static u16 value_of(u64 code)
{
	isb();
	return ((u64 (*)(void))code)();
}

/* Is a older than b? They are near each other. */
static int older(u16 a, u16 b)
{
	return (short)(u16)(a - b) < 0;
}

/* MMU */

#define NORMAL		(1UL << 10 | 3UL << 8 | 3)	/* AF, inner shareable, attributes 0, page */
#define DEVICE		(1UL << 54 | 1UL << 53 | 1UL << 10 | 1UL << 2 | 3)
#define TABLE		3UL

static void map_window(const void *data, const void *code)
{
	((volatile u64 *)level3)[0] = (u64)data | NORMAL;
	((volatile u64 *)level3)[1] = (u64)code | NORMAL;
}

/* Pages only: for QEMU's TLB to invalidate an address near a block is to invalidate all. */
static void tables_init(void)
{
	level1[0] = (u64)level2_devices | TABLE;
	level1[1] = (u64)level2 | TABLE;
	level2_devices[0x08000000 >> 21] = (u64)level3_gic | TABLE;
	level2_devices[0x09000000 >> 21] = (u64)level3_uart | TABLE;
	level2[0] = (u64)level3_image | TABLE;
	level2[(WINDOW >> 21) & 511] = (u64)level3 | TABLE;
	for (u64 i = 0; i < 32; i++)
		level3_gic[i] = (0x08000000 + i * PAGE) | DEVICE;
	level3_uart[0] = (u64)UART | DEVICE;
	for (u64 i = 0; i < 512; i++)
		level3_image[i] = (0x40000000 + i * PAGE) | NORMAL;
	map_window(data_page[0], code_page[0]);
}

static void mmu_enable(void)
{
	sysreg_write(mair_el1, 0x00ff);
	/* 39 bits of TTBR0, cacheable, 4 KiB; none of TTBR1; 40 bits of physical address */
	sysreg_write(tcr_el1, (64UL - 39) | 1UL << 8 | 1UL << 10 | 3UL << 12 | 1UL << 23 | 2UL << 32);
	sysreg_write(ttbr0_el1, level1);
	isb();
	dsb();
	sysreg_write(sctlr_el1, sysreg_read(sctlr_el1) | 1 << 12 | 1 << 2 | 1 << 1 | 1);
	isb();
}

static u64 tlbi_kinds;

static void invalidate_window(u64 round)
{
	asm volatile("dsb ishst" : : : "memory");
	switch (round % tlbi_kinds) {
	case 0:
		asm volatile("tlbi vaae1is, %0" : : "r" (WINDOW_DATA >> 12) : "memory");
		asm volatile("tlbi vaae1is, %0" : : "r" (WINDOW_CODE >> 12) : "memory");
		break;
	case 1:
		asm volatile("tlbi vmalle1is" : : : "memory");
		break;
	case 2:
		/* rvaae1is: granule 4 KiB, scale 0, num 0: two pages */
		asm volatile("sys #0, c8, c2, #3, %0" : : "r" (1UL << 46 | WINDOW >> 12) : "memory");
		break;
	}
	dsb();
	isb();
}

/* GICv2: an SGI wakes CPU 3. Interrupts stay masked. */

static void gic_cpu_init(void)
{
	write32(GICD + 0x100, 1 << 27 | 1);	/* ISENABLER0: virtual timer, SGI 0 */
	write32(GICC + 0x004, 0xff);	/* PMR */
	write32(GICC + 0x000, 1);	/* CTLR */
}

static void gic_acknowledge_all(void)
{
	u32 interrupt;

	while (((interrupt = read32(GICC + 0x00c)) & 0x3ff) < 1020)	/* IAR */
		write32(GICC + 0x010, interrupt);			/* EOIR */
}

static void gic_send(u64 cpu)
{
	write32(GICD + 0xf00, 0x10000 << cpu);	/* SGIR, SGI 0 */
}

/* Remap: CPUs 1 to 3 */

static void check_window(struct counts *c)
{
	u64 data = acquire(&data_published);
	u64 code = acquire(&code_published);

	c->data++;
	c->data_stale += *(volatile u64 *)WINDOW_DATA < data;
	c->code++;
	c->code_stale += older(value_of(WINDOW_CODE), code);
}

#define FROM_CPU0	0
#define TO_CPU0		1

static void execute_patched(struct counts *c, int way, u64 cpu)
{
	u64 number = acquire(&patch_published[way][cpu]);

	if (number == patch_executed[way][cpu])
		return;
	c->patched++;
	c->patched_stale += value_of((u64)patched_code[way][cpu]) != (u16)number;
	release(&patch_executed[way][cpu], number);
}

static void patch(int way, u64 cpu)
{
	u64 number = patch_published[way][cpu];

	if (acquire(&patch_executed[way][cpu]) != number)
		return;
	code_write(patched_code[way][cpu], number + 1);
	release(&patch_published[way][cpu], number + 1);
}

static void nap(struct counts *c)
{
	u64 published;

	gic_acknowledge_all();
	check_window(c);
	release(&napping, 1);
	do {
		asm volatile("wfi" : : : "memory");
		gic_acknowledge_all();
		relax();
	} while (acquire(&napping) && !acquire(&nap_over));
	c->naps++;
	published = acquire(&data_published);
	c->naps_stale += *(volatile u64 *)WINDOW_DATA < published;
}

static void live(u64 cpu)
{
	struct counts *c = &counts[cpu];
	u64 length = 10 + (c->lives * 37 + cpu * 11) % 100;

	/* First what the last life could have left behind */
	c->off++;
	c->off_data_stale += *(volatile u64 *)WINDOW_DATA != OFF_DATA;
	c->off_code_stale += value_of(WINDOW_CODE) != OFF_CODE;
	execute_patched(c, FROM_CPU0, cpu);
	patch(TO_CPU0, cpu);

	mmu_enable();
	gic_cpu_init();
	for (u64 i = 0; i < length; i++) {
		check_window(c);
		execute_patched(c, FROM_CPU0, cpu);
		patch(TO_CPU0, cpu);
		if (cpu == CPUS - 1 && i % 32 == 31)
			nap(c);
		if (i % 4 == 0)
			relax();
	}
	/* Leave translations of the window behind, and an interrupt pending. */
	check_window(c);
	gic_send(cpu);
	release(&c->lives, c->lives + 1);
}

/* Hammer */

static u64 hammer_round, hammer_ready[CPUS], hammer_done[CPUS], hammer_over, anvil_starts, anvil_context;
static int hammer_answer[CPUS];
static u64 hammer_off[CPUS], hammer_pending[CPUS];

static void hammer_once(u64 cpu, u64 round)
{
	int state;

	release(&hammer_ready[cpu], round);
	for (u64 other = 0; other < CPUS - 1; other++)
		while (acquire(&hammer_ready[other]) != round)
			relax();
	hammer_answer[cpu] = psci(PSCI_CPU_ON, CPUS - 1, (u64)cpu_entry, TASK_ANVIL | cpu);
	/* Whoever was answered: somebody's call has succeeded. CPU 3 does not go off before all are done. */
	state = psci(PSCI_AFFINITY_INFO, CPUS - 1, 0, 0);
	hammer_off[cpu] += state == AFFINITY_OFF;
	hammer_pending[cpu] += state == AFFINITY_ON_PENDING;
	release(&hammer_done[cpu], round);
}

static void hammer(u64 cpu)
{
	for (u64 round = 1; ; round++) {
		while (acquire(&hammer_round) < round) {
			if (acquire(&hammer_over))
				return;
			sleep_a_bit();
		}
		hammer_once(cpu, round);
	}
}

static void anvil(u64 caller)
{
	u64 round = acquire(&hammer_round);

	anvil_context = caller;
	release(&anvil_starts, anvil_starts + 1);
	for (u64 cpu = 0; cpu < CPUS - 1; cpu++)
		while (acquire(&hammer_done[cpu]) != round)
			sleep_a_bit();
}

void secondary_main(u64 context)
{
	u64 cpu = cpu_self();

	switch (context & ~0xffUL) {
	case TASK_LIVE:
		live(cpu);
		break;
	case TASK_HAMMER:
		mmu_enable();
		gic_cpu_init();
		hammer(cpu);
		break;
	case TASK_ANVIL:
		mmu_enable();
		gic_cpu_init();
		anvil(context & 0xff);
		break;
	}
	for (;;) {
		psci(PSCI_CPU_OFF, 0, 0, 0);
		counts[cpu].woke_while_off++;
	}
}

/* CPU 0 */

static int is_off(u64 cpu)
{
	return psci(PSCI_AFFINITY_INFO, cpu, 0, 0) == AFFINITY_OFF;
}

static void remap(void)
{
	u64 round, ons[CPUS] = { 0 }, refused = 0, cpu, naps_ended = 0;
	struct counts *c0 = &counts[0], sum = { 0 };
	u64 fewest = ~0UL, started = 0;

	remap_ends = seconds_from_now(REMAP_SECONDS);
	for (round = 1; !is_past(remap_ends); round++) {
		cpu = 1 + round % (CPUS - 1);
		/* From before it is off, to find it just when it is. */
		for (int i = 0; i < 50 && acquire(&counts[cpu].lives) == ons[cpu]; i++) {
			int answer = psci(PSCI_CPU_ON, cpu, (u64)cpu_entry, TASK_LIVE);

			if (answer == PSCI_SUCCESS)
				ons[cpu]++;
			else
				refused += answer != PSCI_ALREADY_ON;
		}

		u64 asleep = acquire(&napping);

		data_page[round % PAGES][0] = round;
		if (round % 4 == 0)
			code_write(code_page[round / 4 % PAGES], round / 4);
		map_window(data_page[round % PAGES], code_page[round / 4 % PAGES]);
		invalidate_window(round);
		release(&data_published, round);
		release(&code_published, round / 4);
		check_window(c0);

		for (cpu = 1; cpu < CPUS; cpu++) {
			patch(FROM_CPU0, cpu);
			execute_patched(c0, TO_CPU0, cpu);
		}

		if (asleep) {
			naps_ended++;
			release(&napping, 0);
			gic_send(CPUS - 1);
		}
		if (round % 8 == 0)
			relax();
	}

	release(&nap_over, 1);
	for (cpu = 1; cpu < CPUS; cpu++) {
		while (!is_off(cpu)) {
			gic_send(CPUS - 1);
			wait_a_bit("a CPU does not go off");
		}
	}

	for (cpu = 0; cpu < CPUS; cpu++) {
		struct counts *c = &counts[cpu];

		sum.lives += c->lives;
		sum.data += c->data;
		sum.data_stale += c->data_stale;
		sum.code += c->code;
		sum.code_stale += c->code_stale;
		sum.patched += c->patched;
		sum.patched_stale += c->patched_stale;
		sum.off += c->off;
		sum.off_data_stale += c->off_data_stale;
		sum.off_code_stale += c->off_code_stale;
		sum.naps += c->naps;
		sum.naps_stale += c->naps_stale;
		sum.woke_while_off += c->woke_while_off;
		if (cpu && c->lives < fewest)
			fewest = c->lives;
		started += ons[cpu];
	}

	result(fewest >= 5 && started == sum.lives && !refused, "CPUs go on and off while CPU 0 remaps");
	count("rounds", round);
	count("started", started);
	count("lives", sum.lives);
	count("fewest", fewest);
	count("refused", refused);
	count("tlbi_kinds", tlbi_kinds);
	put("\n");
	result(!sum.data_stale, "data of a remapped page");
	count("reads", sum.data);
	count("stale", sum.data_stale);
	put("\n");
	result(!sum.code_stale, "code of a remapped page");
	count("calls", sum.code);
	count("stale", sum.code_stale);
	put("\n");
	result(!sum.patched_stale, "patched code");
	count("calls", sum.patched);
	count("stale_at_cpu0", c0->patched_stale);
	count("stale_at_others", sum.patched_stale - c0->patched_stale);
	put("\n");
	result(!sum.off_data_stale, "data with the MMU off");
	count("reads", sum.off);
	count("stale", sum.off_data_stale);
	put("\n");
	result(!sum.off_code_stale, "code with the MMU off");
	count("calls", sum.off);
	count("stale", sum.off_code_stale);
	put("\n");
	result(!sum.naps_stale && sum.naps, "data after WFI");
	count("naps", sum.naps);
	count("woken", naps_ended);
	count("stale", sum.naps_stale);
	put("\n");
	result(!sum.woke_while_off, "a CPU that is off does not go on");
	count("offs", sum.lives);
	count("woke", sum.woke_while_off);
	put("\n");
}

static void hammering(void)
{
	u64 ends, round, successes = 0, pending = 0, already = 0, others = 0, not_one = 0, wrong_context = 0;
	u64 seen_off = 0, seen_pending = 0, cpu;

	for (cpu = 1; cpu < CPUS - 1; cpu++)
		if (psci(PSCI_CPU_ON, cpu, (u64)cpu_entry, TASK_HAMMER) != PSCI_SUCCESS)
			bail_out("CPU_ON failed");

	ends = seconds_from_now(HAMMER_SECONDS);
	for (round = 1; round <= HAMMER_FEWEST || (round <= HAMMER_ROUNDS && !is_past(ends)); round++) {
		u64 good = 0, winner = 0;

		release(&hammer_round, round);
		hammer_once(0, round);
		for (cpu = 1; cpu < CPUS - 1; cpu++)
			while (acquire(&hammer_done[cpu]) != round)
				wait_a_bit("a CPU does not return from CPU_ON");
		while (!acquire(&anvil_starts) || !is_off(CPUS - 1))
			wait_a_bit("CPU 3 does not start, or does not go off");

		for (cpu = 0; cpu < CPUS - 1; cpu++) {
			switch (hammer_answer[cpu]) {
			case PSCI_SUCCESS:
				good++;
				winner = cpu;
				break;
			case PSCI_ON_PENDING:
				pending++;
				break;
			case PSCI_ALREADY_ON:
				already++;
				break;
			default:
				others++;
			}
		}
		successes += good;
		not_one += good != 1;
		wrong_context += good == 1 && anvil_context != winner;
	}
	round--;
	release(&hammer_over, 1);
	for (cpu = 1; cpu < CPUS; cpu++) {
		while (!is_off(cpu))
			wait_a_bit("a CPU does not go off");
		if (cpu < CPUS - 1) {
			seen_off += hammer_off[cpu];
			seen_pending += hammer_pending[cpu];
		}
	}
	seen_off += hammer_off[0];
	seen_pending += hammer_pending[0];

	result(!not_one && !others, "CPU_ON by three CPUs at once: one success");
	count("rounds", round);
	count("success", successes);
	count("on_pending", pending);
	count("already_on", already);
	count("other", others);
	count("rounds_without_one_success", not_one);
	put("\n");
	result(anvil_starts == round && !wrong_context, "the CPU starts once, for who succeeded");
	count("starts", anvil_starts);
	count("wrong_context", wrong_context);
	put("\n");
	result(!seen_off, "AFFINITY_INFO is not off after CPU_ON");
	count("off", seen_off);
	count("on_pending", seen_pending);
	put("\n");
}

void primary_main(void)
{
	test_name = "off-cpu-tlb";
	limit = seconds_from_now(LIMIT_SECONDS);
	put("TAP version 13\n1..11\n");
	*(volatile u64 *)WINDOW_DATA = OFF_DATA;
	for (u64 i = 0; i < PAGES; i++)
		code_page[i][1] = 0xd65f03c0;		/* ret */
	((volatile u32 *)WINDOW_CODE)[1] = 0xd65f03c0;
	code_write((u32 *)WINDOW_CODE, OFF_CODE);
	code_write(code_page[0], 0);
	tlbi_kinds = (sysreg_read(id_aa64isar0_el1) >> 56 & 15) == 2 ? 3 : 2;
	tables_init();
	mmu_enable();
	write32(GICD, 1);
	gic_cpu_init();
	remap();
	hammering();
	finish();
}

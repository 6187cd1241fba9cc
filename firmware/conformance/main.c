// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does firmware keep the CPU return protocol? Started by it like a kernel; takes
 * every CPU in, gives it back from a state as bad as the contract allows, and
 * judges by the release words and by how the CPU comes in again. The boot CPU
 * takes its turn while another one is in charge.
 *
 * TAP on the console. The last line is "# conformance: passed" or "failed".
 */
#include <print.h>
#include <string.h>
#include <tree.h>
#include "conformance.h"

#define ROUNDS		8
#define ACK_LIMIT_MS	100	/* what the protocol promises */
#define WAIT_MS		1000	/* what an OS waits */
#define QUIET_MS	20	/* for something that must not happen */

#define SCTLR_BAD	(1UL << 25 | 1UL << 2 | 1UL << 0)	/* EE, C, M */
#define HCR_BAD		(1UL << 34 | 1UL << 27 | 1UL << 0)		/* E2H, TGE, VM */

#define COMMAND_BACK	(1UL << 63)
#define COMMAND_LEAD	(1UL << 62)

const char print_prefix[] = "";

struct cpu cpus[MAX_CPUS];
u64 nr_cpus;

static u8 stacks[MAX_CPUS][STACK_SIZE] __attribute__((aligned(16)));
static const void *tree;
static unsigned int boot, tests, failures;
static u64 boot_el;

static void report(bool pass, const char *what)
{
	print("%sok %u - %s\n", pass ? "" : "not ", ++tests, what);
	failures += !pass;
}

void park(void)
{
	for (;;)
		wfe();
}

static void finish(void)
{
	print("1..%u\n", tests);
	print("# conformance: %s\n", failures ? "failed" : "passed");
	park();
}

void report_exception(u64 esr, u64 elr, u64 far)
{
	print("Bail out! exception on cpu 0x%lx: ESR 0x%lx ELR 0x%lx FAR 0x%lx\n",
	      this_hwid(), esr, elr, far);
	print("# conformance: failed\n");
	park();
}

static u64 ticks(u64 ms)
{
	return mrs("cntfrq_el0") * ms / 1000;
}

static volatile u64 *word_of(const struct cpu *cpu)
{
	return (volatile u64 *)cpu->word;
}

/* Wait until the word is 0. Returns the ticks it took, ~0 for never. */
static u64 wait_for_zero(const struct cpu *cpu)
{
	u64 start = counter(), now;

	do {
		now = counter();
		if (!*word_of(cpu))
			return now - start;
	} while (now - start < ticks(WAIT_MS));
	return ~0UL;
}

static bool wait_for_arrival(const struct cpu *cpu, u64 before, u64 ms)
{
	u64 start = counter();

	do {
		if (*(volatile u64 *)&cpu->arrivals != before)
			return true;
	} while (counter() - start < ticks(ms));
	return false;
}

static void release(struct cpu *cpu, u64 addr)
{
	dsb();
	*word_of(cpu) = addr;
	dsb();
	sev();
}

static void command(struct cpu *cpu, u64 what)
{
	dsb();
	*(volatile u64 *)&cpu->command = what;
	dsb();
	sev();
}

static bool arrived_clean(const struct cpu *cpu)
{
	bool ok = true;

	for (int i = 0; i < 4; i++) {
		if (cpu->x[i]) {
			print("# x%d is 0x%lx\n", i, cpu->x[i]);
			ok = false;
		}
	}
	if (cpu->el != boot_el) {
		print("# CurrentEL is 0x%lx\n", cpu->el);
		ok = false;
	}
	if (cpu->sctlr & SCTLR_BAD) {
		print("# SCTLR has 0x%lx\n", cpu->sctlr);
		ok = false;
	}
	if (cpu->daif != 0x3c0) {
		print("# DAIF is 0x%lx\n", cpu->daif);
		ok = false;
	}
	if (cpu->hcr & HCR_BAD) {
		print("# HCR_EL2 is 0x%lx\n", cpu->hcr);
		ok = false;
	}
	return ok;
}

/* One CPU there and back again, ROUNDS times. It is in our hands at the start. */
static void round_trips(struct cpu *cpu)
{
	bool held = true, acked = true, stayed = true, refused = true, came = true, clean = true;
	u64 fastest = ~0UL;

	print("# cpu 0x%lx: %u round trips\n", cpu->hwid, ROUNDS);
	for (u64 i = 0; i < ROUNDS && acked && came; i++) {
		u64 before = cpu->arrivals, took;

		held &= *word_of(cpu) != 0;
		command(cpu, COMMAND_BACK | (i & 7));
		took = wait_for_zero(cpu);
		if (took == ~0UL) {
			acked = false;
			break;
		}
		if (took < fastest)
			fastest = took;

		/* In firmware it has to stay, also on an event, ... */
		sev();
		stayed &= !wait_for_arrival(cpu, before, i ? 1 : QUIET_MS);
		stayed &= *word_of(cpu) == 0;
		/* ... and on a value that cannot be the address of an instruction. */
		if (!i) {
			for (u64 bad = 1; bad < 4; bad++) {
				release(cpu, (u64)secondary_entry | bad);
				refused &= !wait_for_arrival(cpu, before, QUIET_MS);
			}
		}

		release(cpu, (u64)secondary_entry);
		came = wait_for_arrival(cpu, before, WAIT_MS);
		held &= *word_of(cpu) == (u64)secondary_entry;
		clean &= came && arrived_clean(cpu);
	}
	report(held, "the word is not 0 while the CPU is out of firmware");
	report(acked, "the word becomes 0 when the CPU has been returned");
	report(acked && fastest <= ticks(ACK_LIMIT_MS), "within 100 ms");
	report(acked && stayed, "the CPU stays until it is released");
	report(acked && refused, "a value with bits 1:0 set does not release it");
	report(acked && came, "a release brings it in");
	report(acked && came && clean, "in the state of a first boot");
}

/* The other CPU, in charge of the boot CPU's turn and of the last word. */
static void lead(void)
{
	struct cpu *cpu = &cpus[boot];
	u64 start = counter();

	/* It has still to fall into its loop. */
	while (!*(volatile u64 *)&cpu->arrivals && counter() - start < ticks(WAIT_MS))
		;
	round_trips(cpu);
	finish();
}

static void loop(struct cpu *cpu)
{
	for (;;) {
		u64 what = *(volatile u64 *)&cpu->command;

		if (!what) {
			wfe();
			continue;
		}
		cpu->command = 0;
		dsb();
		if (what & COMMAND_LEAD)
			lead();
		go_back(cpu, what & 7);
	}
}

void secondary_main(struct cpu *cpu)
{
	dsb();
	*(volatile u64 *)&cpu->arrivals = cpu->arrivals + 1;
	dsb();
	sev();
	loop(cpu);
}

static bool overlaps(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a < b + b_size && b < a + a_size;
}

/* In a no-map child of /reserved-memory, or in /memreserve/ */
static bool reserved(u64 addr, u64 len)
{
	int parent = fdt_path_offset(tree, "/reserved-memory");
	u64 base, size;

	for (int node = parent < 0 ? parent : fdt_first_subnode(tree, parent); node >= 0;
	     node = fdt_next_subnode(tree, node))
		if (tree_reg(tree, node, 0, &base, &size) &&
		    addr >= base && addr + len <= base + size)
			return true;
	for (int i = 0; i < fdt_num_mem_rsv(tree); i++) {
		uint64_t b, s;

		if (!fdt_get_mem_rsv(tree, i, &b, &s) && addr >= b && addr + len <= b + s)
			return true;
	}
	return false;
}

static u64 granule(void)
{
	u64 cwg = (mrs("ctr_el0") >> 24) & 0xf;

	return cwg ? 4UL << cwg : SZ_2K;
}

/* The binding says u64: anything else is no address. */
static bool read_address(int node, const char *name, u64 *addr)
{
	int len;

	return fdt_getprop(tree, node, name, &len) && len == 8 &&
	       tree_u64(tree, node, name, addr);
}

/* What the tree says of this; false if there is nothing to return to. */
static bool read_tree(void)
{
	bool aligned = true, alone = true, safe = true, methods = true, all = true;
	unsigned int with_return = 0;
	u64 hwid, g = granule();

	for (int node = -1; (node = tree_next_cpu(tree, node, &hwid)) >= 0; ) {
		struct cpu *cpu = &cpus[nr_cpus];
		const char *method = fdt_getprop(tree, node, "enable-method", NULL);

		if (nr_cpus == MAX_CPUS) {
			print("# only %u CPUs are tested\n", MAX_CPUS);
			break;
		}
		methods &= method && !strcmp(method, "spin-table");
		cpu->hwid = hwid;
		cpu->stack = (u64)stacks[nr_cpus] + STACK_SIZE;
		all &= read_address(node, "cpu-release-addr", &cpu->word);
		if (read_address(node, "cpu-return-addr", &cpu->ret))
			with_return++;
		if (hwid == this_hwid())
			boot = nr_cpus;
		nr_cpus++;
	}
	if (!with_return)
		return false;

	for (u64 i = 0; i < nr_cpus; i++) {
		u64 word = ALIGN_DOWN(cpus[i].word, g);

		all &= cpus[i].ret != 0;
		aligned &= cpus[i].word && !(cpus[i].word & 7) && !(cpus[i].ret & 3);
		safe &= reserved(cpus[i].word, 8) && reserved(cpus[i].ret, 4);
		alone &= !overlaps(word, g, ALIGN_DOWN(cpus[i].ret, g), g);
		for (u64 k = 0; k < i; k++)
			alone &= !overlaps(word, g, ALIGN_DOWN(cpus[k].word, g), g);
	}
	print("# %lu cpus, boot cpu 0x%lx, EL%lu, writeback granule %lu\n", nr_cpus,
	      cpus[boot].hwid, boot_el >> 2, g);
	report(methods, "enable-method is spin-table everywhere");
	report(all, "every cpu node has a release and a return address");
	report(aligned, "they are aligned");
	report(alone, "every word has a writeback granule of its own");
	report(safe, "they lie in reserved memory");
	return all && aligned;
}

void primary_main(const void *fdt)
{
	bool zero = true, none = true;
	u64 other;

	tree = fdt;
	if (fdt_check_header(fdt) || !console_init(fdt))
		park();
	boot_el = mrs("CurrentEL");
	print("TAP version 13\n");
	if (!read_tree()) {
		if (tests)
			finish();
		print("1..0 # SKIP no cpu-return-addr: firmware does not take CPUs back\n");
		print("# conformance: skipped\n");
		park();
	}

	for (u64 i = 0; i < nr_cpus; i++)
		if (i != boot)
			zero &= *word_of(&cpus[i]) == 0;
	report(zero, "the words of CPUs in firmware are 0");
	report(*word_of(&cpus[boot]) != 0, "that of the boot CPU is not");

	for (u64 i = 0; i < nr_cpus; i++) {
		struct cpu *cpu = &cpus[i];
		bool came;

		if (i == boot)
			continue;
		none &= !cpu->arrivals;
		release(cpu, (u64)secondary_entry);
		came = wait_for_arrival(cpu, 0, WAIT_MS);
		print("# cpu 0x%lx\n", cpu->hwid);
		report(came, "a release brings it in for the first time");
		report(came && arrived_clean(cpu), "as booting.rst says");
		if (!came)
			finish();
	}
	report(none, "none came unasked");

	for (u64 i = 0; i < nr_cpus; i++)
		if (i != boot)
			round_trips(&cpus[i]);

	if (nr_cpus == 1) {
		print("ok %u - boot CPU # SKIP there is no other CPU to watch it\n", ++tests);
		finish();
	}

	/* Somebody who is here has to be in charge now: the last round may have failed. */
	for (other = 0; other < nr_cpus; other++)
		if (other != boot && *word_of(&cpus[other]) == (u64)secondary_entry &&
		    cpus[other].arrivals == ROUNDS + 1)
			break;
	if (other == nr_cpus) {
		report(false, "boot CPU: no other CPU is left to watch it");
		finish();
	}
	/* Counts as its first arrival: it never was released. */
	cpus[boot].arrivals = 1;
	command(&cpus[other], COMMAND_LEAD);
	loop(&cpus[boot]);
}

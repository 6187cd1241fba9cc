/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bare-metal guests of -M virt share: instructions, PSCI, a console, and TAP on it. They start in entry.S, CPU 0 in
 * primary_main(), the others in secondary_main() with the context ID of the CPU_ON that started them.
 */

#ifndef BARE_H
#define BARE_H

typedef unsigned int u32;
typedef unsigned long u64;
typedef unsigned short u16;

#ifndef CONDUIT
#define CONDUIT		"hvc"		/* that a machine with PSCI of QEMU's has */
#endif

#define CPUS		4		/* that entry.S has stacks for and a test runs on */

#define UART		((volatile u32 *)0x09000000)

#define PSCI_VERSION		0x84000000
#define PSCI_CPU_OFF		0x84000002
#define PSCI_CPU_ON32		0x84000003
#define PSCI_CPU_ON		0xc4000003
#define PSCI_AFFINITY_INFO	0xc4000004
#define PSCI_SYSTEM_OFF		0x84000008
#define PSCI_FEATURES		0x8400000a
#define PSCI_SUCCESS		0
#define PSCI_INVALID_PARAMETERS	-2
#define PSCI_DENIED		-3
#define PSCI_ALREADY_ON		-4
#define PSCI_ON_PENDING		-5
#define AFFINITY_ON		0
#define AFFINITY_OFF		1
#define AFFINITY_ON_PENDING	2

extern char cpu_entry[];

/* Registers, instructions */

#define sysreg_read(reg) ({ u64 v_; asm volatile("mrs %0, " #reg : "=r" (v_) : : "memory"); v_; })
#define sysreg_write(reg, v) asm volatile("msr " #reg ", %0" : : "r" ((u64)(v)) : "memory")
#define isb() asm volatile("isb" : : : "memory")
#define dsb() asm volatile("dsb ish" : : : "memory")

static inline u64 acquire(const u64 *p)
{
	u64 v;

	asm volatile("ldar %0, [%1]" : "=r" (v) : "r" (p) : "memory");
	return v;
}

static inline void release(u64 *p, u64 v)
{
	asm volatile("stlr %0, [%1]" : : "r" (v), "r" (p) : "memory");
}

static inline void relax(void)
{
	/* Single-threaded TCG goes on to the next CPU. */
	asm volatile("yield" : : : "memory");
}

static inline u32 read32(u64 address)
{
	return *(volatile u32 *)address;
}

static inline void write32(u64 address, u32 v)
{
	*(volatile u32 *)address = v;
}

static inline int psci(u64 function, u64 a, u64 b, u64 c)
{
	register u64 x0 asm("x0") = function;
	register u64 x1 asm("x1") = a;
	register u64 x2 asm("x2") = b;
	register u64 x3 asm("x3") = c;

	asm volatile(CONDUIT " #0" : "+r" (x0), "+r" (x1), "+r" (x2), "+r" (x3) : : "memory");
	return x0;
}

static inline u64 cpu_self(void)
{
	return sysreg_read(mpidr_el1) & 0xff;
}

static inline u64 seconds_from_now(u64 seconds)
{
	isb();
	return sysreg_read(cntvct_el0) + seconds * sysreg_read(cntfrq_el0);
}

static inline int is_past(u64 time)
{
	isb();
	return sysreg_read(cntvct_el0) >= time;
}

/* Console, CPU 0 only */

static inline void put(const char *s)
{
	for (; *s; s++)
		*UART = *s;
}

static inline void put_number(u64 n)
{
	char digits[24];
	int i = sizeof(digits) - 1;

	digits[i] = 0;
	do {
		digits[--i] = '0' + n % 10;
		n /= 10;
	} while (n);
	put(digits + i);
}

static inline void count(const char *name, u64 n)
{
	put(" ");
	put(name);
	put("=");
	put_number(n);
}

static const char *test_name;
static u64 result_number, results_bad;

/* The counts of a result follow on its line. */
static inline void result(int good, const char *what)
{
	put(good ? "ok " : "not ok ");
	put_number(++result_number);
	put(" - ");
	put(what);
	put(" #");
	results_bad += !good;
}

static inline void finish(void)
{
	put("# ");
	put(test_name);
	put(results_bad ? ": failed\n" : ": passed\n");
	psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		;
}

static inline void bail_out(const char *why)
{
	put("Bail out! ");
	put(why);
	put("\n");
	results_bad++;
	finish();
}

void unexpected_exception(u64 esr, u64 elr, u64 far)
{
	put("# exception of CPU");
	count("cpu", cpu_self());
	count("esr", esr);
	count("elr", elr);
	count("far", far);
	put("\n");
	bail_out("unexpected exception");
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUs that are released through a spin-table and returned to firmware
 */
#ifndef __SMP_SPIN_TABLE_H
#define __SMP_SPIN_TABLE_H

/* An entry of spin_table_return[], for those who cannot ask sizeof() */
#define SPIN_TABLE_RETURN_SIZE	16

#ifndef __ASSEMBLER__

#include <linux/init.h>
#include <linux/types.h>

#ifdef CONFIG_HOTPLUG_CPU
/**
 * struct spin_table_expected - whom spin_table_secondary_entry lets in
 * @hwid: MPIDR affinity of the CPU that is being brought up, INVALID_HWID at
 *	  all other times
 * @el:   CurrentEL at which it has to come, 0 for any
 *
 * Written once at boot, then under the CPU hotplug lock; to lock the door behind
 * it by the CPU that has come in, for which the writer before waits; and by the
 * CPU on which the kernel crashed.
 */
struct spin_table_expected {
	u64	hwid;
	u64	el;
};

/**
 * struct spin_table_return - the way back of one CPU
 * @hwid: MPIDR affinity
 * @addr: physical address in firmware to branch to, 0 if the CPU cannot be
 *	  returned
 *
 * Set up at boot, before the first CPU is released. Afterwards @addr may only
 * become 0. Read with the MMU off by spin_table_secondary_entry.
 */
struct spin_table_return {
	u64	hwid;
	u64	addr;
};

extern struct spin_table_expected spin_table_expected;
extern struct spin_table_return spin_table_return[];
void spin_table_secondary_entry(void);

int spin_table_cpu_prepare(unsigned int cpu);
bool spin_table_cpu_returnable(unsigned int cpu);
int spin_table_cpu_release(unsigned int cpu);
void spin_table_cpu_cancel(unsigned int cpu);
void spin_table_cpu_postboot(void);
bool spin_table_cpu_can_disable(unsigned int cpu);
bool spin_table_cpu_can_leave(unsigned int cpu);
int spin_table_cpu_disable(unsigned int cpu);
void spin_table_cpu_die(unsigned int cpu);
int spin_table_cpu_kill(unsigned int cpu);
#else
static inline int spin_table_cpu_prepare(unsigned int cpu)
{
	return 1;
}

static inline bool spin_table_cpu_returnable(unsigned int cpu)
{
	return false;
}

static inline int spin_table_cpu_release(unsigned int cpu)
{
	return 0;
}
#endif /* CONFIG_HOTPLUG_CPU */

#endif /* __ASSEMBLER__ */
#endif /* __SMP_SPIN_TABLE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef __ARM_ARM64_SPIN_TABLE_H
#define __ARM_ARM64_SPIN_TABLE_H

#include <xen/types.h>

struct dt_device_node;

#ifdef CONFIG_CPU_ONLINE_OFFLINE

/* This CPU, whose node it is, is started by spin-table. */
void spin_table_return_add(unsigned int cpu, struct dt_device_node *dn);

/*
 * Have firmware start a CPU that it can take back. Returns 0; 1 if it is none
 * of those, and nothing was done; or -errno.
 * With the CPU hotplug lock held.
 */
int spin_table_release(unsigned int cpu);

/* spin-table.S, for spin_table_release(), and what it reads */
void spin_table_entry(void);
extern paddr_t spin_table_ways;

/*
 * Operations of a CPU, for smpboot.c. It may not go (-EOPNOTSUPP) if firmware
 * does not take it back, or has said that it has it while it runs.
 */
int spin_table_may_off(int cpu);
bool spin_table_is_off(int cpu);
/* The CPU itself goes. Interrupts are off. Comes back only if it cannot. */
void spin_table_off(void);

/* spin-table.S, for spin_table_off() */
void noreturn spin_table_leave(uint64_t addr, paddr_t ttbr, paddr_t mmu_off);
void spin_table_mmu_off(void);

#else

static inline void spin_table_return_add(unsigned int cpu,
                                         struct dt_device_node *dn) {}
static inline int spin_table_release(unsigned int cpu) { return 1; }

#endif

#endif /* __ARM_ARM64_SPIN_TABLE_H */
/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */

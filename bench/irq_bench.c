/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long it takes to move Xen's own interrupts off a CPU that goes, by how
 * many it has and how many are in use, and how long after its last step such a
 * CPU is known to be off. bench/xen-pcpu puts this file beside irq.c, and has
 * irq_bench_begin() and _end() called where they are moved, and _off() where
 * the CPU goes.
 *
 * The CPU is CPU 1. The interrupts are SPIs that no device of QEMU's virt has.
 */
#include <xen/cpu.h>
#include <xen/cpumask.h>
#include <xen/init.h>
#include <xen/irq.h>
#include <xen/lib.h>
#include <xen/time.h>

#define FIRST_IRQ 160
#define BENCH_CPU 1

/* Each time that the CPU goes it is the next one's turn. */
static const struct {
    unsigned int owned, used;
} steps[] = { { 0, 1 }, { 1, 1 }, { 1, 80 }, { 8, 80 }, { 64, 80 } };

static unsigned int step, nr_used;
static uint64_t begin, end, off;

static void cf_check handler(int irq, void *dev) {}

/* Has the CPU own as many as the step wants; the others are CPU 0's. */
static void prepare(void)
{
    unsigned int i;

    for ( i = 0; i < steps[step].used; i++ )
    {
        struct irq_desc *desc = irq_to_desc(FIRST_IRQ + i);
        cpumask_t mask;
        unsigned long flags;

        if ( i == nr_used )
        {
            if ( irq_set_spi_type(FIRST_IRQ + i, IRQ_TYPE_LEVEL_HIGH) ||
                 request_irq(FIRST_IRQ + i, 0, handler, "bench", NULL) )
                panic("irq-bench: no IRQ%u\n", FIRST_IRQ + i);
            nr_used++;
        }

        /* With another one to go to: then nobody complains of it. */
        cpumask_copy(&mask, cpumask_of(i < steps[step].owned ? BENCH_CPU : 0));
        if ( i < steps[step].owned )
            __cpumask_set_cpu(BENCH_CPU + 1, &mask);

        spin_lock_irqsave(&desc->lock, flags);
        irq_set_affinity(desc, &mask);
        spin_unlock_irqrestore(&desc->lock, flags);
    }
}

void irq_bench_begin(void)
{
    begin = get_cycles();
}

void irq_bench_end(void)
{
    end = get_cycles();
}

void irq_bench_off(void)
{
    off = get_cycles();
}

static int cf_check cpu_callback(
    struct notifier_block *nfb, unsigned long action, void *hcpu)
{
    if ( (unsigned long)hcpu != BENCH_CPU || step == ARRAY_SIZE(steps) )
        return NOTIFY_DONE;

    switch ( action )
    {
    case CPU_DEAD:
        printk("irq-bench: known-off %lu\n", get_cycles() - off);
        printk("irq-bench: %u-of-%u %lu\n", steps[step].owned,
               steps[step].used, end - begin);
        break;

    case CPU_ONLINE:
        if ( ++step < ARRAY_SIZE(steps) )
            prepare();
        break;
    }

    return NOTIFY_DONE;
}

/* First to hear of a CPU that goes, last to hear of one that comes. */
static struct notifier_block cpu_nfb = {
    .notifier_call = cpu_callback,
    .priority = INT_MIN,
};

static int __init cf_check irq_bench_init(void)
{
    register_cpu_notifier(&cpu_nfb);
    prepare();

    return 0;
}
__initcall(irq_bench_init);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LPIs follow the vCPUs that they are for.
 *
 * The ITS decides which CPU takes an LPI, and is told otherwise by a command,
 * which no interrupt handler can send. So the CPU that takes an LPI for a vCPU
 * which is elsewhere makes a note, and the ITS is told in a softirq: the next
 * one comes to where the vCPU was. Any CPU can take any LPI and inject it, so
 * a note that is outdated when its turn comes, or that is lost, does no harm.
 *
 * A vCPU can go to and fro, and a guest can choose another vCPU for each LPI.
 * Neither keeps the ITS busy: an LPI has one note at a time, and another one
 * MOVE_INTERVAL later at the earliest; and one LPI at a time is being moved.
 *
 * Lock order:
 *
 *   blocks_lock            what is in blocks[], and what the ITS knows of it
 *     collection_lock      (gic-v3-its.c)
 *       its->cmd_lock
 *     notes_lock           what is in blocks[], and notes
 *
 * Those of a vITS may be held already. The interrupt handler takes notes_lock
 * alone, and all take that with interrupts disabled.
 */

#include <xen/bitops.h>
#include <xen/lib.h>
#include <xen/list.h>
#include <xen/sched.h>
#include <xen/sections.h>
#include <xen/tasklet.h>
#include <xen/time.h>
#include <xen/xmalloc.h>
#include <asm/gic_v3_its.h>

/* Long for an ITS, and short for a vCPU that stays where it is. */
#define MOVE_INTERVAL   MILLISECS(10)

/* LPI_BLOCK consecutive LPIs of as many consecutive events of a device. */
struct lpi_block {
    struct host_its *its;
    uint32_t devid, eventid;
    /* Where the ITS has each of them. */
    uint16_t collection[LPI_BLOCK];

    /* Those of which there is a note, where they are to go, the next note. */
    struct list_head noted;
    uint32_t notes;
    uint16_t cpu[LPI_BLOCK];
    s_time_t next[LPI_BLOCK];
};

static DEFINE_SPINLOCK(blocks_lock);
static DEFINE_SPINLOCK(notes_lock);
static LIST_HEAD(noted_blocks);

/* One for each block that there can be: a quarter of a byte for each LPI. */
static struct lpi_block **__ro_after_init blocks;

static void cf_check move_block(void *unused);
static DECLARE_SOFTIRQ_TASKLET(move_tasklet, move_block, NULL);

static struct lpi_block **slot_of(uint32_t lpi)
{
    return &blocks[(lpi - LPI_OFFSET) / LPI_BLOCK];
}

/* Moves what is noted of one block. Others are left to the next softirq. */
static void cf_check move_block(void *unused)
{
    struct lpi_block *block;
    uint16_t cpu[LPI_BLOCK];
    uint32_t notes = 0;
    unsigned long flags;

    spin_lock(&blocks_lock);

    spin_lock_irqsave(&notes_lock, flags);
    block = list_first_entry_or_null(&noted_blocks, struct lpi_block, noted);
    if ( block )
    {
        list_del_init(&block->noted);
        notes = block->notes;
        block->notes = 0;
        memcpy(cpu, block->cpu, sizeof(cpu));
    }
    if ( !list_empty(&noted_blocks) )
        tasklet_schedule(&move_tasklet);
    spin_unlock_irqrestore(&notes_lock, flags);

    /* An ITS that does not do what it is told is not asked 32 times. */
    for_each_set_bit ( i, notes )
        if ( gicv3_its_move_lpi(block->its, block->devid, block->eventid + i,
                                &block->collection[i], cpu[i]) )
            break;

    spin_unlock(&blocks_lock);
}

/*
 * This CPU has taken @lpi for @v. In the interrupt handler, with interrupts
 * disabled; the caller sees to it that the domain stays.
 */
void gicv3_lpi_follow(uint32_t lpi, const struct vcpu *v)
{
    unsigned int cpu = ACCESS_ONCE(v->processor), i = lpi % LPI_BLOCK;
    struct lpi_block *block;

    /* A vCPU that waits for a CPU may be on one that is gone. */
    if ( cpu == smp_processor_id() || !cpu_online(cpu) )
        return;

    spin_lock(&notes_lock);
    block = *slot_of(lpi);
    if ( block && NOW() >= block->next[i] )
    {
        block->next[i] = NOW() + MOVE_INTERVAL;
        block->cpu[i] = cpu;
        block->notes |= 1U << i;
        /* If it is not the first, somebody is on the way. */
        if ( list_empty(&block->noted) )
        {
            list_add_tail(&block->noted, &noted_blocks);
            tasklet_schedule(&move_tasklet);
        }
    }
    spin_unlock(&notes_lock);
}

/* Returns the block that was there. If there is none, its LPIs do not move. */
static struct lpi_block *set_block(uint32_t first_lpi, struct lpi_block *new)
{
    struct lpi_block **slot = slot_of(first_lpi), *old;
    unsigned long flags;

    spin_lock(&blocks_lock);
    spin_lock_irqsave(&notes_lock, flags);
    old = *slot;
    if ( old )
        list_del(&old->noted);
    *slot = new;
    spin_unlock_irqrestore(&notes_lock, flags);
    spin_unlock(&blocks_lock);

    return old;
}

/* The ITS knows this device, with all its LPIs in the collection of CPU 0. */
void gicv3_lpi_follow_device(struct host_its *its, uint32_t devid,
                             const uint32_t *first_lpis, unsigned int nr)
{
    unsigned int i;

    for ( i = 0; i < nr; i++ )
    {
        struct lpi_block *block = xzalloc(struct lpi_block);

        /* Without memory they stay where they are. */
        if ( !block )
            return;

        block->its = its;
        block->devid = devid;
        block->eventid = i * LPI_BLOCK;
        INIT_LIST_HEAD(&block->noted);
        block = set_block(first_lpis[i], block);
        ASSERT(!block);
    }
}

/*
 * The ITS is going to forget the device. Nobody sends a command about it once
 * this has returned.
 */
void gicv3_lpi_forget_device(const uint32_t *first_lpis, unsigned int nr)
{
    while ( nr-- )
        xfree(set_block(first_lpis[nr], NULL));
}

void gicv3_lpi_follow_init(unsigned long nr_lpis)
{
    blocks = xzalloc_array(struct lpi_block *, nr_lpis / LPI_BLOCK);
    if ( !blocks )
        panic("GICv3: Cannot allocate memory for LPIs\n");
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */

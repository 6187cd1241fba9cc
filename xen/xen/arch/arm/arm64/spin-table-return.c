/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUs that spin-table firmware takes back
 *
 * The contract is Documentation/arch/arm64/cpu-return.rst of Linux. In short:
 * the release word of a CPU is 0 if and only if the CPU is in firmware. Xen
 * writes an entry point there to start the CPU; the CPU branches to its
 * cpu-return-addr to go back; firmware writes 0 once it has it, within 100 ms.
 *
 * The word is the state. Nothing here remembers where a CPU is.
 */

#include <xen/bootfdt.h>
#include <xen/cpumask.h>
#include <xen/device_tree.h>
#include <xen/domain_page.h>
#include <xen/errno.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sizes.h>
#include <xen/smp.h>
#include <xen/vmap.h>
#include <xen/xmalloc.h>
#include <asm/arm64/spin-table.h>
#include <asm/io.h>
#include <asm/setup.h>

/* Override macros from asm/page.h to make them work with mfn_t */
#undef virt_to_mfn
#define virt_to_mfn(va) _mfn(__virt_to_mfn(va))

/* The way back of a CPU. */
struct spin_table_way {
    uint64_t hwid;
    uint64_t addr;      /* in firmware, 0: this CPU cannot be returned */
};

/* One for each CPU, and one more with MPIDR_INVALID. NULL: none can be. */
static struct spin_table_way *__ro_after_init ways;

/*
 * Where spin_table_entry finds them. In memory that is contiguous, which Xen
 * itself need not be (LLC coloring).
 */
paddr_t __section(".data.idmap") spin_table_ways;

/* Mapped for good: CPUs are waited for where nothing should be mapped. */
static void __iomem *__ro_after_init word[NR_CPUS];

/*
 * The root of the page tables with which CPUs leave, in which there is Xen and
 * the identity mapping. That of the CPUs that run has the latter while one is
 * started. To put it there takes locks and memory, which a CPU on its way out
 * cannot have, and it is never known when a CPU that is lost has used it.
 */
static paddr_t __ro_after_init exit_ttbr;

/* There is no word to write to, so they cannot be started either. */
static cpumask_t unusable;

static struct dt_device_node *__initdata cpu_node[NR_CPUS];

/*
 * Firmware reads and writes the word with its caches off, or cleans what it
 * has written. The line has been cleaned when it was last written here, and
 * there is nothing else in its granule: there is nothing to clean, and what is
 * read next comes from memory. Not just invalidated, which might drop the 0 of
 * firmware that has not cleaned it yet.
 */
static uint64_t read_word(unsigned int cpu)
{
    clean_and_invalidate_dcache_va_range(word[cpu], sizeof(uint64_t));

    return readq_relaxed(word[cpu]);
}

static bool returnable(unsigned int cpu)
{
    return ways && ACCESS_ONCE(ways[cpu].addr);
}

static void refuse(unsigned int cpu, const char *why)
{
    printk(XENLOG_WARNING "CPU%u cannot be returned to firmware: %s\n",
           cpu, why);
    ACCESS_ONCE(ways[cpu].addr) = 0;
    clean_dcache_va_range(&ways[cpu], sizeof(ways[cpu]));
}

int spin_table_release(unsigned int cpu)
{
    uint64_t val;

    if ( cpumask_test_cpu(cpu, &unusable) )
        return -EOPNOTSUPP;

    if ( !returnable(cpu) )
        return 1;

    val = read_word(cpu);
    if ( val )
    {
        printk(XENLOG_ERR
               "CPU%u is not in firmware, its release word is %#"PRIx64"\n",
               cpu, val);
        return -EIO;
    }

    /* What the CPU reads first has been cleaned by those who wrote it. */
    writeq(__pa(spin_table_entry), word[cpu]);
    clean_and_invalidate_dcache_va_range(word[cpu], sizeof(uint64_t));
    sev();

    return 0;
}

int spin_table_may_off(int cpu)
{
    /*
     * Of such a CPU nobody would be told that it has returned, and it would be
     * started while it still runs.
     */
    if ( returnable(cpu) && !read_word(cpu) )
        refuse(cpu, "its release word is 0 while it runs");

    return returnable(cpu) ? 0 : -EOPNOTSUPP;
}

bool spin_table_is_off(int cpu)
{
    return returnable(cpu) && !read_word(cpu);
}

/*
 * Nothing has to be cleaned: the caches of this CPU stay coherent until
 * firmware takes it out of coherency, and then firmware cleans them.
 * Guests have neither of SPE, TRBE (MDCR_EL2) and SME (CPTR_EL2), so there is
 * nothing that goes on writing, and PSTATE.SM and ZA are 0.
 */
void spin_table_off(void)
{
    unsigned int cpu = smp_processor_id();

    if ( !returnable(cpu) )
        return;

    asm volatile ( "msr daifset, #0xf" ::: "memory" );

    /* No more walks, not even speculative ones, of what guests have left. */
    WRITE_SYSREG(READ_SYSREG(SCTLR_EL1) & ~SCTLR_Axx_ELx_M, SCTLR_EL1);
    isb();
    WRITE_SYSREG(HCR_RW, HCR_EL2);
    isb();

    spin_table_leave(ways[cpu].addr, exit_ttbr,
                     virt_to_maddr(spin_table_mmu_off));
}

void __init spin_table_return_add(unsigned int cpu, struct dt_device_node *dn)
{
    cpu_node[cpu] = dn;
}

/*
 * Is this memory firmware's own? All that is not reserved Xen gives to itself,
 * or to a domain.
 */
static bool __init is_reserved(uint64_t addr)
{
    const struct membanks *mem = bootinfo_get_reserved_mem();
    unsigned int i;

    for ( i = 0; i < mem->nr_banks; i++ )
    {
        const struct membank *bank = &mem->bank[i];

        if ( addr >= bank->start && addr - bank->start < bank->size )
            return bank->type == MEMBANK_DEFAULT ||
                   bank->type == MEMBANK_FDT_RESVMEM;
    }

    return false;
}

/*
 * With two words in one cache writeback granule who cleans the one writes the
 * other, with what it was when the line was fetched.
 */
static const char *__init shares_word(const struct dt_device_node *dn,
                                      uint64_t release)
{
    unsigned int cwg = (READ_SYSREG(CTR_EL0) >> CTR_CWG_SHIFT) & CTR_CWG_MASK;
    uint64_t other, mask = ~((cwg ? 4UL << cwg : SZ_2K) - 1);
    const struct dt_device_node *np;

    dt_for_each_child_node ( dn->parent, np )
    {
        if ( np == dn ||
             !dt_property_read_u64(np, "cpu-release-addr", &other) )
            continue;

        if ( other == release )
            return "its cpu-release-addr is also another CPU's";

        if ( (other & mask) == (release & mask) )
            return "its release word is in one cache writeback granule with another's";
    }

    return NULL;
}

/* What makes a release word one that nobody should write to? */
static const char *__init check_word(uint64_t release)
{
    if ( !release )
        return "its cpu-release-addr is 0";
    if ( !IS_ALIGNED(release, sizeof(uint64_t)) )
        return "its cpu-release-addr is not aligned to 8 bytes";
    if ( !is_reserved(release) )
        return "its cpu-release-addr is in memory that is not reserved";

    return NULL;
}

static const char *__init check_return(const struct dt_device_node *dn,
                                       uint64_t *addr)
{
    uint32_t len;

    if ( !dt_get_property(dn, "cpu-return-addr", &len) ||
         len != sizeof(*addr) ||
         !dt_property_read_u64(dn, "cpu-return-addr", addr) )
        return "its cpu-return-addr is not one 64-bit value";
    if ( !*addr )
        return "its cpu-return-addr is 0";
    if ( !IS_ALIGNED(*addr, sizeof(uint32_t)) )
        return "its cpu-return-addr is not aligned to 4 bytes";
    if ( !is_reserved(*addr) )
        return "its cpu-return-addr is in memory that is not reserved";

    return NULL;
}

/*
 * What is reserved is mapped to dom0, and is described in its tree. From a
 * release word a CPU takes where it is to start, at EL2: let dom0 have nothing
 * of that. Memory that is reserved by /memreserve/ it does not get.
 */
static void __init hide_from_dom0(paddr_t addr)
{
    const struct dt_device_node *parent =
        dt_find_node_by_path("/reserved-memory");
    struct membanks *mem = bootinfo_get_reserved_mem();
    struct dt_device_node *np;
    paddr_t start, size;
    unsigned int i;

    for ( i = 0; i < mem->nr_banks; i++ )
        if ( addr >= mem->bank[i].start &&
             addr - mem->bank[i].start < mem->bank[i].size )
            mem->bank[i].type = MEMBANK_FDT_RESVMEM;

    if ( !parent )
        return;

    dt_for_each_child_node ( parent, np )
        for ( i = 0; !dt_device_get_paddr(np, i, &start, &size); i++ )
            if ( addr >= start && addr - start < size )
                dt_device_set_used_by(np, DOMID_XEN);
}

static const char *__init init_way(unsigned int cpu)
{
    const struct dt_device_node *dn = cpu_node[cpu];
    uint64_t addr, release = 0;
    const char *why;

    dt_property_read_u64(dn, "cpu-release-addr", &release);
    why = check_word(release);
    if ( why )
    {
        cpumask_set_cpu(cpu, &unusable);
        return why;
    }

    why = check_return(dn, &addr) ?: shares_word(dn, release);
    if ( why )
        return why;

    /* Reserved or not, all of the memory is mapped like this already. */
    word[cpu] = ioremap_cache(release, sizeof(uint64_t));
    if ( !word[cpu] )
        return "its release word cannot be mapped";

    hide_from_dom0(release);
    hide_from_dom0(addr);
    ways[cpu].addr = addr;

    return NULL;
}

static void __init init_exit_tables(void)
{
    paddr_t id_addr = virt_to_maddr(_start);
    DECLARE_OFFSETS(id_offsets, id_addr);
    unsigned int i, xen_slot = zeroeth_table_offset(XEN_VIRT_START);
    lpae_t *table[4], pte;

    for ( i = 0; i < ARRAY_SIZE(table); i++ )
    {
        table[i] = alloc_xenheap_page();
        if ( !table[i] )
            panic("spin-table: no memory for page tables\n");
        clear_page(table[i]);
    }

    for ( i = 0; i < ARRAY_SIZE(table) - 1; i++ )
    {
        pte = mfn_to_xen_entry(virt_to_mfn(table[i + 1]), MT_NORMAL);
        pte.pt.table = 1;
        pte.pt.xn = 0;
        write_pte(&table[i][id_offsets[i]], pte);
    }

    pte = mfn_to_xen_entry(maddr_to_mfn(id_addr), MT_NORMAL);
    pte.pt.table = 1;
    pte.pt.xn = 0;
    pte.pt.ro = 1;
    write_pte(&table[3][id_offsets[3]], pte);

    /* The identity mapping is below, see arch_setup_page_tables(). */
    write_pte(&table[0][xen_slot], xen_pgtable[xen_slot]);

    exit_ttbr = virt_to_maddr(table[0]);
}

static void __init set_ways(void)
{
    /* As smp_up_cpu: Xen's own mapping is read-only. */
    void *ptr = map_domain_page(virt_to_mfn(&spin_table_ways));

    ptr += PAGE_OFFSET(&spin_table_ways);
    *(paddr_t *)ptr = virt_to_maddr(ways);
    clean_dcache_va_range(ptr, sizeof(spin_table_ways));
    unmap_domain_page(ptr);
}

/*
 * Once all nodes are known, for what is wrong with one may be seen only by
 * looking at the others, and before the first CPU is started.
 */
static int __init spin_table_return_init(void)
{
    unsigned int cpu, nr = 0;
    const char *why;

    for_each_possible_cpu ( cpu )
    {
        /* The boot CPU stays. */
        if ( !cpu || !cpu_node[cpu] ||
             !dt_find_property(cpu_node[cpu], "cpu-return-addr", NULL) )
            continue;

        if ( !ways )
            ways = xzalloc_array(struct spin_table_way, nr_cpu_ids + 1);
        if ( !ways )
            panic("spin-table: no memory\n");

        ways[cpu].hwid = cpu_logical_map(cpu);
        why = init_way(cpu);
        if ( why )
            refuse(cpu, why);
        else
            nr++;
    }

    if ( !ways )
        return 0;

    ways[nr_cpu_ids].hwid = MPIDR_INVALID;
    clean_dcache_va_range(ways, (nr_cpu_ids + 1) * sizeof(*ways));
    set_ways();
    init_exit_tables();

    printk(XENLOG_INFO "spin-table: %u CPUs can be returned to firmware\n",
           nr);

    return 0;
}
presmp_initcall(spin_table_return_init);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */

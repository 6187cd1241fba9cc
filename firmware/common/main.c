// SPDX-License-Identifier: GPL-2.0-only
/*
 * From reset to the OS:
 *
 *   all CPUs, in flash    work out where the resident copy goes
 *   boot CPU              copies the firmware, goes on in the copy, loads the OS,
 *                         makes its tree, fills the slots, opens the gate
 *   others                wait at the gate, enter the copy, set up EL3, check in,
 *                         leave EL3 and spin
 *   boot CPU              waits for them, leaves EL3 for the OS
 */
#include <adversary.h>
#include <board.h>
#include <firmware.h>
#include <string.h>
#include <tree.h>

#define CHECK_IN_SECONDS	10

const char print_prefix[] = "firmware: ";

struct cpu_slot *fw_slots;
u64 fw_cpus;

static struct layout layout;
static struct options options;
static char option_text[512];
static char edit_text[8192];

void park(void)
{
	for (;;)
		wfi();
}

bool layout_init(struct layout *l, const void *fdt)
{
	u64 end, size;

	if (fdt_check_header(fdt) || !tree_bank(fdt, (u64)fdt, &l->bank, &end))
		return false;
	l->cpus = 0;
	for (int node = -1; (node = tree_next_cpu(fdt, node, NULL)) >= 0; )
		l->cpus++;
	if (!l->cpus)
		return false;

	/*
	 * One granule more than there are CPUs: a tree edit can move a word
	 * there. 64 KiB, so that an OS with pages of that size can leave the
	 * region out of its mapping.
	 */
	size = ALIGN_UP((u64)(__bss_end - _start), WORD_STRIDE);
	l->slots = size;
	size += l->cpus * SLOT_SIZE;
	l->words = size;
	size += (l->cpus + 1) * WORD_STRIDE;
	l->size = ALIGN_UP(size, SZ_64K);
	l->base = ALIGN_DOWN(end, SZ_64K) - l->size;
	l->slots += l->base;
	l->words += l->base;
	return l->base > l->bank;
}

void flash_main(void)
{
	const void *fdt = board_fdt();
	struct layout l;
	bool boot_cpu;

	if (!layout_init(&l, fdt))
		park();
	boot_cpu = board_is_boot_cpu(fdt);
	if (boot_cpu) {
		u64 image = __image_end - _start;

		memcpy((void *)l.base, _start, image);
		/* Slots and words of the run before a reset must be gone. */
		memset((void *)(l.base + image), 0, l.size - image);
		dsb();
	} else {
		board_wait_gate(fdt);
	}
	enter_ram(l.base, fdt, l.size, boot_cpu);
}

static void read_text(enum board_item item, const char *what, char *buf, u64 room)
{
	u64 size = board_item_size(item);

	if (size >= room)
		fatal("%s: more than %lu bytes", what, room - 1);
	board_item_read(item, 0, buf, size);
	buf[size] = 0;
}

static void slots_init(const void *fdt)
{
	struct cpu_slot *slot = (struct cpu_slot *)layout.slots;

	fw_slots = slot;
	fw_cpus = layout.cpus;
	for (int node = -1; (node = tree_next_cpu(fdt, node, &slot->hwid)) >= 0; slot++) {
		bool boot_cpu = slot->hwid == this_hwid();

		/* as CurrentEL reads */
		slot->level = options.num[boot_cpu ? OPT_EL : OPT_EL_SECONDARY] << 2;
		slot->entry = (u64)spin;
		slot->stamps = options.num[OPT_STAMPS];
	}
}

static struct cpu_slot *this_slot(void)
{
	for (u64 i = 0; i < fw_cpus; i++)
		if (fw_slots[i].hwid == this_hwid())
			return &fw_slots[i];
	fatal("boot CPU 0x%lx is not in the tree", this_hwid());
}

/*
 * Poll what the tree says, also after edits: as long as it is a word that can
 * be polled and that is not code. Otherwise the CPU stays with its own word,
 * and an OS that believes such a tree never gets it.
 *
 * The walk is through the machine's tree, for an edit may have broken ours.
 */
static void slots_follow_tree(const void *fdt, const void *machine_fdt)
{
	int cpus = fdt_path_offset(fdt, "/cpus");
	struct cpu_slot *slot = fw_slots;
	u64 own = layout.words;

	for (int from = -1; (from = tree_next_cpu(machine_fdt, from, NULL)) >= 0; ) {
		int len;
		const char *name = fdt_get_name(machine_fdt, from, &len);
		int node = fdt_subnode_offset_namelen(fdt, cpus, name, len);
		u64 word;

		slot->word = own;
		if (node >= 0 && tree_u64(fdt, node, "cpu-release-addr", &word) &&
		    word >= layout.words && word < layout.base + layout.size &&
		    !(word & 7))
			slot->word = word;
		if (slot->word != own)
			say("cpu 0x%lx polls 0x%lx", slot->hwid, slot->word);
		slot++;
		own += WORD_STRIDE;
	}
}

static u64 missing(void)
{
	u64 n = 0;

	for (u64 i = 0; i < fw_cpus; i++)
		n += !*(volatile u64 *)&fw_slots[i].present;
	return n;
}

static void wait_for_others(void)
{
	u64 start = counter(), limit = CHECK_IN_SECONDS * mrs("cntfrq_el0");

	/* No WFE: an event that was sent before it is one that ends nothing. */
	while (missing() && counter() - start < limit)
		;
	for (u64 i = 0; i < fw_cpus; i++)
		if (!fw_slots[i].present)
			say("cpu 0x%lx is missing", fw_slots[i].hwid);
}

/**
 * ram_main() - the boot CPU, in the copy
 * @base:	where the copy lies
 * @fdt:	the machine's tree
 */
void ram_main(u64 base, const void *fdt)
{
	struct cpu_slot *self;
	struct image img;
	void *tree;

	board_init(fdt);
	layout_init(&layout, fdt);
	say("cpu-return reference firmware " FW_VERSION ", %s, EL%lu, %u cpus, %s",
	    board_name(), mrs("CurrentEL") >> 2, layout.cpus, board_irq_name());
	if (layout.base != base)
		fatal("the machine's tree has changed");

	read_text(ITEM_OPTIONS, "options", option_text, sizeof(option_text));
	options_parse(&options, option_text);
	options_print(&options);
	say("resident 0x%lx-0x%lx, release words from 0x%lx, 0x%lx apart, return to 0x%lx",
	    layout.base, layout.base + layout.size - 1, layout.words, WORD_STRIDE,
	    options.num[OPT_RETURN] ? (u64)cpu_return : 0UL);

	slots_init(fdt);
	self = this_slot();

	tree = (void *)(ALIGN_DOWN(layout.base, SZ_2M) - SZ_2M);
	image_load(&img, board_free_memory(), (u64)tree);
	handover_tree(tree, fdt, &layout, &options, &img);
	adversary_tree(tree);
	read_text(ITEM_EDITS, "tree-edits", edit_text, sizeof(edit_text));
	edits_apply(tree, edit_text);
	slots_follow_tree(tree, fdt);
	/*
	 * 0 means "in firmware", and this CPU no longer is: a crash kernel on
	 * another one would take it for one that came back.
	 */
	if (options.num[OPT_RETURN])
		write64(self->word, 1);
	adversary_init(tree);
	fdt_pack(tree);
	say("kernel 0x%lx-0x%lx, initrd 0x%lx-0x%lx, tree 0x%lx-0x%lx",
	    img.entry, img.end - 1, img.initrd_start, img.initrd_end ? img.initrd_end - 1 : 0,
	    (u64)tree, (u64)tree + fdt_totalsize(tree) - 1);

	self->entry = img.entry;
	self->arg = (u64)tree;

	el3_init(self);
	board_irq_init();
	board_cpu_init();
	adversary_cpu_init(self);
	self->present = 1;
	dsb();
	board_open_gate();
	wait_for_others();
	say("%lu of %u cpus in firmware, entering the kernel at EL%lu",
	    fw_cpus - missing() - 1, layout.cpus - 1, self->level >> 2);
	el3_drop(self);
}

/**
 * secondary_main() - every other CPU, in the copy
 * @slot: complete, because the gate was open
 */
void secondary_main(struct cpu_slot *slot)
{
	el3_init(slot);
	board_cpu_init();
	adversary_cpu_init(slot);
	el3_drop(slot);
}

/**
 * report_exception() - one line, whichever level it was taken to
 * @level: CurrentEL, and the syndrome registers of that level
 */
void report_exception(u64 level, u64 esr, u64 elr, u64 far)
{
	fatal("cpu 0x%lx: exception at EL%lu: ESR 0x%lx ELR 0x%lx FAR 0x%lx",
	      this_hwid(), level >> 2, esr, elr, far);
}

/**
 * report_level() - a CPU came back at a level at which it cannot start again
 * @level:	CurrentEL
 * @slot:	its own
 *
 * No acknowledgement: the OS has to learn that this did not work.
 */
void report_level(u64 level, struct cpu_slot *slot)
{
	fatal("cpu 0x%lx: returned at EL%lu, was handed over at EL%lu",
	      slot->hwid, level >> 2, slot->level >> 2);
}

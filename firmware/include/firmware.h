/* SPDX-License-Identifier: GPL-2.0-only */
/* What the generic files offer each other. Everything runs at EL3, MMU off. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <cpu.h>
#include <print.h>
#include <types.h>

enum reserve { RESERVE_NO_MAP = 1, RESERVE_MEMRESERVE = 2 };

enum { OPT_EL, OPT_EL_SECONDARY, OPT_RETURN, OPT_STAMPS, OPTS };

/**
 * struct options - what the user asked for
 * @num:	those that are plain numbers, by OPT_*
 * @reserve:	RESERVE_* bits
 */
struct options {
	u64 num[OPTS];
	unsigned int reserve;
};

/**
 * struct layout - who lies where
 * @bank:	start of the memory bank that holds the machine's tree
 * @base:	reserved region: code, data, slots, words
 * @size:	of it
 * @slots:	one struct cpu_slot per CPU
 * @words:	one release word per CPU, WORD_STRIDE apart, up to the region's end
 * @cpus:	enabled cpu nodes
 */
struct layout {
	u64 bank;
	u64 base;
	u64 size;
	u64 slots;
	u64 words;
	unsigned int cpus;
};

/* Largest cache writeback granule that CTR_EL0.CWG can name */
#define WORD_STRIDE	SZ_2K

/* spin.S finds the CPUs through these */
extern struct cpu_slot *fw_slots;
extern u64 fw_cpus;

/**
 * struct image - the loaded kernel
 * @entry:		first instruction
 * @end:		first byte behind what the kernel needs free
 * @initrd_start:	0 if there is no initrd
 * @initrd_end:		.
 */
struct image {
	u64 entry;
	u64 end;
	u64 initrd_start;
	u64 initrd_end;
};

/**
 * layout_init() - decide where everything lies
 *
 * A pure function of the tree, so that every CPU comes to the same result
 * without reading memory that somebody has to initialise.
 * Returns false if the tree makes no sense; there is no console then.
 */
bool layout_init(struct layout *l, const void *fdt);

/**
 * options_parse() - read "key=value,key=value"
 * @text: is changed. Stops the machine on what it does not know.
 */
void options_parse(struct options *o, char *text);

/** options_print() - one line with the options in effect */
void options_print(const struct options *o);

/**
 * image_load() - place kernel and initrd
 * @start: first free address
 * @limit: first address that is not free
 */
void image_load(struct image *img, u64 start, u64 limit);

/**
 * handover_tree() - make the tree that the OS gets
 * @fdt:	at least 2 MiB for it, the largest that the OS takes
 */
void handover_tree(void *fdt, const void *machine_fdt, const struct layout *l,
		   const struct options *o, const struct image *img);

/**
 * edits_apply() - change the tree as a test asks
 * @text: one edit a line; is changed. Stops the machine on what it cannot do.
 */
void edits_apply(void *fdt, char *text);

/**
 * parse_u64() - read a decimal or 0x number
 * @s: is moved behind it
 */
bool parse_u64(const char **s, u64 *val);

/* Called by assembly */
void flash_main(void);
void ram_main(u64 base, const void *fdt);
void secondary_main(struct cpu_slot *slot);
void report_exception(u64 level, u64 esr, u64 elr, u64 far);
void report_level(u64 level, struct cpu_slot *slot);

#endif

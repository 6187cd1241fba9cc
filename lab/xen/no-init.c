// SPDX-License-Identifier: GPL-2.0-only
/*
 * no-init PRELINK KNOWN ROOT...: what can run after boot and reaches what is freed after boot.
 *
 * PRELINK is Xen's prelink.o for arm64: all of Xen before its last link, so that the relocations are there and
 * __init is still a section of its own. From the functions ROOT on, everything is followed that one function or
 * object has of another:
 *
 *  - its relocations, whatever they are for: calls, addresses, pointers in tables of operations;
 *  - its branches and ADRs: the assembler leaves no relocation for those that stay within a file's section;
 *  - falling out of its end, which assembly does;
 *  - what an alternative puts in its place, or the callback that patches it;
 *  - the whole of a section when the linker script's name for its start or end is used;
 *  - an indirect call. Relocations do not say where it goes: pointers are stored when Xen runs (gic_hw_ops,
 *    smp_enable_ops, the chain of CPU notifiers, timers). So it may go to each function, and take its
 *    pointer from each object, whose address is taken by any code or by any data of the boot's, whether
 *    these are reached themselves or not. register_cpu_notifier(&cpu_nfb) in an initcall takes the address
 *    of cpu_nfb, and that has a relocation to the callback. Only tables that nothing but the boot goes through
 *    take none: parameters, initcalls, constructors, alternatives.
 *
 * One line for each reference to a section that is freed: the path to it, which has no indirect call if there
 * is one without, and is the shortest of these. "[F]" behind a name: F takes that address. What stands before
 * "indirect" is the first such call that was met, and need not be the one that goes there.
 *
 * KNOWN has the references that do no harm, one a line, with the reason:
 *
 *	CALLER -> CALLEE: REASON
 *
 * Both are patterns as the shell has them; the caller may be "indirect". A line that fits no reference of
 * what is reached is an error, so that none stays for longer than its reason. Where two files have
 * the same name, it is FILE:NAME here.
 *
 * What it asks of the build: -fno-section-anchors, or an object may be reached by its neighbour's address, and
 * functions of their own (-fno-inline-functions-called-once, -fno-inline-small-functions,
 * -fno-inline-functions): a static __init function with one caller vanishes into it otherwise, and whether it
 * does is up to the compiler.
 *
 * What it cannot see: a pointer to data of the boot's (not a function) that is stored somewhere by the boot and
 * used afterwards; an address that is computed from another object's. What it sees too much of: each indirect
 * call goes everywhere, and nothing is known of conditions. KNOWN is for that.
 *
 * Status 0: nothing; 1: something; 2: the question could not be asked.
 */
#include <elf.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOWHERE = -1, INDIRECT = 0 };

struct node {
	char *name;		/* without what the compiler adds, FILE:NAME if it is not the only one */
	const char *file;
	uint32_t section;
	uint64_t start, end;
	bool twice;		/* the name */
	int from, via;		/* how it was reached; who took its address */
	bool reached;
};

struct edge {
	int from, to, via;
};

struct known {
	char *caller, *callee;
	int line;
	bool used;
};

/* What the linker script defines. Whose name has no section is only an address, which is compared with others. */
static const struct {
	const char *name, *section;
} script[] = {
	{ "__start_schedulers_array", ".data.schedulers" },
	{ "__end_schedulers_array", ".data.schedulers" },
	{ "__paramhypfs_start", ".data.paramhypfs" },
	{ "__paramhypfs_end", ".data.paramhypfs" },
	{ "_splatform", ".arch.info" },
	{ "_eplatform", ".arch.info" },
	{ "_sdevice", ".dev.info" },
	{ "_edevice", ".dev.info" },
	{ "_asdevice", ".adev.info" },
	{ "_aedevice", ".adev.info" },
	{ "_steemediator", ".teemediator.info" },
	{ "_eteemediator", ".teemediator.info" },
	{ "__start_vpci_array", ".data.vpci" },
	{ "__end_vpci_array", ".data.vpci" },
	{ "__proc_info_start", ".proc.info" },
	{ "__proc_info_end", ".proc.info" },
	{ "__setup_start", ".init.setup" },
	{ "__setup_end", ".init.setup" },
	{ "__initcall_start", ".initcall1.init" },
	{ "__initcall_end", ".initcall1.init" },
	{ "__presmp_initcall_end", ".initcallpresmp.init" },
	{ "__alt_instructions", ".altinstructions" },
	{ "__alt_instructions_end", ".altinstructions" },
	{ "__ctors_start", ".init_array" },
	{ "__ctors_end", ".init_array" },
	{ "__lock_profile_start", ".lockprofile.data" },
	{ "__lock_profile_end", ".lockprofile.data" },
	/* Where a BUG() is, and its text: no code is found by it. */
	{ "__start_bug_frames_*", NULL },
	{ "__stop_bug_frames_*", NULL },
	{ "__note_gnu_build_id_*", NULL },
	{ "symbols_*", NULL },
	{ "__per_cpu_start", NULL },
	{ "__per_cpu_data_end", NULL },
	{ "__ro_after_init_*", NULL },
	{ "__bss_start", NULL },
	{ "__bss_end", NULL },
	{ "__init_begin", NULL },
	{ "__init_data_begin", NULL },
	{ "__init_end", NULL },
	{ "__init_end_efi", NULL },
	{ "_start", NULL },
	{ "_end", NULL },
	{ "_stext", NULL },
	{ "_etext", NULL },
	{ "_sinittext", NULL },
	{ "_einittext", NULL },
	{ "_srodata", NULL },
	{ "_erodata", NULL },
};

static const char *prelink;
static char *image;
static size_t image_size;
static const Elf64_Shdr *sections;
static const char *section_names;
static uint32_t section_count;
static const Elf64_Sym *symbols;
static const char *symbol_names;
static uint32_t symbol_count;

/* By section and address; first[section] is the first of a section's. The first of all is INDIRECT. */
static struct node *nodes;
static int node_count;
static int *first;

static struct edge *edges;
static size_t edge_count;

static struct known *known;
static int known_count;

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "no-init: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	exit(2);
}

/* The next place of an array that grows. */
static void *grow(void *array, size_t count, size_t size)
{
	if (!(count & (count - 1)))
		array = realloc(array, (count ? 2 * count : 1) * size);
	if (!array)
		die("no memory");
	return array;
}

static bool starts(const char *string, const char *with)
{
	return !strncmp(string, with, strlen(with));
}

static const char *section_name(uint32_t section)
{
	return section_names + sections[section].sh_name;
}

static const char *symbol_name(const Elf64_Sym *symbol)
{
	return symbol_names + symbol->st_name;
}

static bool is_code(uint32_t section)
{
	return sections[section].sh_flags & SHF_EXECINSTR;
}

/* Between __init_begin and __init_end in xen.lds.S */
static bool is_freed(uint32_t section)
{
	const char *name = section_name(section);

	return starts(name, ".init") || starts(name, ".altinstr") || starts(name, ".ctors") ||
	       starts(name, ".lockprofile");
}

/* Tables of the boot's whose pointers go nowhere else */
static bool is_boot_table(uint32_t section)
{
	const char *name = section_name(section);

	return starts(name, ".init.setup") || starts(name, ".initcall") || starts(name, ".init_array") ||
	       starts(name, ".ctors") || starts(name, ".altinstr") || starts(name, ".lockprofile");
}

/* Descriptions of code that nothing runs by */
static bool is_ignored(uint32_t section)
{
	const char *name = section_name(section);

	return !(sections[section].sh_flags & SHF_ALLOC) || starts(name, ".eh_frame") || starts(name, ".bug_frames");
}

static const void *at(uint64_t offset, uint64_t size)
{
	if (offset > image_size || size > image_size - offset)
		die("%s is cut off", prelink);
	return image + offset;
}

static void load(void)
{
	const Elf64_Ehdr *header;
	FILE *file = fopen(prelink, "rb");
	uint32_t i;

	if (!file || fseek(file, 0, SEEK_END))
		die("%s: %s", prelink, strerror(errno));
	image_size = ftell(file);
	rewind(file);
	image = malloc(image_size);
	if (!image || fread(image, 1, image_size, file) != image_size)
		die("%s cannot be read", prelink);
	fclose(file);

	header = at(0, sizeof(*header));
	if (memcmp(header->e_ident, ELFMAG, SELFMAG) || header->e_ident[EI_CLASS] != ELFCLASS64 ||
	    header->e_ident[EI_DATA] != ELFDATA2LSB || header->e_machine != EM_AARCH64 || header->e_type != ET_REL)
		die("%s is no relocatable file for arm64", prelink);
	section_count = header->e_shnum;
	if (!section_count)
		die("%s has more sections than this program was made for", prelink);
	sections = at(header->e_shoff, section_count * sizeof(*sections));
	for (i = 0; i < section_count; i++)
		if (sections[i].sh_type != SHT_NOBITS)
			at(sections[i].sh_offset, sections[i].sh_size);
	section_names = image + sections[header->e_shstrndx].sh_offset;
	for (i = 0; i < section_count; i++) {
		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		symbols = (const void *)(image + sections[i].sh_offset);
		symbol_count = sections[i].sh_size / sizeof(*symbols);
		symbol_names = image + sections[sections[i].sh_link].sh_offset;
	}
	if (!symbols)
		die("%s has no symbols", prelink);
}

static void add_node(uint32_t section, const char *name, const char *file, uint64_t start, uint64_t end)
{
	struct node *node;
	const char *dot;

	nodes = grow(nodes, node_count, sizeof(*nodes));
	node = &nodes[node_count++];
	/* foo.isra.0, foo.constprop.1, a static variable's foo.7; but a section's name as it is */
	dot = *name ? strchr(name + 1, '.') : NULL;
	*node = (struct node){
		.name = *name != '.' && dot ? strndup(name, dot - name) : strdup(name),
		.file = file, .section = section, .start = start, .end = end, .from = NOWHERE, .via = NOWHERE,
	};
}

static int by_address(const void *left, const void *right)
{
	const struct node *a = left, *b = right;

	if (a->section != b->section)
		return a->section < b->section ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	/* Of several names for one place the longest object's comes last and stays. */
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return strcmp(b->name, a->name);
}

static int by_name(const void *left, const void *right)
{
	const struct node *a = *(struct node *const *)left, *b = *(struct node *const *)right;

	return strcmp(a->name, b->name);
}

/* Compiler's and assembler's own names are in the way. */
static bool is_name(const Elf64_Sym *symbol)
{
	int type = ELF64_ST_TYPE(symbol->st_info);
	const char *name = symbol_name(symbol);

	return symbol->st_shndx && symbol->st_shndx < section_count && type != STT_SECTION && type != STT_FILE &&
	       *name && *name != '$' && !starts(name, ".L");
}

static void make_nodes(void)
{
	struct node **names;
	const char *file = NULL;
	uint32_t i, section;
	int n, kept, count;

	add_node(SHN_UNDEF, "indirect", NULL, 0, 0);
	for (i = 0; i < symbol_count; i++) {
		const Elf64_Sym *symbol = &symbols[i];

		if (ELF64_ST_BIND(symbol->st_info) != STB_LOCAL)
			file = NULL;
		if (ELF64_ST_TYPE(symbol->st_info) == STT_FILE)
			file = symbol_name(symbol);
		else if (symbol->st_shndx == SHN_XINDEX)
			die("%s has more sections than this program was made for", prelink);
		else if (is_name(symbol))
			add_node(symbol->st_shndx, symbol_name(symbol), file, symbol->st_value,
				 symbol->st_value + symbol->st_size);
	}
	qsort(nodes, node_count, sizeof(*nodes), by_address);
	for (n = kept = 1; n < node_count; n++) {
		if (n + 1 < node_count && nodes[n].section == nodes[n + 1].section &&
		    nodes[n].start == nodes[n + 1].start)
			continue;
		nodes[kept++] = nodes[n];
	}
	node_count = kept;
	/* What has no name: all of a section's start, and what follows an object. Code goes on to the next name. */
	count = node_count;
	for (n = 1; n < count; n++) {
		uint32_t in = nodes[n].section;
		bool last = n + 1 == count || nodes[n + 1].section != in;
		uint64_t next = last ? sections[in].sh_size : nodes[n + 1].start;

		if (is_code(in) || nodes[n].end <= nodes[n].start || nodes[n].end > next)
			nodes[n].end = next;
		if (nodes[n].end < next)
			add_node(in, section_name(in), nodes[n].file, nodes[n].end, next);
	}
	for (section = 1; section < section_count; section++) {
		uint64_t start = sections[section].sh_size;

		if (!(sections[section].sh_flags & SHF_ALLOC))
			continue;
		for (n = 1; n < count; n++)
			if (nodes[n].section == section && nodes[n].start < start)
				start = nodes[n].start;
		if (start)
			add_node(section, section_name(section), NULL, 0, start);
	}
	qsort(nodes, node_count, sizeof(*nodes), by_address);

	first = calloc(section_count + 1, sizeof(*first));
	names = calloc(node_count, sizeof(*names));
	if (!first || !names)
		die("no memory");
	for (n = 0; n < node_count; n++) {
		first[nodes[n].section + 1] = n + 1;
		names[n] = &nodes[n];
	}
	for (section = 1; section <= section_count; section++)
		if (!first[section])
			first[section] = first[section - 1];
	qsort(names, node_count, sizeof(*names), by_name);
	for (n = 1; n < node_count; n++) {
		const char *a = names[n - 1]->file, *b = names[n]->file;

		if (!strcmp(names[n - 1]->name, names[n]->name) && (!a || !b || strcmp(a, b)))
			names[n - 1]->twice = names[n]->twice = true;
	}
	for (n = 0; n < node_count; n++) {
		char *name;

		if (!nodes[n].twice || !nodes[n].file)
			continue;
		name = malloc(strlen(nodes[n].file) + strlen(nodes[n].name) + 2);
		if (!name)
			die("no memory");
		sprintf(name, "%s:%s", nodes[n].file, nodes[n].name);
		nodes[n].name = name;
	}
	free(names);
}

/* The function or object at a place. One behind the end is the last one: the end of a table. */
static int find(uint32_t section, uint64_t address)
{
	int low = first[section], high = first[section + 1];

	if (low == high)
		return NOWHERE;
	while (high - low > 1) {
		int middle = low + (high - low) / 2;

		if (nodes[middle].start <= address)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void add_edge(int from, int to, int via)
{
	if (from == NOWHERE || to == NOWHERE || from == to)
		return;
	edges = grow(edges, edge_count, sizeof(*edges));
	edges[edge_count++] = (struct edge){ from, to, via };
}

/* A branch to it, which says nothing to others. */
static void goes(int from, int to)
{
	add_edge(from, to, NOWHERE);
}

/* Its address, which may be stored and be called later. Data of the boot's that is called is none. */
static void takes(int from, int to)
{
	uint32_t section;

	if (from == NOWHERE || to == NOWHERE || from == to)
		return;
	add_edge(from, to, NOWHERE);
	section = nodes[from].section;
	if (is_boot_table(section) || (!is_code(section) && !is_freed(section)))
		return;
	if (is_code(nodes[to].section) || !is_freed(nodes[to].section))
		add_edge(INDIRECT, to, from);
}

static void takes_script(int from, const char *name)
{
	size_t i;
	uint32_t section;
	int n;

	for (i = 0; i < sizeof(script) / sizeof(*script); i++)
		if (!fnmatch(script[i].name, name, 0))
			break;
	if (i == sizeof(script) / sizeof(*script))
		die("%s refers to %s, which is not in %s: what is there?", nodes[from].name, name, prelink);
	if (!script[i].section)
		return;
	for (section = 1; section < section_count; section++)
		if (starts(section_name(section), script[i].section))
			for (n = first[section]; n < first[section + 1]; n++)
				takes(from, n);
}

/* For each word of .altinstr_replacement, into which function it may be copied */
static uint32_t replacement;
static int *owners;

static int owner(uint32_t section, uint64_t address)
{
	if (section == replacement)
		return owners[address / 4];
	return find(section, address);
}

static void relocate_alternatives(const Elf64_Shdr *relocations)
{
	const uint32_t in = relocations->sh_info;
	const Elf64_Rela *rela = (const void *)(image + relocations->sh_offset);
	const Elf64_Rela *end = rela + relocations->sh_size / sizeof(*rela);
	const uint8_t *table = (const void *)(image + sections[in].sh_offset);
	int patched = NOWHERE;

	/* struct alt_instr: where from 0, by what from 4, and its length at 11 */
	for (; rela < end; rela++) {
		const Elf64_Sym *symbol = &symbols[ELF64_R_SYM(rela->r_info)];
		uint64_t address = symbol->st_value + rela->r_addend, word;

		switch (rela->r_offset % 12) {
		case 0:
			patched = find(symbol->st_shndx, address);
			break;
		case 4:
			if (symbol->st_shndx != replacement) {
				goes(patched, find(symbol->st_shndx, address));
				break;
			}
			for (word = 0; word < table[rela->r_offset + 7]; word += 4)
				owners[(address + word) / 4] = patched;
			break;
		default:
			die("%s: no table of alternatives as this program knows it", prelink);
		}
	}
}

/* Words of a code section that are none, by the assembler's marks, or have relocations */
static uint8_t *skipped(uint32_t section)
{
	uint64_t words = sections[section].sh_size / 4 + 1, w;
	uint8_t *mark = calloc(words, 1);
	uint32_t i;
	uint8_t is;

	if (!mark)
		die("no memory");
	for (i = 0; i < symbol_count; i++)
		if (symbols[i].st_shndx == section && symbol_name(&symbols[i])[0] == '$')
			mark[symbols[i].st_value / 4] = symbol_name(&symbols[i])[1];
	for (w = 0, is = 'x'; w < words; w++) {
		if (mark[w])
			is = mark[w];
		mark[w] = is == 'd';
	}
	return mark;
}

static void relocate(const Elf64_Shdr *relocations, uint8_t *mark)
{
	const uint32_t in = relocations->sh_info;
	const Elf64_Rela *rela = (const void *)(image + relocations->sh_offset);
	const Elf64_Rela *end = rela + relocations->sh_size / sizeof(*rela);

	for (; rela < end; rela++) {
		const Elf64_Sym *symbol = &symbols[ELF64_R_SYM(rela->r_info)];
		int from = owner(in, rela->r_offset);

		if (mark)
			mark[rela->r_offset / 4] = 1;
		if (from == NOWHERE)
			continue;
		if (!symbol->st_shndx) {
			takes_script(from, symbol_name(symbol));
			continue;
		}
		if (symbol->st_shndx >= section_count)
			continue;
		switch (ELF64_R_TYPE(rela->r_info)) {
		case R_AARCH64_CALL26:
		case R_AARCH64_JUMP26:
		case R_AARCH64_CONDBR19:
		case R_AARCH64_TSTBR14:
			goes(from, find(symbol->st_shndx, symbol->st_value + rela->r_addend));
			break;
		default:
			takes(from, find(symbol->st_shndx, symbol->st_value + rela->r_addend));
		}
	}
}

/* A field of an instruction, as a number with a sign */
static int64_t field(uint32_t instruction, int low, int bits)
{
	return (int64_t)((uint64_t)instruction << (64 - low - bits)) >> (64 - bits);
}

static void decode(uint32_t section, const uint8_t *mark)
{
	const uint32_t *code = (const void *)(image + sections[section].sh_offset);
	uint64_t words = sections[section].sh_size / 4, w;
	int n;

	for (w = 0; w < words; w++) {
		uint32_t i = code[w];
		int from = owner(section, 4 * w);
		int64_t to = 0;
		bool address = false;

		if (from == NOWHERE || mark[w])
			continue;
		if ((i & 0x7c000000) == 0x14000000) {			/* B, BL */
			to = 4 * field(i, 0, 26);
		} else if ((i & 0xff000000) == 0x54000000 ||		/* B.cond */
			   (i & 0x7e000000) == 0x34000000 ||		/* CBZ, CBNZ */
			   (i & 0x3b000000) == 0x18000000) {		/* LDR of what is near */
			to = 4 * field(i, 5, 19);
		} else if ((i & 0x7e000000) == 0x36000000) {		/* TBZ, TBNZ */
			to = 4 * field(i, 5, 14);
		} else if ((i & 0x9f000000) == 0x10000000) {		/* ADR */
			to = 4 * field(i, 5, 19) + (i >> 29 & 3);
			address = true;
		} else if ((i & 0xfec00000) == 0xd6000000) {		/* BR, BLR, and those with keys */
			goes(from, INDIRECT);
		}
		/* Out of a replacement to another place: the assembler has relocations for these. */
		if (!to || section == replacement)
			continue;
		if (address)
			takes(from, find(section, 4 * w + to));
		else
			goes(from, find(section, 4 * w + to));
	}
	if (section == replacement)
		return;
	for (n = first[section]; n < first[section + 1]; n++) {
		uint32_t i = 0xd503201f;				/* NOP */

		/* Behind the last one there may be barriers against speculation and what the assembler fills up with. */
		for (w = nodes[n].end / 4; w > nodes[n].start / 4 && (i & 0xffffe000) == 0xd5032000; w--)
			i = code[w - 1];
		if ((i & 0x7c000000) == 0x14000000 ||			/* B, BL of what does not return */
		    (i & 0xfe000000) == 0xd6000000 ||			/* BR, BLR, RET, ERET */
		    (i & 0xffe00000) == 0xd4200000 ||			/* BRK */
		    i < 0x10000)					/* UDF */
			continue;
		if (n + 1 < first[section + 1])
			goes(n, n + 1);
	}
}

static int by_source(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return a->via < b->via ? -1 : a->via > b->via;
}

static void make_edges(void)
{
	uint32_t section, i;

	for (section = 1; section < section_count; section++)
		if (!strcmp(section_name(section), ".altinstr_replacement"))
			replacement = section;
	if (replacement) {
		owners = malloc((sections[replacement].sh_size / 4 + 1) * sizeof(*owners));
		if (!owners)
			die("no memory");
		for (i = 0; i <= sections[replacement].sh_size / 4; i++)
			owners[i] = NOWHERE;
	}
	for (section = 1; section < section_count; section++)
		if (sections[section].sh_type == SHT_RELA &&
		    starts(section_name(sections[section].sh_info), ".altinstructions"))
			relocate_alternatives(&sections[section]);
	for (section = 1; section < section_count; section++) {
		uint8_t *mark;

		if (is_ignored(section))
			continue;
		mark = is_code(section) ? skipped(section) : NULL;
		for (i = 1; i < section_count; i++)
			if (sections[i].sh_type == SHT_RELA && sections[i].sh_info == section)
				relocate(&sections[i], mark);
		if (mark)
			decode(section, mark);
		free(mark);
	}
	qsort(edges, edge_count, sizeof(*edges), by_source);
}

static char *trim(char *string)
{
	char *end = string + strlen(string);

	while (end > string && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\n'))
		*--end = 0;
	return string + strspn(string, " \t");
}

static void load_known(const char *name)
{
	FILE *file = fopen(name, "r");
	char *line = NULL, *text, *arrow, *colon;
	size_t size = 0;
	int number = 0;

	if (!file)
		die("%s: %s", name, strerror(errno));
	while (getline(&line, &size, file) >= 0) {
		number++;
		text = trim(line);
		if (!*text || *text == '#')
			continue;
		arrow = strstr(text, " -> ");
		colon = arrow ? strstr(arrow, ": ") : NULL;
		if (!colon)
			die("%s:%d is not \"CALLER -> CALLEE: REASON\"", name, number);
		*arrow = *colon = 0;
		known = grow(known, known_count, sizeof(*known));
		known[known_count++] = (struct known){
			.caller = strdup(trim(text)), .callee = strdup(trim(arrow + 4)), .line = number,
		};
	}
	free(line);
	fclose(file);
}

static bool is_known(const char *caller, const char *callee)
{
	bool is = false;
	int i;

	for (i = 0; i < known_count; i++)
		if (!fnmatch(known[i].caller, caller, 0) && !fnmatch(known[i].callee, callee, 0))
			is = known[i].used = true;
	return is;
}

static void print_path(int n)
{
	if (nodes[n].from != NOWHERE) {
		print_path(nodes[n].from);
		printf(" -> ");
	}
	printf("%s", nodes[n].name);
	if (nodes[n].via != NOWHERE)
		printf(" [%s]", nodes[nodes[n].via].name);
}

static int *queue;
static int queue_head, queue_tail;

static void reach(int n, int from, int via)
{
	if (nodes[n].reached)
		return;
	nodes[n].reached = true;
	nodes[n].from = from;
	nodes[n].via = via;
	queue[queue_tail++] = n;
}

/* From all that is in the queue; the number of references to what is freed. */
static int walk(int *indirect)
{
	int bad = 0;

	while (queue_head < queue_tail) {
		int n = queue[queue_head++], last = NOWHERE;
		size_t low = 0, high = edge_count;

		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (edges[middle].from < n)
				low = middle + 1;
			else
				high = middle;
		}
		for (; low < edge_count && edges[low].from == n; low++) {
			const struct edge *edge = &edges[low];

			if (edge->to == last)
				continue;
			last = edge->to;
			if (edge->to == INDIRECT) {
				if (*indirect == NOWHERE)
					*indirect = n;
			} else if (!is_freed(nodes[edge->to].section)) {
				reach(edge->to, n, edge->via);
			} else if (!is_known(nodes[n].name, nodes[edge->to].name)) {
				print_path(n);
				printf(" -> %s", nodes[edge->to].name);
				if (edge->via != NOWHERE)
					printf(" [%s]", nodes[edge->via].name);
				printf(" (%s)\n", section_name(nodes[edge->to].section));
				bad++;
			}
		}
	}
	return bad;
}

int main(int argc, char **argv)
{
	int i, n, bad = 0, indirect = NOWHERE;

	if (argc < 4)
		die("usage: no-init PRELINK KNOWN ROOT...");
	prelink = argv[1];
	load();
	load_known(argv[2]);
	make_nodes();
	make_edges();
	queue = calloc(node_count, sizeof(*queue));
	if (!queue)
		die("no memory");

	for (i = 3; i < argc; i++) {
		for (n = 1; n < node_count && (strcmp(nodes[n].name, argv[i]) || !is_code(nodes[n].section)); n++)
			;
		if (n == node_count)
			die("there is no function \"%s\"", argv[i]);
		if (is_freed(nodes[n].section)) {
			printf("%s (%s)\n", argv[i], section_name(nodes[n].section));
			bad++;
		} else {
			reach(n, NOWHERE, NOWHERE);
		}
	}
	bad += walk(&indirect);
	if (indirect != NOWHERE) {
		reach(INDIRECT, indirect, NOWHERE);
		bad += walk(&indirect);
	}
	for (i = 0; i < known_count; i++) {
		if (known[i].used)
			continue;
		printf("%s:%d: %s -> %s: there is no such reference\n", argv[2], known[i].line, known[i].caller,
		       known[i].callee);
		bad++;
	}
	printf("# %d functions and objects of %d are reached\n", queue_tail, node_count - 1);
	return bad ? 1 : 0;
}

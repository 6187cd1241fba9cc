// SPDX-License-Identifier: GPL-2.0-only
/* QEMU's firmware configuration device, by DMA: docs/specs/fw_cfg.rst there. */
#include <board.h>
#include <print.h>
#include <string.h>
#include <tree.h>
#include <virt.h>

#define KEY_KERNEL_SIZE	0x08
#define KEY_INITRD_SIZE	0x0b
#define KEY_ID		0x01
#define KEY_KERNEL_DATA	0x11
#define KEY_INITRD_DATA	0x12
#define KEY_FILE_DIR	0x19

#define ID_DMA		(1 << 1)

#define DMA_ADDR	0x10

#define CTL_ERROR	(1 << 0)
#define CTL_READ	(1 << 1)
#define CTL_SKIP	(1 << 2)
#define CTL_SELECT	(1 << 3)

/* All big-endian */
struct dma {
	u32 control;
	u32 length;
	u64 address;
};

struct file {
	u32 size;
	u16 select;
	u16 reserved;
	char name[56];
};

static u64 fw_cfg;

static bool transfer(u32 control, u64 addr, u32 len)
{
	volatile struct dma dma = {
		.control = __builtin_bswap32(control),
		.length = __builtin_bswap32(len),
		.address = __builtin_bswap64(addr),
	};

	dsb();
	/* The upper half first: the lower one starts the transfer. */
	write32(fw_cfg + DMA_ADDR, __builtin_bswap32((u64)&dma >> 32));
	write32(fw_cfg + DMA_ADDR + 4, __builtin_bswap32((u64)&dma));
	do {
		dsb();
		control = __builtin_bswap32(dma.control);
	} while (control & ~CTL_ERROR);
	return !control;
}

static void read_key(u16 key, u64 offset, void *to, u64 len)
{
	if (!transfer(CTL_SELECT | CTL_SKIP | (u32)key << 16, 0, offset) ||
	    !transfer(CTL_READ, (u64)to, len))
		fatal("fw_cfg: cannot read item 0x%x", (unsigned int)key);
}

/* Selector of a file, 0 if there is none such */
static u16 find_file(const char *name, u32 *size)
{
	u32 count;

	read_key(KEY_FILE_DIR, 0, &count, sizeof(count));
	count = __builtin_bswap32(count);
	while (count--) {
		struct file f;

		transfer(CTL_READ, (u64)&f, sizeof(f));
		if (strcmp(f.name, name))
			continue;
		*size = __builtin_bswap32(f.size);
		return __builtin_bswap16(f.select);
	}
	return 0;
}

/* Selector of an item */
static u16 find(enum board_item item, u32 *size)
{
	*size = 0;
	switch (item) {
	case ITEM_KERNEL:
		read_key(KEY_KERNEL_SIZE, 0, size, sizeof(*size));
		return KEY_KERNEL_DATA;
	case ITEM_INITRD:
		read_key(KEY_INITRD_SIZE, 0, size, sizeof(*size));
		return KEY_INITRD_DATA;
	case ITEM_OPTIONS:
		return find_file("opt/cpu-return/options", size);
	case ITEM_EDITS:
		return find_file("opt/cpu-return/tree-edits", size);
	}
	return 0;
}

u64 board_item_size(enum board_item item)
{
	u32 size;

	find(item, &size);
	return size;
}

void board_item_read(enum board_item item, u64 offset, void *to, u64 len)
{
	u32 size;
	u16 key = find(item, &size);

	if (len)
		read_key(key, offset, to, len);
}

bool fw_cfg_init(const void *fdt)
{
	int node = fdt_node_offset_by_compatible(fdt, -1, "qemu,fw-cfg-mmio");
	u64 size;
	u32 id;

	if (node < 0 || !tree_reg(fdt, node, 0, &fw_cfg, &size))
		return false;
	read_key(KEY_ID, 0, &id, sizeof(id));
	return id & ID_DMA;
}

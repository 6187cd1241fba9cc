// SPDX-License-Identifier: GPL-2.0-only
/* Placement of kernel and initrd, after "Booting AArch64 Linux", section 4. */
#include <board.h>
#include <firmware.h>

struct image_header {
	u32 code[2];
	u64 text_offset;
	u64 image_size;
	u64 flags;
	u64 res[3];
	u32 magic;
	u32 res5;
};

#define IMAGE_MAGIC	0x644d5241	/* "ARM\x64" */

/* Kernels before 3.17 do not say how much they need. */
#define OLD_TEXT_OFFSET	0x80000
#define OLD_EXTRA	(16 * SZ_1M)

void image_load(struct image *img, u64 start, u64 limit)
{
	struct image_header h;
	u64 size = board_item_size(ITEM_KERNEL);
	u64 initrd = board_item_size(ITEM_INITRD);
	u64 need;

	if (!size)
		fatal("no kernel");
	if (size < sizeof(h))
		fatal("kernel is too short for an arm64 Image");
	board_item_read(ITEM_KERNEL, 0, &h, sizeof(h));
	if (h.magic != IMAGE_MAGIC)
		fatal("kernel is no arm64 Image");
	need = h.image_size;
	if (!need) {
		h.text_offset = OLD_TEXT_OFFSET;
		need = size + OLD_EXTRA;
	}
	if (need < size)
		need = size;

	/*
	 * As low as possible serves both values of the flag for physical
	 * placement.
	 */
	start = ALIGN_UP(start, SZ_2M);
	if (start >= limit || h.text_offset > limit - start ||
	    need > limit - start - h.text_offset)
		fatal("kernel needs 0x%lx bytes at 0x%lx, memory ends at 0x%lx",
		      need, start + h.text_offset, limit);
	img->entry = start + h.text_offset;
	img->end = img->entry + need;

	/* All of it below 'limit' in one bank: within 1 GiB-aligned 32 GiB of the kernel. */
	img->initrd_start = 0;
	img->initrd_end = 0;
	if (initrd) {
		u64 at = ALIGN_UP(img->end, SZ_64K);

		if (at > limit || initrd > limit - at)
			fatal("initrd needs 0x%lx bytes at 0x%lx, memory ends at 0x%lx",
			      initrd, at, limit);
		board_item_read(ITEM_INITRD, 0, (void *)at, initrd);
		img->initrd_start = at;
		img->initrd_end = at + initrd;
	}
	board_item_read(ITEM_KERNEL, 0, (void *)img->entry, size);
}

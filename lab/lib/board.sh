# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Machines that are boards: QEMU has the devices, and this is what the boards' boot loader would do. Sourced by
# boot.sh.
#
# With an armstub the GPU puts that at 0, where all CPUs start at EL3, clears the magic in it and fills in
# where kernel and tree are. Without, QEMU's own boot code is what the GPU's stub is on a board.

# shellcheck source=/dev/null
. "$TOP/lab/lib/devicetree.sh"

# Where the loader puts things: all below 1 GiB less what the GPU keeps, and far enough apart.
BOARD_KERNEL=0x00200000
BOARD_TREE=0x07e00000
BOARD_INITRD=0x08000000
# The first bank ends there on either, as the GPU has the rest.
BOARD_BANK=0x3b400000

# board_prepare: $boot_tmp/board.dtb, and with an armstub $boot_tmp/board.loaders, words for QEMU.
board_prepare() {
	board_base=${boot_kernel%%/*}
	read -r _ board_version <"$BUILD/bases/${board_base:-linux-6.12}.version"
	board_tree "$BUILD/tree/${board_base:-linux-6.12}-$board_version/pristine" "$board" "$boot_tmp/board.dtb" ||
		boot_fail "no tree of $board"
	if [ "$overlay" = 1 ]; then
		board_overlay "$BUILD/tree/${board_base:-linux-6.12}-$board_version/pristine" "$boot_tmp/board.dtbo" ||
			boot_fail "no overlay"
		fdtoverlay -i "$boot_tmp/board.dtb" -o "$boot_tmp/merged.dtb" "$boot_tmp/board.dtbo" ||
			boot_fail "the overlay does not apply to $board"
		mv "$boot_tmp/merged.dtb" "$boot_tmp/board.dtb"
	fi
	# shellcheck disable=SC2086 # words
	fdtput -t x "$boot_tmp/board.dtb" /memory@0 reg $board_memory
	for board_node in $board_lacks; do
		fdtget -l "$boot_tmp/board.dtb" "$board_node" >/dev/null 2>&1 || continue
		fdtput -t s "$boot_tmp/board.dtb" "$board_node" status disabled
	done
	# Where the lab listens; the boards' own is the other UART. It is what "earlycon" means.
	fdtput -t s "$boot_tmp/board.dtb" /chosen stdout-path /soc/serial@7e201000
	[ -z "$boot_card" ] || board_card
	[ -n "$firmware" ] || return 0

	fdtput -t s "$boot_tmp/board.dtb" /chosen bootargs "$boot_line"
	if [ -n "$boot_initrd" ]; then
		fdtput -t x "$boot_tmp/board.dtb" /chosen linux,initrd-start "$BOARD_INITRD"
		fdtput -t x "$boot_tmp/board.dtb" /chosen linux,initrd-end \
			"$(printf %x $((BOARD_INITRD + $(stat -c %s "$boot_initrd"))))"
	fi
	cp "$(firmware_file)" "$boot_tmp/stub"
	[ -n "$boot_stub_magic" ] || board_word STUB_MAGIC_AT 0
	board_word STUB_TREE_AT "$BOARD_TREE"
	board_word STUB_KERNEL_AT "$BOARD_KERNEL"
	# Of the stub that misbehaves.
	[ -z "$options" ] || printf %s "$options" | board_text STUB_OPTIONS_AT
	[ -z "$boot_edits" ] || board_text STUB_EDITS_AT <"$boot_edits"
	{
		board_loader "$boot_tmp/stub" 0
		board_loader "$boot_image" "$BOARD_KERNEL"
		board_loader "$boot_tmp/board.dtb" "$BOARD_TREE"
		[ -z "$boot_initrd" ] || board_loader "$boot_initrd" "$BOARD_INITRD"
	} >"$boot_tmp/board.loaders"
}

# board_at NAME: an address in the stub, as its header has it.
board_at() {
	sed -n "s/^#define $1[[:space:]]*//p" "$TOP/firmware/board/raspberry-pi/stub.h"
}

# board_text NAME: 1 KiB at most.
board_text() {
	dd of="$boot_tmp/stub" bs=1024 count=1 seek=$(($(board_at "$1") / 1024)) conv=notrunc status=none
}

board_loader() {
	echo "-device loader,file=$1,addr=$2,force-raw=on"
}

# board_put FILE OFFSET VALUE: 32 bits, little-endian.
board_put() {
	board_octal=
	for board_shift in 0 8 16 24; do
		board_octal="$board_octal\\$(printf %03o $((($3 >> board_shift) & 255)))"
	done
	# shellcheck disable=SC2059 # it is the format
	printf "$board_octal" | dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none
}

# board_word NAME VALUE: into the stub.
board_word() {
	board_put "$boot_tmp/stub" "$(board_at "$1")" "$2"
}

# A card with a partition, which is named as Raspberry Pi OS does. QEMU wants a power of two.
board_card() {
	board_id=0x6c7e1f02
	board_sectors=$((256 * 2048))
	rm -f "$boot_tmp/card"
	truncate -s $((board_sectors * 512)) "$boot_tmp/card"
	mkfs.ext4 -q -E offset=$((2048 * 512)) -d "$BUILD/guest/$board_base.obj/tree" "$boot_tmp/card" 255M ||
		boot_fail "no file system for the card"
	board_put "$boot_tmp/card" 440 "$board_id"
	# The first entry: Linux, and where; and the end of the sector.
	board_put "$boot_tmp/card" 450 0x83
	board_put "$boot_tmp/card" 454 2048
	board_put "$boot_tmp/card" 458 $((board_sectors - 2048))
	board_put "$boot_tmp/card" 510 0xaa55
	boot_initrd=
	boot_line="$boot_line root=PARTUUID=${board_id#0x}-01 rootwait rw init=/init"
	extra="$extra -drive if=sd,format=raw,file=$boot_tmp/card"
}

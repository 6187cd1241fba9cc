# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
board_tree() {
	aarch64-linux-gnu-gcc -E -nostdinc -undef -D__DTS__ -x assembler-with-cpp \
		-I "$1/arch/arm64/boot/dts/broadcom" -I "$1/scripts/dtc/include-prefixes" \
		"$1/arch/arm64/boot/dts/broadcom/$2.dts" | dtc -q -I dts -O dtb -o "$3" -i "$1/arch/arm64/boot/dts/broadcom" -
}
board_overlay() {
	aarch64-linux-gnu-gcc -E -nostdinc -undef -D__DTS__ -x assembler-with-cpp \
		"$TOP/firmware/board/raspberry-pi/cpu-return.dtso" | dtc -q -I dts -O dtb -o "$2" -
}

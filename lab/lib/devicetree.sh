# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Device trees of boards, inside the tools root: as kbuild makes them, but without a configuration, and without
# symbols, for a tree need not have any. Sourced by scenarios and by what is in lab/inside/.
#
# All of them return 1 with one line on stderr if they cannot. OUT is then not there.

devicetree_fail() {
	echo "lab: error: $*" >&2
	return 1
}

# What stands behind cpp's or dtc's first complaint is rarely news.
devicetree_complaint() {
	grep -m 1 -i error "$1" || head -n 1 "$1"
}

# devicetree_cpp TREE ARGUMENT...: the preprocessor as scripts/Makefile.dtbs calls it.
devicetree_cpp() {
	devicetree_prefixes=$1/scripts/dtc/include-prefixes
	shift
	aarch64-linux-gnu-gcc -E -nostdinc -I "$devicetree_prefixes" -undef -D__DTS__ -x assembler-with-cpp "$@"
}

# devicetree_compile TREE SOURCE OUT FLAG...: what dtc warns of goes to stderr.
devicetree_compile() {
	devicetree_tree=$1 devicetree_source=$2 devicetree_out=$3 devicetree_why=
	shift 3
	rm -f "$devicetree_out"
	if [ ! -f "$devicetree_source" ]; then
		devicetree_fail "no $devicetree_source"
		return
	fi
	if ! devicetree_cpp "$devicetree_tree" -o "$devicetree_out.dts" "$devicetree_source" 2>"$devicetree_out.err"; then
		devicetree_why="cannot preprocess $devicetree_source: $(devicetree_complaint "$devicetree_out.err")"
	elif ! dtc -I dts -O dtb -b 0 -i "${devicetree_source%/*}" -i "$devicetree_tree/scripts/dtc/include-prefixes" \
		"$@" -o "$devicetree_out" "$devicetree_out.dts" 2>"$devicetree_out.err"; then
		devicetree_why="cannot compile $devicetree_source: $(devicetree_complaint "$devicetree_out.err")"
		rm -f "$devicetree_out"
	else
		cat "$devicetree_out.err" >&2
	fi
	rm -f "$devicetree_out.dts" "$devicetree_out.err"
	[ -z "$devicetree_why" ] || devicetree_fail "$devicetree_why"
}

# board_names TREE: boards with the stub of firmware/board/raspberry-pi, as the kernel tree TREE calls them.
board_names() {
	for board_names_file in "$1"/arch/arm64/boot/dts/broadcom/bcm2837-rpi-*.dts \
		"$1"/arch/arm64/boot/dts/broadcom/bcm2711-rpi-*.dts; do
		[ ! -f "$board_names_file" ] || basename "$board_names_file" .dts
	done
}

# board_tree TREE BOARD OUT: what dtc has to say of trees that are not ours is of no interest here.
board_tree() {
	devicetree_compile "$1" "$1/arch/arm64/boot/dts/broadcom/$2.dts" "$3" -q
}

# board_overlay TREE OUT [SOURCE]: ours, or one that takes its stub.h from where SOURCE is.
board_overlay() {
	devicetree_compile "$1" "${3:-$TOP/firmware/board/raspberry-pi/cpu-return.dtso}" "$2"
}

# board_address TREE NAME: a number of stub.h.
board_address() {
	board_address_is=$(printf '#include "stub.h"\n%s\n' "$2" |
		devicetree_cpp "$1" -P -I "$TOP/firmware/board/raspberry-pi" - 2>/dev/null | tail -n 1)
	case $board_address_is in
	[0-9]*) echo "$board_address_is" ;;
	*) devicetree_fail "stub.h has no number $2" ;;
	esac
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What scenarios share: kernels, firmware, and the guests' user space. Each is kept with a stamp
# that names what it was made from, and made again only when that has changed.

KERNEL_MIB=500

# kernel_build BASE VARIANT: build/kernel/BASE/VARIANT with Image and vmlinux, with xen and xen-syms, or with
# qemu-system-aarch64.
# A variant is a tree, "stock" or "series", and any number of "+NAME" for configuration in
# lab/config/NAME.config. A kernel of Debian's own is "stock".
kernel_build() {
	base_load "$1"
	case $kind/$2 in
	linux-image/stock)
		kernel_unpack "$1"
		return
		;;
	esac
	base_series "$1"
	case $2 in
	stock | stock+*) kernel_tree=pristine kernel_key=$base_version ;;
	series | series+*) kernel_tree=series kernel_key=$base_version-$(cat "$TREE/series.key") ;;
	*) die "no variant \"$2\": it starts with \"stock\" or \"series\"" ;;
	esac
	case $kind in
	linux) kernel_configs=$TOP/lab/config/base.config kernel_binary=vmlinux kernel_script=kernel ;;
	xen) kernel_configs=$TOP/lab/config/xen.config kernel_binary=xen kernel_script=xen ;;
	qemu) kernel_configs=$TOP/lab/config/qemu.config kernel_binary=qemu-system-aarch64 kernel_script=qemu ;;
	esac
	kernel_kind=$kind
	# What a stock tree does not know would not come true there.
	if [ "$kernel_tree" = series ] && [ -f "$TOP/lab/config/$kind-series.config" ]; then
		kernel_configs="$kernel_configs
$TOP/lab/config/$kind-series.config"
	fi
	for kernel_config in $config $(echo "$2" | tr '+' '\n' | tail -n +2); do
		[ -f "$TOP/lab/config/$kernel_config.config" ] ||
			die "no configuration lab/config/$kernel_config.config"
		kernel_configs="$kernel_configs
$TOP/lab/config/$kernel_config.config"
	done
	kernel_dir=$BUILD/kernel/$1/$2
	kernel_log=$BUILD/log/kernel-$1-$2.log
	mkdir -p "$kernel_dir"
	echo "$kernel_configs" | tr '\n' '\0' | xargs -0 cat | config_merge >"$kernel_dir/lab.config.tmp"
	kernel_key="$kernel_key $(hash_stdin <"$kernel_dir/lab.config.tmp") ${ROOT##*/}"
	stamp_is "$kernel_dir/lab.stamp" "$kernel_key" && return 0

	rm -f "$kernel_dir/lab.stamp"
	[ -e "$kernel_dir/$kernel_binary" ] || need_space "$KERNEL_MIB" "kernel $1/$2"
	kernel_name=$1/$2
	kernel_objects=$objects
	[ ! -e "$kernel_dir/$kernel_binary" ] || kernel_objects=
	kernel_start=$(date +%s)
	say "kernel $kernel_name: building"
	run_shown show_kernel "$kernel_log" \
		enter --ro-bind "$TREE/$kernel_tree" "/mnt/$kernel_kind" --bind "$kernel_dir" /mnt/obj \
		"$INSIDE/lab/inside/$kernel_script" || {
		progress_end
		grep -E -m 10 '(error|Error [0-9]|undefined|lab): ' "$kernel_log" >&2 ||
			tail -n 10 "$kernel_log" >&2
		die "kernel $kernel_name is not built: see $kernel_log"
	}
	echo "$kernel_key" >"$kernel_dir/lab.stamp"
	say "kernel $kernel_name: built in $(elapsed_since "$kernel_start")"
}

show_kernel() {
	printf 'kernel %s: %s%s objects' "$kernel_name" \
		"$(grep -c -E '^( +(CC|AS|LD|AR|HOSTCC) |\[[0-9]+/)' "$1")" "${kernel_objects:+ of $kernel_objects}"
}

# kernel_unpack BASE: build/kernel/BASE/stock with Image, from Debian's package.
kernel_unpack() {
	base_resolve "$1"
	kernel_dir=$BUILD/kernel/$1/stock
	stamp_is "$kernel_dir/lab.stamp" "$base_version" && return 0
	need_space "$KERNEL_MIB" "kernel $1"
	rm -rf "$kernel_dir"
	mkdir -p "$kernel_dir/arch/arm64/boot"
	rm -f "$BUILD/download/${base_package}_"*.deb
	fetch_from "$suite" "$base_package:arm64=$base_version"
	for kernel_deb in "$BUILD/download/${base_package}_"*.deb; do
		enter dpkg-deb -x "/mnt/build/download/${kernel_deb##*/}" "/mnt/build/kernel/$1/stock/deb"
		rm -f "$kernel_deb"
	done
	# QEMU boots it as it is, packed or not.
	mv "$kernel_dir/deb/boot/vmlinuz-"* "$kernel_dir/arch/arm64/boot/Image"
	rm -rf "$kernel_dir/deb"
	echo "$base_version" >"$kernel_dir/lab.stamp"
	say "kernel $1: $base_package $base_version"
}

# bare_build OUT DIRECTORY...: build/OUT/*.bin, by the Makefile in the first of the directories, from all of
# them and the default base's libfdt.
bare_build() {
	bare_out=$1
	bare_make=$2
	shift
	base_tree linux-6.12
	bare_key="$(for bare_dir; do find "$TOP/$bare_dir" -type f -print0; done | LC_ALL=C sort -z |
		xargs -0 sha256sum | sed "s, $TOP/, ," | hash_stdin) $base_version ${ROOT##*/}"
	stamp_is "$BUILD/$bare_out/lab.stamp" "$bare_key" && return 0
	rm -f "$BUILD/$bare_out/lab.stamp"
	mkdir -p "$BUILD/$bare_out"
	enter --ro-bind "$TREE/pristine" /mnt/linux \
		make -C "$INSIDE/$bare_make" O="/mnt/build/$bare_out" -j "$BUILD_JOBS" \
		CROSS_COMPILE=aarch64-linux-gnu- LIBFDT=/mnt/linux/scripts/dtc/libfdt \
		>"$BUILD/log/$bare_out.log" 2>&1 || {
		grep -E -m 10 '(error|Error [0-9]+|undefined)' "$BUILD/log/$bare_out.log" >&2 || :
		die "$bare_out is not built: see $BUILD/log/$bare_out.log"
	}
	echo "$bare_key" >"$BUILD/$bare_out/lab.stamp"
	say "$bare_out: built"
}

firmware_build() {
	bare_build firmware firmware
}

# Guests of Xen that are no kernels.
payload_build() {
	bare_build payload lab/xen/payload firmware
}

# Guests of QEMU that are no kernels.
qemu_payload_build() {
	bare_build qemu-payload lab/qemu/payload
}

# guest_build BASE: build/guest/BASE.cpio.gz, the initramfs of guests, with that tree's kselftest.
guest_build() {
	guest_programs
	base_series "$1"
	guest_key="$(hash_files "$TOP"/lab/guest/* "$TOP/firmware/board/raspberry-pi/card/cpu-return-check" | hash_stdin) $(cat "$TREE/series.tools.key") $base_version ${ROOT##*/}"
	stamp_is "$BUILD/guest/$1.stamp" "$guest_key" && return 0
	rm -f "$BUILD/guest/$1.stamp"
	mkdir -p "$BUILD/guest/$1.obj"
	guest_name=$1
	run_shown show_guest "$BUILD/log/guest-$1.log" \
		enter --ro-bind "$TREE/series" /mnt/linux --bind "$BUILD/guest/$1.obj" /mnt/obj \
		"$INSIDE/lab/inside/guest" "/mnt/build/guest/$1.cpio.gz" || {
		progress_end
		grep -E -m 10 '(error|Error [0-9]+|undefined)' "$BUILD/log/guest-$1.log" >&2 || :
		die "guest of $1 is not built: see $BUILD/log/guest-$1.log"
	}
	echo "$guest_key" >"$BUILD/guest/$1.stamp"
	say "guest of $1: built"
}

show_guest() {
	printf 'guest of %s: %s' "$guest_name" "$(show_last_line "$1")"
}

# Two static programs from Debian are the guests' whole user space beside the scenarios' own.
guest_programs() {
	[ ! -d "$BUILD/guest/programs" ] || return 0
	fetch busybox-static:arm64 bash-static:arm64
	rm -rf "$BUILD/guest/programs.tmp"
	mkdir -p "$BUILD/guest/programs.tmp"
	for guest_deb in "$BUILD"/download/busybox-static_*.deb "$BUILD"/download/bash-static_*.deb; do
		enter dpkg-deb -x "/mnt/build/download/${guest_deb##*/}" /mnt/build/guest/programs.tmp
		rm -f "$guest_deb"
	done
	mv "$BUILD/guest/programs.tmp" "$BUILD/guest/programs"
}

# layer_build NAME: build/guest/layer/NAME.cpio.gz, which is put on top of a guest's initramfs.
layer_build() {
	layer_file=$TOP/lab/layers/$1
	[ -f "$layer_file" ] || die "no layer \"$1\""
	packages='' programs='' from='' layer_tree=''
	# shellcheck source=/dev/null
	. "$layer_file"
	layer_key="$(hash_stdin <"$layer_file") $(hash_stdin <"$TOP/lab/inside/layer") ${ROOT##*/}"
	if [ -n "$from" ]; then
		base_series "$from"
		layer_tree=$TREE/series
		case $kind in
		xen) layer_key="$layer_key $(hash_stdin <"$TOP/lab/inside/xen-tool") $(cat "$TREE/series.tools.key")" ;;
		qemu)
			layer_key="$layer_key $(cat "$TOP/lab/inside/qemu-cross" "$TOP/lab/lib/qemu.sh" "$TOP/lab/config/qemu.config" | hash_stdin)"
			layer_key="$layer_key $(cat "$TREE/series.key")"
			;;
		esac
		layer_key="$layer_key $base_version"
	fi
	stamp_is "$BUILD/guest/layer/$1.stamp" "$layer_key" && return 0
	rm -f "$BUILD/guest/layer/$1.stamp"
	mkdir -p "$BUILD/guest/layer" "$BUILD/apt"
	apt_configure
	fetch_what=$packages
	# shellcheck disable=SC2086 # words
	run_shown show_last_line "$BUILD/log/layer-$1.log" \
		enter_net "$INSIDE/lab/inside/apt" closure "/mnt/build/guest/layer/$1.debs" $packages ||
		explain_apt "$BUILD/log/layer-$1.log" "$packages"
	# shellcheck disable=SC2086 # words
	run_shown show_last_line "$BUILD/log/layer-$1.log" \
		enter ${layer_tree:+--ro-bind "$layer_tree" "/mnt/$kind"} \
		"$INSIDE/lab/inside/layer" "/mnt/build/guest/layer/$1" $programs || {
		progress_end
		grep -E '^lab: |(error|Error [0-9]+|undefined)' "$BUILD/log/layer-$1.log" >&2 || :
		die "layer $1 is not built: see $BUILD/log/layer-$1.log"
	}
	rm -rf "$BUILD/guest/layer/$1.debs"
	echo "$layer_key" >"$BUILD/guest/layer/$1.stamp"
	say "layer $1: built"
}

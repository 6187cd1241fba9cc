# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables of other parts
#
# make deb: kernel packages with the series for arm64, in build/deb/. Each configuration has its own directory,
# packages of its own name, and objects of its own: with the kernels that the lab boots they share nothing but
# the compiler's cache.

# What a whole build takes. That of Debian's configuration has all drivers, with types for BPF, and so debug
# information in every object.
DEB_MIB=1000
DEB_MIB_MODULES=8000
DEB_MIB_DEBIAN=30000

# deb_check BASE CONFIG: can there be such packages?
deb_check() {
	base_load "$1"
	[ "$kind" = linux ] || die "BASE=$1: packages are made of Linux only"
	case $2 in
	minimal | debian | defconfig) ;;
	*/*)
		[ -f "$2" ] && [ -r "$2" ] || die "CONFIG=$2: no such file"
		grep -q -x 'CONFIG_ARM64=y' "$2" || die "CONFIG=$2: not the configuration of an arm64 kernel"
		;;
	*) die "CONFIG=$2: it is minimal, debian, defconfig, or the path of a file (with a /: ./$2)" ;;
	esac
}

# deb_build BASE CONFIG: packages and SHA256SUMS in $deb_dir: build/deb/BASE, or build/deb/BASE-debian, -defconfig,
# -own.
deb_build() {
	deb_check "$1" "$2"
	base_series "$1"
	deb_kind=$2 deb_mib=$DEB_MIB_MODULES deb_local=-cpu-return
	case $2 in
	minimal) deb_mib=$DEB_MIB ;;
	debian) deb_mib=$DEB_MIB_DEBIAN ;;
	*/*) deb_kind=own ;;
	esac
	[ "$deb_kind" = minimal ] || deb_local=$deb_local-$deb_kind
	deb_name=$1${deb_local#-cpu-return}
	deb_dir=$BUILD/deb/$deb_name
	deb_log=$BUILD/log/deb-$deb_name.log
	mkdir -p "$deb_dir.obj"
	# With other sources an option may be new, and is asked for again.
	{
		echo "# $base_version"
		deb_config "$1" "$2"
	} >"$deb_dir.obj/lab.config.tmp" || exit 2
	deb_key="$base_version-$(cat "$TREE/series.key") $(hash_stdin <"$deb_dir.obj/lab.config.tmp") \
$(hash_files "$TOP/lab/inside/deb" "$TOP/lab/lib/kbuild.sh") ${ROOT##*/}"
	stamp_is "$deb_dir/lab.stamp" "$deb_key" && return 0

	[ -e "$deb_dir.obj/vmlinux" ] || need_space "$deb_mib" "kernel package $deb_name"
	! grep -q '^CONFIG_DRM_AMDGPU=[ym]' "$deb_dir.obj/lab.config.tmp" || deb_whole_tree "$1"
	deb_objects=$objects
	if [ "$deb_kind" != minimal ] || [ -e "$deb_dir.obj/vmlinux" ]; then
		deb_objects=
	fi
	rm -rf "$deb_dir.tmp"
	mkdir -p "$deb_dir.tmp"
	deb_start=$(date +%s)
	say "kernel package $deb_name: building"
	run_shown show_deb "$deb_log" \
		enter --ro-bind "$TREE/series" /mnt/linux --bind "$deb_dir.tmp" /mnt/deb \
		--bind "$deb_dir.obj" /mnt/deb/obj \
		"$INSIDE/lab/inside/deb" "$deb_kind" "$deb_local" "$base_version+cpureturn1" || {
		progress_end
		grep -E -m 10 '(error|Error [0-9]+|undefined|lab): ' "$deb_log" >&2 ||
			tail -n 10 "$deb_log" >&2
		die "kernel package $deb_name is not built: see $deb_log"
	}
	# The objects' place.
	rmdir "$deb_dir.tmp/obj"
	echo "$deb_key" >"$deb_dir.tmp/lab.stamp"
	rm -rf "$deb_dir"
	mv "$deb_dir.tmp" "$deb_dir"
	sed -n 's/^lab: warning: //p' "$deb_log" | while IFS= read -r deb_line; do warn "$deb_line"; done
	say "kernel package $deb_name: built in $(elapsed_since "$deb_start")"
}

show_deb() {
	printf 'kernel package %s: %s%s objects' "$deb_name" \
		"$(grep -c -E '^ +(CC|AS|LD|AR|HOSTCC) ' "$1")" "${deb_objects:+ of $deb_objects}"
}

# deb_config BASE CONFIG: what the configuration is made from.
deb_config() {
	case $2 in
	minimal)
		for deb_fragment in base $config; do
			cat "$TOP/lab/config/$deb_fragment.config"
		done | config_merge
		;;
	defconfig) ;;
	debian)
		deb_debian_config
		cat "$TREE/debian.config"
		;;
	*) cat "$2" ;;
	esac
}

# What Debian built its kernel for arm64 of this version with, in $TREE/debian.config.
deb_debian_config() {
	[ ! -s "$TREE/debian.config" ] || return 0
	deb_package=linux-config-${base_package#linux-source-}
	rm -f "$BUILD/download/${deb_package}_"*.deb
	fetch "$deb_package:arm64=$base_version" >&2
	enter "$INSIDE/lab/inside/deb" extract "$deb_package" "$TREE_INSIDE" >&2 ||
		die "no configuration for arm64 in $deb_package $base_version"
}

# deb_whole_tree BASE: the tree also has what no kernel of the lab is built with (lab/inside/unpack).
deb_whole_tree() {
	[ ! -d "$TREE/series/drivers/gpu/drm/amd/include" ] || return 0
	rm -f "$BUILD/download/${base_package}_"*.deb
	fetch "$base_package=$base_version"
	say "base $1: unpacking the drivers that the lab's kernels do without"
	enter "$INSIDE/lab/inside/unpack" rest "$base_package" "$TREE_INSIDE" >"$BUILD/log/unpack-$1.log" 2>&1 ||
		die "cannot unpack $base_package: see $BUILD/log/unpack-$1.log"
}

list_debs() {
	for list_deb in "$1"/*.deb; do
		printf '  %s\n' "${list_deb##*/}"
	done
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables of other parts
#
# make series: what maintainers take, in build/series/.

# series_format BASE: for a base of the lab.
series_format() {
	base_tree "$1"
	base_load "$1"
	mkdir -p "$BUILD/series"
	enter "$INSIDE/lab/inside/format-series" "$TREE_INSIDE/pristine" "$INSIDE/$series" \
		"/mnt/build/series/$1" "$1" "Debian package $base_package $base_version" || exit 2
}

# series_check KIND PATH: is it a tree that the series of this kind could be for?
series_check() {
	[ -d "$2" ] || die "$(own_variable "$1")=$2: no such directory"
	case $1 in
	linux) grep -q '^PATCHLEVEL = ' "$2/Makefile" 2>/dev/null && [ -d "$2/arch/arm64/kernel" ] ||
		die "LINUX=$2: not a Linux source tree" ;;
	xen) grep -q '^export XEN_VERSION ' "$2/xen/Makefile" 2>/dev/null && [ -d "$2/xen/arch/arm" ] ||
		die "XEN=$2: not a Xen source tree" ;;
	qemu) [ -f "$2/VERSION" ] && [ -d "$2/hw/arm" ] && [ -f "$2/qapi/qdev.json" ] ||
		die "QEMU=$2: not a QEMU source tree" ;;
	esac
}

own_variable() {
	echo "$1" | tr '[:lower:]' '[:upper:]'
}

# series_version KIND PATH: a tree's own word.
series_version() {
	case $1 in
	linux) awk '$1 ~ /^(VERSION|PATCHLEVEL|SUBLEVEL)$/ { v = v "." $3 } END { print substr(v, 2) }' "$2/Makefile" ;;
	qemu) cat "$2/VERSION" ;;
	xen) awk '$2 ~ /^XEN_(SUB)?VERSION$/ { v = v "." $4 } END { print substr(v, 2) }' "$2/xen/Makefile" ;;
	esac
}

# series_format_own KIND PATH: for a tree of the user's.
series_format_own() {
	series_kind=$1
	series_own=$(cd "$2" && pwd)
	# The repository of a linked worktree is elsewhere.
	set --
	if [ -f "$series_own/.git" ]; then
		series_git=$(sed -n 's/^gitdir: //p' "$series_own/.git")
		series_git=${series_git%/worktrees/*}
		[ ! -d "$series_git" ] || set -- --ro-bind "$series_git" "$series_git"
	fi
	mkdir -p "$BUILD/series"
	enter "$@" --ro-bind "$series_own" /mnt/own "$INSIDE/lab/inside/format-series" \
		/mnt/own "$INSIDE/series/$series_kind" /mnt/build/series/own \
		"$(own_variable "$series_kind")=$series_own" \
		"a tree of version $(series_version "$series_kind" "$series_own")" || exit 2
	say "$BUILD/series/own:"
	list_patches own
}

list_patches() {
	for list_patch in "$BUILD/series/$1"/*.patch; do
		printf '  %s\n' "${list_patch##*/}"
	done
}

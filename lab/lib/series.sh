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

# series_check PATH: is it a tree that the series could be for?
series_check() {
	[ -d "$1" ] || die "LINUX=$1: no such directory"
	if ! grep -q '^PATCHLEVEL = ' "$1/Makefile" 2>/dev/null || [ ! -d "$1/arch/arm64/kernel" ]; then
		die "LINUX=$1: not a Linux source tree"
	fi
}

# series_format_own PATH: for a tree of the user's.
series_format_own() {
	series_own=$(cd "$1" && pwd)
	# The repository of a linked worktree is elsewhere.
	set --
	if [ -f "$series_own/.git" ]; then
		series_git=$(sed -n 's/^gitdir: //p' "$series_own/.git")
		series_git=${series_git%/worktrees/*}
		[ ! -d "$series_git" ] || set -- --ro-bind "$series_git" "$series_git"
	fi
	mkdir -p "$BUILD/series"
	enter "$@" --ro-bind "$series_own" /mnt/linux "$INSIDE/lab/inside/format-series" \
		/mnt/linux "$INSIDE/series/linux" /mnt/build/series/own "LINUX=$series_own" \
		"a tree of version $(awk '$1 ~ /^(VERSION|PATCHLEVEL|SUBLEVEL)$/ { v = v "." $3 }
			END { print substr(v, 2) }' "$series_own/Makefile")" || exit 2
	say "$BUILD/series/own:"
	list_patches own
}

list_patches() {
	for list_patch in "$BUILD/series/$1"/*.patch; do
		printf '  %s\n' "${list_patch##*/}"
	done
}

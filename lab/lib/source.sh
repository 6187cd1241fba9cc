# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Upstream trees: Debian source packages, fetched and verified by the root's apt, and the same with
# our series; and Debian's own kernels, which have no tree here. A base is a file in lab/bases/; nothing else
# knows about versions.

TREE_MIB=2000

# all_bases: those that have a tree.
all_bases() {
	grep -l '^series=' "$TOP"/lab/bases/* | sed 's,.*/,,'
}

# base_load BASE: what lab/bases/BASE says, in variables. Its kind says what is packaged how: linux is
# a package linux-source-*, linux-image a kernel for arm64, of whatever else there is a source package.
base_load() {
	[ -f "$TOP/lab/bases/$1" ] || die "no base \"$1\" (there are: $(all_bases | xargs))"
	kind='' package='' suite='' series='' config='' objects=0
	# shellcheck source=/dev/null
	. "$TOP/lab/bases/$1"
}

show_fetch() {
	printf 'fetching %s: %s MiB' "$fetch_what" \
		"$(du -sm "$BUILD/download" 2>/dev/null | cut -f1)"
}

# fetch PACKAGE...: verified .debs in build/download.
fetch() {
	# shellcheck disable=SC2153 # the root's
	fetch_from "$SUITE" "$@"
}

# fetch_from SUITE PACKAGE...: the same of another suite.
fetch_from() {
	fetch_suite=$1
	shift
	fetch_what=$*
	mkdir -p "$BUILD/download" "$BUILD/apt"
	apt_configure
	run_shown show_fetch "$BUILD/log/fetch.log" \
		enter_net "$INSIDE/lab/inside/apt" fetch "$fetch_suite" "$@" ||
		explain_apt "$BUILD/log/fetch.log" "$fetch_what"
}

# fetch_source PACKAGE VERSION: verified tarballs in build/download/PACKAGE.source.
fetch_source() {
	fetch_what=$1
	mkdir -p "$BUILD/download" "$BUILD/apt"
	apt_configure
	run_shown show_fetch "$BUILD/log/fetch.log" \
		enter_net "$INSIDE/lab/inside/apt" fetch-source "$1" "$2" ||
		explain_apt "$BUILD/log/fetch.log" "$1"
}

# base_find BASE: package and version of a base, in build/bases/BASE.version. It stays what it
# is until "make update", so that a new point release breaks no build. Without it base_lacks is
# what the archive's index names and the archive has not.
base_find() {
	base_version_file=$BUILD/bases/$1.version
	base_lacks=
	if [ ! -s "$base_version_file" ]; then
		base_load "$1"
		case $kind in
		linux | linux-image) base_resolve=resolve ;;
		*) base_resolve=resolve-source ;;
		esac
		mkdir -p "$BUILD/bases"
		apt_configure
		run_shown show_last_line "$BUILD/log/resolve.log" \
			enter_net "$INSIDE/lab/inside/apt" "$base_resolve" "$package" "$suite" "$1" ||
			explain_apt "$BUILD/log/resolve.log" "$package"
		base_lacks=$(sed -n 's/^lab: lacks //p' "$BUILD/log/resolve.log" | sort -u | xargs)
		[ -s "$base_version_file" ] || return 1
	fi
	read -r base_package base_version <"$base_version_file"
	TREE=$BUILD/tree/$1-$base_version
	TREE_INSIDE=/mnt/build/tree/$1-$base_version
}

base_resolve() {
	base_find "$1" || base_not_found
}

base_not_found() {
	[ -z "$base_lacks" ] || die "the archive of this machine names $base_lacks and has not its source"
	die "suite missing: $suite has no package $package"
}

# base_tree BASE: the pristine tree in $TREE/pristine.
base_tree() {
	base_load "$1"
	[ -n "$series" ] || die "BASE=$1: a kernel of Debian's own, without a tree"
	base_resolve "$1"
	[ ! -d "$TREE/pristine" ] || return 0

	# A tree of an older version serves nobody now.
	for tree_old in "$BUILD/tree/$1"-*; do
		[ "$tree_old" = "$TREE" ] || rm -rf "$tree_old"
	done
	need_space "$TREE_MIB" "the tree of $1"
	say "base $1: $base_package $base_version"
	case $kind in
	linux)
		[ -n "$(find "$BUILD/download" -name "${base_package}_*.deb" 2>/dev/null)" ] ||
			fetch "$base_package=$base_version"
		;;
	*) [ -d "$BUILD/download/$base_package.source" ] || fetch_source "$base_package" "$base_version" ;;
	esac
	tree_start=$(date +%s)
	run_shown show_unpack "$BUILD/log/unpack-$1.log" \
		enter "$INSIDE/lab/inside/unpack" "$base_package" "$TREE_INSIDE" ||
		die "cannot unpack $base_package: see $BUILD/log/unpack-$1.log"
	say "base $1: unpacked in $(elapsed_since "$tree_start")"
}

show_unpack() {
	printf 'unpacking %s: %s' "$base_package" "$(show_last_line "$1")"
}

# base_series BASE: the tree with our series in $TREE/series, and in $TREE/series.files which files
# that made or changed.
base_series() {
	base_tree "$1"
	base_load "$1"
	enter "$INSIDE/lab/inside/patch-tree" "$1" "$TREE_INSIDE" "$INSIDE/$series" ||
		exit 2
}

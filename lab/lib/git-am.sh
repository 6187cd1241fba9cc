# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# For scenarios: what "make series" writes, given to git am. They get, by git_am_format
#
#	TREE		the base's directory, with pristine and series
#	work		a directory of their own
#	$work/stage	see lab/inside/stage
#	patches, count	the patches
#
# and by git_am_compare
#
#	repo		a repository of the files that the series touches, after git am

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 \
	GIT_COMMITTER_NAME=lab GIT_COMMITTER_EMAIL=lab@localhost

# git_am_format NAME: the patches of series/NAME for BASE.
git_am_format() {
	read -r package version <"$BUILD/bases/$BASE.version"
	TREE=$BUILD/tree/$BASE-$version
	# Two of them may run at a time.
	work=$BUILD/kernel/$BASE/steps/$SCENARIO
	git_am_series=$TOP/series/$1
	mkdir -p "$work"
	"$LAB/inside/format-series" "$TREE/pristine" "$git_am_series" "$work/series" "$BASE" \
		"Debian package $package $version" &&
		"$LAB/inside/stage" "$TREE/pristine" "$git_am_series" "$work/stage" "$BASE" || exit 1
	patches=$(find "$work/series" -name '[0-9]*.patch' ! -name '0000-*' | sort)
	count=$(echo "$patches" | wc -l)
}

# compare DIRECTORY WITH: each file that the series touches.
compare() {
	while read -r file; do
		[ "$1" != "$git_am_own" ] || [ -e "$git_am_own/$file" ] || continue
		# One that was moved is in neither.
		[ -e "$1/$file" ] || [ -e "$2/$file" ] || continue
		cmp "$1/$file" "$2/$file" || return 1
	done <"$work/stage/files"
}

# git_am_compare OWN: three lines of TAP. OWN has the files that the series adds.
git_am_compare() {
	git_am_own=$1
	# A repository of nothing but the pristine files, made without the one that the patches come from.
	repo=$work/am
	rm -rf "$repo"
	git init -q -b base "$repo"
	cp -a "$work/stage/a/." "$repo/"
	cd "$repo" || exit 1
	git add -A -f
	git -c user.name=lab -c user.email=lab@localhost commit -q --allow-empty -m pristine

	# shellcheck disable=SC2086 # file names without blanks
	check "git am" git am -q --keep-cr $patches
	check "the patches make the tree that is booted" compare "$TREE/series" "$repo"
	check "and the files of this repository" compare "$git_am_own" "$repo"
}

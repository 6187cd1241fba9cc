# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The tools root: a Debian trixie that mmdebstrap makes below build/ and bwrap enters. It is never
# changed: its name is the hash of what it was made from, and another list makes another root.

SUITE=trixie
ROOT_MIB=3500
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The archive that this machine is configured with. apt itself reads its configuration here, and
# knows from the signed index which of the archives is Debian's.
host_archive() {
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets 'Created-By: Packages' \
		--format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 2>/dev/null |
		sed -n "s#^Debian|$1|main|\\(https*://.*[^/]\\)/*\$#\\1#p" | head -n 1
}

# Where the machine does not say (Ubuntu, or no index fetched yet): mmdebstrap's own default, which
# is to be had by making the smallest tree that it can make.
default_archive() {
	if [ ! -s "$BUILD/apt/default" ]; then
		mkdir -p "$BUILD/apt"
		remove_root "$BUILD/root.seed"
		set -- --variant=extract --include=debian-archive-keyring \
			--aptopt="$BUILD/apt/options" "$SUITE" "$BUILD/root.seed"
		[ "$(id -u)" = 0 ] || set -- --mode=unshare "$@"
		mmdebstrap "$@" >"$BUILD/log/archive.log" 2>&1 9>&- ||
			explain_apt "$BUILD/log/archive.log" "$SUITE"
		sed -n "s#^deb .*\\(https*://[^ ]*[^ /]\\)/* $SUITE main.*#\\1#p" \
			"$BUILD/root.seed/etc/apt/sources.list" >"$BUILD/apt/default"
		remove_root "$BUILD/root.seed"
	fi
	cat "$BUILD/apt/default"
}

# Sources and options for apt, the same for making the root and for fetching from within it.
apt_configure() {
	mkdir -p "$BUILD/apt"
	apt_options >"$BUILD/apt/options"
	archive=$(host_archive Debian)
	archive_security=$(host_archive Debian-Security)
	[ -n "$archive" ] || archive=$(default_archive)
	[ -n "$archive" ] || die "no archive of Debian: neither this machine nor mmdebstrap names one"
	{
		for archive_suite in "$SUITE" "$SUITE-updates" "$SUITE-backports"; do
			echo "deb [signed-by=$KEYRING] $archive $archive_suite main"
		done
		[ -z "$archive_security" ] ||
			echo "deb [signed-by=$KEYRING] $archive_security $SUITE-security main"
	} >"$BUILD/apt/sources.list"
}

# How this machine reaches archives: proxies, retries, and clocks that are known to be off.
# Commands that look for a proxy are not in the root.
apt_options() {
	apt-config dump 2>/dev/null | grep -v -i 'auto-detect' |
		grep -E '^Acquire::(http|https|Retries|ForceIPv[46]|Check-Valid-Until|Check-Date|Max-FutureTime|Min-ValidTime|Max-ValidTime)(::[^ ]*)? ' || :
}

# explain_apt LOG WHAT: why did apt or mmdebstrap fail?
explain_apt() {
	if grep -q -E 'does not have a Release file|404 +Not Found' "$1"; then
		die "suite missing: the archive of this machine has not all of $2 (see $1)"
	elif grep -q -E "^E: Version '.*' for '.*' was not found" "$1"; then
		die "the archive has $2 no longer: \"make update\" takes what it has today"
	elif grep -q -i -E 'could not (resolve|connect)|temporary failure|unreachable|connection (failed|refused|timed out)' "$1"; then
		die "no network: cannot reach the archive for $2 (see $1)"
	fi
	progress_end
	grep -E '^(E|W):' "$1" | tail -n 5 >&2
	die "cannot get $2: see $1"
}

# A root that is half removed must not be taken for one: it loses its name first.
remove_root() {
	[ -e "$1" ] || return 0
	case $1 in
	*.old) root_gone=$1 ;;
	*)
		root_gone=$1.old
		mv "$1" "$root_gone"
		;;
	esac
	if [ "$(id -u)" = 0 ]; then
		rm -rf --one-file-system "$root_gone"
	else
		# Its files belong to the mapped user ids, its name to the user.
		mmdebstrap --unshare-helper find "$root_gone" -xdev -mindepth 1 -delete &&
			rmdir "$root_gone"
	fi
}

show_root() {
	printf 'tools root: %s' "$(show_last_line "$1")"
}

# Name of the root in ROOT; made if it is not there.
root_make() {
	root_packages=$(first_words "$TOP/lab/root/packages" | sort)
	ROOT=$BUILD/root-$(echo "$SUITE $root_packages" | hash_stdin)
	[ ! -d "$ROOT" ] || return 0

	for root_old in "$BUILD"/root-*; do
		remove_root "$root_old"
	done
	need_space "$ROOT_MIB" "the tools root"
	say "making the tools root ($SUITE, $(echo "$root_packages" | wc -l) packages and what they need)"
	root_start=$(date +%s)
	mkdir -p "$BUILD/log"
	apt_configure

	# Manuals and translations are left out. The empty resolv.conf is a place to bind the
	# host's on.
	# shellcheck disable=SC2016 # $1 is the hook's
	set -- --variant=apt --format=directory \
		--include="$(echo "$root_packages" | tr '\n' ' ')" \
		--aptopt="$BUILD/apt/options" \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/info/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--customize-hook='rm -f "$1/etc/resolv.conf" && : >"$1/etc/resolv.conf"' \
		"$SUITE" "$ROOT.tmp" "$BUILD/apt/sources.list"
	[ "$(id -u)" = 0 ] || set -- --mode=unshare "$@"
	run_shown show_root "$BUILD/log/root.log" mmdebstrap "$@" ||
		explain_apt "$BUILD/log/root.log" "$SUITE"

	mv "$ROOT.tmp" "$ROOT"
	say "tools root made in $(elapsed_since "$root_start")"
}

# enter [BWRAP-OPTION...] COMMAND...: run a command in the root, without network. Paths inside are
# the same for each checkout, and whatever is started ends when its caller does.
enter() {
	enter_any --unshare-net "$@"
}

# The same with the host's network, for apt only.
enter_net() {
	enter_any --ro-bind /etc/resolv.conf /etc/resolv.conf --ro-bind-try /etc/hosts /etc/hosts \
		"$@"
}

# HOST=1 lets a scenario take this machine's own CPUs off and on; else its /sys is not there.
enter_any() {
	[ "${HOST-}" != 1 ] || set -- --bind /sys /sys "$@"
	$run_exec bwrap --clearenv --setenv PATH /usr/lib/ccache:/usr/sbin:/usr/bin \
		--setenv HOME /tmp --setenv LC_ALL C.UTF-8 --setenv TERM "${TERM:-dumb}" \
		--setenv TOP /mnt/project --setenv BUILD /mnt/build \
		--setenv BUILD_JOBS "$BUILD_JOBS" \
		--setenv CCACHE_DIR /mnt/ccache --setenv CCACHE_MAXSIZE 5G \
		--setenv HOST_BUILD "$BUILD" --setenv HOST "${HOST-}" \
		--ro-bind "$ROOT" / --dev /dev --proc /proc --tmpfs /tmp --tmpfs /run --tmpfs /mnt \
		--ro-bind "$TOP" /mnt/project --bind "$BUILD" /mnt/build \
		--bind "$CCACHE_DIR" /mnt/ccache \
		--unshare-pid --unshare-ipc --die-with-parent --chdir /mnt/build "$@"
}

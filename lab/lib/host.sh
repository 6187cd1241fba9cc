# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the host must be and have before anything is made.

# LAB_OS_RELEASE: another file to read, so that the refusal can be tried on Debian.
host_is_debian() {
	os_release=${LAB_OS_RELEASE:-/etc/os-release}
	os_ids=$(sed -n -e 's/^ID=//p' -e 's/^ID_LIKE=//p' "$os_release" 2>/dev/null | tr -d '"' |
		xargs)
	case " $os_ids " in
	*" debian "* | *" ubuntu "*) ;;
	*) die "not Debian: this machine is \"${os_ids:-unknown}\", the lab needs Debian or Ubuntu" ;;
	esac
}

# Install by name what is missing. Nothing else on the host is touched.
host_packages() {
	missing=
	command -v mmdebstrap >/dev/null || missing="$missing mmdebstrap"
	command -v bwrap >/dev/null || missing="$missing bubblewrap"
	# Ubuntu does not have Debian's keys, and without them nothing could be verified.
	[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] ||
		missing="$missing debian-archive-keyring"
	# Without root, mmdebstrap maps a range of user ids.
	[ "$(id -u)" = 0 ] || command -v newuidmap >/dev/null || missing="$missing uidmap"
	[ -n "$missing" ] || return 0

	sudo=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null ||
			die "missing packages:$missing (no sudo here: install them as root)"
		sudo=sudo
	fi
	say "installing on this machine:$missing"
	# shellcheck disable=SC2086 # a list of words
	$sudo apt-get install -y --no-install-recommends $missing </dev/null ||
		{ $sudo apt-get update &&
			$sudo apt-get install -y --no-install-recommends $missing </dev/null; } ||
		die "cannot install$missing: see apt-get's messages above"
}

host_can_sandbox() {
	sandbox_says=$(bwrap --ro-bind / / --dev /dev --proc /proc --unshare-pid --unshare-net true 2>&1) ||
		die "user namespaces forbidden: bwrap says \"$(printf %s "$sandbox_says" | tail -n 1)\"" \
			"(allow them in this machine's policy, or run make as root)"
}

# One run for each build directory. The descriptor stays open in every child, so that the lock
# outlives a killed driver for as long as one of its children goes on writing to build/.
take_lock() {
	mkdir -p "$BUILD" || die "cannot make $BUILD"
	exec 9>>"$BUILD/lock"
	flock -n 9 || die "lock held by another run (pid $(cat "$BUILD/lock"))"
	echo $$ >"$BUILD/lock"
}

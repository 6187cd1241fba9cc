# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the owner of a Raspberry Pi copies on a card.

CARD_VARIANT=series+raspberry-pi

# card_build BASE [no]: build/raspberry-pi, with a kernel of that base unless it is not wanted.
card_build() {
	firmware_build
	base_series "$1"
	card_kernel=$1/$CARD_VARIANT
	if [ "${2-}" = no ]; then
		card_kernel=
	else
		kernel_build "$1" "$CARD_VARIANT"
	fi
	base_tree "$1"
	enter --ro-bind "$TREE/series" /mnt/linux "$INSIDE/lab/inside/card" /mnt/build/raspberry-pi "$card_kernel" \
		>"$BUILD/log/raspberry-pi.log" 2>&1 || {
		grep '^lab: ' "$BUILD/log/raspberry-pi.log" >&2 || tail -n 5 "$BUILD/log/raspberry-pi.log" >&2
		die "build/raspberry-pi is not complete: see $BUILD/log/raspberry-pi.log"
	}
	say "$BUILD/raspberry-pi: README.txt says what to do with it"
	(cd "$BUILD/raspberry-pi" && find . -type f -printf '%10s %P\n' | LC_ALL=C sort -k 2)
}

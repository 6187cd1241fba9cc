# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What guest programs share that give memory back to Xen. After hotplug.sh.

BALLOON=/sys/devices/system/xen_memory/xen_memory0

# balloon_is KIB
balloon_is() {
	[ "$(cat "$BALLOON/info/current_kb")" = "$1" ]
}

# balloon_by MIB: give so much back, or take it again if it is negative, and wait until that is done.
balloon_by() {
	read -r balloon_kib <"$BALLOON/target_kb"
	balloon_kib=$((balloon_kib - $1 * 1024))
	echo "$balloon_kib" >"$BALLOON/target_kb"
	wait_for balloon_is "$balloon_kib"
}

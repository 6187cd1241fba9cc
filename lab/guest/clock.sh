# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What programs share that have a clock interrupt. After hotplug.sh.

# A PL031: the seconds, when to interrupt, and whether to.
CLOCK=0x09010000
alarm_count() {
	awk '/pl031/ { for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i } END { print n + 0 }' /proc/interrupts
}

alarm_rang() {
	[ "$(alarm_count)" -gt "$alarm_before" ]
}

# alarm: have it interrupt, and wait for that.
alarm() {
	alarm_before=$(alarm_count)
	devmem $((CLOCK + 4)) 32 $(($(devmem $CLOCK 32) + 1))
	devmem $((CLOCK + 0x10)) 32 1
	wait_for alarm_rang
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What scenarios of guests on Xen share.

# What Xen should not say.
xen_splats() {
	grep -E 'Assertion|Xen BUG|Xen WARN|Panic on CPU|Unhandled|DOUBLE FAULT|unable to inject hw irq|migration failed' \
		"$(xen_console xen)"
}

# xen_is_quiet NAME: a line of TAP about the last machine.
xen_is_quiet() {
	is "$1: Xen has nothing to say" "$(xen_splats | head -n 3)" ""
}

# xen_cycles NAME N KEY=VALUE...: three lines of TAP. What counts as a cycle is that AFFINITY_INFO has said of
# the vCPU that it is off, and that it ran a task afterwards.
xen_cycles() {
	xen_name=$1
	xen_count=$2
	shift 2
	guest_works "$xen_name: vCPUs go and come under load" kernel="$BASE/series" \
		run="hotplug-cycles $xen_count" "$@"
	xen_seen=$(guest_dmesg | grep -c '^psci: CPU[0-9]* killed')
	check "$xen_name: $xen_count cycles, $xen_seen times seen off" \
		test "$xen_seen" -ge "$xen_count" -a "$(guest_output | sed -n 's/^# cycles: //p')" -ge "$xen_count"
	xen_is_quiet "$xen_name"
}

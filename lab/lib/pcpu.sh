# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What scenarios share in which physical CPUs go and come. After scenario.sh and xen-guest.sh.

# pcpu_guest KEY=VALUE...: boot_guest with the tools, and a dom0 of our kernel.
pcpu_guest() {
	boot_guest kernel="$BASE/series" layers="xen hptool" "$@"
}

# pcpu_works NAME KEY=VALUE...: guest_works with the same.
pcpu_works() {
	pcpu_name=$1
	shift
	guest_works "$pcpu_name" kernel="$BASE/series" layers="xen hptool" "$@"
}

# One more domain, whose vCPUs have something to do all the time.
BUSY="name=busy kernel=$BASE/series vcpus=2 memory=256 append=lab.end=never run=busy"

# busy_goes_on NAME: a line of TAP about the last machine's: it has got on, and complains of nothing.
busy_goes_on() {
	pcpu_console=$(xen_console busy)
	pcpu_rounds=$(guest_output "$pcpu_console" | sed -n 's/^busy: //p' | tail -n 1)
	if [ "${pcpu_rounds:-0}" -lt 2 ]; then
		not_ok "$1: a busy domain goes on" "${pcpu_rounds:-no} rounds"
	else
		is "$1: a busy domain goes on" "$(guest_splats "$pcpu_console" | head -n 3)" ""
	fi
}

# booted: how often has Xen said of a CPU that it has come, after all had come the first time?
booted() {
	sed '1,/Brought up [0-9]* CPUs/d' "$(xen_console xen)" | grep -c 'CPU [0-9]* booted\.$'
}

# each_verdict NAME COUNT: a line of TAP for each of so many verdicts of the last guest's program.
each_verdict() {
	for verdict_number in $(seq "$2"); do
		verdict_line=$(guest_output | grep -E "^(not )?ok $verdict_number " | head -n 1)
		case $verdict_line in
		ok*) ok "$1: ${verdict_line#ok "$verdict_number" }" ;;
		not*) not_ok "$1: ${verdict_line#not ok "$verdict_number" }" ;;
		*) not_ok "$1: verdict $verdict_number" "did not come" ;;
		esac
	done
}

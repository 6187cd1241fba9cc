# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What scenarios on spin-table machines share. Sourced after scenario.sh.

# What the kernel's list of hotpluggable CPUs was in the last guest, which ran cpu-files or
# hotplug-cycles.
hotpluggable() {
	guest_output | sed -n 's/^\(# \)\{0,1\}hotpluggable: *//p' | tail -n 1
}

# Which CPUs were online in the last guest, which ran cpu-files.
online() {
	guest_output | sed -n 's/^online: //p' | tail -n 1
}

# What the kernel said to kexec-load, the last time.
kexec_load() {
	guest_output | sed -n 's/^kexec-load: //p' | tail -n 1
}

# firmware_conforms NAME KEY=VALUE...: the payload that judges firmware passes. It waits no longer than an OS would, so
# time is the guest's.
firmware_conforms() {
	conforms_name=$1
	shift
	boot_guest kernel="$BASE/series" accel=tcg,thread=single extra="-icount shift=4,sleep=off" silence=60 "$@" || :
	is "$conforms_name" "$boot_verdict $(tr -d '\r' <"$boot_log" | grep -c '^not ok')" "done 0"
	note "tests that passed: $(tr -d '\r' <"$boot_log" | grep -c '^ok')"
}

# spin_table_hotplug MACHINE: all that is proven of a machine whose firmware takes CPUs back.
spin_table_hotplug() {
	plan 11

	firmware_conforms "the firmware keeps the contract" machine="$1" payload=firmware/virt-conformance.bin
	guest_works "stock: boots all CPUs of this firmware" \
		machine="$1" kernel="$BASE/stock" run=cpu-files
	is "stock: no CPU has an online file" "$(hotpluggable)" ""
	is "stock: a kernel for kexec is refused" "$(kexec_load)" "refused: Device or resource busy"

	guest_works "series: CPUs go to firmware and come back under load" \
		machine="$1" kernel="$BASE/series" run="hotplug-cycles 100"
	cycles_at_least "series: 100 cycles" 100
	is "series: every CPU has an online file, CPU0 too" "$(hotpluggable)" "0 1 2 3"
	dmesg_has "series: the log says how many CPUs can be returned" \
		'^spin-table: 4 of 4 CPUs can be returned to firmware$'
	dmesg_has "series: received at EL$2" "^CPU: All CPU\(s\) started at EL$2\$"

	is "series: a kernel for kexec is taken" "$(kexec_load)" "loaded"

	guest_works "series: kselftest" machine="$1" kernel="$BASE/series" run=run-kselftest
	done_testing
}

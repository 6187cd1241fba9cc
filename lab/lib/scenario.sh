# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What a scenario sources: TAP on stdout, guests by boot_guest. Given by the lab in the environment:
#
#	BASE		the base that this run is for
#	LAB		lab/ of the checkout, TOP the checkout, BUILD its build/
#	BOOT_DIR	where the consoles go, one file a boot

# shellcheck source=/dev/null
. "$LAB/lib/boot.sh"
trap 'boot_stop; rm -rf "$boot_tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

tap_number=0
tap_failed=0

plan() {
	echo "TAP version 13"
	echo "1..$1"
}

# note: into the .tap. diag: shown by prove as well.
note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /' >&2
	note "$*"
}

ok() {
	tap_number=$((tap_number + 1))
	echo "ok $tap_number - $*"
}

# not_ok NAME [WHY]
not_ok() {
	tap_number=$((tap_number + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_number - $1"
	[ -z "${2-}" ] || diag "$BASE: $1: $2"
	return 0
}

# check NAME COMMAND...: ok if the command succeeds.
check() {
	check_name=$1
	shift
	if check_says=$("$@" 2>&1); then
		ok "$check_name"
	else
		not_ok "$check_name" "$(printf '%s\n' "$check_says" | tail -n 25)"
	fi
}

# is NAME GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got \"$2\", wanted \"$3\""
	fi
}

# each_fault_has_a_row SOURCE FILE: a line of TAP: what a source of firmware/adversary/ knows is asked for in FILE.
each_fault_has_a_row() {
	is "each fault that firmware knows has a row" "$(sed -n 's/^	{ "\([a-z0-9-]*\)",.*/\1/p' \
		"$TOP/firmware/adversary/$1" | while read -r fault_name; do
		grep -q -E "=${fault_name}[:@]" "$2" || echo "$fault_name"
	done)" ""
}

# dmesg_has NAME REGEX / dmesg_has_not NAME REGEX: in the last guest's kernel messages.
dmesg_has() {
	if guest_dmesg | grep -q -E -- "$2"; then
		ok "$1"
	else
		not_ok "$1" "no \"$2\" in $(host_path "$boot_log")"
	fi
}

dmesg_has_not() {
	if guest_dmesg | grep -q -E -- "$2"; then
		not_ok "$1" "$(guest_dmesg | grep -E -- "$2" | head -n 3)"
	else
		ok "$1"
	fi
}

# guest_works NAME KEY=VALUE...: boot_guest, and one line of TAP: the program succeeded and the
# kernel complained of nothing.
guest_works() {
	guest_name=$1
	shift
	if ! boot_guest "$@"; then
		not_ok "$guest_name" "verdict $boot_verdict${boot_status:+, status $boot_status}
$(guest_output | grep -E '^ *(not ok|# )' | tail -n 20)
console: $(host_path "$boot_log")"
	elif guest_splats >/dev/null; then
		not_ok "$guest_name" "$(guest_splats | head -n 5)
console: $(host_path "$boot_log")"
	else
		ok "$guest_name"
	fi
	guest_output | sed -n 's/^# *cycles: /cycles: /p' | while read -r line; do note "$line"; done
}

# cycles_at_least NAME N: what hotplug-cycles counted in the last guest.
cycles_at_least() {
	cycles_made=$(guest_output | sed -n 's/^# cycles: //p' | tail -n 1)
	if [ "${cycles_made:-0}" -ge "$2" ]; then
		ok "$1"
	else
		not_ok "$1" "${cycles_made:-no} cycles"
	fi
}

# At the end of each scenario. prove compares what was printed with the plan.
done_testing() {
	[ "$tap_failed" = 0 ]
	exit
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# For scenarios whose guest is one of lab/qemu/payload: what it says is TAP, and becomes lines of the scenario's own.

SERIES_QEMU=$BUILD/kernel/qemu-10.0/series/qemu-system-aarch64

# payload_run QEMU NAME ARGUMENT...: into $payload_out. Whoever hangs is ended.
payload_run() {
	payload_qemu=$1
	payload_name=$2
	shift 2
	payload_number=$((${payload_number:-0} + 1))
	payload_out=$BOOT_DIR/$payload_number.log
	timeout 300 "$payload_qemu" -L /usr/share/qemu -cpu max -m 128 -nodefaults -display none \
		-serial "file:$payload_out" -kernel "$BUILD/qemu-payload/$payload_name.elf" "$@" \
		>"$payload_out.qemu" 2>&1 </dev/null
}

# payload_passes WHAT QEMU NAME ARGUMENT...: a line of TAP for each of its own, and one for its end.
payload_passes() {
	payload_what=$1
	shift
	payload_run "$@" || :
	tr -d '\r' <"$payload_out" >"$payload_out.lines"
	while read -r payload_line; do
		payload_text=${payload_line#*- }
		payload_text=${payload_text%% #*}
		case $payload_line in
		"ok "*)
			ok "$payload_what: $payload_text"
			note "${payload_line#*# }"
			;;
		"not ok "*) not_ok "$payload_what: $payload_text" "${payload_line#*# }" ;;
		esac
	done <"$payload_out.lines"
	check "$payload_what: came to its end" grep -q "^# $2: passed\$" "$payload_out.lines"
}

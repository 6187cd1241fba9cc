# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What guest programs share that have somebody type on the console: boot_guest with typed=1 types what they ask
# for. The UART tells of it by an interrupt; nobody looks otherwise.

CONSOLE=/dev/ttyAMA0

console_open() {
	exec 4<>"$CONSOLE"
	# What is typed is not to be seen among the kernel's lines.
	stty -echo <&4
}

# console_reads WORD [SECONDS]: of what has been typed.
console_reads() {
	# shellcheck disable=SC3045 # busybox's shell has it
	read -t "${2:-60}" -r console_line <&4 || console_line=
	[ "$console_line" = "$1" ]
}

# typed WORD [SECONDS]: have WORD typed, and read it.
typed() {
	echo "# type: $1"
	console_reads "$@"
}

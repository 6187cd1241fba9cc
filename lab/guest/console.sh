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

# typed WORD [SECONDS]: have WORD typed, and read it.
typed() {
	echo "# type: $1"
	# shellcheck disable=SC3045 # busybox's shell has it
	read -t "${2:-60}" -r typed_line <&4 || typed_line=
	[ "$typed_line" = "$1" ]
}

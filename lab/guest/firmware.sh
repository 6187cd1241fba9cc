# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What firmware knows of a CPU, past the kernel. A CPU is named by its node here (an MPIDR, in
# hexadecimal): a kernel that was not started by firmware gives it another number.

# address CPU PROPERTY, in $address.
address() {
	address=0x$(hexdump -v -e '1/1 "%02x"' "/proc/device-tree/cpus/cpu@$1/$2")
}

# word CPU [VALUE]: the release word, in $word; or write it.
word() {
	address "$1" cpu-release-addr
	if [ $# = 2 ]; then
		devmem "$address" 64 "$2"
	else
		word=$(devmem "$address" 64)
	fi
}

# counters CPU: what firmware has counted, in $returned, $started and $misbehaved.
counters() {
	address "$1" cpu-return-counters
	returned=$(($(devmem "$address" 64)))
	started=$(($(devmem $((address + 8)) 64)))
	misbehaved=$(($(devmem $((address + 16)) 64)))
}

has_returned() {
	counters "$1"
	[ "$returned" -ge "$2" ]
}

is_in_firmware() {
	word "$1"
	[ $((word)) = 0 ]
}

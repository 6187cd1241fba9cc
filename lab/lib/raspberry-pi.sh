# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What is proven of a Raspberry Pi 3 and of a 4: the same, but for what their interrupt controllers make different.
# Sourced after scenario.sh, spin-table.sh and kexec.sh.

# raspi_hotplug MACHINE MHZ [ROUTING]: of the counter, as the kernel prints it; and the register that says where
# peripherals' interrupts go, if there is one.
raspi_hotplug() {
	plan 18
	guest_works "stock: boots all CPUs" machine="$1" kernel="$BASE/stock" run=cpu-files
	is "stock: all CPUs are online, none has an online file" "$(online), $(hotpluggable)" "0 1 2 3, "

	guest_works "series: CPUs go to the stub and come back under load, and the console is alive" machine="$1" \
		kernel="$BASE/series" typed=1 run="with-console hotplug-cycles 100"
	cycles_at_least "series: 100 cycles" 100
	raspi_lines=$(guest_output | sed -n 's/^# lines: //p')
	note "lines that were typed and read: $raspi_lines"
	check "series: 20 lines or more were typed meanwhile, and read" test "${raspi_lines:-0}" -ge 20
	is "series: every CPU has an online file, CPU0 too" "$(hotpluggable)" "0 1 2 3"
	dmesg_has "series: the log says how many CPUs can be returned" \
		'^spin-table: 4 of 4 CPUs can be returned to firmware$'
	dmesg_has "series: received at EL2" '^CPU: All CPU\(s\) started at EL2$'
	dmesg_has "series: the counter has the board's frequency" "^arch_timer: cp15 timer(\\(s\\))? running at $2MHz "
	is "series: a kernel for kexec is taken" "$(kexec_load)" "loaded"

	guest_works "series: the console is alive on whatever CPU is left alone" machine="$1" \
		kernel="$BASE/series" typed=1 run="console-cpus ${3-}"
	guest_works "series: kselftest" machine="$1" kernel="$BASE/series" run=run-kselftest

	guest_works "the script for owners of boards: works" machine="$1" kernel="$BASE/series" run="owner-report 3"
	is "the script for owners of boards: says so" "$(guest_output | grep '^cpu-return: ' | sort -u)" "cpu-return: works"
	is "the script for owners of boards: what was said at the start is in its report" \
		"$(guest_output | sed -n '/^== messages at the start/,/^$/p' |
			grep -c -E '(spin-table: 4 of 4 CPUs can be returned|arch_timer: cp15 timer.* running at |Machine model: )')" 3
	boot_guest machine="$1" kernel="$BASE/series" overlay='' run="cpu-return-check 3" || :
	is "the script for owners of boards: says what is missing" "$(guest_output | grep -c 'is dtoverlay=cpu-return in config.txt')" 1
	boot_guest machine="$1" kernel="$BASE/series" firmware='' run="cpu-return-check 3" || :
	is "the script for owners of boards: the overlay without the stub" \
		"$(guest_output | grep -c -E '^(CPU 1 does not come online: is armstub= in config.txt,|cpu-return: does not work$)')" 2
	boot_guest machine="$1" kernel="$BASE/series" firmware=raspberry-pi-adversary.bin options=fault=no-ack@2 \
		run="cpu-return-check 1" || :
	raspi_faults=$(guest_output | grep -E '^(FAILED|cpu-return):')
	note "$raspi_faults"
	is "the script for owners of boards: a stub that does not take CPU 2 back" \
		"$(echo "$raspi_faults" | sed -n -e 's/^\(FAILED: CPU 2 did not come back\),.*/\1/p' -e 's/^FAILED: the kernel complains: .*CPU2.*/it complains/p' \
			-e 's/^\(cpu-return: does not work\) .*/\1/p' | sort -u | tr '\n' ';')" \
		"FAILED: CPU 2 did not come back;cpu-return: does not work;it complains;"
	done_testing
}

# raspi_kexec MACHINE [MAILBOX]: the address of the register that sets bits in core 1's mailbox, which are IPIs, if it has
# one.
raspi_kexec() {
	plan $((8 + ${2:+3} + 0))
	chain_works "kexec" 4 machine="$1" kernel="$BASE/series" carry="$BASE/series" \
		run="kexec-chain c:$BASE-series s:$BASE-series:off=0 c:$BASE-series:off=2:off=3"
	is "kexec: the jump is made on the first CPU that is online" \
		"$(generations | sed 's/.* on \(.\),.*/\1/' | xargs)" "0 0 1 1"
	is "kexec: every kernel can give every CPU back" \
		"$(guest_dmesg | grep -c '^spin-table: 4 of 4 CPUs can be returned to firmware$')" 4

	boot_guest machine="$1" kernel="$BASE/series" carry="$BASE/series $BASE/stock" layers=kexec panic=1 \
		run="kexec-chain s:$BASE-stock c:$BASE-series" || :
	is "to the stock kernel: it has all CPUs" \
		"$(generations | tail -n 1 | sed 's/.*\(online [0-9 ]*, can go [a-z0-9 ]*\),.*/\1/')" \
		"online 0 1 2 3, can go none"
	is "from the stock kernel: refused" "$(refused)" "kexec_load failed: Device or resource busy"

	# Where it has one CPU only, it can: the others have never left firmware.
	guest_works "from the stock kernel with one CPU" machine="$1" kernel="$BASE/stock" carry="$BASE/series" \
		layers=kexec panic=1 append=nr_cpus=1 run="kexec-chain c:$BASE-series"
	is "from the stock kernel with one CPU: ours has all" \
		"$(generations | sed 's/.*\(online [0-9 ]*\),.*/\1/' | xargs)" "online 0 online 0 1 2 3"

	# As they are left for a CPU that was on its way out when it was sent them. One of them stops it.
	if [ -n "${2-}" ]; then
		chain_works "IPIs from before" 2 machine="$1" kernel="$BASE/series" carry="$BASE/series" \
			run="kexec-chain c:$BASE-series:off=1:poke=$2=0xffffffff"
		# Where it hangs is before its console is there.
		boot_guest machine="$1" kernel="$BASE/series" carry="$BASE/stock" layers=kexec panic=1 silence=40 \
			append=earlycon run="kexec-chain c:$BASE-stock:off=1:poke=$2=0xffffffff" 2>/dev/null || :
		is "IPIs from before: the stock kernel starts, and has not all CPUs" \
			"$(generations | grep -c 'can go 0 1 2 3') $(guest_dmesg | grep -c '^Booting Linux on ') \
$(generations | grep -c 'online 0 1 2 3, can go none')" "1 2 0"
	fi
	done_testing
}

# raspi_kdump MACHINE: panics on each CPU, and a console in the crash kernel.
raspi_kdump() {
	for raspi_cpu in 0 1 2 3; do
		kdump_works "panic on CPU$raspi_cpu" "$raspi_cpu" "0 1 2 3" machine="$1" kernel="$BASE/series" \
			carry="$BASE/series" typed=1 run="kdump c $BASE-series $raspi_cpu sysrq lab.typed"
		is "panic on CPU$raspi_cpu: the crash kernel's console is alive" \
			"$(guest_output | grep -c '^console: alive$')" 1
	done
	kdump_works "panic on CPU1 while CPU0 is offline" 1 "0 1 2 3" machine="$1" kernel="$BASE/series" \
		carry="$BASE/series" typed=1 run="kdump s $BASE-series 1 off=0 lab.typed"
	is "panic on CPU1 while CPU0 is offline: the crash kernel's console is alive" \
		"$(guest_output | grep -c '^console: alive$')" 1
}

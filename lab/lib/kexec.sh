# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the scenarios about kexec and kdump share: the same tests for spin-table and for PSCI. Sourced
# after scenario.sh.

# generations: what each kernel of the last guest said of itself, in "VERSION on CPU, ..." lines.
generations() {
	guest_output | sed -n 's/^generation: //p'
}

# Why the last guest did not load the next kernel.
refused() {
	guest_output | sed -n 's/^refused: //p' | tail -n 1
}

# chain_works NAME GENERATIONS KEY=VALUE...: a guest that runs kexec-chain gets through all steps,
# and every kernel has all CPUs.
chain_works() {
	chain_name=$1 chain_wanted=$2
	shift 2
	guest_works "$chain_name" layers=kexec panic=1 memory=1G "$@"
	is "$chain_name: $chain_wanted kernels, each with all CPUs" \
		"$(generations | grep -c 'online 0 1 2 3,')" "$chain_wanted"
	generations | while read -r chain_line; do note "$chain_line"; done
}

# kdump_guest KEY=VALUE...: a guest that crashes, and the kernel that takes over.
kdump_guest() {
	boot_guest layers=kexec panic=1 memory=1G append=crashkernel=256M "$@"
}

# What the crash kernel of the last guest has found: "VERSION on CPU, online LIST".
crash_kernel() {
	guest_output | sed -n 's/^crash kernel: //p' | tail -n 1
}

# The crashed kernel's lines, and the crash kernel's.
crashed_dmesg() {
	guest_dmesg | sed '/^Booting Linux/{x;s/^/x/;/^xx/q;x}'
}

crash_dmesg() {
	guest_dmesg | awk '/^Booting Linux/ { n++ } n > 1'
}

# kdump_works NAME CPU ONLINE KEY=VALUE...: crashed, and the next kernel runs on CPU (a pattern) with
# these CPUs online. It numbers them from its own boot CPU on.
kdump_works() {
	kdump_name=$1 kdump_wanted="on $2, online $3"
	shift 3
	if ! kdump_guest "$@"; then
		not_ok "$kdump_name" "verdict $boot_verdict${boot_status:+, status $boot_status}
$(guest_output | tail -n 5)
console: $(host_path "$boot_log")"
		return
	fi
	kdump_got=$(crash_kernel)
	# shellcheck disable=SC2254 # a pattern is meant
	case ${kdump_got#* } in $kdump_wanted) kdump_wanted=$kdump_got ;; esac
	if [ "$kdump_got" != "$kdump_wanted" ]; then
		not_ok "$kdump_name" "got \"${kdump_got#* }\", wanted \"$kdump_wanted\"
console: $(host_path "$boot_log")"
	elif crash_dmesg | grep -E '(WARNING|BUG|INFO): |Oops|Kernel panic' >"$boot_tmp/splats"; then
		not_ok "$kdump_name" "the crash kernel says: $(head -n 3 "$boot_tmp/splats")
console: $(host_path "$boot_log")"
	else
		ok "$kdump_name"
	fi
}

# dump_reads KERNEL CPU [CPUS]: the dump that the last guest left on its disk, read with the kernel's vmlinux.
# Three tests: who panicked, every CPU's registers, and what was in memory.
dump_reads() {
	# per_cpu(__entry_task, CPU) is what ran there. Only init_task.o has types.
	# shellcheck disable=SC2016 # gdb's variables
	gdb-multiarch -batch -nx -ex 'set pagination off' -ex 'set print thread-events off' \
		-ex 'set $offset = *((unsigned long *)&__per_cpu_offset + '"$2"')' \
		-ex 'set $task = *(struct task_struct **)((unsigned long)&__entry_task + $offset)' \
		-ex 'printf "task: %s\n", $task->comm' \
		-ex 'printf "hostname: %s\n", ((struct uts_namespace *)&init_uts_ns)->name.nodename' \
		-ex 'info threads' -ex 'thread apply all -q info symbol $pc' \
		-ex 'thread apply all -q printf "registers: pc=%lx sp=%lx\n", $pc, $sp' \
		"$BUILD/kernel/$1/vmlinux" "$boot_disk" >"$BOOT_DIR/gdb.$boot_number" 2>&1 </dev/null
	dump_says=$BOOT_DIR/gdb.$boot_number
	is "$kdump_name: the dump names the task that panicked" \
		"$(sed -n 's/^task: //p' "$dump_says")" "sh"
	is "$kdump_name: the dump has the registers of every CPU" \
		"$(grep -c '^registers: pc=[0-9a-f]* sp=[0-9a-f]' "$dump_says")" "${3:-$smp}"
	is "$kdump_name: the dump has what was in memory before the crash" \
		"$(sed -n 's/^hostname: //p' "$dump_says")" "lab-marker-before-the-crash"
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What guest programs that take CPUs off and on share. An emulated CPU is slow at starting programs,
# so what is done in each cycle is done by the shell itself.

SYSFS=/sys/devices/system/cpu

# cpus online|present: the kernel's list, as "0 1 2 3" in $cpu_list.
cpus() {
	read -r cpus_ranges <"$SYSFS/$1"
	cpu_list=
	cpus_ifs=$IFS
	IFS=,
	for cpus_range in $cpus_ranges; do
		cpus_at=${cpus_range%-*}
		while [ "$cpus_at" -le "${cpus_range#*-}" ]; do
			cpu_list="$cpu_list${cpu_list:+ }$cpus_at"
			cpus_at=$((cpus_at + 1))
		done
	done
	IFS=$cpus_ifs
}

# Those that have an "online" file, in $cpu_list.
hotpluggable() {
	cpus present
	hotpluggable_list=
	for hotpluggable_cpu in $cpu_list; do
		[ ! -e "$SYSFS/cpu$hotpluggable_cpu/online" ] ||
			hotpluggable_list="$hotpluggable_list${hotpluggable_list:+ }$hotpluggable_cpu"
	done
	cpu_list=$hotpluggable_list
}

# affinities_online: those that the tree gives to the CPUs that are online, in hexadecimal digits.
affinities_online() {
	cpus online
	for affinities_cpu in $cpu_list; do
		od -An -tx1 "$SYSFS/cpu$affinities_cpu/of_node/reg" | tr -d ' \n' | sed 's/^0*\(.\)/ \1/'
	done
}

is_online() {
	cpus online
	case " $cpu_list " in *" $1 "*) return 0 ;; esac
	return 1
}

mask() {
	printf '%x' $((1 << $1))
}

# turn CPU 0|1, and see that the kernel's list follows. On failure the reason is in $why.
turn() {
	if ! { echo "$2" >"$SYSFS/cpu$1/online"; } 2>/tmp/why; then
		why=$(cat /tmp/why)
		return 1
	fi
	if is_online "$1"; then
		[ "$2" = 1 ] || { why="CPU $1 is still in the online list"; return 1; }
	else
		[ "$2" = 0 ] || { why="CPU $1 is not in the online list"; return 1; }
	fi
}

# wait_for COMMAND...: the host gives up if that takes minutes.
wait_for() {
	wait_turns=0
	until "$@"; do
		wait_turns=$((wait_turns + 1))
		[ $((wait_turns % 100)) != 99 ] || echo "# not yet: $*"
		sleep 0.1
	done
}

# verdict FAILED NAME: a line of KTAP. The program exits with $status.
status=0
number=0
verdict() {
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number $2"
	else
		echo "not ok $number $2"
		status=1
	fi
}

# Does this CPU run a task, and is it that CPU? Field 39 of stat says where a task runs; the shell's
# name, the second field, has no blank.
runs_tasks() {
	# shellcheck disable=SC2016 # for the other shell
	runs_on=$(taskset "$(mask "$1")" \
		sh -c 'read -r stat </proc/self/stat; set -- $stat; shift 38; echo $1') || runs_on=none
	[ "$runs_on" = "$1" ] || { why="CPU $1 runs no task (got $runs_on)"; return 1; }
}

# Busy loops, one for each CPU that is online and pinned to it. The kernel moves a task whose CPU
# leaves to any other: load_pin puts it back.
load_start() {
	load_pids=
	cpus online
	for load_cpu in $cpu_list; do
		while :; do :; done &
		load_pids="$load_pids $!"
		eval "load_of_$load_cpu=$!"
		load_pin "$load_cpu"
	done
}

load_pin() {
	eval "taskset -p $(mask "$1") \$load_of_$1" >/dev/null
}

load_stop() {
	# shellcheck disable=SC2086 # words
	kill $load_pids
}

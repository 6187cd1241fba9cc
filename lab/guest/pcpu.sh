# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What programs in dom0 share that take physical CPUs off and on. After hotplug.sh and xen.sh.

# pcpu offline|online CPU: by xen-hptool. On failure the reason is in $why, in errno's words. The program asks again for
# as long as Xen says that it is busy.
pcpu() {
	if pcpu_says=$(timeout 30 xen-hptool "cpu-$1" "$2" 2>&1); then
		return 0
	else
		pcpu_status=$?
	fi
	why=$(echo "$pcpu_says" | sed -n 's/.*(error [0-9]*: \(.*\)).*/\1/p')
	case $why,$pcpu_status in
	,124 | ,143) why="Device or resource busy" ;;
	,*) why=$pcpu_says ;;
	esac
	return 1
}

pcpu_offline() {
	pcpu offline "$1"
}

pcpu_online() {
	pcpu online "$1"
}

# pcpu_state: what Xen says: how many are online in $pcpu_count, which of them in $pcpu_list, those of no pool in
# $pcpu_free, and those that have vCPUs in $pcpu_used.
pcpu_state() {
	eval "$(pcpus)"
}

# has LIST WORD
has() {
	case " $1 " in *" $2 "*) return 0 ;; esac
	return 1
}

# without LIST WORD, in $without
without() {
	without=
	for without_word in $1; do
		[ "$without_word" = "$2" ] || without="$without${without:+ }$without_word"
	done
}

# pcpu_are LIST: these are online, and no others, and vCPUs are on these only.
pcpu_are() {
	pcpu_state
	# shellcheck disable=SC2086 # words
	set -- "$1" $1
	[ "$pcpu_list" = "$1" ] || { why="online: $pcpu_list, not $1"; return 1; }
	[ "$pcpu_count" = $(($# - 1)) ] || { why="Xen counts $pcpu_count CPUs, not $(($# - 1))"; return 1; }
	for pcpu_cpu in $pcpu_used; do
		has "$1" "$pcpu_cpu" || { why="a vCPU is on CPU $pcpu_cpu"; return 1; }
	done
}

# pcpu_runs CPU: there is a vCPU on it, which a busy machine's scheduler sees to.
pcpu_runs() {
	pcpu_state
	has "$pcpu_used" "$1"
}

# pcpu_xl_agrees: does xl say the same? Some things it says only of whole pools.
pcpu_xl_agrees() {
	pcpu_state
	pcpu_xl=$(xl info | sed -n 's/^nr_cpus *: //p')
	[ "$pcpu_xl" = "$pcpu_count" ] || { why="xl info: $pcpu_xl CPUs, not $pcpu_count"; return 1; }
	pcpu_xl=$({
		xl cpupool-list -c | sed -n '2,$s/.* //p' | tr ',' '\n'
		echo "$pcpu_free" | tr ' ' '\n'
	} | grep . | sort -n | xargs)
	[ "$pcpu_xl" = "$pcpu_list" ] || { why="xl cpupool-list: $pcpu_xl, not $pcpu_list"; return 1; }
	for pcpu_cpu in $(xl vcpu-list | awk 'NR > 1 && $4 != "-" { print $4 }' | sort -u); do
		has "$pcpu_list" "$pcpu_cpu" || { why="xl vcpu-list: a vCPU is on CPU $pcpu_cpu"; return 1; }
	done
}

# pcpu_cycle CPU: off and on. Who sees it is not who does it.
pcpu_cycle() {
	pcpu_state
	cycle_all=$pcpu_list
	without "$cycle_all" "$1"
	pcpu_offline "$1" || { why="CPU $1 does not go: $why"; return 1; }
	pcpu_are "$without" || return 1
	pcpu_online "$1" || { why="CPU $1 does not come: $why"; return 1; }
	pcpu_are "$cycle_all" || return 1
}

# pcpu_counter NAME: one of the counters that Xen keeps of each CPU, as CPU=COUNT words, in $counter. Those of a CPU
# that was offline begin with 0. After pcpu_state.
pcpu_counter() {
	# shellcheck disable=SC2046 # words
	set -- $(xenperf -f | sed -n "s/^$1 *T= *[0-9]*//p")
	counter=
	for counter_cpu in $pcpu_list; do
		counter="$counter${counter:+ }$counter_cpu=${1:-0}"
		[ $# = 0 ] || shift
	done
}

# counter_of CPU: its part of $counter, in $count.
counter_of() {
	count=0
	for count_word in $counter; do
		case $count_word in "$1="*) count=${count_word#*=} ;; esac
	done
}

# counter_more BEFORE: what a counter has more now than then, as CPU=COUNT words, in $more. After pcpu_counter.
counter_more() {
	more_before=$1
	more_after=$counter
	more=
	for more_cpu in $pcpu_list; do
		counter=$more_before
		counter_of "$more_cpu"
		more_count=$count
		counter=$more_after
		counter_of "$more_cpu"
		more="$more${more:+ }$more_cpu=$((count - more_count))"
	done
}

# counted NAME WHEN COUNTER COMMAND...: a line of how many of these were counted on which CPU while the command ran:
#
#	NAME WHEN: CPU=COUNT...
counted() {
	counted_when="$1 $2"
	counted_what=$3
	shift 3
	pcpu_state
	pcpu_counter "$counted_what"
	counted_before=$counter
	"$@"
	pcpu_counter "$counted_what"
	counter_more "$counted_before"
	echo "$counted_when: $more"
}

# pin DOMAIN VCPU CPU: and wait until it is there.
pin() {
	xl vcpu-pin "$1" "$2" "$3" && wait_for is_on "$1" "$2" "$3"
}

is_on() {
	[ "$(xl vcpu-list "$1" | awk -v vcpu="$2" '$3 == vcpu { print $4 }')" = "$3" ]
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The table of what firmware can do wrong, lab/adversary/faults, and guests that are given such firmware. Sourced after
# scenario.sh.

# adversary_cells KEY: the table as lines of CELL<tab>CPU<tab>NAME<tab>KEY<tab>VALUE, with % filled in. KEY is where a row
# has its cells: "on", or "stub". A row without a cell is the cell "-".
cells=$BOOT_DIR/cells
adversary_cells() {
	tr -s '\t' ' ' <"$LAB/adversary/faults" | awk -v cells="$1" '
		function flush(   i, k, n, cpu, value) {
			if (name == "")
				return
			n = split(on, cell, " ")
			if (!n)
				cell[n = 1] = "-/-@-"
			for (i = 1; i <= n; i++) {
				cpu = cell[i]
				sub(/.*@/, "", cpu)
				for (k = 1; k <= count; k++) {
					value = values[k]
					gsub(/%\+1/, cpu + 1, value)
					gsub(/%/, cpu, value)
					print substr(cell[i], 1, index(cell[i], "@") - 1) "\t" cpu "\t" name "\t" keys[k] "\t" value
				}
			}
			count = 0
			on = ""
		}
		/^#/ || /^ *$/ { next }
		/^[^ ]/ {
			flush()
			name = $1
			sub(/:$/, "", name)
			keys[++count] = "class"
			values[count] = $2
			next
		}
		{
			key = $1
			sub(/:$/, "", key)
			value = $0
			sub(/^ *[a-z]*: */, "", value)
			if (key == cells)
				on = value
			keys[++count] = key
			values[count] = value
		}
		END { flush() }' >"$cells"
	guests=$(awk -F '\t' '$1 != "-/-" && !seen[$1]++ { print $1 }' "$cells")
}

# of GUEST NAME KEY: the values of a row's key in a guest, a line each.
of() {
	awk -F '\t' -v guest="$1" -v name="$2" -v key="$3" \
		'$1 == guest && $3 == name && $4 == key { print $5 }' "$cells"
}

# rows_of GUEST: NAME@CPU, in the order of the table.
rows_of() {
	awk -F '\t' -v guest="$1" '$1 == guest && $4 == "class" { print $3 "@" $2 }' "$cells"
}

# cpus_of GUEST: no more than its rows need: those in firmware cost the emulator most.
cpus_of() {
	awk -F '\t' -v guest="$1" '
		function seen(cpu) { if (cpu + 0 > most) most = cpu + 0 }
		$1 == guest { seen($2) }
		$1 == guest && $4 == "guest" { n = split($5, part, ":"); for (i = 2; i <= n; i++) seen(part[i]) }
		$1 == guest && $4 == "edit" { n = split($5, part, "@"); for (i = 2; i <= n; i++) seen(part[i]) }
		END { print most + 1 }' "$cells"
}

# The lines of the kernel that several rows have. CPU, then one line of a row.
expand() {
	case $2 in
	TIMEOUT)
		echo "spin-table: CPU$1 was not taken back by firmware within 1000 ms: stuck until its release word is 0"
		echo "CPU$1 may not have shut down cleanly: -110"
		;;
	STUCK) echo "spin-table: CPU$1 is stuck: offline, but its release word is 0x[0-9a-f]+" ;;
	ABSENT)
		echo "CPU$1: failed to come online"
		echo "CPU$1: failed in unknown state : 0x0"
		;;
	RUNS) echo "spin-table: /cpus/cpu@$1: cannot be returned to firmware: its release word is 0 while it runs" ;;
	*) echo "$2" ;;
	esac
}

# All that a kernel says about a CPU that is not as usual.
complaints() {
	guest_dmesg | grep -E '^spin-table: |^CPU[0-9]+[: ]' |
		grep -v -E '^spin-table: [0-9]+ of [0-9]+ CPUs can be returned|^CPU[0-9]+: Booted secondary'
}

# run_guest GUEST: boot one with the faults of its rows, a line of TAP for each and one for the rest.
run_guest() {
	run_machine=${1%/*} run_boot=${1#*/} run_options='' run_checks=''
	run_smp=$(cpus_of "$1")
	: >"$BOOT_DIR/edits"
	: >"$BOOT_DIR/wanted"
	for run_row in $(rows_of "$1"); do
		run_name=${run_row%@*} run_cpu=${run_row#*@}
		for run_fault in $(of "$1" "$run_name" fault); do
			run_options="$run_options,fault=$run_fault"
		done
		of "$1" "$run_name" edit >>"$BOOT_DIR/edits"
		run_check=$(of "$1" "$run_name" guest)
		run_more=${run_check#"${run_check%%:*}"}
		run_checks="$run_checks $run_name=${run_check%%:*}:$run_cpu$run_more"
		of "$1" "$run_name" kernel | while IFS= read -r run_line; do
			expand "$run_cpu" "$run_line" | sed "s/^/$run_name	/"
		done >>"$BOOT_DIR/wanted"
	done
	case $run_machine in
	raspi*) set -- machine="$run_machine" firmware=raspberry-pi-adversary.bin ;;
	*)
		set -- machine="spin-table-$run_machine" firmware=virt-adversary.bin smp="$run_smp"
		run_options="el=$(level_of "$run_machine")$run_options"
		;;
	esac
	set -- "$@" kernel="$BASE/series" run="adversary$run_checks" options="$run_options"
	[ ! -s "$BOOT_DIR/edits" ] || set -- "$@" edits="$BOOT_DIR/edits"
	case $run_boot in
	late) set -- "$@" append=maxcpus=1 ;;
	reset) set -- "$@" extra="-action reboot=reset" ;;
	kexec) set -- "$@" layers=kexec carry="$BASE/series" memory=1G ;;
	esac
	boot_guest "$@" || :
	complaints >"$BOOT_DIR/said"
}

level_of() {
	case $1 in
	el1) echo 1 ;;
	*) echo 2 ;;
	esac
}

# judge GUEST NAME: what is wrong with this cell; nothing if all is well.
judge() {
	judge_verdict=$(guest_output | sed -n "s/^\(not \)\{0,1\}ok [0-9]* \($2\( .*\)\{0,1\}\)\$/\1ok \2/p")
	case $judge_verdict in
	"ok $2") ;;
	'') echo "the guest came to no verdict ($boot_verdict)" ;;
	*) echo "$judge_verdict" ;;
	esac
	sed -n "s/^$2	//p" "$BOOT_DIR/wanted" | while IFS= read -r judge_line; do
		judge_times=$(grep -c -x -E -- "$judge_line" "$BOOT_DIR/said")
		[ "$judge_times" = 1 ] || echo "the kernel said $judge_times times: $judge_line"
	done
	# A stub has no console.
	case $1 in raspi*) return ;; esac
	of "$1" "$2" firmware | while IFS= read -r judge_line; do
		tr -d '\r' <"$boot_log" | grep -q -E -- "^firmware: $judge_line" ||
			echo "firmware did not say: $judge_line"
	done
}

# run_guests: each cell of the table; "$BOOT_DIR/asked" is what firmware was told.
run_guests() {
	: >"$BOOT_DIR/asked"
	for guest in $guests; do
		run_guest "$guest"
		echo "$run_options" >>"$BOOT_DIR/asked"
		for row in $(rows_of "$guest"); do
			name=${row%@*}
			wrong=$(judge "$guest" "$name")
			title="$name, $guest: $(of "$guest" "$name" class): $(of "$guest" "$name" does) ($(of "$guest" "$name" line))"
			if [ -z "$wrong" ]; then
				ok "$title"
			else
				not_ok "$title" "$wrong
console: $(host_path "$boot_log")"
			fi
		done
		cut -f 2 "$BOOT_DIR/wanted" >"$BOOT_DIR/lines"
		is "$guest: done, and the kernel says nothing else" \
			"$boot_verdict $(guest_splats | head -n 3; grep -v -x -E -f "$BOOT_DIR/lines" "$BOOT_DIR/said")" "done "
	done
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the programs share that "make bench" runs inside the tools root. Each leaves build/bench/NAME.tsv (ours,
# reference, ratio, goal), and perhaps a plot beside it.
#
# The machines count instructions (-icount): a virtual nanosecond is an instruction, and neither this machine nor what
# else it does is in the figures. What they do not show is what caches and a real interconnect cost.

. "$TOP/lab/lib/boot.sh"
trap 'boot_stop; rm -rf "$boot_tmp" "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

out=$BUILD/bench
work=$(mktemp -d)
mkdir -p "$out"

# measured WHAT KEY=VALUE...: boot_guest on a machine that counts. Where that does not end well there is no figure.
measured() {
	measured_what=$1
	shift
	echo "lab: measuring $measured_what"
	boot_guest accel=tcg,thread=single extra="-icount shift=0,sleep=off" "$@" || {
		echo "lab: error: $measured_what: $boot_verdict, see $(host_path "$boot_log")" >&2
		exit 2
	}
}

# row FILE FIGURE OURS REFERENCE GOAL
row() {
	awk -v OFS='\t' -v f="$2" -v a="$3" -v b="$4" -v goal="$5" \
		'BEGIN { print f, "ns", a, b, sprintf("%.4f", a / b), goal }' >>"$1"
}

head_of() {
	printf 'figure\tunit\tours\treference\tratio\tgoal\n' >"$1"
}

# As people read it: with what became of the goals.
show() {
	awk -F'\t' 'NR == 1 { printf "%-44s %10s %10s %8s  %s\n", $1, $3, $4, $5, $6; next }
		{ met = ""
		  if ($6 != "-") { goal = $6; sub(/^<=/, "", goal); met = $5 <= goal + 0 ? " met" : " MISSED" }
		  printf "%-44s %10d %10d %8.4f  %s%s\n", $1, $3, $4, $5, $6, met }' "$1"
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Small helpers, used on the host and in the tools root alike.
#
# TOP is the checkout and BUILD what is made from it. Inside the root they are /mnt/project and
# /mnt/build, wherever the checkout lies: so compilers see the same paths in each checkout.

# A progress line is in the way of what is printed next.
progress_shown=

say() {
	progress_end
	printf '%s\n' "lab: $*"
}

die() {
	progress_end
	printf '%s\n' "lab: error: $*" >&2
	exit 2
}

warn() {
	progress_end
	printf '%s\n' "lab: warning: $*" >&2
}

# progress TEXT: show how far a long step is. One line that is written over on a terminal; elsewhere
# a plain line at most every 30 seconds.
progress_next=0
progress_last=
progress() {
	[ "$*" != "$progress_last" ] || return 0
	if [ -t 1 ]; then
		printf '\r\033[Klab: %.*s' "$((${COLUMNS:-80} - 6))" "$*"
		progress_shown=1
	else
		progress_now=$(date +%s)
		[ "$progress_now" -ge "$progress_next" ] || return 0
		printf '%s\n' "lab: $*"
		progress_next=$((progress_now + 30))
	fi
	progress_last=$*
}

progress_end() {
	[ -z "$progress_shown" ] || printf '\r\033[K'
	progress_shown=
}

# need_space MIB WHAT: refuse to start what would fill the disk.
need_space() {
	need_dir=$BUILD
	[ -d "$need_dir" ] || need_dir=$TOP
	need_free=$(df -Pk "$need_dir" | awk 'NR == 2 { print int($4 / 1024) }')
	[ "$need_free" -ge "$1" ] ||
		die "disk full: $2 needs $1 MiB in $need_dir, $need_free MiB are free"
}

# stamp_is FILE KEY: was what FILE lies beside made from just this?
stamp_is() {
	[ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# A short key for what is read.
hash_stdin() {
	sha256sum | cut -c1-16
}

# hash_files FILE...: names and contents.
hash_files() {
	sha256sum -- "$@" | hash_stdin
}

# first_words FILE: the first word of each line, comments and blank lines left out.
first_words() {
	sed -e 's/#.*//' "$1" | awk 'NF { print $1 }'
}

# header FILE KEYWORD: the value of a "# keyword: value" line in a script's head.
header() {
	sed -n -e '/^[^#]/q' -e "s/^# $2: *//p" "$1"
}

elapsed_since() {
	elapsed=$(($(date +%s) - $1))
	printf '%d:%02d' $((elapsed / 60)) $((elapsed % 60))
}

# run_shown SHOW LOG COMMAND...: run a long command with its output in LOG. Meanwhile SHOW LOG says
# on stdout how far it is. The shell gives background jobs SIGINT ignored: run_stop ends them.
# In the job "$run_exec" is exec, so that bwrap is the driver's own child and dies with it.
run_job=
run_exec=
run_shown() {
	run_show=$1
	run_log=$2
	shift 2
	(
		run_exec="exec"
		"$@"
	) >"$run_log" 2>&1 </dev/null &
	run_job=$!
	while sleep 0.2 && kill -0 "$run_job" 2>/dev/null; do
		progress "$("$run_show" "$run_log")"
	done
	run_status=0
	wait "$run_job" || run_status=$?
	run_job=
	progress_end
	return "$run_status"
}

# run_plain COMMAND...: the same for a command that shows its progress itself.
run_plain() {
	(
		run_exec="exec"
		"$@"
	) </dev/null &
	run_job=$!
	run_status=0
	wait "$run_job" || run_status=$?
	run_job=
	return "$run_status"
}

run_stop() {
	[ -z "$run_job" ] || kill "$run_job" 2>/dev/null || :
	[ -z "$run_job" ] || wait "$run_job" 2>/dev/null || :
	run_job=
}

# The last line of a log, for run_shown.
show_last_line() {
	sed -n '/./h; ${ x; p; }' "$1" | tr '\r\t' '  '
}

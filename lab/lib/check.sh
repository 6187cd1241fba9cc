# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Which scenarios are meant, what they need, and their run under prove.
#
# A scenario says in the comment at its head
#
#	# bases: linux-6.12 linux-latest	it runs once for each
#	# variants: series stock		kernels of its base, built before; may be left out.
#						BASE/VARIANT is for runs on that base alone
#	# needs: firmware payload qemu-payload guest tree deb card guest:BASE kernel:BASE/VARIANT layer:NAME
#						what else must be there before; kernels that the lab
#						builds imply firmware and guest
#	# full: linux-6.12			on these bases it only runs in make check-full, or by name;
#						may be left out

# scenarios_select GLOB quick|full: NAME@BASE words.
scenarios_select() {
	for select_file in "$TOP"/lab/scenarios/*; do
		select_name=${select_file##*/}
		if [ ! -x "$select_file" ] || [ ! -f "$select_file" ]; then
			continue
		fi
		select_full=$(header "$select_file" full)
		for select_base in $(header "$select_file" bases); do
			# The patterns are for names of scenarios, not for files.
			set -f
			for select_glob in $1; do
				if scenario_matches "$select_glob" "$2"; then
					echo "$select_name@$select_base"
					break
				fi
			done
			set +f
		done
	done
}

# What is called by its name is run anyway.
scenario_matches() {
	# shellcheck disable=SC2254 # a pattern is meant
	case $1 in
	"$select_name" | "$select_name@$select_base") return 0 ;;
	esac
	# shellcheck disable=SC2254
	case $select_name in $1) ;; *)
		case $select_name@$select_base in $1) ;; *) return 1 ;; esac
		;;
	esac
	case $2 in full) return 0 ;; esac
	case " $select_full " in *" $select_base "*) return 1 ;; esac
}

# scenario_needs NAME@BASE: words like kernel:BASE/VARIANT.
scenario_needs() {
	needs_base=${1#*@}
	needs_file=$TOP/lab/scenarios/${1%@*}
	for need in $(header "$needs_file" variants); do
		case $need in
		"$needs_base"/*) kernel_needs "$need" ;;
		*/*) ;;
		*) kernel_needs "$needs_base/$need" ;;
		esac
	done
	for need in $(header "$needs_file" needs); do
		case $need in
		kernel:*) kernel_needs "${need#kernel:}" ;;
		guest | tree | deb | card) echo "$need:$needs_base" ;;
		*) echo "$need" ;;
		esac
	done
}

# kernel_needs BASE/VARIANT: a kernel is there to be booted.
kernel_needs() {
	base_load "${1%%/*}"
	case $kind in
	linux) echo "firmware guest:${1%%/*} kernel:$1" ;;
	*) echo "kernel:$1" ;;
	esac
}

# need_base NEED: the base that it stands on, if any.
need_base() {
	case $1 in
	kernel:*)
		need_base=${1#*:}
		echo "${need_base%%/*}"
		;;
	guest:* | tree:* | deb:* | card:*) echo "${1#*:}" ;;
	layer:*) sed -n 's/^from=//p' "$TOP/lab/layers/${1#*:}" ;;
	esac
}

need_build() {
	case $1 in
	kernel:*)
		need_build=${1#*:}
		kernel_build "${need_build%%/*}" "${need_build#*/}"
		;;
	guest:*) guest_build "${1#*:}" ;;
	layer:*) layer_build "${1#*:}" ;;
	tree:*) base_series "${1#*:}" ;;
	deb:*) deb_build "${1#*:}" minimal ;;
	firmware) firmware_build ;;
	card:*) card_build "${1#*:}" ;;
	payload) payload_build ;;
	qemu-payload) qemu_payload_build ;;
	*) die "unknown need \"$1\"" ;;
	esac
}

# run_bases NAME@BASE: the bases that it stands on.
run_bases() {
	for bases_need in $(scenario_needs "$1"); do
		need_base "$bases_need"
	done
}

# check_skips RUN...: those that cannot be, a line each, and why. Mirrors lag behind their index, and a source
# package that is not there is no reason to check nothing at all. Without a network nothing is skipped: that is
# an error, as is a suite that is without the package.
check_skips() {
	for skips_base in $(for skips_run; do run_bases "$skips_run"; done | sort -u); do
		base_find "$skips_base" >&2 && continue
		[ -n "$base_lacks" ] || base_not_found
		for skips_run; do
			! run_bases "$skips_run" | grep -q -x -F "$skips_base" ||
				echo "$skips_run the archive of this machine names $base_lacks and has not its source"
		done
	done
}

# check_run GLOB quick|full
check_run() {
	check_runs=$(scenarios_select "$1" "$2")
	[ -n "$check_runs" ] || die "no scenario matches \"$1\""
	# In this order what is small comes first: what is wrong there shows before kernels are built.
	check_needs=$(for check_name in $check_runs; do scenario_needs "$check_name"; done |
		tr ' ' '\n' | sort -u)

	# shellcheck disable=SC2086 # words
	say "to be built, where it is not there yet: the tools root" $check_needs
	say "to be run:"
	for check_name in $check_runs; do
		printf 'lab:   %s\n' "$check_name"
	done

	prepare
	mkdir -p "$BUILD/check"
	# shellcheck disable=SC2086 # words
	check_skips $check_runs >"$BUILD/check/skips"
	if [ -s "$BUILD/check/skips" ]; then
		warn "skipped, because $(sed '1!d; s/^[^ ]* //' "$BUILD/check/skips"):" \
			"$(cut -d ' ' -f 1 "$BUILD/check/skips" | xargs)"
		check_needs=$(for check_name in $check_runs; do
			grep -q "^$check_name " "$BUILD/check/skips" || scenario_needs "$check_name"
		done | tr ' ' '\n' | sort -u)
	fi
	check_start=$(date +%s)
	for check_need in $check_needs; do
		need_build "$check_need"
	done
	say "built in $(elapsed_since "$check_start"), running"

	check_start=$(date +%s)
	check_jobs=$((BUILD_JOBS / 2))
	[ "$check_jobs" -ge 2 ] || check_jobs=2
	check_status=0
	set --
	[ "${HOST-}" != 1 ] || set -- --setenv HOST 1 --bind /sys /sys
	# shellcheck disable=SC2086 # names
	run_plain enter "$@" "$INSIDE/lab/inside/prove" "$check_jobs" $check_runs || check_status=$?
	say "ran for $(elapsed_since "$check_start"); results and consoles: $BUILD/check"
	return "$check_status"
}

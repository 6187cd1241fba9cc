# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What scenarios of guests on Xen share.

# What Xen should not say.
xen_splats() {
	grep -E 'Assertion|UBSAN:|Xen BUG|Xen WARN|Panic on CPU|DOUBLE FAULT|unable to inject hw irq|migration failed' \
		"$(xen_console xen)"
}

# xen_is_quiet NAME: a line of TAP about the last machine.
xen_is_quiet() {
	is "$1: Xen has nothing to say" "$(xen_splats | head -n 3)" ""
}

# xen_cycles NAME N KEY=VALUE...: three lines of TAP. What counts as a cycle is that AFFINITY_INFO has said of
# the vCPU that it is off, and that it ran a task afterwards.
xen_cycles() {
	xen_name=$1
	xen_count=$2
	shift 2
	guest_works "$xen_name: vCPUs go and come under load" kernel="$BASE/series" \
		run="hotplug-cycles $xen_count" "$@"
	xen_seen=$(guest_dmesg | grep -c '^psci: CPU[0-9]* killed')
	check "$xen_name: $xen_count cycles, $xen_seen times seen off" \
		test "$xen_seen" -ge "$xen_count" -a "$(guest_output | sed -n 's/^# cycles: //p')" -ge "$xen_count"
	xen_is_quiet "$xen_name"
}

# xen_kdump NAME MPIDR ONLINE KEY=VALUE...: three lines of TAP: as kdump_works, on a stock Xen. MPIDR is in
# hexadecimal digits.
xen_kdump() {
	xen_name=$1
	xen_mpidr=$2
	xen_online=$3
	shift 3
	kdump_works "$xen_name: a crash kernel on that vCPU, with all" "$xen_mpidr" "$xen_online" \
		xen=xen-4.20/stock memory=2G guest_memory=768 kernel="$BASE/series" carry="$BASE/series" "$@"
	is "$xen_name: events arrive on each of its vCPUs" \
		"$(guest_output | sed -n 's/^events: each on its CPU, 10 on each of //p' | tail -n 1)" \
		"$(echo "$xen_online" | wc -w)"
	xen_is_quiet "$xen_name"
}

# said_by NAME: what the program of a guest of the toolstack says, of the lines that dom0's program shows, on stdin.
said_by() {
	sed -n "s/^$1| \\[ *[0-9.]*\\] lab| //p"
}

# crashed: what "xl-kdump"'s guest says.
crashed() {
	guest_output | said_by crash
}

# xen_stock_dies NAME: one line of TAP about the last machine: the kernel that a stock one started is stock too, and
# ends where it meets what the first one has registered.
xen_stock_dies() {
	is "$1" "$(crash_dmesg | grep -c -E '[Kk]ernel BUG at (arch/arm.*/xen/enlighten.c|xen_guest_init)')" 1
}

# xl_kdump NAME HOW KEY=VALUE...: two lines of TAP: a guest of the toolstack on a stock Xen, which crashes on
# vCPU 2, gets a crash kernel there.
xl_kdump() {
	kdump_name=$1
	xen_how=$2
	shift 2
	guest_works "$kdump_name" machine=xen xen=xen-4.20/stock kernel="$BASE/series" panic=1 \
		run="xl-kdump $BASE-series 2 $xen_how" limit=900 "$@"
	is "$kdump_name: the crash kernel runs on that vCPU, with all" \
		"$(crashed | sed -n 's/^crash kernel: [^ ]* //p')" "on 2, online 0 1 2 3"
}

# xen_without VARIANT TOPIC [LATER...]: our Xen, configured as VARIANT is, without the patch of that topic,
# series/xen/NN-TOPIC.patch, as another variant of xen-4.20, "without-TOPIC". Without LATER ones, too, which stand on its
# lines, and are taken out first, in the order in which they are given. What is wrong with it is said, and returned.
xen_without() {
	without_variant=$1
	without_topic=$2
	shift 2
	xen_changed "without-$without_topic" "$without_variant" patches_out "$@" "$without_topic"
}

patches_out() {
	for out_topic; do
		git apply -R --whitespace=nowarn "$TOP"/series/xen/[0-9]*-"$out_topic".patch || return 1
	done
}

# xen_changed NAME VARIANT COMMAND...: our Xen, configured as VARIANT is, as another variant NAME, when COMMAND has
# changed its tree.
xen_changed() {
	read -r _ changed_version <"$BUILD/bases/xen-4.20.version"
	changed_dir=$BUILD/kernel/xen-4.20/$1
	changed_from=$BUILD/kernel/xen-4.20/$2
	shift 2
	rm -rf "$changed_dir"
	mkdir -p "$changed_dir"
	# Its files are links: git and "sed -i" make new ones.
	cp -al "$BUILD/tree/xen-4.20-$changed_version/series" "$changed_dir/tree"
	(cd "$changed_dir/tree" && "$@") || return 1
	cp "$changed_from/lab.config" "$changed_dir/.config"
	(
		. "$LAB/lib/kbuild.sh"
		KBUILD_TREE=$changed_dir/tree KBUILD_OBJ=$changed_dir
		xenbuild olddefconfig && xenbuild -j 2 build
	) >"$changed_dir/build.log" 2>&1 || {
		tail -n 5 "$changed_dir/build.log"
		return 1
	}
	rm -rf "$changed_dir/tree"
}

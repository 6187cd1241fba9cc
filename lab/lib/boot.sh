# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Boot a guest and judge it. This runs inside the tools root.
#
#	boot_guest machine=NAME kernel=BASE/VARIANT run="PROGRAM ARGUMENT..." [KEY=VALUE...]
#
#	append=		more of the kernel's command line
#	smp= memory= cpu= accel= firmware= options=	instead of what the machine says
#	overlay=	of a board: 1, or nothing
#	card=1		the guest of BASE is on its card, instead of an initramfs
#	stub_magic=1	its loader leaves the magic of the armstub in place
#	edits=FILE	edits of the device tree, for our firmware
#	initrd=FILE	instead of the guest of BASE
#	layers=		on top of it, from lab/layers/
#	carry=		kernels, BASE/VARIANT, that the guest has as /boot/BASE-VARIANT, with its initramfs;
#			"itself" is the kernel that is booted. payload/FILE and deb/FILE are of
#			build/payload and build/deb, as /boot/FILE
#	disk=SIZE	a disk, whose content is in $boot_disk afterwards
#	extra=		more arguments for QEMU
#	xen=BASE/VARIANT	another Xen than the machine says
#	xen_append=	more of its command line
#	vcpus= guest_memory= pool=	of the domain that the kernel is for
#	payload=FILE	in build/payload, or firmware/NAME, instead of a kernel
#	image=FILE	what becomes the kernel in the end, instead of the kernel itself
#	domain="name=NAME kernel=|payload= vcpus= memory= pool= append=WORD,WORD run=PROGRAM,ARGUMENT"
#			one more domain; can be given again. One that runs a program is waited for, but not
#			with append=lab.end=never
#	until=REGEX	the guest is done, with status 0, when its kernel says this: its program does not end.
#			What comes after that line is not kept
#	silence=120	seconds without a word after which the guest hangs
#	limit=1800	seconds for the whole run
#	typed=1		type on the console what the guest's program asks for (lab/guest/console.sh)
#	panic=1		go on after a panic: a crash kernel is to take over
#	show=1		print the guest's lines as they come
#
# It returns 0 if the guest's program ended with status 0. Afterwards
#
#	boot_verdict	done, panic, hang, exit (QEMU ended by itself)
#	boot_status	status of the guest's program, when done
#	boot_log	the whole console; with Xen, that of the domain that the kernel is for

# shellcheck source=/dev/null
. "$TOP/lab/lib/xen.sh"
# shellcheck source=/dev/null
. "$TOP/lab/lib/board.sh"

BOOT_DIR=${BOOT_DIR:-$BUILD/run}
boot_number=0

# A path as the user knows it.
host_path() {
	printf '%s' "${HOST_BUILD:-$BUILD}${1#"$BUILD"}"
}

boot_fail() {
	echo "lab: error: $*" >&2
	exit 2
}

# machine_load NAME: a machine's variables with their defaults. A scenario has variables of other names.
machine_load() {
	[ -f "$TOP/lab/machines/$1" ] || boot_fail "no machine \"$1\""
	about='' machine='' cpu='' firmware='' options='' append='' extra=''
	smp=4 memory=512M accel=tcg,thread=multi console=ttyAMA0
	xen='' xen_line='' xen_passthrough='' xen_guest=1 vcpus=4 guest_memory=256
	layers='' carry='' run='' qemu='' board='' board_memory='' board_lacks='' overlay=''
	# shellcheck source=/dev/null
	. "$TOP/lab/machines/$1"
}

# boot_arguments KEY=VALUE...: into the variables that boot_command uses.
boot_arguments() {
	boot_machine='' boot_kernel='' boot_run='' boot_append='' boot_edits='' boot_initrd=''
	boot_disk_size='' boot_payload='' boot_pool='' boot_image_own='' boot_until=''
	boot_silence=120 boot_limit=1800 boot_panic='' boot_show='' boot_xen_append='' boot_typed='' boot_stub_magic='' boot_card=''
	for boot_argument; do
		case $boot_argument in machine=*) boot_machine=${boot_argument#*=} ;; esac
	done
	machine_load "$boot_machine"
	boot_layers=$layers
	rm -f "$boot_tmp"/domain.*
	boot_domains=0
	for boot_argument; do
		boot_value=${boot_argument#*=}
		case $boot_argument in
		machine=*) ;;
		kernel=*) boot_kernel=$boot_value ;;
		run=*) boot_run=$boot_value ;;
		append=*) boot_append=$boot_value ;;
		smp=*) smp=$boot_value ;;
		# A board has what it has.
		memory=*) [ -n "$board" ] || memory=$boot_value ;;
		cpu=*) cpu=$boot_value ;;
		accel=*) accel=$boot_value ;;
		firmware=*) firmware=$boot_value ;;
		options=*) options=$boot_value ;;
		overlay=*) overlay=$boot_value ;;
		card=*) boot_card=$boot_value ;;
		stub_magic=*) boot_stub_magic=$boot_value ;;
		edits=*) boot_edits=$boot_value ;;
		initrd=*) boot_initrd=$boot_value ;;
		layers=*) boot_layers=$boot_value ;;
		carry=*) carry=$boot_value ;;
		disk=*) boot_disk_size=$boot_value ;;
		extra=*) extra="$extra $boot_value" ;;
		xen=*) xen=$boot_value ;;
		xen_append=*) boot_xen_append=$boot_value ;;
		vcpus=*) vcpus=$boot_value ;;
		guest_memory=*) guest_memory=$boot_value ;;
		pool=*) boot_pool=$boot_value ;;
		payload=*) boot_payload=$boot_value ;;
		image=*) boot_image_own=$boot_value ;;
		domain=*)
			boot_domains=$((boot_domains + 1))
			# shellcheck disable=SC2086 # words
			xen_domain_add $((boot_domains + xen_guest)) $boot_value
			;;
		until=*) boot_until=$boot_value ;;
		silence=*) boot_silence=$boot_value ;;
		limit=*) boot_limit=$boot_value ;;
		typed=*) boot_typed=$boot_value ;;
		panic=*) boot_panic=$boot_value ;;
		show=*) boot_show=$boot_value ;;
		*) boot_fail "boot_guest does not know \"$boot_argument\"" ;;
		esac
	done
	case $carry in itself) carry=$boot_kernel ;; esac
	if [ -n "$boot_payload" ]; then
		case $boot_payload in
		firmware/*) boot_image=$BUILD/$boot_payload ;;
		*) boot_image=$BUILD/payload/$boot_payload ;;
		esac
	else
		boot_image=$BUILD/kernel/$boot_kernel/arch/arm64/boot/Image
		boot_initrd=${boot_initrd:-$BUILD/guest/${boot_kernel%%/*}.cpio.gz}
	fi
	boot_image=${boot_image_own:-$boot_image}
	[ -f "$boot_image" ] || boot_fail "$boot_image is not built: name it in the scenario's head"
	boot_symbols=${boot_image%/arch/*}/vmlinux
	if [ -n "$xen" ]; then
		boot_xen=$BUILD/kernel/$xen/xen
		boot_symbols=$boot_xen-syms
		[ -f "$boot_xen" ] || boot_fail "Xen $xen is not built: name it in the scenario's head"
	fi
}

# The initramfs with what is put on top. The kernels are not packed and have to be first: an archive
# that is not packed begins at a multiple of four bytes.
boot_initramfs() {
	rm -rf "$boot_tmp/carry" "$boot_tmp/initrd"
	mkdir -p "$boot_tmp/carry/boot"
	for boot_kernel_carried in $carry; do
		case $boot_kernel_carried in
		payload/* | deb/*)
			cp "$BUILD/$boot_kernel_carried" "$boot_tmp/carry/boot/" ||
				boot_fail "$boot_kernel_carried is not built: name it in the scenario's head"
			continue
			;;
		esac
		cp "$BUILD/kernel/$boot_kernel_carried/arch/arm64/boot/Image" \
			"$boot_tmp/carry/boot/$(echo "$boot_kernel_carried" | tr / -)" ||
			boot_fail "kernel $boot_kernel_carried is not built: name it in the scenario's head"
	done
	{
		(cd "$boot_tmp/carry" && find boot | cpio --quiet -o -H newc)
		cat "$boot_initrd"
		for boot_layer in $boot_layers; do
			cat "$BUILD/guest/layer/$boot_layer.cpio.gz" ||
				boot_fail "layer $boot_layer is not built: name it in the scenario's head"
		done
	} >"$boot_tmp/initrd"
	rm -rf "$boot_tmp/carry"
	boot_initrd=$boot_tmp/initrd
}

# Of each kernel. /dev/kmsg is not rate limited. A panic ends the machine where it can. A host with more to do
# than CPUs is no lockup of the guest's.
BOOT_LINE="printk.devkmsg=on panic=-1 watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=60"

# boot_command_line: of the kernel, in $boot_line.
boot_command_line() {
	boot_line="console=$console $BOOT_LINE $append $boot_append"
	boot_line="$boot_line${carry:+ retain_initrd}"
	boot_line="$boot_line${boot_run:+ lab.run=$(echo "$boot_run" | tr ' ' ',')}"
}

# boot_prepare: files that QEMU takes, for what boot_arguments read.
boot_prepare() {
	boot_command_line
	[ -z "$boot_layers$carry" ] || boot_initramfs
	[ -z "$board" ] || board_prepare
	if [ -n "$xen" ]; then
		domain_name=guest domain_image=$boot_image domain_initrd=$boot_initrd domain_vcpus=$vcpus
		domain_memory=$guest_memory domain_line=$boot_line domain_pool=$boot_pool
		xen_domain_put "$xen_guest"
		xen_prepare
	fi
}

# firmware_file: what QEMU has as -bios; nothing if it starts the kernel itself.
firmware_file() {
	case $firmware in
	'') ;;
	uefi) echo /usr/share/qemu-efi-aarch64/QEMU_EFI.fd ;;
	*) echo "$BUILD/firmware/$firmware" ;;
	esac
}

# qemu [ARGUMENT...]: become QEMU.
qemu() {
	if [ -n "$xen" ]; then
		# shellcheck disable=SC2046 # words
		set -- -kernel "$boot_xen" -dtb "$boot_tmp/xen.dtb" $(cat "$boot_tmp/loaders") "$@"
	elif [ -n "$board" ] && [ -n "$firmware" ]; then
		# shellcheck disable=SC2046 # words
		set -- $(cat "$boot_tmp/board.loaders") "$@"
	else
		set -- -kernel "$boot_image" ${boot_initrd:+-initrd "$boot_initrd"} -append "$boot_line" "$@"
		[ -z "$board" ] || set -- -dtb "$boot_tmp/board.dtb" "$@"
	fi
	# shellcheck disable=SC2086 # words
	set -- -M "$machine" ${cpu:+-cpu "$cpu"} -smp "$smp" -m "$memory" -accel "$accel" \
		-nodefaults -no-reboot -display none $extra "$@"
	[ -n "$board" ] || [ -z "$firmware" ] || set -- -bios "$(firmware_file)" "$@"
	# By file: on QEMU's command line a comma would end the string.
	if [ -n "$options" ] && [ -z "$board" ]; then
		printf %s "$options" >"$boot_tmp/options"
		set -- -fw_cfg "name=opt/cpu-return/options,file=$boot_tmp/options" "$@"
	fi
	[ -z "$boot_disk_size" ] || set -- -drive "if=none,id=disk,format=raw,file=$boot_disk" \
		-device virtio-blk-pci,drive=disk "$@"
	if [ -n "$boot_edits" ] && [ -z "$board" ]; then
		set -- -fw_cfg "name=opt/cpu-return/tree-edits,file=$boot_edits" "$@"
	fi
	if [ -n "$qemu" ]; then
		exec "$BUILD/kernel/$qemu/qemu-system-aarch64" -L /usr/share/qemu "$@"
	fi
	exec qemu-system-aarch64 "$@"
}

# The program's lines on a console.
guest_output() {
	tr -d '\r' <"${1:-$boot_log}" | sed -n 's/^\[ *[0-9.]*\] lab| //p'
}

# The kernel's lines, without time stamps.
guest_dmesg() {
	tr -d '\r' <"${1:-$boot_log}" | grep -v '^\[ *[0-9.]*\] lab[|:] ' |
		sed -n 's/^\[ *[0-9]*\.[0-9]*\] //p'
}

# What no kernel should say. 6.12 stops the fair server (lab/guest/init) without asking whether it has just
# stopped by itself; then __sub_running_bw() complains, and sets right what it complains of.
guest_splats() {
	guest_dmesg "$@" | grep -v 'WARNING: .* at __sub_running_bw+' |
		grep -E '(WARNING|BUG|INFO): |Oops|Unable to handle|Kernel panic|lockup|blocked for more than|messages dropped|(UBSAN|KASAN|KCSAN):'
}

# Where do the CPUs of a guest that hangs stand? Into its log.
boot_backtrace() {
	{
		echo
		echo "lab: the guest hangs; backtraces of its CPUs:"
		timeout 60 gdb-multiarch -batch -nx -ex 'set pagination off' \
			-ex "target remote $boot_tmp/gdb" \
			-ex 'info threads' -ex 'thread apply all -q backtrace 24' \
			-ex 'thread apply all -q info registers pc sp cpsr' \
			"$boot_symbols" </dev/null 2>&1 |
			grep -v -E '^warning:|^$'
	} >>"$boot_log"
}

boot_stop() {
	[ -z "$boot_pid" ] || kill -9 "$boot_pid" 2>/dev/null || :
	[ -z "$boot_pid" ] || wait "$boot_pid" 2>/dev/null || :
	[ -z "$boot_split_pid" ] || wait "$boot_split_pid" 2>/dev/null || :
	boot_pid='' boot_split_pid=''
}

boot_pid=
boot_split_pid=
boot_tmp=
boot_guest() {
	boot_number=$((boot_number + 1))
	boot_verdict='' boot_status=''
	[ -n "$boot_tmp" ] || boot_tmp=$(mktemp -d)
	boot_arguments "$@"
	mkdir -p "$BOOT_DIR"
	boot_log=$BOOT_DIR/$boot_number.log
	boot_all=$boot_log
	boot_console=$boot_log
	boot_others=
	: >"$boot_log"
	boot_disk=$BOOT_DIR/$boot_number.disk
	[ -z "$boot_disk_size" ] || truncate -s "$boot_disk_size" "$boot_disk"
	boot_prepare
	[ -z "$xen" ] || xen_consoles
	if [ -n "$boot_typed" ]; then
		rm -f "$boot_tmp/keys"
		mkfifo "$boot_tmp/keys"
		# For both: to open one end would wait for the other.
		exec 8<>"$boot_tmp/keys"
		boot_typed=0
	fi
	qemu -chardev "file,id=console,path=$boot_console${boot_typed:+,input-path=$boot_tmp/keys}" -serial chardev:console -monitor none \
		-chardev "socket,id=gdb,path=$boot_tmp/gdb,server=on,wait=off" -gdb chardev:gdb \
		</dev/null >"$boot_tmp/qemu.out" 2>&1 &
	boot_pid=$!
	boot_start=$(date +%s)
	boot_size=0
	boot_heard=$boot_start
	boot_shown=0
	while [ -z "$boot_verdict" ]; do
		sleep 0.2
		boot_watch
	done
	case $boot_verdict in
	hang)
		boot_backtrace
		boot_stop
		{
			echo "# the guest hangs ($boot_why); its last lines:"
			sed '/^lab: the guest hangs/,$d' "$boot_log" | tr -d '\r' | tail -n 10 |
				sed 's/^/#   /'
			echo "# console and backtraces: $(host_path "$boot_log")"
		} >&2
		;;
	exit)
		# QEMU's own words belong to the console where there is nothing else.
		sed 's/^/lab: qemu: /' "$boot_tmp/qemu.out" >>"$boot_log"
		{
			echo "# the machine ended before the guest's program did:"
			tail -n 5 "$boot_log" | tr -d '\r' | sed 's/^/#   /'
			echo "# console: $(host_path "$boot_log")"
		} >&2
		;;
	panic)
		{
			echo "# the guest panicked: $(guest_splats | head -n 1)"
			echo "# console: $(host_path "$boot_log")"
		} >&2
		;;
	esac
	boot_stop
	if [ -n "$boot_until" ] && [ "$boot_verdict" = "done" ]; then
		boot_last=$(grep -a -n -m 1 -E -- "$boot_until" "$boot_log")
		sed -i "${boot_last%%:*}q" "$boot_log"
	fi
	[ "$boot_verdict$boot_status" = done0 ]
}

# Not what the guest's program says of another kernel.
boot_panicked() {
	grep -a 'Kernel panic' "$boot_log" | grep -a -q -v '\] lab| '
}

# One look at the console.
boot_watch() {
	boot_now=$(date +%s)
	boot_alive=1
	kill -0 "$boot_pid" 2>/dev/null || boot_alive=
	if [ "$(stat -c %s "$boot_all")" != "$boot_size" ]; then
		boot_size=$(stat -c %s "$boot_all")
		boot_heard=$boot_now
		[ -z "$boot_show" ] || boot_show_new
		[ -z "$boot_typed" ] || boot_type
		boot_status=$(sed -n -e 's/^\[ *[0-9.]*\] lab: guest done status=\([0-9]*\).*/\1/p' \
			-e "${boot_payload:+s/^# [a-z-]*: passed\r*\$/0/p; s/^# [a-z-]*: failed\r*\$/1/p}" \
			"$boot_log" | tail -n 1)
		if [ -n "$boot_until" ]; then
			boot_status=
			! grep -a -q -E -- "$boot_until" "$boot_log" || boot_status=0
		fi
		for boot_other in $boot_others; do
			grep -q 'lab: guest done' "$boot_other" || boot_status=
		done
	fi
	if [ -n "$boot_status" ]; then
		boot_verdict="done"
	elif [ -z "$boot_panic" ] && boot_panicked; then
		# It has more to say.
		sleep 1
		boot_verdict=panic
	elif [ -z "$boot_alive" ]; then
		boot_verdict="exit"
		! boot_panicked || boot_verdict=panic
	elif [ $((boot_now - boot_heard)) -ge "$boot_silence" ]; then
		boot_verdict=hang
		boot_why="silent for $boot_silence s"
	elif [ $((boot_now - boot_start)) -ge "$boot_limit" ]; then
		boot_verdict=hang
		boot_why="not done after $boot_limit s"
	fi
}

# What has been asked for since the last look. A line that has no end yet is left for the next.
boot_type() {
	sed -n 's/^\[ *[0-9.]*\] lab| *# type: \(.*\)\r$/\1/p' "$boot_log" >"$boot_tmp/asked"
	tail -n +"$((boot_typed + 1))" "$boot_tmp/asked" >&8
	boot_typed=$(wc -l <"$boot_tmp/asked")
}

boot_show_new() {
	boot_lines=$(guest_output | wc -l)
	guest_output | tail -n +"$((boot_shown + 1))" | head -n "$((boot_lines - boot_shown))"
	boot_shown=$boot_lines
}

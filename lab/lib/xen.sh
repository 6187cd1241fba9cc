# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables of boot.sh
#
# Machines on which Xen runs below the guest, for boot.sh. A domain is a file $boot_tmp/domain.N of shell
# variables, domain_name, _image, _initrd, _vcpus, _memory (MiB), _line (its command line), _pool.
# Number 0 is dom0; a machine may be without one. The others are in the tree: Xen builds them by itself.

XEN_MODULES_AT=$((0x50000000))

# xen_domain_put N: a domain's file from the variables of those names.
xen_domain_put() {
	for xen_variable in name image initrd vcpus memory line pool; do
		eval "printf \"domain_%s='%s'\\n\" \"\$xen_variable\" \"\$domain_$xen_variable\""
	done >"$boot_tmp/domain.$1"
}

# xen_domain_add N WORD...: a domain beside the main one, by the words of "domain=".
xen_domain_add() {
	xen_number=$1
	shift
	domain_name=domain$xen_number domain_image='' domain_initrd='' domain_vcpus=1 domain_memory=128
	domain_line='' domain_pool=''
	for xen_word; do
		xen_value=${xen_word#*=}
		case $xen_word in
		name=*) domain_name=$xen_value ;;
		kernel=*)
			domain_image=$BUILD/kernel/$xen_value/arch/arm64/boot/Image
			domain_initrd=$BUILD/guest/${xen_value%%/*}.cpio.gz
			domain_line="console=ttyAMA0 $BOOT_LINE"
			;;
		payload=*) domain_image=$BUILD/payload/$xen_value ;;
		vcpus=*) domain_vcpus=$xen_value ;;
		memory=*) domain_memory=$xen_value ;;
		append=*) domain_line="$domain_line $(echo "$xen_value" | tr ',' ' ')" ;;
		run=*) domain_line="$domain_line lab.run=$xen_value" ;;
		pool=*) domain_pool=$xen_value ;;
		*) boot_fail "domain= does not know \"$xen_word\"" ;;
		esac
	done
	[ -f "$domain_image" ] || boot_fail "domain $domain_name: $domain_image is not built"
	xen_domain_put "$xen_number"
}

# xen_module FILE KIND [LINE]: QEMU puts FILE into memory, and the tree says where.
xen_module() {
	xen_size=$(stat -L -c %s "$1")
	echo "-device loader,file=$1,addr=$xen_at,force-raw=on" >>"$boot_tmp/loaders"
	printf '\t\tmodule@%x { compatible = "multiboot,%s", "multiboot,module"; reg = <0 0x%x 0 0x%x>;' \
		"$xen_at" "$2" "$xen_at" "$xen_size"
	[ -z "${3-}" ] || printf ' bootargs = "%s";' "$3"
	echo ' };'
	xen_at=$(((xen_at + xen_size + 0x1fffff) & ~0x1fffff))
}

# xen_domain_modules N: a domain's kernel and initramfs.
xen_domain_modules() {
	# shellcheck source=/dev/null
	. "$boot_tmp/domain.$1"
	xen_module "$domain_image" kernel "$domain_line"
	[ -z "$domain_initrd" ] || xen_module "$domain_initrd" ramdisk
}

# xen_pools NAMES: a cpupool for each name of the form SCHEDULER:CPU,CPU...
xen_pools() {
	for xen_pool; do
		echo "	pool_$(echo "$xen_pool" | tr ':,' '__'): pool-$(echo "$xen_pool" | tr ':,' '--') {"
		printf '\t\tcompatible = "xen,cpupool"; cpupool-sched = "%s"; cpupool-cpus = <' "${xen_pool%%:*}"
		for xen_cpu in $(echo "${xen_pool#*:}" | tr ',' ' '); do
			printf ' &{/cpus/cpu@%s}' "$xen_cpu"
		done
		echo '>; };'
	done
}

# xen_tree FILE: what the machine's tree gains, as source.
xen_tree() {
	xen_at=$XEN_MODULES_AT
	: >"$boot_tmp/loaders"
	echo '/ { chosen { #address-cells = <2>; #size-cells = <2>;'
	printf '\txen,xen-bootargs = "%s dom0_max_vcpus=%s %s";\n' "$xen_line" "$vcpus" "$boot_xen_append"
	[ ! -f "$boot_tmp/domain.0" ] || xen_domain_modules 0
	# shellcheck disable=SC2046 # words
	xen_pools $(sed -n "s/^domain_pool='\\(.*\\)'\$/\\1/p" "$boot_tmp"/domain.* | sort -u)
	xen_number=1
	while [ -f "$boot_tmp/domain.$xen_number" ]; do
		# shellcheck source=/dev/null
		. "$boot_tmp/domain.$xen_number"
		printf '\tdomU%d { compatible = "xen,domain"; #address-cells = <2>; #size-cells = <2>;\n' \
			"$xen_number"
		printf '\t\tcpus = <%d>; memory = <0 %d>; vpl011; xen,enhanced = "%s";\n' "$domain_vcpus" \
			$((domain_memory * 1024)) "$([ -f "$boot_tmp/domain.0" ] && echo enabled || echo no-xenstore)"
		[ -z "$domain_pool" ] || printf '\t\tdomain-cpupool = <&pool_%s>;\n' \
			"$(echo "$domain_pool" | tr ':,' '__')"
		xen_domain_modules "$xen_number"
		echo '	};'
		xen_number=$((xen_number + 1))
	done
	echo '}; };'
	for xen_node in $xen_passthrough; do
		echo "&{$xen_node} { xen,passthrough; };"
	done
}

# xen_prepare: the tree in $boot_tmp/xen.dtb, made of QEMU's own; QEMU's arguments in $boot_tmp/loaders. With firmware
# the machine has other devices. QEMU gives the tree to it, and it starts Xen as it starts a kernel.
xen_prepare() {
	qemu-system-aarch64 -M "$machine,dumpdtb=$boot_tmp/qemu.dtb" -cpu "$cpu" -smp "$smp" -m "$memory" \
		${firmware:+-bios "$(firmware_file)"} -nodefaults -display none >/dev/null 2>&1 ||
		boot_fail "QEMU gives no tree for $machine"
	{
		dtc -q -I dtb -O dts "$boot_tmp/qemu.dtb"
		xen_tree
	} >"$boot_tmp/xen.dts"
	dtc -q -I dts -O dtb -o "$boot_tmp/xen.dtb" "$boot_tmp/xen.dts" ||
		boot_fail "no tree for this machine: see the message above"
}

# xen_console NAME: the console of a domain of the last machine; "xen" is Xen's own.
xen_console() {
	echo "$BOOT_DIR/$boot_number.$1.log"
}

# xen_split: from the machine's console on stdin to one of each domain. Xen puts its own mark before the
# lines of all domains but dom0.
xen_split() {
	xen_script=
	xen_marks=
	for xen_file in "$boot_tmp"/domain.*; do
		xen_number=${xen_file##*.}
		# shellcheck source=/dev/null
		. "$xen_file"
		: >"$(xen_console "$domain_name")"
		[ "$xen_number" != 0 ] || continue
		# A domain's serial driver may end lines as Xen's does: in CR LF.
		xen_marks="$xen_marks
s/^(XEN) DOM$xen_number: //;t dom$xen_number
s/^(d$xen_number) //;t dom$xen_number"
		xen_script="$xen_script
: dom$xen_number
w $(xen_console "$domain_name")
d"
	done
	# "t" asks about all substitutions since the last one.
	sed -n -u -e 's/\r*$//;t begin' -e ': begin' -e "$xen_marks" -e "/^(XEN) /{
w $(xen_console xen)
d
}
w $(xen_console "$([ -f "$boot_tmp/domain.0" ] && echo guest || echo other)")
d
$xen_script"
}

# xen_consoles: the main domain's is $boot_log, those of others that are waited for are $boot_others; all as it
# came is in $boot_all.
xen_consoles() {
	for xen_file in "$boot_tmp"/domain.*; do
		# shellcheck source=/dev/null
		. "$xen_file"
		case $domain_name,$domain_line in
		guest,* | *lab.end=never*) ;;
		*lab.run=*) boot_others="$boot_others $(xen_console "$domain_name")" ;;
		esac
	done
	boot_console=$boot_tmp/console
	rm -f "$boot_console"
	mkfifo "$boot_console"
	boot_log=$(xen_console guest)
	tee "$boot_all" <"$boot_console" | xen_split &
	boot_split_pid=$!
	while [ ! -f "$boot_log" ]; do sleep 0.1; done
}

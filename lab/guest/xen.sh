# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What programs share that run in dom0 and start guests by the toolstack.

# toolstack_start: xenstored and the rest, as Debian ships them. Nothing of it keeps the program's output open when
# that ends.
domain_shown=
domain_cr=$(printf '\r')
toolstack_start() {
	# shellcheck disable=SC2086 # numbers
	trap 'kill $domain_shown' EXIT
	mkdir -p /run/xen /run/xenstored /run/lock /var/lib/xen /var/lib/xenstored /var/log/xen/console /etc/xen
	ln -sfn /run /var/run
	ln -sfn /run/lock /var/lock
	mount -t xenfs xenfs /proc/xen
	xenstored --pid-file /run/xen/xenstored.pid >/dev/null 2>&1 || return 1
	xen-init-dom0 || return 1
	xenconsoled --log=guest --log-dir=/var/log/xen/console --pid-file=/run/xen/xenconsoled.pid \
		>/dev/null 2>&1 || return 1
}

# domain_create NAME VCPUS MAXVCPUS KERNEL RUN [WORD...]: a guest with a kernel of /boot and this guest's own
# initramfs. WORDs go to its command line. What it says is on this console, with its name before it: "NAME| ".
domain_create() {
	domain_name=$1 domain_vcpus=$2 domain_max=$3 domain_kernel=$4 domain_run=$5
	shift 5
	cat >"/tmp/$domain_name.cfg" <<-EOF
		name = "$domain_name"
		kernel = "/boot/$domain_kernel"
		ramdisk = "/sys/firmware/initrd"
		memory = ${DOMAIN_MEMORY:-256}
		vcpus = $domain_vcpus
		maxvcpus = $domain_max
		on_crash = "preserve"
		extra = "console=hvc0 printk.devkmsg=on panic=-1 $* lab.run=$domain_run"
	EOF
	domain_log=/var/log/xen/console/guest-$domain_name.log
	: >"$domain_log"
	# The shell's own loop: other filters keep lines back until they have many.
	tail -n +1 -f "$domain_log" 2>/dev/null | while IFS= read -r domain_line; do
		echo "$domain_name| ${domain_line%"$domain_cr"}"
	done &
	domain_shown="$domain_shown $!"
	xl create -q "/tmp/$domain_name.cfg"
}

# domain_says NAME REGEX: has it?
domain_says() {
	grep -q -E "$2" "/var/log/xen/console/guest-$1.log"
}

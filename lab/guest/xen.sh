# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What programs share that run in dom0 and start guests by the toolstack.

# toolstack_start: xenstored and the rest, as Debian ships them. Nothing of it keeps the program's output open when
# that ends. It may be there already.
domain_shown=
domain_end="end of what the domain has said"
domain_cr=$(printf '\r')
toolstack_start() {
	# shellcheck disable=SC2086 # numbers
	trap '[ -z "$domain_shown" ] || kill $domain_shown' EXIT
	[ ! -e /run/xen/xenconsoled.pid ] || return 0
	mkdir -p /run/xen /run/xenstored /run/lock /var/lib/xen /var/lib/xenstored /var/log/xen/console /etc/xen
	ln -sfn /run /var/run
	ln -sfn /run/lock /var/lock
	mkdir -p /etc/xen/scripts
	ln -sf /lab/xen-block /etc/xen/scripts/block
	: >/etc/xen/xl.conf
	mount -t xenfs xenfs /proc/xen
	xenstored --pid-file /run/xen/xenstored.pid >/dev/null 2>&1 || return 1
	xen-init-dom0 || return 1
	xenconsoled --log=guest --log-dir=/var/log/xen/console --pid-file=/run/xen/xenconsoled.pid \
		>/dev/null 2>&1 || return 1
}

# domain_create NAME VCPUS MAXVCPUS KERNEL RUN [WORD...]: a guest with a kernel of /boot and this guest's own
# initramfs. WORDs go to its command line, $DOMAIN_DISK is its disk, and $DOMAIN_LINES are more of xl.cfg. What it says is on this console, with its name
# before it: "NAME| ".
domain_create() {
	domain_name=$1 domain_vcpus=$2 domain_max=$3 domain_kernel=$4 domain_run=$5
	shift 5
	# The toolstack maps files, which this one cannot be.
	[ -e /tmp/initrd ] || cp /sys/firmware/initrd /tmp/initrd
	cat >"/tmp/$domain_name.cfg" <<-EOF
		name = "$domain_name"
		kernel = "/boot/$domain_kernel"
		ramdisk = "/tmp/initrd"
		memory = ${DOMAIN_MEMORY:-256}
		vcpus = $domain_vcpus
		maxvcpus = $domain_max
		on_crash = "preserve"
		on_poweroff = "preserve"
		disk = [ ${DOMAIN_DISK:+"'phy:$DOMAIN_DISK,xvda,w'"} ]
		extra = "console=hvc0 printk.devkmsg=on panic=-1 $* lab.run=$domain_run"
		${DOMAIN_LINES-}
	EOF
	domain_log=/var/log/xen/console/guest-$domain_name.log
	: >"$domain_log"
	# The shell's own loop: other filters keep lines back until they have many.
	rm -f "/tmp/$domain_name.shown"
	tail -n +1 -f "$domain_log" 2>/dev/null | while IFS= read -r domain_line; do
		[ "$domain_line" != "$domain_end" ] || : >"/tmp/$domain_name.shown"
		echo "$domain_name| ${domain_line%"$domain_cr"}"
	done &
	domain_shown="$domain_shown $!"
	xl create -q "/tmp/$domain_name.cfg"
}

# domain_is_shown NAME: wait until all that it has said so far is on this console.
domain_is_shown() {
	echo "$domain_end" >>"/var/log/xen/console/guest-$1.log"
	wait_for test -e "/tmp/$1.shown"
}

# domain_says NAME REGEX: has it?
domain_says() {
	grep -q -E "$2" "/var/log/xen/console/guest-$1.log"
}

# domain_said NAME: what its program has said, line by line.
domain_said() {
	sed -n 's/\r*$//; s/.*lab| //p' "/var/log/xen/console/guest-$1.log"
}

# domain_says_last NAME TEXT: is it the last that its program has said?
domain_says_last() {
	[ "$(domain_said "$1" | tail -n 1)" = "$2" ]
}

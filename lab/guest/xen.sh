# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What programs share that run in dom0 and start guests by the toolstack.

# toolstack_start: xenstored and the rest, as Debian ships them.
toolstack_start() {
	mkdir -p /run/xen /run/xenstored /run/lock /var/lib/xen /var/lib/xenstored /var/log/xen/console /etc/xen
	ln -sfn /run /var/run
	ln -sfn /run/lock /var/lock
	mount -t xenfs xenfs /proc/xen
	xenstored --pid-file /run/xen/xenstored.pid || return 1
	xen-init-dom0 || return 1
	xenconsoled --log=guest --log-dir=/var/log/xen/console --pid-file=/run/xen/xenconsoled.pid || return 1
}

# domain_create NAME VCPUS MAXVCPUS KERNEL RUN [WORD...]: a guest with a kernel of /boot and this guest's own
# initramfs. What it says is on this console, with its name before it: "NAME| ".
domain_create() {
	domain_name=$1
	cat >"/tmp/$1.cfg" <<-EOF
		name = "$1"
		kernel = "/boot/$4"
		ramdisk = "/sys/firmware/initrd"
		memory = ${DOMAIN_MEMORY:-256}
		vcpus = $2
		maxvcpus = $3
		on_crash = "preserve"
		extra = "console=hvc0 printk.devkmsg=on panic=-1 lab.run=$5"
	EOF
	: >"/var/log/xen/console/guest-$1.log"
	tail -n +1 -f "/var/log/xen/console/guest-$1.log" | sed -u "s/\r*\$//; s/^/$1| /" &
	xl create -q "/tmp/$1.cfg"
}

# domain_says NAME REGEX: has it?
domain_says() {
	grep -q -E "$2" "/var/log/xen/console/guest-$1.log"
}

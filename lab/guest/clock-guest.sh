# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What programs in dom0 share that give the machine's clock to a guest, with one vCPU. After hotplug.sh and xen.sh.

# clock_guest CPUS KERNEL: the guest, which may run there.
clock_guest() {
	DOMAIN_LINES="cpus = \"$1\"
device_tree = \"/lab/clock.dtb\"
irqs = [ 34 ]
iomem = [ \"0x9010,1\" ]" domain_create guest 1 1 "$2" alarms
}

alarm_last() {
	domain_said guest | sed -n 's/^alarm: //p' | tail -n 1
}

alarms_went_on() {
	[ "$(alarm_last)" -ge "$((alarms_before + 3))" ]
}

# look WHEN: a line: the clock has interrupted the guest three times, and where its vCPU was then.
look() {
	wait_for domain_says guest 'alarm: '
	alarms_before=$(alarm_last)
	wait_for alarms_went_on
	echo "alarms $1: on $(xl vcpu-list guest | awk 'NR == 2 { print $4 }')"
}

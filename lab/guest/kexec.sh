# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What guest programs that start another kernel share. The kernels are in /boot; each is given the
# initramfs that this one was started with, so that the next one can go on.

INITRD=/sys/firmware/initrd

# next_line RUN [WORD...]: this kernel's command line for the next one, which runs RUN.
next_line() {
	next_run=$1
	shift
	read -r next_words </proc/cmdline
	next=
	for next_word in $next_words; do
		case $next_word in
		# nr_cpus= is for one kernel that may have no more.
		lab.run=* | crashkernel=* | nr_cpus=*) ;;
		*) next="$next $next_word" ;;
		esac
	done
	echo "${next# }${*:+ $*} lab.run=$next_run"
}

# load METHOD KERNEL RUN [WORD...]: METHOD is c (kexec_load) or s (kexec_file_load). WORDs that are options are kexec's,
# the others go to the next kernel's command line. The hash that user space can put between the kernels takes longer
# than all the rest in emulation.
load() {
	load_method=$1 load_kernel=$2 load_run=$3
	shift 3
	load_words=
	for load_word; do
		shift
		case $load_word in
		-*) set -- "$@" "$load_word" ;;
		*) load_words="$load_words $load_word" ;;
		esac
	done
	[ "$load_method" = s ] || set -- --no-checks "$@"
	kexec_program "-$load_method" "$@" "/boot/$load_kernel" --initrd="$INITRD" \
		--command-line="$(next_line "$load_run" "$load_words")"
}

# kexec_program WORD...: Debian's kexec, also on Xen.
kexec_program() {
	if [ -e /proc/xen ]; then
		/lab/proc-without-xen kexec "$@"
	else
		kexec "$@"
	fi
}

# Which CPU this kernel was started on, by its MPIDR.
boot_cpu() {
	dmesg | sed -n 's/.*Booting Linux on physical CPU 0x0*\([0-9a-f]\{1,\}\) .*/\1/p' | head -n 1
}

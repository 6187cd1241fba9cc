# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# How builds of QEMU that differ from the lab's own are configured.

# qemu_configure TREE OPTION...: in the current directory, as lab/config/qemu.config says, but for what an OPTION says.
qemu_configure() (
	tree=$1
	shift
	options=$(grep '^--' "$TOP/lab/config/qemu.config")
	for option; do
		about=$(echo "$option" | sed -E 's/^--((en|dis)able-)?//; s/=.*//')
		options=$(echo "$options" | grep -v -x -E -e "--((en|dis)able-)?$about(=.*)?")
	done
	# shellcheck disable=SC2086 # words
	"$tree/configure" $options "$@"
)

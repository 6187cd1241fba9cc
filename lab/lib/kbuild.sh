# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# How the makes of the kernel and of Xen are called: one place.

kbuild() {
	make -C "${KBUILD_TREE:-/mnt/linux}" O="${KBUILD_OBJ:-/mnt/obj}" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
		KBUILD_BUILD_USER=lab KBUILD_BUILD_HOST=lab KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_TIMESTAMP='1970-01-01 00:00:00 UTC' "$@"
}

xenbuild() {
	make -C "${KBUILD_TREE:-/mnt/xen}/xen" O="${KBUILD_OBJ:-/mnt/obj}" XEN_TARGET_ARCH=arm64 \
		CROSS_COMPILE=aarch64-linux-gnu- XEN_BUILD_DATE='Thu Jan  1 00:00:00 UTC 1970' \
		XEN_BUILD_TIME=00:00:00 XEN_WHOAMI=lab XEN_DOMAIN=lab XEN_BUILD_HOST=lab "$@"
}

# config_merge: fragments on stdin, one after the other, become one: of several lines about a symbol the last one counts.
config_merge() {
	tac | awk -F= '!/^CONFIG_/ || !seen[$1]++' | tac
}

# config_true FRAGMENT: have all its lines come true in "${KBUILD_OBJ:-/mnt/obj}/.config"? An option that does not exist,
# or whose dependencies are not met, vanishes without a word. Without those it is no configuration that one may build.
config_true() {
	config_missing=$(grep '^CONFIG_' "$1" | while IFS= read -r line; do
		case $line in
		*=n) ! grep -q "^${line%n}" "${KBUILD_OBJ:-/mnt/obj}/.config" || echo "$line" ;;
		*) grep -q -x -F "$line" "${KBUILD_OBJ:-/mnt/obj}/.config" || echo "$line" ;;
		esac
	done | xargs)
	[ -n "$config_missing" ] || return 0
	rm -f "${KBUILD_OBJ:-/mnt/obj}/.config"
	echo "lab: configuration did not come true: $config_missing"
	return 1
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the rules for cpu nodes in arm/cpus.yaml say of device trees, inside the tools root. Only the schemas that
# cpus.yaml uses are read: seconds where dt_binding_check and dtbs_check take minutes.

# schema_processed BINDINGS OUT: cpus.yaml and what it refers to, on top of the schemas that come with dt-schema.
# References are not followed further: none needs it, and dt-validate fails where one is missing. What went wrong is
# in OUT.err.
schema_processed() {
	set -- "$1" "$2" "$1/arm/cpus.yaml"
	head -n 1 "$3" >/dev/null 2>"$2.err" || return
	# shellcheck disable=SC2013,SC2016 # words, and not the shell's $
	for schema_ref in $(sed -n 's|.*\$ref: /schemas/\([^#]*\)#.*|\1|p' "$3" | sort -u); do
		[ ! -f "$1/$schema_ref" ] || set -- "$@" "$1/$schema_ref"
	done
	schema_out=$2
	shift 2
	dt-mk-schema -j "$@" >"$schema_out" 2>"$schema_out.err" && [ -s "$schema_out" ]
}

# SPDX-License-Identifier: GPL-2.0-only
#
# The commands of this repository. Each one is carried out by lab/lab, and is safe to interrupt
# and to repeat. "make help" says what they do. What is given on the command line of make
# (T=, MACHINE=, BASE=, ...) reaches the lab by the environment.

.DEFAULT_GOAL := help
TARGETS := run check check-full shell series deb raspberry-pi bench root kernel update clean help

.PHONY: $(TARGETS)

# CURDIR, unlike MAKEFILE_LIST, survives a blank in the path.
$(TARGETS):
	@exec "$(CURDIR)/lab/lab" $@

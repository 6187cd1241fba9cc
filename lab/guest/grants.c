// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that a guest of Xen grants to dom0, by hand.
 *
 *	grants share COUNT		grant pages, say their references, and keep them
 *	grants map DOMAIN REF...	map such pages; at SIGTERM, see what is in them
 *	grants fresh COUNT REF...	grant pages: is one of these references among theirs?
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define XEN_PAGE	4096
#define MAX_GRANTS	1024

/* As in Linux's xen/gntalloc.h and xen/gntdev.h */
struct alloc_gref {
	uint16_t domid;
	uint16_t flags;
	uint32_t count;
	uint64_t index;
	uint32_t refs[MAX_GRANTS];
};

struct map_gref {
	uint32_t count;
	uint32_t pad;
	uint64_t index;
	struct {
		uint32_t domid;
		uint32_t ref;
	} refs[MAX_GRANTS];
};

#define ALLOC_GREF		_IOC(_IOC_NONE, 'G', 5, 24)
#define ALLOC_GREF_WRITABLE	1
#define MAP_GREF		_IOC(_IOC_NONE, 'G', 0, 24)

static int fail(const char *what)
{
	printf("# %s: %s\n", what, strerror(errno));
	return 1;
}

static unsigned char *map_pages(int fd, unsigned int count, uint64_t index)
{
	return mmap(NULL, count * XEN_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, index);
}

static int grant(struct alloc_gref *alloc)
{
	int fd = open("/dev/xen/gntalloc", O_RDWR);

	alloc->domid = 0;
	alloc->flags = ALLOC_GREF_WRITABLE;
	return fd < 0 || ioctl(fd, ALLOC_GREF, alloc) ? -1 : fd;
}

static int share(unsigned int count)
{
	struct alloc_gref alloc = { .count = count };
	int fd = grant(&alloc);
	unsigned char *pages;

	if (fd < 0)
		return fail("/dev/xen/gntalloc");
	pages = map_pages(fd, count, alloc.index);
	if (pages == MAP_FAILED)
		return fail("pages that are granted");

	printf("grants:");
	for (unsigned int i = 0; i < count; i++) {
		memset(pages + i * XEN_PAGE, alloc.refs[i], XEN_PAGE);
		printf(" %u", alloc.refs[i]);
	}
	printf("\n");
	fflush(stdout);
	for (;;)
		pause();
}

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = true;
}

static int map(unsigned int domain, char **refs, unsigned int count)
{
	struct map_gref map = { .count = count };
	int fd = open("/dev/xen/gntdev", O_RDWR);
	unsigned int changed = 0;
	unsigned char *pages;
	sigset_t term, old;

	for (unsigned int i = 0; i < count; i++) {
		map.refs[i].domid = domain;
		map.refs[i].ref = strtoul(refs[i], NULL, 10);
	}
	if (fd < 0 || ioctl(fd, MAP_GREF, &map))
		return fail("/dev/xen/gntdev");
	pages = map_pages(fd, count, map.index);
	if (pages == MAP_FAILED)
		return fail("pages of the other domain");

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &old);
	signal(SIGTERM, stop);
	printf("mapped: %u\n", count);
	fflush(stdout);
	while (!stopped)
		sigsuspend(&old);

	for (unsigned int i = 0; i < count; i++)
		for (unsigned int at = 0; at < XEN_PAGE; at++)
			if (pages[i * XEN_PAGE + at] != (map.refs[i].ref & 0xff)) {
				changed++;
				break;
			}
	printf("changed: %u of %u\n", changed, count);
	return !!changed;
}

static int fresh(unsigned int count, char **held, unsigned int held_count)
{
	struct alloc_gref alloc = { .count = count };
	int status = 0;

	if (grant(&alloc) < 0)
		return fail("/dev/xen/gntalloc");
	for (unsigned int i = 0; i < count; i++)
		for (unsigned int j = 0; j < held_count; j++)
			if (alloc.refs[i] == strtoul(held[j], NULL, 10)) {
				printf("# reference %u is in use and was given out\n", alloc.refs[i]);
				status = 1;
			}
	printf("fresh grants: %u, from %u to %u\n", count, alloc.refs[0], alloc.refs[count - 1]);
	return status;
}

int main(int argc, char **argv)
{
	unsigned int number = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	unsigned int refs = argc > 3 ? argc - 3 : 0;

	if (refs <= MAX_GRANTS) {
		if (argc == 3 && !strcmp(argv[1], "share") && number && number <= MAX_GRANTS)
			return share(number);
		if (refs && !strcmp(argv[1], "map"))
			return map(number, argv + 3, refs);
		if (argc >= 3 && !strcmp(argv[1], "fresh") && number && number <= MAX_GRANTS)
			return fresh(number, argv + 3, refs);
	}
	fprintf(stderr, "usage: grants share COUNT | map DOMAIN REF... | fresh COUNT REF...\n");
	return 2;
}

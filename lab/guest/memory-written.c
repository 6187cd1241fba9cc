// SPDX-License-Identifier: GPL-2.0-only
/*
 * memory-written: for memory-holds to run. Writes to one word of what that has filled, by its physical address, as
 * somebody does who is no part of this kernel. Before anything was given back to a hypervisor: what is not there
 * cannot be read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory-holds.h"

/* A page of it has words that follow each other; is there one from @start on, before @end? */
static volatile uint64_t *find(volatile uint64_t *start, volatile uint64_t *end, size_t page)
{
	for (; start < end; start += page / sizeof(*start))
		if (start[1] == start[0] + SEED && start[2] == start[1] + SEED)
			return start;
	return NULL;
}

int main(void)
{
	FILE *file = fopen("/proc/iomem", "r");
	int fd = open("/dev/mem", O_RDWR);
	size_t page = sysconf(_SC_PAGESIZE);
	unsigned long first, last;
	char line[128];

	if (!file || fd < 0) {
		printf("# memory-written: %s\n", strerror(errno));
		return 1;
	}
	while (fgets(line, sizeof(line), file)) {
		volatile uint64_t *memory, *word;

		if (!strstr(line, " : System RAM") || sscanf(line, "%lx-%lx", &first, &last) != 2)
			continue;
		memory = mmap(NULL, last + 1 - first, PROT_READ | PROT_WRITE, MAP_SHARED, fd, first);
		if (memory == MAP_FAILED)
			continue;
		word = find(memory, memory + (last + 1 - first) / sizeof(*memory), page);
		if (!word)
			continue;
		*word = ~*word;
		printf("# written at %#zx\n", first + (word - memory) * sizeof(*word));
		return 0;
	}
	printf("# memory-written: nothing that memory-holds has filled is found\n");
	return 1;
}

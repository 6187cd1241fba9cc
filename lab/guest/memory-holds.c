// SPDX-License-Identifier: GPL-2.0-only
/*
 * memory-holds COMMAND [ARGUMENT...]: fill the memory that is free, run the command, and look whether all that
 * was filled is as it was. What was written there meanwhile was written by somebody who is no part of this
 * kernel: one that was here before it, or a hypervisor that was told where by that one.
 *
 * Status 0: all is as it was, and the command has succeeded.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory-holds.h"

static void fail(const char *what)
{
	printf("# %s: %s\n", what, strerror(errno));
	exit(1);
}

static size_t available(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	unsigned long kib = 0;
	char line[128];

	if (!file)
		fail("/proc/meminfo");
	while (fgets(line, sizeof(line), file) && sscanf(line, "MemFree: %lu kB", &kib) != 1)
		;
	fclose(file);
	return (size_t)kib << 10;
}

/* For the command, page tables, and what the kernel keeps for itself */
static size_t left(size_t free)
{
	return (24ul << 20) + free / 16;
}

int main(int argc, char **argv)
{
	size_t free = available(), size, bad = 0, word;
	volatile uint64_t *memory;
	int status;
	pid_t pid;

	if (argc < 2 || free <= left(free)) {
		printf("# memory-holds: %s\n", argc < 2 ? "no command" : "too little memory is free");
		return 1;
	}
	size = (free - left(free)) & ~0xffful;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		fail("mmap");
	for (word = 0; word < size / sizeof(*memory); word++)
		memory[word] = pattern(word);
	fflush(stdout);

	pid = fork();
	if (!pid) {
		/* Nothing of it needs a copy here */
		munmap((void *)memory, size);
		execvp(argv[1], argv + 1);
		fail(argv[1]);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fail("fork");

	for (word = 0; word < size / sizeof(*memory); word++) {
		if (memory[word] == pattern(word))
			continue;
		if (bad++ < 8)
			printf("# at %#zx of what was filled: %#llx for %#llx\n", word * sizeof(*memory),
			       (unsigned long long)memory[word], (unsigned long long)pattern(word));
	}
	printf("memory: %zu of %zu MiB filled, %zu words changed\n", size >> 20, free >> 20, bad);
	return bad || !WIFEXITED(status) || WEXITSTATUS(status);
}

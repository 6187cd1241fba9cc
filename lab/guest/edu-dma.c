// SPDX-License-Identifier: GPL-2.0-only
/*
 * edu-dma COUNT: have QEMU's educational PCI device read memory so many times. No driver has set anything up for it: an
 * SMMU that guards memory from it has something to report each time.
 *
 * Its registers are in docs/specs/edu.rst of QEMU.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEVICES		"/sys/bus/pci/devices"
#define EDU		"0x1234 0x11e8"

#define PCI_COMMAND	4
#define PCI_COMMAND_MASTER	4

#define EDU_DMA_FROM	0x80
#define EDU_DMA_TO	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_COMMAND	0x98
#define  EDU_DMA_RUN	1
#define EDU_BUFFER	0x40000

/* The first word of a file of the device's. */
static int read_word(const char *device, const char *name, char word[16])
{
	char path[300];
	FILE *file;
	int got;

	snprintf(path, sizeof(path), DEVICES "/%s/%s", device, name);
	file = fopen(path, "r");
	if (!file)
		return 0;
	got = fscanf(file, "%15s", word);
	fclose(file);

	return got == 1;
}

static int open_file(const char *device, const char *name)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%s/%s", device, name);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0) {
		perror(path);
		exit(1);
	}

	return fd;
}

static const char *find(void)
{
	static char name[256];
	struct dirent *entry;
	DIR *dir = opendir(DEVICES);

	while (dir && (entry = readdir(dir))) {
		char vendor[16], device[16], both[40];

		if (!read_word(entry->d_name, "vendor", vendor) || !read_word(entry->d_name, "device", device))
			continue;
		snprintf(both, sizeof(both), "%s %s", vendor, device);
		if (strcmp(both, EDU))
			continue;
		snprintf(name, sizeof(name), "%s", entry->d_name);
		closedir(dir);
		return name;
	}

	fprintf(stderr, "edu-dma: there is no PCI device " EDU "\n");
	exit(1);
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 0;
	volatile uint32_t *registers;
	const char *device;
	uint16_t command;
	int fd;

	if (count < 1) {
		fprintf(stderr, "usage: edu-dma COUNT\n");
		return 2;
	}
	device = find();

	fd = open_file(device, "enable");
	if (write(fd, "1", 1) != 1) {
		perror("edu-dma: enable");
		return 1;
	}
	close(fd);

	fd = open_file(device, "config");
	if (pread(fd, &command, 2, PCI_COMMAND) != 2)
		return 1;
	command |= PCI_COMMAND_MASTER;
	if (pwrite(fd, &command, 2, PCI_COMMAND) != 2) {
		perror("edu-dma: config");
		return 1;
	}
	close(fd);

	fd = open_file(device, "resource0");
	registers = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (registers == MAP_FAILED) {
		perror("edu-dma: resource0");
		return 1;
	}

	while (count--) {
		registers[EDU_DMA_FROM / 4] = 0x1000;
		registers[EDU_DMA_TO / 4] = EDU_BUFFER;
		/* What is refused is tried four bytes at a time. */
		registers[EDU_DMA_COUNT / 4] = 4;
		registers[EDU_DMA_COMMAND / 4] = EDU_DMA_RUN;
		while (registers[EDU_DMA_COMMAND / 4] & EDU_DMA_RUN)
			usleep(1000);
	}

	return 0;
}

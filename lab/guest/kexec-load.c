// SPDX-License-Identifier: GPL-2.0-only
/*
 * kexec-load - would the kernel take another one now?
 *
 * Loads one page of nothing, which is enough to be asked, and unloads it again.
 * Prints "kexec-load: loaded" or "kexec-load: refused: REASON".
 */
#include <errno.h>
#include <linux/kexec.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned long start_of_ram(void)
{
	FILE *f = fopen("/proc/iomem", "r");
	unsigned long start = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, " : System RAM") &&
		    sscanf(line, "%lx-", &start) == 1)
			break;
	if (f)
		fclose(f);
	return start;
}

int main(void)
{
	static char nothing[4096];
	struct kexec_segment segment = {
		.buf = nothing,
		.bufsz = sizeof(nothing),
		.mem = (void *)start_of_ram(),
		/* whole pages, of the kernel's size */
		.memsz = getpagesize(),
	};

	printf("# page size: %d\n", getpagesize());
	if (syscall(SYS_kexec_load, (unsigned long)segment.mem, 1UL, &segment,
		    (unsigned long)KEXEC_ARCH_AARCH64)) {
		printf("kexec-load: refused: %s\n", strerror(errno));
		return 0;
	}
	printf("kexec-load: loaded\n");
	if (syscall(SYS_kexec_load, 0UL, 0UL, NULL, (unsigned long)KEXEC_ARCH_AARCH64)) {
		perror("kexec-load: cannot unload");
		return 1;
	}
	return 0;
}

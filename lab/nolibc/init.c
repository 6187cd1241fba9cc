// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first program of guests for which nobody packages user space (big-endian),
 * or not here (32-bit). With the tree's nolibc, on purpose: it needs no library. It
 * does what hotplug-cycles does, and says so in the same words:
 *
 *	lab.cycles=N	each CPU off and on in turn under load, until N cycles are
 *			made, then all but one together
 *	lab.next=NAME	then start /boot/NAME, which gets the rest of the command
 *			line and, of lab.next-run=RUN, lab.run=RUN
 */
#define SYSFS		"/sys/devices/system/cpu"
#define MAX_CPUS	((int)(8 * sizeof(long)))
#define MAX_LINE	2048

static int kmsg, status, number;

/*
 * Append to a string: %s and %d are all that is needed, and the tree's nolibc may
 * have no snprintf().
 */
static void format(char *text, int size, const char *form, ...)
{
	int at = strlen(text);
	va_list args;

	va_start(args, form);
	for (; *form; form++) {
		char digits[24], one[2] = { *form, 0 };
		const char *p = one;

		if (*form == '%') {
			form++;
			if (*form == 's')
				p = va_arg(args, const char *);
			else
				p = (itoa_r(va_arg(args, int), digits), digits);
		}
		while (*p && at < size - 1)
			text[at++] = *p++;
	}
	text[at] = 0;
	va_end(args);
}

/* One write is one record: lines do not run into each other, or into the kernel's. */
#define say(prefix, ...)					\
do {								\
	char say_line[512] = "<6>" prefix;			\
	format(say_line, sizeof(say_line), __VA_ARGS__);	\
	format(say_line, sizeof(say_line), "\n");		\
	write(kmsg, say_line, strlen(say_line));		\
} while (0)

#define print(...)	say("lab| ", __VA_ARGS__)

static void verdict(int good, const char *what, int cpu)
{
	print("%sok %d - CPU %d %s", good ? "" : "not ", ++number, cpu, what);
	if (!good)
		status = 1;
}

static int read_file(const char *path, char *data, int size)
{
	int fd = open(path, O_RDONLY), length, all = 0;

	if (fd < 0)
		return -1;
	while (all < size - 1 && (length = read(fd, data + all, size - 1 - all)) > 0)
		all += length;
	close(fd);
	data[all] = 0;
	return all;
}

/* The kernel's list, as bits. */
static unsigned long cpus(const char *list)
{
	unsigned long first, last, bits = 0;
	char path[64] = SYSFS "/", line[256], *p = line;

	format(path, sizeof(path), "%s", list);
	if (read_file(path, line, sizeof(line)) < 0)
		return 0;
	while (*p >= '0' && *p <= '9') {
		for (first = 0; *p >= '0' && *p <= '9'; p++)
			first = 10 * first + *p - '0';
		last = first;
		if (*p == '-')
			for (p++, last = 0; *p >= '0' && *p <= '9'; p++)
				last = 10 * last + *p - '0';
		for (; first <= last; first++)
			bits |= 1UL << first;
		if (*p == ',')
			p++;
	}
	return bits;
}

static int online_file(int cpu, int flags)
{
	char path[64] = SYSFS;

	format(path, sizeof(path), "/cpu%d/online", cpu);
	return open(path, flags);
}

static int turn(int cpu, int on)
{
	int fd = online_file(cpu, O_WRONLY), done;

	done = fd >= 0 && write(fd, on ? "1" : "0", 1) == 1;
	if (!done)
		print("# CPU %d: %s: errno %d", cpu, on ? "on" : "off", errno);
	close(fd);
	if (done && !(cpus("online") & 1UL << cpu) != !on) {
		print("# CPU %d: not %s in the kernel's list", cpu, on ? "on" : "off");
		done = 0;
	}
	return done;
}

static int pin(int pid, int cpu)
{
	unsigned long mask = 1UL << cpu;

	return syscall(__NR_sched_setaffinity, pid, sizeof(mask), &mask) >= 0;
}

/* Does this CPU run a task, and is it that CPU? */
static int runs_tasks(int cpu)
{
	unsigned int on = MAX_CPUS;
	int pid = fork(), code = -1;

	if (!pid) {
		if (!pin(0, cpu) || syscall(__NR_getcpu, &on, NULL, NULL) < 0)
			exit(1);
		exit(on != (unsigned int)cpu);
	}
	if (pid < 0 || waitpid(pid, &code, 0) != pid || code) {
		print("# CPU %d runs no task", cpu);
		return 0;
	}
	return 1;
}

/* A busy loop on each CPU. The kernel moves one whose CPU leaves. */
static int load[MAX_CPUS];

static void start_load(unsigned long all)
{
	for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
		if (!(all & 1UL << cpu))
			continue;
		load[cpu] = fork();
		if (!load[cpu])
			for (volatile int i = 0;; i++)
				;
		pin(load[cpu], cpu);
	}
}

static void cycles(int wanted)
{
	unsigned long all = cpus("online"), can_go = 0;
	int made[MAX_CPUS] = { 0 }, count = 0, sum = 0, keep = 0, rounds, fd;
	char list[256] = "";

	for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
		if (all & 1UL << cpu)
			keep = cpu;
		fd = online_file(cpu, O_RDONLY);
		if (fd < 0)
			continue;
		close(fd);
		can_go |= 1UL << cpu;
		format(list, sizeof(list), " %d", cpu);
		count++;
	}
	print("# hotpluggable:%s", list);
	if (!count) {
		status = 4;
		return;
	}

	start_load(all);
	rounds = (wanted + count - 1) / count;
	for (int round = 1; round <= rounds; round++) {
		for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
			if (!(can_go & 1UL << cpu))
				continue;
			if (!turn(cpu, 0) || !turn(cpu, 1) || !runs_tasks(cpu))
				continue;
			pin(load[cpu], cpu);
			made[cpu]++;
			sum++;
		}
		if (!(round % 5))
			print("# cycles so far: %d", sum);
	}
	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		if (can_go & 1UL << cpu)
			verdict(made[cpu] == rounds, "went and came under load", cpu);

	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		if (can_go & 1UL << cpu && cpu != keep)
			turn(cpu, 0);
	verdict(cpus("online") == 1UL << keep, "is there alone", keep);
	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		if (can_go & 1UL << cpu && cpu != keep && !(turn(cpu, 1) && runs_tasks(cpu)))
			status = 1;
	verdict(cpus("online") == all, "is not any more", keep);
	print("# cycles: %d", sum);
	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		if (load[cpu] > 0)
			kill(load[cpu], SIGKILL);
}

/* The value of a word NAME= of the kernel's command line, or NULL. */
static const char *option(const char *line, const char *name, char *val, int size)
{
	const char *p = line;
	int i;

	while (*p && strncmp(p, name, strlen(name))) {
		while (*p && *p != ' ')
			p++;
		while (*p == ' ')
			p++;
	}
	if (!*p)
		return NULL;
	for (i = 0, p += strlen(name); *p && *p != ' ' && *p != '\n' && i < size - 1; i++)
		val[i] = *p++;
	val[i] = 0;
	return val;
}

static void next(const char *line, const char *kernel)
{
	char path[128] = "/boot/", rest[MAX_LINE] = "", word[256];
	const char *p = line;
	int fd, initrd, i;
	long size, ret;

	while (*p) {
		for (i = 0; *p && *p != ' ' && *p != '\n'; p++)
			if (i < (int)sizeof(word) - 1)
				word[i++] = *p;
		word[i] = 0;
		if (strncmp(word, "lab.next", 8))
			format(rest, sizeof(rest), "%s ", word);
		while (*p == ' ' || *p == '\n')
			p++;
	}
	if (option(line, "lab.next-run=", word, sizeof(word)))
		format(rest, sizeof(rest), "lab.run=%s", word);

	format(path, sizeof(path), "%s", kernel);
	fd = open(path, O_RDONLY);
	initrd = open("/sys/firmware/initrd", O_RDONLY);
	/* not in the arguments: the call would clobber those before it */
	size = strlen(rest) + 1;
	ret = syscall(__NR_kexec_file_load, fd, initrd, size, rest, 0);
	if (ret < 0) {
		print("# kexec_file_load of %s: errno %d", path, errno);
		status = 1;
		return;
	}
	print("# to %s", kernel);
	reboot(LINUX_REBOOT_CMD_KEXEC);
	print("# came back: errno %d", errno);
	status = 1;
}

int main(void)
{
	static char line[MAX_LINE];
	char val[256];

	mkdir("/dev", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	kmsg = open("/dev/kmsg", O_WRONLY);

	read_file("/proc/cmdline", line, sizeof(line));
	print("KTAP version 1");
	print("# byte order: %s", *(const char *)&(int){ 1 } ? "little" : "big");
	if (option(line, "lab.cycles=", val, sizeof(val)))
		cycles(atoi(val));
	if (!status && option(line, "lab.next=", val, sizeof(val)))
		next(line, val);
	say("lab: ", "guest done status=%d", status);
	for (;;)
		sleep(1000);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm-guest VCPUS - a virtual machine that counts, and nothing else
 * kvm-guest wait  - until each of its vCPUs has got on; 1 if one does not
 *
 * A vCPU counts in its memory and in a register, and compares: what differs was
 * lost on the way from one host CPU to another. Now and then its virtual timer
 * interrupts it, which needs the list registers of the CPU that it is on. It
 * then reports its count by a write to where there is no memory. How far each
 * has got is in FILE_NAME.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILE_NAME	"/tmp/kvm-guest"
#define MAX_VCPUS	16
#define TICKS_PER_S	50
#define WAIT_S		60

/* The guest's physical addresses. */
#define GICD		0x08000000UL
#define GICR		0x080a0000UL
#define GICR_STRIDE	0x20000
#define GICR_SGI	0x10000
#define NO_MEMORY	0x10000000UL
#define MEMORY		0x40000000UL
#define MEMORY_SIZE	0x200000UL
#define COUNTS		(MEMORY + 0x100000)
#define COUNT_STRIDE	4096

static struct progress {
	uint64_t vcpus;
	struct {
		uint64_t count;
		uint64_t ticks;
	} vcpu[MAX_VCPUS];
} *progress;

/*
 * x0: where to count, x1: where to report, x2: GICD, x3: SGI frame of its GICR,
 * x4: period of the timer, x5: the count. Interrupts stay masked: it looks for
 * them. PPI 27 is the virtual timer.
 */
asm(
"	.pushsection .rodata\n"
"	.globl	guest_code, guest_code_end\n"
"guest_code:\n"
"	mov	w6, #2\n"
"	str	w6, [x2]\n"			/* GICD_CTLR: group 1 */
"	mov	w6, #-1\n"
"	str	w6, [x3, #0x80]\n"		/* GICR_IGROUPR0 */
"	mov	w6, #1 << 27\n"
"	str	w6, [x3, #0x100]\n"		/* GICR_ISENABLER0 */
"	mov	x6, #0xff\n"
"	msr	S3_0_C4_C6_0, x6\n"		/* ICC_PMR_EL1 */
"	mov	x6, #1\n"
"	msr	S3_0_C12_C12_7, x6\n"		/* ICC_IGRPEN1_EL1 */
"1:	str	x5, [x1]\n"
"	msr	cntv_tval_el0, x4\n"
"	mov	x6, #1\n"
"	msr	cntv_ctl_el0, x6\n"
"	isb\n"
"2:	ldr	x6, [x0]\n"
"	cmp	x6, x5\n"
"	b.ne	3f\n"
"	add	x5, x5, #1\n"
"	str	x5, [x0]\n"
"	mrs	x6, isr_el1\n"
"	cbz	x6, 2b\n"
"	mrs	x6, S3_0_C12_C12_0\n"		/* ICC_IAR1_EL1 */
"	cmp	x6, #27\n"
"	b.ne	2b\n"
"	msr	cntv_ctl_el0, xzr\n"
"	isb\n"
"	msr	S3_0_C12_C12_1, x6\n"		/* ICC_EOIR1_EL1 */
"	b	1b\n"
"3:	str	x6, [x1, #8]\n"
"	b	3b\n"
"guest_code_end:\n"
"	.popsection\n");
extern const char guest_code[], guest_code_end[];

static int kvm, vm, vcpu_fd[MAX_VCPUS];

static void fail(const char *what)
{
	fprintf(stderr, "kvm-guest: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int call(int fd, unsigned long request, void *arg, const char *what)
{
	int ret = ioctl(fd, request, arg);

	if (ret < 0)
		fail(what);
	return ret;
}

static void set_reg(int fd, unsigned long offset, uint64_t val)
{
	struct kvm_one_reg reg = {
		.id = KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |
		      offset / sizeof(uint32_t),
		.addr = (uintptr_t)&val,
	};

	call(fd, KVM_SET_ONE_REG, &reg, "KVM_SET_ONE_REG");
}

#define REG(name)	offsetof(struct kvm_regs, regs.name)

static void create_vcpu(unsigned long number)
{
	struct kvm_vcpu_init init;
	uint64_t hz;
	int fd;

	fd = call(vm, KVM_CREATE_VCPU, (void *)number, "KVM_CREATE_VCPU");
	call(vm, KVM_ARM_PREFERRED_TARGET, &init, "KVM_ARM_PREFERRED_TARGET");
	call(fd, KVM_ARM_VCPU_INIT, &init, "KVM_ARM_VCPU_INIT");
	asm volatile("mrs %0, cntfrq_el0" : "=r" (hz));
	set_reg(fd, REG(pc), MEMORY);
	set_reg(fd, REG(regs[0]), COUNTS + number * COUNT_STRIDE);
	set_reg(fd, REG(regs[1]), NO_MEMORY);
	set_reg(fd, REG(regs[2]), GICD);
	set_reg(fd, REG(regs[3]), GICR + number * GICR_STRIDE + GICR_SGI);
	set_reg(fd, REG(regs[4]), hz / TICKS_PER_S);
	vcpu_fd[number] = fd;
}

static void set_gic(int fd, uint32_t group, uint64_t attr, uint64_t *val)
{
	struct kvm_device_attr what = {
		.group = group,
		.attr = attr,
		.addr = (uintptr_t)val,
	};

	call(fd, KVM_SET_DEVICE_ATTR, &what, "the GIC's attributes");
}

static void create_gic(void)
{
	struct kvm_create_device gic = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	uint64_t gicd = GICD, gicr = GICR;

	call(vm, KVM_CREATE_DEVICE, &gic, "a GICv3");
	set_gic(gic.fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &gicd);
	set_gic(gic.fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &gicr);
	set_gic(gic.fd, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
}

static void *run_vcpu(void *arg)
{
	unsigned long number = (uintptr_t)arg, size;
	struct kvm_run *run;
	uint64_t count;
	char name[16];

	/* by which a script finds this thread */
	snprintf(name, sizeof(name), "vcpu%lu", number);
	pthread_setname_np(pthread_self(), name);

	size = call(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL, "KVM_GET_VCPU_MMAP_SIZE");
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu_fd[number], 0);
	if (run == MAP_FAILED)
		fail("mmap of a vCPU");

	for (;;) {
		if (ioctl(vcpu_fd[number], KVM_RUN, NULL)) {
			if (errno == EINTR)
				continue;
			fail("KVM_RUN");
		}
		if (run->exit_reason != KVM_EXIT_MMIO || !run->mmio.is_write ||
		    run->mmio.phys_addr != NO_MEMORY) {
			fprintf(stderr, "kvm-guest: vCPU %lu: exit %u, access to %#llx\n", number,
				run->exit_reason, run->mmio.phys_addr);
			exit(1);
		}
		memcpy(&count, run->mmio.data, sizeof(count));
		__atomic_store_n(&progress->vcpu[number].count, count, __ATOMIC_RELAXED);
		__atomic_add_fetch(&progress->vcpu[number].ticks, 1, __ATOMIC_RELEASE);
	}
}

static void run(unsigned long vcpus)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = MEMORY,
		.memory_size = MEMORY_SIZE,
	};
	pthread_t thread;
	unsigned long i;
	void *memory;

	kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0)
		fail("/dev/kvm");
	vm = call(kvm, KVM_CREATE_VM, NULL, "KVM_CREATE_VM");
	memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		fail("mmap");
	memcpy(memory, guest_code, guest_code_end - guest_code);
	region.userspace_addr = (uintptr_t)memory;
	call(vm, KVM_SET_USER_MEMORY_REGION, &region, "KVM_SET_USER_MEMORY_REGION");

	for (i = 0; i < vcpus; i++)
		create_vcpu(i);
	create_gic();
	for (i = 0; i < vcpus; i++)
		if (pthread_create(&thread, NULL, run_vcpu, (void *)i))
			fail("pthread_create");
	progress->vcpus = vcpus;
	pthread_join(thread, NULL);
}

/* A report that was under way may have been made before: see each make two. */
static int wait_all(void)
{
	struct progress then;
	unsigned long i;
	int ms = 0, bad = 0;

	/* started just now? */
	for (; !*(volatile uint64_t *)&progress->vcpus && ms < WAIT_S * 1000; ms++)
		usleep(1000);
	then = *progress;
	for (i = 0; i < then.vcpus; i++) {
		volatile uint64_t *count = &progress->vcpu[i].count;
		volatile uint64_t *ticks = &progress->vcpu[i].ticks;

		for (; *ticks < then.vcpu[i].ticks + 2 || *count == then.vcpu[i].count; ms++) {
			if (ms >= WAIT_S * 1000) {
				printf("# vCPU %lu: counted %lu, ticked %lu in %d s\n", i,
				       *count - then.vcpu[i].count,
				       *ticks - then.vcpu[i].ticks, WAIT_S);
				bad = 1;
				break;
			}
			usleep(1000);
		}
	}
	return bad || !then.vcpus;
}

int main(int argc, char **argv)
{
	int fd = open(FILE_NAME, O_RDWR | O_CREAT, 0600);

	if (argc != 2 || fd < 0 || ftruncate(fd, sizeof(*progress)))
		fail("usage: kvm-guest VCPUS | wait");
	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (progress == MAP_FAILED)
		fail("mmap");
	if (!strcmp(argv[1], "wait"))
		return wait_all();
	if (atoi(argv[1]) < 1 || atoi(argv[1]) > MAX_VCPUS)
		fail("1 to 16 vCPUs");
	run(atoi(argv[1]));
	return 1;
}

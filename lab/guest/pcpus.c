// SPDX-License-Identifier: GPL-2.0-only
/*
 * pcpus: where Xen's physical CPUs are, as words for a shell's eval:
 *
 *	pcpu_count	how many are online
 *	pcpu_list	those that a pool has, or none
 *	pcpu_free	those that no pool has
 *	pcpu_used	those to which a vCPU is assigned that is up
 *
 * xl says the same, and takes a hundred times as long where the machine is emulated.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "privcmd.h"

#define SYSCTL_physinfo		3
#define SYSCTL_cpupool_op	18
#define CPUPOOL_OP_INFO		3
#define CPUPOOL_OP_FREEINFO	7
#define DOMCTL_getvcpuinfo	14

#define MAX_POOLS		16
#define MAX_DOMAINS		16
#define MAX_VCPUS		128

/* After xen/include/public/sysctl.h and domctl.h: only what is used of it, which has been the same for years. */
struct op {
	struct control control;
	union {
		struct {
			uint32_t threads_per_core, cores_per_socket, nr_cpus;
		} physinfo;
		struct {
			uint32_t op, id, sched, domid, cpu, n_dom;
			uint64_t bitmap;
			uint32_t nr_bits;
		} pool;
		struct {
			uint16_t domid, pad[3];
			uint32_t vcpu;
			uint8_t online, blocked, running;
			uint64_t cpu_time;
			uint32_t cpu;
		} vcpu;
		uint8_t pad[256];
	};
};

static int fd;

static void print(const char *name, uint64_t mask)
{
	printf("pcpu_%s='", name);
	for (int cpu = 0, n = 0; cpu < 64; cpu++)
		if (mask >> cpu & 1)
			printf("%s%d", n++ ? " " : "", cpu);
	printf("'\n");
}

/* The CPUs of the first pool whose number is not less than *@id. */
static int pool(uint32_t what, uint32_t *id, uint64_t *mask)
{
	static uint64_t bitmap;
	struct op op = { .control.cmd = SYSCTL_cpupool_op };
	int ret;

	bitmap = 0;
	op.pool.op = what;
	op.pool.id = *id;
	op.pool.bitmap = (uintptr_t)&bitmap;
	op.pool.nr_bits = 64;
	ret = control(fd, HYPERVISOR_sysctl, &op);
	*id = op.pool.id;
	*mask = ret ? 0 : bitmap;
	return ret;
}

int main(void)
{
	uint64_t mask, list, free, used = 0;
	uint32_t id = 0;
	struct op op = { .control.cmd = SYSCTL_physinfo };
	int err;

	mlockall(MCL_CURRENT | MCL_FUTURE);
	fd = open("/dev/xen/privcmd", O_RDWR);
	err = fd < 0 ? errno : control(fd, HYPERVISOR_sysctl, &op);
	if (err) {
		fprintf(stderr, "pcpus: %s\n", strerror(err));
		return 1;
	}
	printf("pcpu_count=%u\n", op.physinfo.nr_cpus);

	pool(CPUPOOL_OP_FREEINFO, &id, &free);
	list = free;
	for (id = 0; id < MAX_POOLS && !pool(CPUPOOL_OP_INFO, &id, &mask); id++)
		list |= mask;
	print("list", list);
	print("free", free);

	for (int domid = 0; domid < MAX_DOMAINS; domid++)
		for (int vcpu = 0; vcpu < MAX_VCPUS; vcpu++) {
			memset(&op, 0, sizeof(op));
			op.control.cmd = DOMCTL_getvcpuinfo;
			op.vcpu.domid = domid;
			op.vcpu.vcpu = vcpu;
			if (control(fd, HYPERVISOR_domctl, &op))
				break;
			if (op.vcpu.online)
				used |= 1ULL << op.vcpu.cpu;
		}
	print("used", used);
	return 0;
}

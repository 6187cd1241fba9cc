/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug key 'U': take all CPUs but the boot CPU offline and bring them back as
 * suspend and resume do, with domains paused, while somebody else wants to
 * take CPUs online and offline. Nothing is suspended.
 *
 * cpu_up() and cpu_down() are for CPU0's idle vCPU, where continuations of
 * hypercalls run, and so it is between two of its tasklets that somebody else
 * can come. That is why this is one that ends and is scheduled again, behind
 * what is waiting there: a tasklet of ours, which makes the requests that
 * XEN_SYSCTL_cpu_hotplug makes, and any that a domain made before it was
 * paused. Each step says what came of it on the console, and nothing is judged
 * here.
 */
#include <xen/cpu.h>
#include <xen/init.h>
#include <xen/keyhandler.h>
#include <xen/lib.h>
#include <xen/notifier.h>
#include <xen/rcupdate.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/tasklet.h>

#define PREFIX "suspend test: "

static enum { STEP_DISABLE, STEP_RESUME, STEP_ENABLE } step;
static unsigned int round;
static bool running;

static void cf_check test_step(void *unused);
static void cf_check test_requests(void *unused);
static DECLARE_TASKLET(step_tasklet, test_step, NULL);
static DECLARE_TASKLET(requests_tasklet, test_requests, NULL);

static void say_online(const char *when)
{
    printk(PREFIX "round %u: %s: online %*pbl\n", round, when,
           CPUMASK_PR(&cpu_online_map));
}

/* First offline, or what came online would be taken back. */
static void cf_check test_requests(void *unused)
{
    unsigned int cpu;
    long ret;

    for_each_present_cpu ( cpu )
    {
        ret = cpu_down_helper((void *)(unsigned long)cpu);
        printk(PREFIX "round %u: CPU%u offline: %ld\n", round, cpu, ret);
    }

    for_each_present_cpu ( cpu )
    {
        ret = cpu_up_helper((void *)(unsigned long)cpu);
        printk(PREFIX "round %u: CPU%u online: %ld\n", round, cpu, ret);
    }
}

/* dom0 comes first, and nobody else makes more of them. */
static void freeze(void)
{
    struct domain *d;

    rcu_read_lock(&domlist_read_lock);
    for_each_domain ( d )
        domain_pause(d);
    rcu_read_unlock(&domlist_read_lock);

    scheduler_disable();
}

static void thaw(void)
{
    struct domain *d;

    scheduler_enable();

    rcu_read_lock(&domlist_read_lock);
    for_each_domain ( d )
        domain_unpause(d);
    rcu_read_unlock(&domlist_read_lock);
}

/* Lets in who waits for CPU0's idle vCPU, and goes on after that. */
static void pause_for_requests(void)
{
    tasklet_schedule_on_cpu(&requests_tasklet, 0);
    tasklet_schedule_on_cpu(&step_tasklet, 0);
}

static void cf_check test_step(void *unused)
{
    int ret;

    switch ( step )
    {
    case STEP_DISABLE:
        round++;
        say_online("before");
        system_state = SYS_STATE_suspend;
        freeze();
        ret = disable_nonboot_cpus();
        printk(PREFIX "round %u: disable_nonboot_cpus(): %d\n", round, ret);
        say_online("disabled");
        step = STEP_RESUME;
        pause_for_requests();
        break;

    case STEP_RESUME:
        /* Only now are there CPUs that could come online. */
        system_state = SYS_STATE_resume;
        say_online("to be enabled");
        step = STEP_ENABLE;
        pause_for_requests();
        break;

    case STEP_ENABLE:
        enable_nonboot_cpus();
        thaw();
        system_state = SYS_STATE_active;
        raise_softirq(TIMER_SOFTIRQ);
        say_online("done");
        step = STEP_DISABLE;
        smp_wmb();
        running = false;
        break;
    }
}

static void cf_check test_key(unsigned char key)
{
    if ( test_and_set_bool(running) )
        printk(PREFIX "still in round %u\n", round);
    else
        tasklet_schedule_on_cpu(&step_tasklet, 0);
}

/* The first of all notifiers: others free what the CPU uses. */
static int cf_check cpu_callback(
    struct notifier_block *nfb, unsigned long action, void *hcpu)
{
    unsigned int cpu = (unsigned long)hcpu;

    if ( action == CPU_RESUME_FAILED )
        printk(PREFIX "round %u: CPU_RESUME_FAILED for CPU%u, which is %s\n",
               round, cpu, cpu_online(cpu) ? "online" : "offline");

    return NOTIFY_DONE;
}

static struct notifier_block cpu_nfb = {
    .notifier_call = cpu_callback,
    .priority = INT_MIN,
};

static int __init cf_check suspend_test_init(void)
{
    register_cpu_notifier(&cpu_nfb);
    register_keyhandler('U', test_key,
                        "test CPUs going offline and online as by suspend", 0);

    return 0;
}
__initcall(suspend_test_init);

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * tab-width: 4
 * indent-tabs-mode: nil
 * End:
 */

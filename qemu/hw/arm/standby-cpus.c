/*
 * Standby CPUs: vCPUs that exist, and are powered off until the host says
 * otherwise
 *
 * The Arm architecture knows no hotplug of CPUs: what depends on their number,
 * redistributors for instance, is there from the start. So these vCPUs are
 * created like any other, and only the administrator's word differs. PSCI
 * denies CPU_ON to those that are off, as firmware may that keeps CPUs back by
 * policy. A guest that has ACPI sees them enabled and disabled by _STA, and is
 * told and asked through the Generic Event Device.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/acpi/acpi_dev_interface.h"
#include "hw/acpi/cpu.h"
#include "hw/acpi/generic_event_device.h"
#include "hw/arm/standby-cpus.h"
#include "hw/device-power.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "system/reset.h"
#include "target/arm/arm-powerctl.h"
#include "target/arm/cpu.h"
#include "target/arm/multiprocessing.h"

/* ACPI 6.5, Table 6.20 and 6.22: what _OST is about, and what it says */
#define OST_EVENT_EJECT_REQUEST         0x003
#define OST_EVENT_EJECT_PROCESSING      0x103
#define OST_STATUS_SUCCESS              0x00
#define OST_STATUS_EJECT_IN_PROGRESS    0x84

static ArmStandbyCpu *find_cpu(ArmStandbyCpus *s, DeviceState *dev)
{
    int i;

    for (i = 0; i < s->num_cpus; i++) {
        if (DEVICE(s->cpus[i].cpu) == dev) {
            return &s->cpus[i];
        }
    }

    return NULL;
}

bool arm_standby_cpus_manage(ArmStandbyCpus *s, DeviceState *dev)
{
    return s && find_cpu(s, dev);
}

void arm_standby_cpus_add(ArmStandbyCpus *s, ARMCPU *cpu)
{
    assert(!DEVICE(s)->realized);

    s->cpus = g_renew(ArmStandbyCpu, s->cpus, s->num_cpus + 1);
    s->cpus[s->num_cpus++] = (ArmStandbyCpu) { .cpu = cpu };
    cpu->standby = true;
}

static CPUHotplugState *acpi_state(ArmStandbyCpus *s)
{
    return &ACPI_GED(s->acpi_dev)->cpuhp_state;
}

/* The request is over, whatever became of it. */
static void end_request(ArmStandbyCpus *s, ArmStandbyCpu *c)
{
    c->pending = false;
    timer_del(c->timer);
    if (s->acpi_dev) {
        acpi_cpu_forget_removal(acpi_state(s), DEVICE(c->cpu));
    }
}

/* The guest need not be told any more that it may use the CPU. */
static void forget_insertion(ArmStandbyCpus *s, ArmStandbyCpu *c)
{
    if (s->acpi_dev) {
        acpi_cpu_forget_insertion(acpi_state(s), DEVICE(c->cpu));
    }
}

static void set_off(ArmStandbyCpus *s, ArmStandbyCpu *c)
{
    /*
     * First nobody can turn it on any more, then it is turned off, which takes
     * back a CPU_ON that was granted and is pending.
     */
    c->cpu->standby = true;
    if (c->cpu->power_state != PSCI_OFF) {
        arm_set_cpu_off(arm_cpu_mp_affinity(c->cpu));
    }
    end_request(s, c);
    forget_insertion(s, c);
    device_power_event_changed(DEVICE(c->cpu), DEVICE_POWER_STATE_OFF);
}

static void nothing_left(CPUState *cs, run_on_cpu_data data)
{
}

static void timed_out(void *opaque)
{
    ArmStandbyCpu *c = opaque;
    DeviceState *dev = DEVICE(c->cpu);
    ArmStandbyCpus *s = ARM_STANDBY_CPUS(qdev_get_power_handler(dev));

    end_request(s, c);
    device_power_event_off_failed(dev, DEVICE_POWER_OFF_FAILURE_TIMEOUT,
                                  false, 0);
}

static DevicePowerState standby_cpus_get_state(DevicePowerHandler *handler,
                                               DeviceState *dev)
{
    ArmStandbyCpu *c = find_cpu(ARM_STANDBY_CPUS(handler), dev);

    if (c->cpu->standby) {
        return DEVICE_POWER_STATE_OFF;
    }

    return c->pending ? DEVICE_POWER_STATE_OFF_PENDING :
                        DEVICE_POWER_STATE_ON;
}

/* As the monitor's user calls it. */
static char *cpu_name(ArmStandbyCpu *c)
{
    return object_get_canonical_path(OBJECT(c->cpu));
}

static void standby_cpus_power_on(DevicePowerHandler *handler,
                                  DeviceState *dev, Error **errp)
{
    ArmStandbyCpus *s = ARM_STANDBY_CPUS(handler);
    ArmStandbyCpu *c = find_cpu(s, dev);
    g_autofree char *name = cpu_name(c);

    if (c->pending) {
        error_setg(errp, "CPU '%s' cannot be powered on: the guest has been"
                   " asked to let go of it", name);
        return;
    }
    if (!c->cpu->standby) {
        error_setg(errp, "CPU '%s' is on already", name);
        return;
    }

    c->cpu->standby = false;
    device_power_event_changed(dev, DEVICE_POWER_STATE_ON);
    if (s->acpi_dev) {
        acpi_cpu_enabled_cb(s->acpi_dev, acpi_state(s), dev);
    }
}

static void standby_cpus_power_off(DevicePowerHandler *handler,
                                   DeviceState *dev, bool force,
                                   uint32_t timeout, Error **errp)
{
    ArmStandbyCpus *s = ARM_STANDBY_CPUS(handler);
    ArmStandbyCpu *c = find_cpu(s, dev);
    g_autofree char *name = cpu_name(c);

    if (c->cpu->standby) {
        error_setg(errp, "CPU '%s' is off already", name);
        return;
    }
    if (force) {
        set_off(s, c);
        /* Behind what stops it: it has executed its last instruction then. */
        run_on_cpu(CPU(c->cpu), nothing_left, RUN_ON_CPU_NULL);
        return;
    }
    if (c->pending) {
        error_setg(errp, "CPU '%s' is being powered off already: the guest has"
                   " been asked to let go of it", name);
        return;
    }
    if (!s->acpi_dev) {
        /* A CPU that the guest has turned off itself can be taken from it. */
        if (c->cpu->power_state != PSCI_OFF) {
            error_setg(errp, "CPU '%s' is running, and a guest without ACPI"
                       " cannot be asked to let go of it: turn it off in the"
                       " guest first, or use 'force'", name);
            return;
        }
        set_off(s, c);
        return;
    }

    c->pending = true;
    if (timeout) {
        timer_mod(c->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                            (int64_t)timeout * NANOSECONDS_PER_SECOND);
    }
    device_power_event_changed(dev, DEVICE_POWER_STATE_OFF_PENDING);
    hotplug_handler_unplug_request(HOTPLUG_HANDLER(s->acpi_dev), dev,
                                   &error_abort);
}

static void standby_cpus_guest_off(DevicePowerHandler *handler,
                                   DeviceState *dev)
{
    ArmStandbyCpus *s = ARM_STANDBY_CPUS(handler);
    ArmStandbyCpu *c = find_cpu(s, dev);

    if (!c->cpu->standby) {
        set_off(s, c);
    }
}

static void standby_cpus_guest_status(DevicePowerHandler *handler,
                                      DeviceState *dev, uint32_t event,
                                      uint32_t status)
{
    ArmStandbyCpus *s = ARM_STANDBY_CPUS(handler);
    ArmStandbyCpu *c = find_cpu(s, dev);

    if (!c->pending ||
        (event != OST_EVENT_EJECT_REQUEST &&
         event != OST_EVENT_EJECT_PROCESSING)) {
        return;
    }
    /* Success is for _EJ0 to say. */
    if (status == OST_STATUS_SUCCESS ||
        status == OST_STATUS_EJECT_IN_PROGRESS) {
        return;
    }

    end_request(s, c);
    device_power_event_off_failed(dev, DEVICE_POWER_OFF_FAILURE_REFUSED,
                                  true, status);
}

/*
 * What the administrator has chosen stays. A guest that was asked for a CPU
 * and is reset does not use it any more.
 */
static void standby_cpus_reset(void *opaque)
{
    ArmStandbyCpus *s = opaque;
    int i;

    for (i = 0; i < s->num_cpus; i++) {
        ArmStandbyCpu *c = &s->cpus[i];

        if (c->pending) {
            set_off(s, c);
        } else {
            /* The guest that boots finds by itself what it has. */
            forget_insertion(s, c);
        }
    }
}

static int standby_cpus_pre_save(void *opaque)
{
    ArmStandbyCpus *s = opaque;
    int i;

    for (i = 0; i < s->num_cpus; i++) {
        s->cpus[i].standby = s->cpus[i].cpu->standby;
    }

    return 0;
}

static int standby_cpus_post_load(void *opaque, int version_id)
{
    ArmStandbyCpus *s = opaque;
    int i;

    for (i = 0; i < s->num_cpus; i++) {
        ARMCPU *cpu = s->cpus[i].cpu;

        cpu->standby = s->cpus[i].standby;
        if (cpu->standby && cpu->power_state != PSCI_OFF) {
            /*
             * What stops a CPU is queued work of that CPU, and it may not have
             * got the BQL before the state was saved (see
             * arm_power_on_at_vm_stop()). It gets it here, before it executes.
             */
            arm_set_cpu_off(arm_cpu_mp_affinity(cpu));
        }
    }

    return 0;
}

static const VMStateDescription vmstate_standby_cpu = {
    .name = "arm-standby-cpu",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(standby, ArmStandbyCpu),
        VMSTATE_BOOL(pending, ArmStandbyCpu),
        VMSTATE_TIMER_PTR(timer, ArmStandbyCpu),
        VMSTATE_END_OF_LIST()
    }
};

static const VMStateDescription vmstate_standby_cpus = {
    .name = TYPE_ARM_STANDBY_CPUS,
    .version_id = 1,
    .minimum_version_id = 1,
    .pre_save = standby_cpus_pre_save,
    .post_load = standby_cpus_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_EQUAL(num_cpus, ArmStandbyCpus, NULL),
        VMSTATE_STRUCT_VARRAY_POINTER_UINT32(cpus, ArmStandbyCpus, num_cpus,
                                             vmstate_standby_cpu,
                                             ArmStandbyCpu),
        VMSTATE_END_OF_LIST()
    }
};

static void standby_cpus_realize(DeviceState *dev, Error **errp)
{
    ArmStandbyCpus *s = ARM_STANDBY_CPUS(dev);
    int i;

    for (i = 0; i < s->num_cpus; i++) {
        s->cpus[i].timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, timed_out,
                                        &s->cpus[i]);
    }
    /* A snapshot brings its own state. */
    qemu_register_reset_nosnapshotload(standby_cpus_reset, s);
}

static const Property standby_cpus_properties[] = {
    DEFINE_PROP_LINK("acpi-dev", ArmStandbyCpus, acpi_dev, TYPE_ACPI_GED,
                     DeviceState *),
};

static void standby_cpus_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    DevicePowerHandlerClass *hc = DEVICE_POWER_HANDLER_CLASS(oc);

    dc->desc = "Standby CPUs of an Arm machine";
    dc->realize = standby_cpus_realize;
    dc->vmsd = &vmstate_standby_cpus;
    /* It manages what the machine creates. */
    dc->user_creatable = false;
    device_class_set_props(dc, standby_cpus_properties);

    hc->get_state = standby_cpus_get_state;
    hc->power_on = standby_cpus_power_on;
    hc->power_off = standby_cpus_power_off;
    hc->guest_off = standby_cpus_guest_off;
    hc->guest_status = standby_cpus_guest_status;
}

static const TypeInfo standby_cpus_info = {
    .name = TYPE_ARM_STANDBY_CPUS,
    .parent = TYPE_DEVICE,
    .instance_size = sizeof(ArmStandbyCpus),
    .class_init = standby_cpus_class_init,
    .interfaces = (InterfaceInfo[]) {
        { TYPE_DEVICE_POWER_HANDLER },
        { }
    },
};

static void standby_cpus_register_types(void)
{
    type_register_static(&standby_cpus_info);
}

type_init(standby_cpus_register_types)

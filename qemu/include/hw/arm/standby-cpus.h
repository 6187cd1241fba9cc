/*
 * Standby CPUs: vCPUs that exist, and are powered off until the host says
 * otherwise
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_ARM_STANDBY_CPUS_H
#define HW_ARM_STANDBY_CPUS_H

#include "hw/qdev-core.h"
#include "qom/object.h"
#include "target/arm/cpu-qom.h"

#define TYPE_ARM_STANDBY_CPUS "arm-standby-cpus"
OBJECT_DECLARE_SIMPLE_TYPE(ArmStandbyCpus, ARM_STANDBY_CPUS)

/*
 * One CPU. Whether it is on is in ARMCPU::standby, which PSCI looks at.
 *
 * @pending: the guest has been asked for it
 * @timer: when the guest has had its time for an answer
 * @standby: while state is saved or loaded only
 */
typedef struct ArmStandbyCpu {
    ARMCPU *cpu;
    bool pending;
    bool standby;
    QEMUTimer *timer;
} ArmStandbyCpu;

struct ArmStandbyCpus {
    DeviceState parent_obj;

    uint32_t num_cpus;
    ArmStandbyCpu *cpus;
    /* Tells the guest and asks it; without one there is nobody to ask */
    DeviceState *acpi_dev;
};

/**
 * arm_standby_cpus_add:
 * @s: not yet realized
 * @cpu: realized, powered off by the administrator from now on
 */
void arm_standby_cpus_add(ArmStandbyCpus *s, ARMCPU *cpu);

/**
 * arm_standby_cpus_manage:
 * @s: of the machine, or NULL
 * @dev: any device
 *
 * Returns: whether @dev is one of the standby CPUs, on or off.
 */
bool arm_standby_cpus_manage(ArmStandbyCpus *s, DeviceState *dev);

#endif

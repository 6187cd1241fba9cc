/*
 * Administrative power of devices
 *
 * A device whose power is managed exists as long as its machine does. The
 * host says whether the guest may use it. How the guest is told and how it
 * answers is up to whoever manages the device.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_DEVICE_POWER_H
#define HW_DEVICE_POWER_H

#include "qapi/qapi-types-device-power.h"
#include "qom/object.h"

#define TYPE_DEVICE_POWER_HANDLER "device-power-handler"

typedef struct DevicePowerHandlerClass DevicePowerHandlerClass;
DECLARE_CLASS_CHECKERS(DevicePowerHandlerClass, DEVICE_POWER_HANDLER,
                       TYPE_DEVICE_POWER_HANDLER)
#define DEVICE_POWER_HANDLER(obj) \
    INTERFACE_CHECK(DevicePowerHandler, (obj), TYPE_DEVICE_POWER_HANDLER)

/**
 * DevicePowerHandlerClass:
 *
 * Who manages the power of devices. All methods are called with the BQL held,
 * and only for devices that the machine says this handler manages.
 *
 * @get_state: the device's administrative power.
 * @power_on: let the guest use the device. Fails if it may already, or has
 *            been asked to let go of it.
 * @power_off: take the device from the guest. With @force now, else the guest
 *             is asked, and has @timeout seconds of virtual time (0: without
 *             end). Fails if it is off, or if the guest cannot be asked.
 * @guest_off: the guest lets go of the device, asked or not.
 * @guest_status: what the guest says of a request, by ACPI's _OST: of which
 *                event, and how it went. May be NULL.
 */
struct DevicePowerHandlerClass {
    InterfaceClass parent_class;

    DevicePowerState (*get_state)(DevicePowerHandler *handler,
                                  DeviceState *dev);
    void (*power_on)(DevicePowerHandler *handler, DeviceState *dev,
                     Error **errp);
    void (*power_off)(DevicePowerHandler *handler, DeviceState *dev,
                      bool force, uint32_t timeout, Error **errp);
    void (*guest_off)(DevicePowerHandler *handler, DeviceState *dev);
    void (*guest_status)(DevicePowerHandler *handler, DeviceState *dev,
                         uint32_t event, uint32_t status);
};

/**
 * qdev_get_power_handler:
 * @dev: any device
 *
 * Returns: who manages its power, NULL if nobody does.
 */
DevicePowerHandler *qdev_get_power_handler(DeviceState *dev);

/**
 * device_power_managed:
 * @dev: any device
 *
 * Returns: whether the host controls the power of @dev.
 */
static inline bool device_power_managed(DeviceState *dev)
{
    return qdev_get_power_handler(dev);
}

/**
 * device_power_get_state:
 * @dev: any device
 *
 * Returns: its administrative power; a device that nobody manages is on.
 */
DevicePowerState device_power_get_state(DeviceState *dev);

/* The guest's side; see DevicePowerHandlerClass. @dev is managed. */
void device_power_guest_off(DeviceState *dev);
void device_power_guest_status(DeviceState *dev, uint32_t event,
                               uint32_t status);

/* For handlers: tell the monitor. */
void device_power_event_changed(DeviceState *dev, DevicePowerState state);
void device_power_event_off_failed(DeviceState *dev,
                                   DevicePowerOffFailure reason,
                                   bool has_ost_status, uint32_t ost_status);

#endif

/*
 * Administrative power of devices
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/boards.h"
#include "hw/device-power.h"
#include "hw/qdev-core.h"
#include "qapi/qapi-events-device-power.h"

DevicePowerHandler *qdev_get_power_handler(DeviceState *dev)
{
    /* Not yet while devices of the machine are being realized */
    MachineState *machine = current_machine;
    MachineClass *mc;

    if (!machine) {
        return NULL;
    }
    mc = MACHINE_GET_CLASS(machine);

    return mc->get_power_handler ? mc->get_power_handler(machine, dev) : NULL;
}

DevicePowerState device_power_get_state(DeviceState *dev)
{
    DevicePowerHandler *handler = qdev_get_power_handler(dev);

    if (!handler) {
        return DEVICE_POWER_STATE_ON;
    }

    return DEVICE_POWER_HANDLER_GET_CLASS(handler)->get_state(handler, dev);
}

void device_power_guest_off(DeviceState *dev)
{
    DevicePowerHandler *handler = qdev_get_power_handler(dev);

    DEVICE_POWER_HANDLER_GET_CLASS(handler)->guest_off(handler, dev);
}

void device_power_guest_status(DeviceState *dev, uint32_t event,
                               uint32_t status)
{
    DevicePowerHandler *handler = qdev_get_power_handler(dev);
    DevicePowerHandlerClass *hc = DEVICE_POWER_HANDLER_GET_CLASS(handler);

    if (hc->guest_status) {
        hc->guest_status(handler, dev, event, status);
    }
}

void device_power_event_changed(DeviceState *dev, DevicePowerState state)
{
    g_autofree char *path = object_get_canonical_path(OBJECT(dev));

    qapi_event_send_device_power_changed(dev->id, path, state);
}

void device_power_event_off_failed(DeviceState *dev,
                                   DevicePowerOffFailure reason,
                                   bool has_ost_status, uint32_t ost_status)
{
    g_autofree char *path = object_get_canonical_path(OBJECT(dev));

    qapi_event_send_device_power_off_failed(dev->id, path, reason,
                                            has_ost_status, ost_status);
}

static const TypeInfo device_power_handler_info = {
    .name       = TYPE_DEVICE_POWER_HANDLER,
    .parent     = TYPE_INTERFACE,
    .class_size = sizeof(DevicePowerHandlerClass),
};

static void device_power_handler_register_types(void)
{
    type_register_static(&device_power_handler_info);
}

type_init(device_power_handler_register_types)

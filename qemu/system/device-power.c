/*
 * Monitor commands for the administrative power of devices
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "hw/boards.h"
#include "hw/device-power.h"
#include "hw/qdev-core.h"
#include "monitor/hmp.h"
#include "monitor/monitor.h"
#include "monitor/qdev.h"
#include "qapi/error.h"
#include "qapi/qapi-commands-device-power.h"
#include "qobject/qdict.h"
#include "system/replay.h"
#include "system/runstate.h"

#define DEVICE_POWER_OFF_TIMEOUT 30

/* The device that a command is about, if its power can be changed now. */
static DeviceState *device_power_find(const char *id, Error **errp)
{
    DeviceState *dev = find_device_state(id, false, errp);

    if (!dev) {
        return NULL;
    }
    if (!device_power_managed(dev)) {
        error_setg(errp, "Device '%s' has no power that could be controlled",
                   id);
        return NULL;
    }
    /* What comes from outside is not in the log: a replay would differ. */
    if (replay_mode != REPLAY_MODE_NONE) {
        error_setg(errp, "Power of device '%s' cannot change while the machine"
                   " is being recorded or replayed", id);
        return NULL;
    }
    /* It would be overwritten, or belong to nobody. */
    if (runstate_check(RUN_STATE_INMIGRATE) ||
        runstate_check(RUN_STATE_POSTMIGRATE) ||
        runstate_check(RUN_STATE_FINISH_MIGRATE)) {
        error_setg(errp, "Power of device '%s' cannot change in run state"
                   " '%s'", id, RunState_str(runstate_get()));
        return NULL;
    }

    return dev;
}

void qmp_device_power_on(const char *id, Error **errp)
{
    DeviceState *dev = device_power_find(id, errp);
    DevicePowerHandler *handler;

    if (!dev) {
        return;
    }
    handler = qdev_get_power_handler(dev);
    DEVICE_POWER_HANDLER_GET_CLASS(handler)->power_on(handler, dev, errp);
}

void qmp_device_power_off(const char *id, bool has_force, bool force,
                          bool has_timeout, uint32_t timeout, Error **errp)
{
    DeviceState *dev;
    DevicePowerHandler *handler;

    force = has_force && force;
    if (force && has_timeout) {
        error_setg(errp, "'timeout' cannot be used with 'force': nobody is"
                   " asked");
        return;
    }
    dev = device_power_find(id, errp);
    if (!dev) {
        return;
    }
    handler = qdev_get_power_handler(dev);
    DEVICE_POWER_HANDLER_GET_CLASS(handler)->power_off(handler, dev, force,
        has_timeout ? timeout : DEVICE_POWER_OFF_TIMEOUT, errp);
}

static int device_power_info(Object *obj, void *opaque)
{
    GPtrArray *infos = opaque;
    DeviceState *dev = (DeviceState *)object_dynamic_cast(obj, TYPE_DEVICE);
    DevicePowerInfo *info;

    if (dev && device_power_managed(dev)) {
        info = g_new0(DevicePowerInfo, 1);
        info->id = g_strdup(dev->id);
        info->path = object_get_canonical_path(obj);
        info->state = device_power_get_state(dev);
        g_ptr_array_add(infos, info);
    }

    return 0;
}

/* QOM has its children in no order; cpu[10] comes after cpu[9]. */
static gint device_power_order(gconstpointer a, gconstpointer b)
{
    const DevicePowerInfo *first = *(const DevicePowerInfo **)a;
    const DevicePowerInfo *second = *(const DevicePowerInfo **)b;
    size_t first_len = strlen(first->path), second_len = strlen(second->path);

    return first_len != second_len ? (first_len < second_len ? -1 : 1) :
                                     strcmp(first->path, second->path);
}

DevicePowerInfoList *qmp_query_device_power(Error **errp)
{
    DevicePowerInfoList *list = NULL, **tail = &list;
    g_autoptr(GPtrArray) infos = g_ptr_array_new();
    int i;

    object_child_foreach_recursive(OBJECT(current_machine), device_power_info,
                                   infos);
    g_ptr_array_sort(infos, device_power_order);
    for (i = 0; i < infos->len; i++) {
        QAPI_LIST_APPEND(tail, (DevicePowerInfo *)infos->pdata[i]);
    }

    return list;
}

void hmp_device_power_on(Monitor *mon, const QDict *qdict)
{
    Error *err = NULL;

    qmp_device_power_on(qdict_get_str(qdict, "id"), &err);
    hmp_handle_error(mon, err);
}

void hmp_device_power_off(Monitor *mon, const QDict *qdict)
{
    Error *err = NULL;

    qmp_device_power_off(qdict_get_str(qdict, "id"), true,
                         qdict_get_try_bool(qdict, "force", false),
                         qdict_haskey(qdict, "timeout"),
                         qdict_get_try_int(qdict, "timeout", 0), &err);
    hmp_handle_error(mon, err);
}

void hmp_info_device_power(Monitor *mon, const QDict *qdict)
{
    Error *err = NULL;
    DevicePowerInfoList *list = qmp_query_device_power(&err);
    DevicePowerInfoList *info;

    if (hmp_handle_error(mon, err)) {
        return;
    }
    for (info = list; info; info = info->next) {
        monitor_printf(mon, "%s: %s\n", info->value->path,
                       DevicePowerState_str(info->value->state));
    }
    qapi_free_DevicePowerInfoList(list);
}

/*
 * QTest testcase for the administrative power of devices: standby CPUs of
 * -M virt, with the ACPI device driven as a guest's AML would
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qobject/qdict.h"
#include "qobject/qlist.h"

/* docs/specs/acpi_cpu_hotplug.rst; where virt has it */
#define CPUHP_BASE          0x090d0000
#define CPUHP_SELECTOR      (CPUHP_BASE + 0)
#define CPUHP_FLAGS         (CPUHP_BASE + 4)
#define  FLAG_ENABLED       (1 << 0)
#define  FLAG_INSERTING     (1 << 1)
#define  FLAG_REMOVING      (1 << 2)
#define  FLAG_EJECT         (1 << 3)
#define CPUHP_COMMAND       (CPUHP_BASE + 5)
#define  COMMAND_OST_EVENT  1
#define  COMMAND_OST_STATUS 2
#define CPUHP_DATA          (CPUHP_BASE + 8)
/* Of the Generic Event Device: what happened, cleared by reading */
#define GED_SELECTOR        0x09080000
#define  GED_CPU_EVENT      (1 << 3)

#define EJECT_REQUEST       0x003
#define EJECT_PROCESSING    0x103
#define EJECT_IN_PROGRESS   0x84

#define SECOND              1000000000LL

static char *firmware;

/* Two CPUs that are on, two on standby. */
static QTestState *start(bool acpi, const char *more)
{
    return qtest_initf("-M virt,standby-cpus=on,gic-version=3 -cpu cortex-a57"
                       " -smp 2,maxcpus=4 -nic none %s%s %s",
                       acpi ? "-bios " : "", acpi ? firmware : "", more);
}

static void expect_ok(QDict *reply)
{
    g_assert_true(qdict_haskey(reply, "return"));
    qobject_unref(reply);
}

static void expect_error(QDict *reply, const char *class, const char *text)
{
    QDict *error = qdict_get_qdict(reply, "error");

    g_assert_nonnull(error);
    g_assert_cmpstr(qdict_get_str(error, "class"), ==, class);
    g_assert_cmpstr(qdict_get_str(error, "desc"), ==, text);
    qobject_unref(reply);
}

static QDict *power_on(QTestState *qts, const char *id)
{
    return qtest_qmp(qts, "{ 'execute': 'device-power-on',"
                     " 'arguments': { 'id': %s } }", id);
}

static QDict *power_off(QTestState *qts, const char *id, bool force)
{
    return qtest_qmp(qts, "{ 'execute': 'device-power-off',"
                     " 'arguments': { 'id': %s, 'force': %i } }", id, force);
}

/* The states of the managed CPUs, "off on" for instance. */
static void expect_states(QTestState *qts, const char *wanted)
{
    QDict *reply = qtest_qmp(qts, "{ 'execute': 'query-device-power' }");
    QList *list = qdict_get_qlist(reply, "return");
    g_autoptr(GString) states = g_string_new(NULL);
    const QListEntry *entry;

    QLIST_FOREACH_ENTRY(list, entry) {
        QDict *info = qobject_to(QDict, qlist_entry_obj(entry));

        g_string_append_printf(states, "%s%s", states->len ? " " : "",
                               qdict_get_str(info, "state"));
    }
    g_assert_cmpstr(states->str, ==, wanted);
    qobject_unref(reply);
}

static void expect_changed(QTestState *qts, const char *path,
                           const char *state)
{
    QDict *event = qtest_qmp_eventwait_ref(qts, "DEVICE_POWER_CHANGED");
    QDict *data = qdict_get_qdict(event, "data");

    g_assert_cmpstr(qdict_get_str(data, "path"), ==, path);
    g_assert_cmpstr(qdict_get_str(data, "state"), ==, state);
    qobject_unref(event);
}

static void expect_failed(QTestState *qts, const char *path,
                          const char *reason, int ost_status)
{
    QDict *event = qtest_qmp_eventwait_ref(qts, "DEVICE_POWER_OFF_FAILED");
    QDict *data = qdict_get_qdict(event, "data");

    g_assert_cmpstr(qdict_get_str(data, "path"), ==, path);
    g_assert_cmpstr(qdict_get_str(data, "reason"), ==, reason);
    g_assert_cmpint(qdict_get_try_int(data, "ost-status", -1), ==, ost_status);
    qobject_unref(event);
}

static unsigned flags(QTestState *qts, unsigned cpu)
{
    qtest_writel(qts, CPUHP_SELECTOR, cpu);
    return qtest_readb(qts, CPUHP_FLAGS);
}

static void set_flags(QTestState *qts, unsigned cpu, unsigned value)
{
    qtest_writel(qts, CPUHP_SELECTOR, cpu);
    qtest_writeb(qts, CPUHP_FLAGS, value);
}

static void ost(QTestState *qts, unsigned cpu, uint32_t event, uint32_t status)
{
    qtest_writel(qts, CPUHP_SELECTOR, cpu);
    qtest_writeb(qts, CPUHP_COMMAND, COMMAND_OST_EVENT);
    qtest_writel(qts, CPUHP_DATA, event);
    qtest_writeb(qts, CPUHP_COMMAND, COMMAND_OST_STATUS);
    qtest_writel(qts, CPUHP_DATA, status);
}

static void reset(QTestState *qts)
{
    qtest_qmp_assert_success(qts, "{ 'execute': 'system_reset' }");
    qtest_qmp_eventwait(qts, "RESET");
}

static void test_on_off(void)
{
    QTestState *qts = start(true, "");

    expect_states(qts, "off off");
    g_assert_cmphex(flags(qts, 0), ==, FLAG_ENABLED);
    g_assert_cmphex(flags(qts, 2), ==, 0);
    qtest_readl(qts, GED_SELECTOR);

    expect_ok(power_on(qts, "/machine/cpu[2]"));
    expect_changed(qts, "/machine/cpu[2]", "on");
    expect_states(qts, "on off");
    g_assert_cmphex(qtest_readl(qts, GED_SELECTOR), ==, GED_CPU_EVENT);
    g_assert_cmphex(flags(qts, 2), ==, FLAG_ENABLED | FLAG_INSERTING);
    set_flags(qts, 2, FLAG_INSERTING);
    g_assert_cmphex(flags(qts, 2), ==, FLAG_ENABLED);

    expect_ok(power_off(qts, "/machine/cpu[2]", false));
    expect_changed(qts, "/machine/cpu[2]", "off-pending");
    expect_states(qts, "off-pending off");
    g_assert_cmphex(qtest_readl(qts, GED_SELECTOR), ==, GED_CPU_EVENT);
    g_assert_cmphex(flags(qts, 2), ==, FLAG_ENABLED | FLAG_REMOVING);
    set_flags(qts, 2, FLAG_REMOVING);
    ost(qts, 2, EJECT_PROCESSING, EJECT_IN_PROGRESS);
    expect_states(qts, "off-pending off");
    set_flags(qts, 2, FLAG_EJECT);
    expect_changed(qts, "/machine/cpu[2]", "off");
    expect_states(qts, "off off");
    g_assert_cmphex(flags(qts, 2), ==, 0);

    /* It is still there. */
    expect_ok(power_on(qts, "/machine/cpu[2]"));
    expect_changed(qts, "/machine/cpu[2]", "on");

    qtest_quit(qts);
}

/* A guest may give a CPU back of its own accord, and has no other. */
static void test_guest_off(void)
{
    QTestState *qts = start(true, "");

    expect_ok(power_on(qts, "/machine/cpu[3]"));
    expect_changed(qts, "/machine/cpu[3]", "on");
    set_flags(qts, 3, FLAG_EJECT);
    expect_changed(qts, "/machine/cpu[3]", "off");
    /* Once more, one that is off, one that is not managed, the boot CPU */
    set_flags(qts, 3, FLAG_EJECT);
    set_flags(qts, 2, FLAG_EJECT);
    set_flags(qts, 1, FLAG_EJECT);
    set_flags(qts, 0, FLAG_EJECT);
    expect_states(qts, "off off");
    g_assert_cmphex(flags(qts, 1), ==, FLAG_ENABLED);
    g_assert_cmphex(flags(qts, 0), ==, FLAG_ENABLED);

    qtest_quit(qts);
}

static void test_errors(void)
{
    QTestState *qts = start(true, "-device pci-testdev,id=testdev");

    expect_error(power_on(qts, "nobody"), "DeviceNotFound",
                 "Device 'nobody' not found");
    expect_error(power_off(qts, "/machine/cpu[4]", true), "DeviceNotFound",
                 "Device '/machine/cpu[4]' not found");
    expect_error(power_on(qts, "/machine"), "GenericError",
                 "/machine is not a device");
    expect_error(power_on(qts, "testdev"), "GenericError",
                 "Device 'testdev' has no power that could be controlled");
    expect_error(power_off(qts, "/machine/cpu[0]", true), "GenericError",
                 "Device '/machine/cpu[0]' has no power that could be"
                 " controlled");
    expect_error(power_off(qts, "/machine/cpu[1]", false), "GenericError",
                 "Device '/machine/cpu[1]' has no power that could be"
                 " controlled");
    expect_error(power_off(qts, "/machine/cpu[2]", false), "GenericError",
                 "CPU '/machine/cpu[2]' is off already");
    expect_error(power_off(qts, "/machine/cpu[2]", true), "GenericError",
                 "CPU '/machine/cpu[2]' is off already");
    expect_error(qtest_qmp(qts, "{ 'execute': 'device-power-off', 'arguments':"
                           " { 'id': '/machine/cpu[2]', 'force': true,"
                           " 'timeout': 1 } }"), "GenericError",
                 "'timeout' cannot be used with 'force': nobody is asked");
    expect_error(qtest_qmp(qts, "{ 'execute': 'query-hotpluggable-cpus' }"),
                 "GenericError",
                 "machine does not support hot-plugging CPUs");

    expect_ok(power_on(qts, "/machine/cpu[2]"));
    expect_error(power_on(qts, "/machine/cpu[2]"), "GenericError",
                 "CPU '/machine/cpu[2]' is on already");

    expect_ok(power_off(qts, "/machine/cpu[2]", false));
    expect_error(power_on(qts, "/machine/cpu[2]"), "GenericError",
                 "CPU '/machine/cpu[2]' cannot be powered on: the guest has"
                 " been asked to let go of it");
    expect_error(power_off(qts, "/machine/cpu[2]", false), "GenericError",
                 "CPU '/machine/cpu[2]' is being powered off already: the"
                 " guest has been asked to let go of it");
    expect_states(qts, "off-pending off");
    /* One who forces is not asked to wait. */
    expect_ok(power_off(qts, "/machine/cpu[2]", true));
    expect_states(qts, "off off");
    g_assert_cmphex(flags(qts, 2), ==, 0);

    qtest_quit(qts);
}

static void test_refused(void)
{
    QTestState *qts = start(true, "");

    expect_ok(power_on(qts, "/machine/cpu[2]"));
    expect_ok(power_off(qts, "/machine/cpu[2]", false));
    /* Of something else, of another CPU, and a success that _EJ0 is to say */
    ost(qts, 2, 1, 1);
    ost(qts, 3, EJECT_REQUEST, 1);
    ost(qts, 2, EJECT_REQUEST, 0);
    expect_states(qts, "off-pending off");
    ost(qts, 2, EJECT_REQUEST, 0x82);
    expect_failed(qts, "/machine/cpu[2]", "refused", 0x82);
    expect_states(qts, "on off");
    /* That it may be used is still to be found. */
    g_assert_cmphex(flags(qts, 2), ==, FLAG_ENABLED | FLAG_INSERTING);

    /* It can be asked again, and nothing of the first time is left. */
    expect_ok(power_off(qts, "/machine/cpu[2]", false));
    set_flags(qts, 2, FLAG_EJECT);
    expect_states(qts, "off off");

    qtest_quit(qts);
}

static void test_timeout(void)
{
    QTestState *qts = start(true, "");

    expect_ok(power_on(qts, "/machine/cpu[2]"));
    expect_ok(power_on(qts, "/machine/cpu[3]"));
    expect_ok(power_off(qts, "/machine/cpu[2]", false));
    qtest_qmp_assert_success(qts, "{ 'execute': 'device-power-off',"
                             " 'arguments': { 'id': '/machine/cpu[3]',"
                             " 'timeout': 0 } }");
    qtest_clock_step(qts, 29 * SECOND);
    expect_states(qts, "off-pending off-pending");
    qtest_clock_step(qts, 2 * SECOND);
    expect_failed(qts, "/machine/cpu[2]", "timeout", -1);
    expect_states(qts, "on off-pending");
    g_assert_cmphex(flags(qts, 2), ==, FLAG_ENABLED | FLAG_INSERTING);
    qtest_clock_step(qts, 1000 * SECOND);
    expect_states(qts, "on off-pending");

    /* Late, but it is the guest's word. */
    set_flags(qts, 2, FLAG_EJECT);
    expect_states(qts, "off off-pending");

    qtest_quit(qts);
}

static void test_reset(void)
{
    QTestState *qts = start(true, "");

    expect_ok(power_on(qts, "/machine/cpu[2]"));
    expect_ok(power_on(qts, "/machine/cpu[3]"));
    expect_changed(qts, "/machine/cpu[2]", "on");
    expect_changed(qts, "/machine/cpu[3]", "on");
    reset(qts);
    expect_states(qts, "on on");
    /* The guest that boots will find it by itself. */
    g_assert_cmphex(flags(qts, 2), ==, FLAG_ENABLED);

    expect_ok(power_off(qts, "/machine/cpu[3]", false));
    expect_changed(qts, "/machine/cpu[3]", "off-pending");
    /* To wait for a later event drops the earlier ones. */
    qtest_qmp_assert_success(qts, "{ 'execute': 'system_reset' }");
    expect_changed(qts, "/machine/cpu[3]", "off");
    qtest_qmp_eventwait(qts, "RESET");
    expect_states(qts, "on off");
    g_assert_cmphex(flags(qts, 3), ==, 0);
    qtest_clock_step(qts, 100 * SECOND);
    expect_states(qts, "on off");
    g_assert_null(qtest_qmp_event_ref(qts, "DEVICE_POWER_OFF_FAILED"));

    qtest_quit(qts);
}

/* Without ACPI nobody can be asked. */
static void test_no_acpi(void)
{
    QTestState *qts = start(false, "");

    expect_ok(power_on(qts, "/machine/cpu[2]"));
    expect_states(qts, "on off");
    /* The guest has not turned it on. */
    expect_ok(power_off(qts, "/machine/cpu[2]", false));
    expect_states(qts, "off off");
    reset(qts);
    expect_states(qts, "off off");

    qtest_quit(qts);
}

static void save(QTestState *qts, const char *uri)
{
    g_autofree char *status = NULL;

    qtest_qmp_assert_success(qts, "{ 'execute': 'migrate',"
                             " 'arguments': { 'uri': %s } }", uri);
    do {
        QDict *reply = qtest_qmp(qts, "{ 'execute': 'query-migrate' }");

        g_free(status);
        status = g_strdup(qdict_get_try_str(qdict_get_qdict(reply, "return"),
                                            "status"));
        qobject_unref(reply);
        g_assert_cmpstr(status, !=, "failed");
        g_usleep(1000);
    } while (g_strcmp0(status, "completed"));
}

static QTestState *restore(const char *uri)
{
    g_autofree char *incoming = g_strdup_printf("-incoming %s", uri);
    QTestState *qts = start(true, incoming);
    bool waiting;

    do {
        QDict *reply = qtest_qmp(qts, "{ 'execute': 'query-status' }");

        waiting = g_str_equal(qdict_get_str(qdict_get_qdict(reply, "return"),
                                            "status"), "inmigrate");
        qobject_unref(reply);
        g_usleep(1000);
    } while (waiting);

    return qts;
}

static void test_migrate(void)
{
    g_autofree char *path = NULL;
    g_autofree char *uri = NULL;
    int fd = g_file_open_tmp("device-power-XXXXXX", &path, NULL);
    QTestState *qts = start(true, "");

    g_assert_cmpint(fd, >=, 0);
    close(fd);
    uri = g_strdup_printf("file:%s", path);

    /* One that is on and one that the guest has been asked for */
    expect_ok(power_on(qts, "/machine/cpu[2]"));
    expect_ok(power_on(qts, "/machine/cpu[3]"));
    expect_ok(power_off(qts, "/machine/cpu[3]", false));
    qtest_clock_step(qts, 20 * SECOND);
    save(qts, uri);
    expect_error(power_off(qts, "/machine/cpu[2]", true), "GenericError",
                 "Power of device '/machine/cpu[2]' cannot change in run state"
                 " 'postmigrate'");
    qtest_quit(qts);

    qts = restore(uri);
    expect_states(qts, "on off-pending");
    g_assert_cmphex(flags(qts, 2), ==, FLAG_ENABLED | FLAG_INSERTING);
    g_assert_cmphex(flags(qts, 3) & FLAG_REMOVING, ==, FLAG_REMOVING);
    /* The deadline is where it was; qtest's clock, unlike others, is at 0. */
    qtest_clock_step(qts, 29 * SECOND);
    expect_states(qts, "on off-pending");
    qtest_clock_step(qts, 2 * SECOND);
    expect_failed(qts, "/machine/cpu[3]", "timeout", -1);
    expect_states(qts, "on on");
    qtest_quit(qts);

    /* And a guest that answers elsewhere is heard. */
    qts = restore(uri);
    set_flags(qts, 3, FLAG_EJECT);
    expect_changed(qts, "/machine/cpu[3]", "off");
    expect_states(qts, "on off");
    qtest_quit(qts);

    unlink(path);
}

/* A machine that does not ask for it knows nothing of it. */
static void test_not_asked_for(void)
{
    QTestState *qts = qtest_init("-M virt -cpu cortex-a57 -smp 2,maxcpus=4"
                                 " -nic none");

    expect_states(qts, "");
    expect_error(power_on(qts, "/machine/cpu[1]"), "DeviceNotFound",
                 "Device '/machine/cpu[1]' not found");
    qtest_quit(qts);
}

static void test_hmp(void)
{
    QTestState *qts = start(false, "");
    g_autofree char *before = qtest_hmp(qts, "info device_power");
    g_autofree char *on = qtest_hmp(qts, "device_power_on /machine/cpu[3]");
    g_autofree char *after = qtest_hmp(qts, "info device_power");
    g_autofree char *twice = qtest_hmp(qts, "device_power_on /machine/cpu[3]");
    g_autofree char *both = qtest_hmp(qts, "device_power_off -f"
                                      " /machine/cpu[3] 5");
    g_autofree char *off = qtest_hmp(qts,
                                     "device_power_off -f /machine/cpu[3]");

    g_assert_cmpstr(before, ==, "/machine/cpu[2]: off\r\n"
                                "/machine/cpu[3]: off\r\n");
    g_assert_cmpstr(on, ==, "");
    g_assert_cmpstr(after, ==, "/machine/cpu[2]: off\r\n"
                               "/machine/cpu[3]: on\r\n");
    g_assert_cmpstr(twice, ==, "Error: CPU '/machine/cpu[3]' is on already"
                               "\r\n");
    g_assert_cmpstr(both, ==, "Error: 'timeout' cannot be used with 'force':"
                              " nobody is asked\r\n");
    g_assert_cmpstr(off, ==, "");
    expect_states(qts, "off off");
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    int fd, ret;

    g_test_init(&argc, &argv, NULL);

    /* What is in it does not matter: with firmware there is ACPI. */
    fd = g_file_open_tmp("device-power-firmware-XXXXXX", &firmware, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(ftruncate(fd, 4096), ==, 0);
    close(fd);

    qtest_add_func("/device-power/on-off", test_on_off);
    qtest_add_func("/device-power/guest-off", test_guest_off);
    qtest_add_func("/device-power/errors", test_errors);
    qtest_add_func("/device-power/refused", test_refused);
    qtest_add_func("/device-power/timeout", test_timeout);
    qtest_add_func("/device-power/reset", test_reset);
    qtest_add_func("/device-power/no-acpi", test_no_acpi);
    qtest_add_func("/device-power/migrate", test_migrate);
    qtest_add_func("/device-power/not-asked-for", test_not_asked_for);
    qtest_add_func("/device-power/hmp", test_hmp);

    ret = g_test_run();
    unlink(firmware);
    g_free(firmware);

    return ret;
}

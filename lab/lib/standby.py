# SPDX-License-Identifier: GPL-2.0-only
#
# What scenarios with standby CPUs share: machines, and steps that are looked at from both sides.

import time

from machine import BASE, SILENCE, UEFI, Hang, Machine, Wrong, expect, path

VIRT = "virt,gic-version=3,standby-cpus=on"
# As machine "psci" of lab/machines.
NO_ACPI = "virt,gic-version=3,standby-cpus=on,its=off,dtb-randomness=off"
SMP = "cpus=2,maxcpus=6"
# CPUs 4 to 7 are in the second socket, and node.
TOPOLOGY = "cpus=3,maxcpus=8,sockets=2,clusters=2,cores=2,threads=1"
NUMA = ["-object", "memory-backend-ram,id=m0,size=256M", "-object", "memory-backend-ram,id=m1,size=256M",
        "-numa", "node,nodeid=0,cpus=0-3,memdev=m0", "-numa", "node,nodeid=1,cpus=4-7,memdev=m1"]
# Those of a machine that does not ask for it.
PLAIN = "virt,gic-version=3"
PLAIN_NO_ACPI = "virt,gic-version=3,its=off,dtb-randomness=off"
LIVE = {0, 1}
STANDBY = [2, 3, 4, 5]


def acpi(smp=SMP, machine=VIRT, kernel=f"{BASE}/series", **more):
    return Machine(machine, smp, kernel=kernel, firmware=UEFI, append="acpi=force " + more.pop("append", ""), **more)


def devicetree(smp=SMP, machine=NO_ACPI, kernel=f"{BASE}/series", **more):
    return Machine(machine, smp, kernel=kernel, **more)


def until(what, why):
    """Ask until it is so."""
    end = time.monotonic() + SILENCE
    while not what():
        if time.monotonic() > end:
            raise Hang(why)
        time.sleep(0.02)


def migrated(machine):
    status = machine.do("query-migrate").get("status")
    expect(status not in ("failed", "cancelled"), f"the migration {status}: {machine.do('query-migrate')}")
    return status == "completed"


def first_sight(machine):
    """Of a guest with ACPI."""
    lists = machine.cpus()
    expect(lists["possible"] == LIVE | set(STANDBY), f"possible: {lists}")
    expect(lists["enabled"] == LIVE and lists["online"] == LIVE, f"enabled, online: {lists}")
    power = machine.power()
    expect(power == {path(cpu): "off" for cpu in STANDBY}, f"the monitor: {power}")


def state_is(machine, cpu, state):
    got = machine.power()[path(cpu)]
    expect(got == state, f"the monitor says that CPU {cpu} is {got}, not {state}")


def cannot_be_turned_on(machine, cpu):
    """By the guest: either it has no file for it, or is refused."""
    status, _ = machine.guest(f"echo 1 > $SYSFS/cpu{cpu}/online")
    expect(status != 0, f"the guest turned on CPU {cpu}, which is on standby")
    expect(cpu not in machine.cpus()["online"], f"CPU {cpu} is online")


def power_on(machine, cpu):
    """From the monitor's word to a CPU that runs a task."""
    machine.forget_events()
    machine.do("device-power-on", id=path(cpu))
    machine.event("DEVICE_POWER_CHANGED", path=path(cpu), state="on")
    state_is(machine, cpu, "on")
    until(lambda: cpu in machine.cpus()["enabled"], f"the guest does not see CPU {cpu}")
    bring_online(machine, cpu)


def bring_online(machine, cpu):
    machine.guest_does(f"is_online {cpu} || echo 1 > $SYSFS/cpu{cpu}/online")
    machine.guest_does(f"runs_tasks {cpu} || {{ echo $why; false; }}")


def power_off(machine, cpu):
    """Ask for it, and see it go on both sides."""
    machine.forget_events()
    # However slow the host is: what hangs is found by its silence.
    machine.do("device-power-off", id=path(cpu), timeout=0)
    machine.event("DEVICE_POWER_CHANGED", path=path(cpu), state="off-pending")
    machine.event("DEVICE_POWER_CHANGED", path=path(cpu), state="off")
    state_is(machine, cpu, "off")
    expect(cpu not in machine.cpus()["online"], f"CPU {cpu} is online in the guest")
    # The guest puts it down after it has ejected it.
    until(lambda: cpu not in machine.cpus()["enabled"], f"in the guest CPU {cpu} stays enabled")


def cycles(machine, rounds, cpus=None):
    for number in range(rounds):
        for cpu in cpus or STANDBY:
            try:
                power_on(machine, cpu)
                power_off(machine, cpu)
            except (Hang, Wrong) as error:
                raise type(error)(f"round {number}: {error}") from error


def silent(machine):
    splats = machine.splats()
    expect(not splats, "\n".join(splats[:5]))


# Steps of a guest with a device tree, which nobody can tell or ask.

def nodes_are_disabled(machine):
    got = machine.guest_does("for node in /proc/device-tree/cpus/cpu@*; do"
                             " echo ${node##*@} $(cat $node/status 2>/dev/null); done")
    expect(sorted(got) == ["0", "1"] + [f"{cpu} disabled" for cpu in STANDBY], f"{got}")


def are_denied(machine):
    for cpu in STANDBY:
        # Linux has EPERM for DENIED, and for nothing else that CPU_ON returns.
        status, lines = machine.guest(f"echo 1 > $SYSFS/cpu{cpu}/online")
        expect(status != 0 and lines[-1].endswith("Operation not permitted"), f"CPU {cpu}: {lines}")
        expect(cpu not in machine.cpus()["online"], f"CPU {cpu} is online")


def come_by_hand(machine):
    for cpu in STANDBY:
        machine.do("device-power-on", id=path(cpu))
        machine.event("DEVICE_POWER_CHANGED", path=path(cpu), state="on")
        bring_online(machine, cpu)


def are_not_taken_while_they_run(machine):
    for cpu in STANDBY:
        got = machine.error_of("device-power-off", id=path(cpu))
        expect(got == ("GenericError", f"CPU '{path(cpu)}' is running, and a guest without ACPI cannot be asked to"
                       " let go of it: turn it off in the guest first, or use 'force'"), f"{got}")
        state_is(machine, cpu, "on")


def give_back_by_hand(machine, cpu):
    machine.guest_does(f"echo 0 > $SYSFS/cpu{cpu}/online")
    machine.do("device-power-off", id=path(cpu))
    machine.event("DEVICE_POWER_CHANGED", path=path(cpu), state="off")
    cannot_be_turned_on(machine, cpu)


def cycles_by_hand(machine):
    """12 of them."""
    for _ in range(3):
        for cpu in STANDBY:
            give_back_by_hand(machine, cpu)
            machine.do("device-power-on", id=path(cpu))
            bring_online(machine, cpu)


def mixed_by_hand(machine):
    """Two are on, and one of them in use, under load. What the monitor says of all."""
    machine.do("device-power-on", id=path(2))
    machine.do("device-power-on", id=path(3))
    bring_online(machine, 2)
    machine.guest_does("load_start")
    power = machine.power()
    expect(power == {path(2): "on", path(3): "on", path(4): "off", path(5): "off"}, f"{power}")
    return power


def goes_on_by_hand(machine, power):
    """As mixed_by_hand() left it."""
    expect(machine.power() == power, f"before {power}, after {machine.power()}")
    expect(machine.cpus()["online"] == {0, 1, 2}, f"{machine.cpus()}")
    bring_online(machine, 2)
    bring_online(machine, 3)
    cannot_be_turned_on(machine, 4)
    expect(machine.cpus()["online"] == {0, 1, 2, 3}, f"{machine.cpus()}")
    silent(machine)


def are_taken_once_given(machine):
    for cpu in STANDBY:
        give_back_by_hand(machine, cpu)
    come_by_hand(machine)


def cells_by_hand(tap, machine):
    """Six lines of TAP, from a guest that has just booted to one under load."""
    tap.cell("nodes are disabled", nodes_are_disabled, machine)
    tap.cell("PSCI denies CPUs on standby", are_denied, machine)
    tap.cell("they come when the monitor has powered them on", come_by_hand, machine)
    tap.cell("none that runs is taken without force", are_not_taken_while_they_run, machine)
    tap.cell("one that the guest has turned off is", are_taken_once_given, machine)
    machine.guest_does("load_start")
    tap.cell("12 cycles under load", cycles_by_hand, machine)


def is_taken_by_force(machine, what_it_did):
    """What_it_did(CPU) is another each time, as long as that CPU runs."""
    cpu = 5
    before = what_it_did(cpu)
    until(lambda: what_it_did(cpu) != before, f"CPU {cpu} does nothing that could stop")
    machine.do("device-power-off", id=path(cpu), force=True)
    machine.event("DEVICE_POWER_CHANGED", path=path(cpu), state="off")
    state_is(machine, cpu, "off")
    # The guest is not told and may hang, so that it is not asked.
    expect(len({what_it_did(cpu) for _ in range(20)}) == 1, "it goes on")
    machine.do("device-power-on", id=path(cpu))
    state_is(machine, cpu, "on")

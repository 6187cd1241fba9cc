# SPDX-License-Identifier: GPL-2.0-only
#
# What scenarios with standby CPUs share: machines, and steps that are looked at from both sides.

import time

from machine import BASE, SILENCE, UEFI, Hang, Machine, Wrong, expect, path

VIRT = "virt,gic-version=3,standby-cpus=on"
# As machine "psci" of lab/machines.
NO_ACPI = "virt,gic-version=3,standby-cpus=on,its=off,dtb-randomness=off"
SMP = "cpus=2,maxcpus=6"
# Those of a machine that does not ask for it.
PLAIN = "virt,gic-version=3"
PLAIN_NO_ACPI = "virt,gic-version=3,its=off,dtb-randomness=off"
LIVE = {0, 1}
STANDBY = [2, 3, 4, 5]


def acpi(smp=SMP, machine=VIRT, **more):
    return Machine(machine, smp, kernel=f"{BASE}/series", firmware=UEFI, append="acpi=force " + more.pop("append", ""),
                   **more)


def devicetree(smp=SMP, machine=NO_ACPI, **more):
    return Machine(machine, smp, kernel=f"{BASE}/series", **more)


def until(what, why):
    """Ask until it is so."""
    end = time.monotonic() + SILENCE
    while not what():
        if time.monotonic() > end:
            raise Hang(why)
        time.sleep(0.02)


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

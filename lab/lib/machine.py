# SPDX-License-Identifier: GPL-2.0-only
#
# For scenarios that talk to QEMU's monitor while a guest runs: TAP on stdout, machines, and guests whose
# program is lab/guest/commands. They are in Python because QEMU's own client of its monitor is, which comes
# with the tree that the emulator is built from. Given by the lab in the environment: see lab/lib/scenario.sh.

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.environ["TOP"]
BUILD = os.environ["BUILD"]
BASE = os.environ["BASE"]
BOOT_DIR = os.environ["BOOT_DIR"]

QEMU_BASE = "qemu-10.0"
UEFI = "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"

# Seconds without a word after which a guest, or what is waited for, hangs. Nothing is judged by time.
SILENCE = 120

COMMAND_LINE = "console=ttyAMA0 printk.devkmsg=on panic=-1 watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=60"

# What no kernel should say, as in lab/lib/boot.sh.
SPLAT = re.compile(r"(WARNING|BUG|INFO): |Oops|Unable to handle|Kernel panic|lockup|blocked for more than"
                   r"|messages dropped")
NOT_OURS = re.compile(r"WARNING: .* at __sub_running_bw\+")


def qemu_tree(variant="series"):
    with open(f"{BUILD}/bases/{QEMU_BASE}.version", encoding="ascii") as file:
        version = file.read().split()[1]
    return f"{BUILD}/tree/{QEMU_BASE}-{version}/{variant}"


sys.path.insert(0, qemu_tree() + "/python")
sys.dont_write_bytecode = True
# pylint: disable=wrong-import-position
from qemu.qmp.legacy import QEMUMonitorProtocol  # noqa: E402
from qemu.qmp import QMPError, ConnectError  # noqa: E402


class Tap:
    """TAP: what was planned, and how it went."""

    def __init__(self, plan):
        self.number = 0
        self.failed = 0
        print(f"TAP version 13\n1..{plan}", flush=True)

    @staticmethod
    def note(text):
        for line in str(text).splitlines():
            print(f"# {line}", flush=True)

    def diag(self, text):
        self.note(text)
        for line in str(text).splitlines():
            print(f"# {line}", file=sys.stderr, flush=True)

    def ok(self, name, good, why=""):
        self.number += 1
        print(f"{'' if good else 'not '}ok {self.number} - {name}", flush=True)
        if not good:
            self.failed += 1
            self.diag(f"{BASE}: {name}: {why}")
        return good

    def equal(self, name, got, wanted):
        return self.ok(name, got == wanted, f"got {got!r}, wanted {wanted!r}")

    def cell(self, name, function, *arguments):
        """One line: the function returns, or raises what went wrong."""
        try:
            function(*arguments)
        except (Hang, Wrong, QMPError, OSError) as error:
            return self.ok(name, False, f"{type(error).__name__}: {error}")
        return self.ok(name, True)

    def end(self):
        sys.exit(1 if self.failed else 0)


class Hang(Exception):
    """Nothing came."""


class Wrong(Exception):
    """Something came that should not."""


def expect(good, why):
    if not good:
        raise Wrong(why)


class Guest:
    """What is at the other end of a console, and carries out commands: lab/guest/commands. Who makes it adds do(),
    a command of its monitor."""

    def __init__(self, console):
        self.console = console
        self.command = 0
        self.text = ""
        self.heard = time.monotonic()
        self.changed = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                data = self.console.recv(65536)
            except OSError:
                data = b""
            with self.changed:
                if data:
                    self.text += data.decode(errors="replace").replace("\r", "")
                    self.heard = time.monotonic()
                else:
                    self.heard = None
                self.changed.notify_all()
            if not data:
                return

    def words(self):
        """What there is to say of a console that has ended."""
        return ""

    def hangs(self):
        """It does: where? What to look at."""
        return "its console"

    def wait_for(self, regex, start=0):
        """The first match on the console."""
        began = time.monotonic()
        with self.changed:
            while True:
                match = re.compile(regex, re.M).search(self.text, start)
                if match:
                    return match
                if self.heard is None:
                    raise Wrong(f"QEMU ended before \"{regex}\": {self.words()}")
                if time.monotonic() - max(self.heard, began) > SILENCE:
                    raise Hang(f"silent, waiting for \"{regex}\"; see {self.hangs()}")
                self.changed.wait(1)

    def ready(self, start=0):
        self.wait_for(r"lab\| commands: ready$", start)

    def guest(self, command):
        """Status and lines of a command in the guest."""
        self.command += 1
        start = len(self.text)
        self.console.sendall(f"{self.command} {command}\n".encode())
        match = self.wait_for(rf"lab\| done {self.command} ([0-9]+)$", start)
        lines = re.findall(r"^\[ *[0-9.]+\] lab\| (.*)$", self.text[start:match.start()], re.M)
        return int(match[1]), lines

    def guest_does(self, command):
        status, lines = self.guest(command)
        expect(status == 0, f"in the guest \"{command}\" ended with {status}: {lines[-5:]}")
        return lines

    def cpus(self):
        """The kernel's lists: possible, present, online, as sets."""
        word = self.guest_does("say_cpus")[-1]
        return {name: numbers(ranges) for name, ranges in
                (pair.split("=") for pair in word.split())}

    def power(self):
        """What the monitor says of all CPUs that it manages: path and state."""
        return {info["path"]: info["state"] for info in self.do("query-device-power")}

    def splats(self):
        lines = [line for line in self.text.splitlines() if "lab| " not in line]
        return [line for line in lines if SPLAT.search(line) and not NOT_OURS.search(line)]


class Machine(Guest):
    """QEMU with its monitor and, where a kernel is named, a guest that carries out commands."""

    count = 0

    def __init__(self, machine, smp, *, cpu="cortex-a57", memory="512M", accel="tcg,thread=multi", kernel=None,
                 image=None, initrd=None, firmware=None, append="", uart=None, extra=(), variant="series",
                 guest=True, wait=True):
        Machine.count += 1
        self.dir = tempfile.mkdtemp()
        os.makedirs(BOOT_DIR, exist_ok=True)
        self.log = f"{BOOT_DIR}/{Machine.count}.log"
        # Debian's own is what stock QEMU does; a build of it is there for who compares costs.
        self.binary = ("/usr/bin/qemu-system-aarch64" if variant == "debian" else
                       f"{BUILD}/kernel/{QEMU_BASE}/{variant}/qemu-system-aarch64")
        self.symbols = None
        self.events = []
        arguments = ["-M", machine, "-cpu", cpu, "-smp", smp, "-m", memory, "-accel", accel, "-L", "/usr/share/qemu",
                     "-nodefaults", "-display", "none", "-qmp", f"unix:{self.dir}/qmp,server=on,wait=off",
                     "-chardev", f"socket,id=console,path={self.dir}/console,server=on,wait=on,logfile={self.log}",
                     "-serial", "chardev:console", "-gdb", f"unix:{self.dir}/gdb,server=on,wait=off"]
        if uart:
            arguments += ["-chardev", f"socket,id={uart},path={self.dir}/{uart},server=on,wait=off",
                          "-serial", f"chardev:{uart}"]
        if kernel:
            image = image_of(kernel)
            self.symbols = f"{BUILD}/kernel/{kernel}/vmlinux"
            arguments += ["-initrd", initrd or initramfs(kernel)]
            arguments += ["-append", f"{COMMAND_LINE} {append}" + (" lab.run=commands" if guest else "")]
        if image:
            arguments += ["-kernel", image]
        if firmware:
            arguments += ["-bios", firmware]
        # pylint: disable=consider-using-with
        self.errors = open(f"{self.dir}/errors", "w+", encoding="utf-8")
        self.process = subprocess.Popen([self.binary, *arguments, *extra], stdin=subprocess.DEVNULL,
                                        stdout=self.errors, stderr=self.errors)
        super().__init__(self.connect("console"))
        self.qmp = QEMUMonitorProtocol(f"{self.dir}/qmp")
        self._patiently(self.qmp.connect)
        if kernel and guest and wait:
            self.ready()

    def words(self):
        """QEMU's own."""
        self.errors.flush()
        with open(self.errors.name, encoding="utf-8") as file:
            return file.read().strip()

    def _patiently(self, what):
        end = time.monotonic() + SILENCE
        while True:
            try:
                return what()
            except (OSError, ConnectError) as error:
                if self.process.poll() is not None:
                    raise Wrong(f"QEMU ended: {self.words()}") from error
                if time.monotonic() > end:
                    raise Hang("QEMU does not listen") from error
                time.sleep(0.05)

    def connect(self, name):
        """To a socket in the machine's directory."""
        def once():
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(f"{self.dir}/{name}")
            return connection
        return self._patiently(once)

    def hangs(self):
        """As boot_backtrace() in lab/lib/boot.sh."""
        if not self.symbols:
            return self.log
        said = subprocess.run(["timeout", "60", "gdb-multiarch", "-batch", "-nx", "-ex", "set pagination off",
                               "-ex", f"target remote {self.dir}/gdb", "-ex", "info threads",
                               "-ex", "thread apply all -q backtrace 24", self.symbols],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False).stdout
        with open(self.log, "a", encoding="utf-8") as file:
            file.write(f"\nlab: the guest hangs; backtraces of its CPUs:\n{said}")
        return f"{self.log}, with backtraces"

    def do(self, command, **arguments):
        """A command of the monitor. Raises ExecuteError, with the error's text."""
        return self.qmp.cmd(command, **dashed(arguments))

    def error_of(self, command, **arguments):
        """Class and text of the error of a command that fails."""
        reply = self.qmp.cmd_raw(command, dashed(arguments) or None)
        expect("error" in reply, f"{command} {arguments} succeeded")
        return reply["error"]["class"], reply["error"]["desc"]

    def event(self, name, **data):
        """The next event of that name, with that data; others are kept."""
        def wanted(event):
            return event["event"] == name and all(event["data"].get(key) == value
                                                  for key, value in dashed(data).items())
        while True:
            for number, event in enumerate(self.events):
                if wanted(event):
                    return self.events.pop(number)
            try:
                event = self.qmp.pull_event(wait=float(SILENCE))
            except QMPError as error:
                raise Hang(f"no event {name} {data}; others: {self.events}") from error
            self.events.append(event)

    def forget_events(self):
        """Those that came so far."""
        self.qmp.get_events()
        self.events.clear()

    def no_event(self, name):
        self.events += self.qmp.get_events()
        expect(not [e for e in self.events if e["event"] == name], f"event {name} came")

    def close(self):
        if self.process.poll() is None:
            try:
                self.qmp.cmd("quit")
                self.process.wait(20)
            except (QMPError, OSError, subprocess.TimeoutExpired):
                self.process.kill()
        self.process.wait()
        try:
            self.qmp.close()
        except (QMPError, OSError, EOFError):
            pass
        self.console.close()
        self.errors.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def image_of(kernel):
    return f"{BUILD}/kernel/{kernel}/arch/arm64/boot/Image"


def initramfs(kernel):
    return f"{BUILD}/guest/{kernel.split('/')[0]}.cpio.gz"


def dashed(arguments):
    """As the monitor has them."""
    return {key.replace("_", "-"): value for key, value in arguments.items()}


def numbers(ranges):
    """ "0,2-3" of the kernel's. """
    result = set()
    for part in ranges.split(","):
        if part:
            first, _, last = part.partition("-")
            result |= set(range(int(first), int(last or first) + 1))
    return result


def path(cpu):
    """As the monitor names a CPU of a machine with standby CPUs."""
    return f"/machine/cpu[{cpu}]"

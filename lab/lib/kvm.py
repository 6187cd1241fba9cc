# SPDX-License-Identifier: GPL-2.0-only
#
# A guest that is a host of KVM, and guests of its own. Their console is the host's second UART; their monitor is
# in the host, where each word is carried to it and each of its own comes back on the host's console.

import json
import socket
import subprocess

from machine import BASE, BOOT_DIR, BUILD, COMMAND_LINE, UEFI, Guest, Machine, dashed, expect, image_of, initramfs


class Host(Machine):
    """With firmware, a kernel and an initramfs for guests in /boot, and our QEMU."""

    qemu = "qemu-system-aarch64"
    machine = ("-M virt,gic-version=3,its=off,standby-cpus=on,dtb-randomness=off -accel kvm -cpu host -nodefaults"
               " -display none")

    def __init__(self, cpu="cortex-a76"):
        kernel = f"{BASE}/series"
        initrd = f"{BOOT_DIR}/host.cpio.gz"
        # One archive behind the other, as the kernel takes them.
        subprocess.run(["sh", "-ec", """
            initrd=$1 image=$2 guest=$3 layer=$4 payloads=$5 firmware=$6
            cp "$guest" "$initrd"
            cat "$layer" >>"$initrd"
            tree=$(mktemp -d)
            mkdir "$tree/boot"
            cp "$image" "$tree/boot/Image"
            cp "$firmware" "$tree/boot/firmware"
            cp "$guest" "$tree/boot/guest.cpio.gz"
            cp "$payloads"/standby-denied-kvm-*.elf "$tree/boot/"
            (cd "$tree" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -n -1) >>"$initrd"
            rm -rf "$tree"
            """, "sh", initrd, image_of(kernel), initramfs(kernel), f"{BUILD}/guest/layer/qemu.cpio.gz",
                        f"{BUILD}/qemu-payload", UEFI], check=True)
        super().__init__("virt,virtualization=on,gic-version=3,its=off", "4", cpu=cpu, memory="2G",
                         kernel=kernel, initrd=initrd, variant="debian", uart="guest")

    def start(self, smp, **more):
        return KvmGuest(self, smp, **more)


class KvmGuest(Guest):
    """A guest of such a host. Incoming is from where QEMU takes one that was another's, which need not boot."""

    def __init__(self, host, smp, environment="", acpi=False, incoming=None):
        super().__init__(host.connect("guest"))
        self.host = host
        self.words_said = 0
        host.guest_does("rm -f /tmp/qmp.in /tmp/qmp.out; mkfifo /tmp/qmp.in /tmp/qmp.out")
        # Its words become lines of the host's console; the shell holds the way in open.
        host.guest_does("cat /tmp/qmp.out & exec 5<>/tmp/qmp.in")
        self.seen = len(host.text)
        host.guest_does(f"{environment} {host.qemu} {host.machine} -smp {smp} -m 256 -name guest,debug-threads=on"
                        " -kernel /boot/Image -initrd /boot/guest.cpio.gz" + (" -bios /boot/firmware" if acpi else "") +
                        f" -append '{COMMAND_LINE} {'acpi=force ' if acpi else ''}lab.run=commands'"
                        " -chardev serial,id=console,path=/dev/ttyAMA1 -serial chardev:console"
                        " -chardev pipe,id=qmp,path=/tmp/qmp -mon chardev=qmp,mode=control" + (f" -incoming {incoming}" if incoming else "") +
                        " & qemu=$!")
        self.host.wait_for(r'lab\| \{"QMP".*\n', self.seen)
        self.do("qmp_capabilities")
        if not incoming:
            self.ready()

    def _reply(self, command, arguments):
        self.words_said += 1
        word = {"execute": command, "arguments": dashed(arguments), "id": self.words_said}
        start = len(self.host.text)
        self.host.guest_does(f"echo '{json.dumps(word)}' >&5")
        # To the end of the line, which may come later than its beginning.
        return json.loads(self.host.wait_for(rf'lab\| (\{{.*"id": {self.words_said}[,}}].*)\n', start)[1])

    def do(self, command, **arguments):
        reply = self._reply(command, arguments)
        expect("return" in reply, f"{command} {arguments}: {reply}")
        return reply["return"]

    def error_of(self, command, **arguments):
        reply = self._reply(command, arguments)
        expect("error" in reply, f"{command} {arguments} succeeded")
        return reply["error"]["class"], reply["error"]["desc"]

    def event(self, name, **data):
        """The next event of that name, with that data."""
        while True:
            match = self.host.wait_for(rf'lab\| (\{{.*"event": "{name}".*)\n', self.seen)
            self.seen = match.end()
            got = json.loads(match[1])["data"]
            if all(got.get(key) == value for key, value in dashed(data).items()):
                return

    def forget_events(self):
        """Those that came so far."""
        self.seen = len(self.host.text)

    def time_of(self, cpu):
        """How long a vCPU has been in the guest: guest_time of proc(5). Its thread has more, an interrupt wakes it."""
        lines = self.host.guest_does("cat /proc/$qemu/task/*/stat")
        times = [line.rsplit(")", 1)[1].split()[40] for line in lines if f"(CPU {cpu}/KVM)" in line]
        expect(len(times) == 1, f"no thread of CPU {cpu}: {lines}")
        return times[0]

    def hangs(self):
        with open(self.host.log + ".guest", "w", encoding="utf-8") as file:
            file.write(self.text)
        return f"{self.host.log}.guest, {self.host.hangs()}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.host.guest("kill $qemu; wait $qemu; exec 5>&-")
        # Whoever listens holds the socket open, and the host's UART has one connection at a time.
        self.console.shutdown(socket.SHUT_RDWR)
        self.console.close()

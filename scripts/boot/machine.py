"""A QEMU machine: its start, QMP, pictures of its screen, commands inside it.

Invariant: a machine that was started is ended, whatever happens; every wait has an end.
"""

import base64
import json
import os
import select
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import picture

# As `papan-quiet-boot` gives them on a site; the same for the image without papan, so that both boot alike.
QUIET = "quiet loglevel=3 systemd.show_status=false vt.global_cursor_default=0 consoleblank=0"


class Failed(Exception):
    """What was waited for did not come, or was wrong."""


class Machine:
    """A running machine. `disk` is what follows `-drive`; times are seconds since its start."""

    def __init__(self, kernel, disk, folder, kvm=False, outputs=1, rtc="", network=True, more="", words=""):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.run = Path(tempfile.mkdtemp(prefix="papan-boot-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
        self.serial = self.folder / "serial.log"
        self.serial.unlink(missing_ok=True)
        accelerator = ["-accel", "kvm", "-cpu", "host"] if kvm else ["-accel", "tcg,thread=multi", "-cpu", "max"]
        command = [
            "qemu-system-x86_64", "-nodefaults", "-machine", "pc", *accelerator, "-smp", "2", "-m", "1536",
            "-kernel", kernel[0], "-initrd", kernel[1],
            "-append", f"root=/dev/vda rw console=ttyS0 console=tty1 {QUIET} {words}",
            "-blockdev" if disk.startswith("{") else "-drive", disk,
            *(["-device", "virtio-blk-pci,drive=disk"] if disk.startswith("{") else []),
            "-device", f"virtio-vga,id=vga,xres=1920,yres=1080,max_outputs={outputs}",
            "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=agent,name=papan.test",
            "-chardev", f"socket,id=agent,path={self.run}/agent,server=on,wait=off",
            "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,id=nic",
            "-audiodev", "none,id=sound", "-device", "intel-hda", "-device", "hda-output,audiodev=sound",
            "-device", "virtio-keyboard-pci",
            "-chardev", f"socket,id=console,path={self.run}/console,server=on,wait=off,logfile={self.serial}",
            "-serial", "chardev:console", "-display", "none", "-qmp", f"unix:{self.run}/qmp,server=on,wait=off",
            *(["-drive", more] if more else []), *(["-rtc", f"base={rtc}"] if rtc else []), "-S",
        ]
        self.log = open(self.folder / "qemu.log", "w", encoding="utf8")
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        try:
            self.qmp = Lines(self._connect("qmp"))
            self.qmp.read(10)
            self.ask("qmp_capabilities")
            self.agent = Lines(self._connect("agent"))
            if not network:
                self.ask("set_link", name="nic", up=False)
            self.started = time.monotonic()
            self.ask("cont")
        except BaseException:
            self.end()
            raise
        self.asked, self.up = 0, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def age(self):
        """Seconds since it was switched on."""
        return time.monotonic() - self.started

    def _connect(self, name):
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            try:
                link = socket.socket(socket.AF_UNIX)
                link.connect(f"{self.run}/{name}")
                return link
            except OSError:
                time.sleep(0.05)
        raise Failed(f"QEMU did not start; see {self.folder}/qemu.log")

    def console(self):
        """A connection to the serial console."""
        return Lines(self._connect("console"))

    def ask(self, command, **arguments):
        """A QMP command's answer."""
        self.qmp.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        while True:
            answer = json.loads(self.qmp.read(30))
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise Failed(f"QMP {command}: {answer['error']['desc']}")

    def look(self, head=0):
        """A picture of an output."""
        path = self.run / "screen.ppm"
        self.ask("screendump", filename=str(path), device="vga", head=head)
        return picture.read_ppm(path.read_bytes())

    def ready(self, limit=180):
        """Waits until commands are taken inside."""
        if self.up:
            return
        end = time.monotonic() + limit
        while time.monotonic() < end:
            try:
                if self.agent.read(max(0.1, end - time.monotonic())).startswith("hello"):
                    self.up = True
                    return
            except TimeoutError:
                break
        raise Failed("the machine did not boot: no agent")

    def sh(self, script, limit=130, check=True):
        """Runs a script inside, as root: what it printed."""
        code, text = self.sh_code(script, limit)
        if check and code:
            raise Failed(f"in the machine: exit {code}: {script.strip().splitlines()[0][:80]}: {text[-400:]}")
        return text

    def sh_code(self, script, limit=130):
        """The same, with the exit code."""
        self.asked += 1
        name = f"{os.getpid()}.{self.asked}"
        self.agent.write(f"{name} {base64.b64encode(script.encode()).decode()}\n")
        end = time.monotonic() + limit
        while True:
            try:
                words = self.agent.read(max(0.1, end - time.monotonic())).split()
            except TimeoutError:
                raise Failed(f"no answer in {limit} s: {script.strip().splitlines()[0][:80]}") from None
            if words and words[0] == name:
                text = base64.b64decode(words[2]).decode(errors="replace") if len(words) > 2 else ""
                return int(words[1]), text.rstrip("\n")

    def off(self):
        """The power is cut: nothing more is written."""
        self.process.kill()
        self.process.wait()

    def end(self):
        """Ends it and clears its files away."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()
        for file in self.run.iterdir():
            file.unlink()
        self.run.rmdir()


class Lines:
    """A socket read line by line, with an end to each wait."""

    def __init__(self, link):
        self.link = link
        self.buffer = b""

    def write(self, text):
        """Sends all of it."""
        self.link.sendall(text.encode())

    def read(self, limit):
        """The next line; `TimeoutError` where none comes in `limit` seconds."""
        end = time.monotonic() + limit
        while b"\n" not in self.buffer:
            self._more(end)
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode(errors="replace").strip()

    def some(self, limit):
        """What comes within `limit` seconds; nothing where nothing comes."""
        try:
            self._more(time.monotonic() + limit)
        except TimeoutError:
            pass
        got, self.buffer = self.buffer, b""
        return got.decode(errors="replace")

    def until(self, text, limit):
        """Waits for a text that need not end a line: what came up to its end."""
        end = time.monotonic() + limit
        wanted = text.encode()
        while wanted not in self.buffer:
            self._more(end)
        before, self.buffer = self.buffer.split(wanted, 1)
        return before.decode(errors="replace") + text

    def _more(self, end):
        left = end - time.monotonic()
        if left <= 0 or not select.select([self.link], [], [], left)[0]:
            raise TimeoutError
        got = self.link.recv(65536)
        if not got:
            raise TimeoutError
        self.buffer += got

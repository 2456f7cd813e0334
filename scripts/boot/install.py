"""A new user's way: `apt install ./papan.deb` on a fresh machine, `papan setup`, the picture.

Invariant: nothing is done that the README does not say; what apt would fetch from far away lies beside it already.
"""

import re
import time

import boots
import faults
from machine import Failed, Machine

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b.")


def install(images, package, out, table, hall, kvm):
    """From a fresh machine to the picture, by flags and by questions."""
    if package is None:
        print("install: left out: no package (make deb)")
        return
    disk = images.supply(package)
    fresh = f"file={images.fresh()},if=virtio,format=raw,snapshot=on"
    more = f"file={disk},if=virtio,format=raw,readonly=on"
    with Machine(images.kernel, fresh, out, kvm=kvm, more=more) as machine:
        machine.ready()
        # A mirror of its own: what is measured is the installing, not the way to the next mirror.
        machine.sh("mkdir -p /mnt/supply && mount -o ro /dev/vdb /mnt/supply && cp /mnt/supply/papan.deb /opt/"
                   " && rm -rf /etc/apt/sources.list* && mkdir /etc/apt/sources.list.d"
                   " && echo 'deb [trusted=yes] file:/mnt/supply ./' >/etc/apt/sources.list")
        with table.row("apt install ./papan.deb on a fresh machine", machine, "install") as row:
            began = time.monotonic()
            machine.sh("cd /opt && export DEBIAN_FRONTEND=noninteractive && apt-get -qq update &&"
                       " apt-get -y -qq install ./papan.deb", limit=1200)
            took = time.monotonic() - began
            boots.to_numbers(machine, machine.age + 120)
            row.says = f"{took:.0f} s, the demo hall on the screen {time.monotonic() - began - took:.0f} s later"
        with table.row("papan setup by flags", machine, "setup-flags") as row:
            began = time.monotonic()
            machine.sh(f"papan setup --yes --hall 'Mal Pelayanan Publik' --queue ws://10.0.2.2:{hall.port}/events"
                       " --no-token --screen Virtual-1:landscape --playlist /var/lib/papan/playlists/lobi", limit=300)
            took = time.monotonic() - began
            row.says = f"{took:.0f} s, right after {faults.right(machine, hall, 90)[0]:.1f} s more"
        with table.row("papan setup at a terminal, Enter at each question", machine, "setup-asked") as row:
            began = time.monotonic()
            questions = asked(machine, table)
            took = time.monotonic() - began
            row.says = f"{questions} questions, {took:.0f} s, right after {faults.right(machine, hall, 90)[0]:.1f} s more"


def asked(machine, table):
    """At the serial console: as root, Enter at each question. How many there were."""
    console = machine.console()
    console.write("\n")
    console.until("login:", 60)
    console.write("root\n")
    console.until("# ", 60)
    console.write("stty rows 40 cols 120; export TERM=xterm; papan setup; echo ended=$?\n")
    text, steps, last, end = "", 0, time.monotonic(), time.monotonic() + 420
    while time.monotonic() < end:
        got = console.some(0.5)
        if got:
            text, last = text + got, time.monotonic()
        if found := re.findall(r"ended=(\d+)", text):
            (table.pictures / "setup.txt").write_text(CONTROL.sub("", text), encoding="utf8")
            if found[-1] != "0":
                raise Failed(f"papan setup ended with {found[-1]}: {CONTROL.sub('', text)[-300:]}")
            return steps
        # Nothing more comes: a question stands.
        if time.monotonic() - last > 8:
            console.write("\r")
            steps, last = steps + 1, time.monotonic()
    (table.pictures / "setup.txt").write_text(CONTROL.sub("", text), encoding="utf8")
    raise Failed("papan setup did not end")

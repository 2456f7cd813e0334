"""The power is cut while state and playlist are written, and the machine switched on again.

Invariant: what was saved before the cut, as the writer was told, is there after it; nothing is half-written.
"""

import random
import re
import signal
import time

import boots
import faults
import picture
from machine import Failed, Machine

# Saves the playlist again and again, as the editor does, and says on the serial console what is on the disk by then.
WRITER = r"""
cat >/opt/writer.sh <<'END'
cd /var/lib/papan/playlists/lobi
n=$(sed -n 's/^# save //p' playlist.toml | head -1); n=${n:-0}
grep -v '^# save\|^# end' playlist.toml >/run/lines
while :; do
    n=$((n + 1))
    { echo "# save $n"; cat /run/lines; echo "# end $n"; } >.playlist.toml.new
    chown papan:papan .playlist.toml.new
    sync .playlist.toml.new
    mv .playlist.toml.new playlist.toml
    sync .
    echo "saved $n" >/dev/ttyS0
    sleep 0.2
done
END
systemctl stop serial-getty@ttyS0 2>/dev/null
systemd-run --quiet --unit=writer /bin/bash /opt/writer.sh
"""


def cuts(count, kernel, disk, folder, hall, table, seed, **options):
    """`count` cuts, each followed by a boot; two of the boots have a network that is away and clocks that are wrong."""
    chance = random.Random(seed)
    saved, sent = 0, 0
    for n in range(count + 1):
        away = n % 5 == 2
        rtc = {3: "2025-11-22T08:00:00", 4: "2027-11-22T08:00:00"}.get(n, "")
        about = " (network away)" if away else f" (clock of {rtc[:4]})" if rtc else ""
        with Machine(kernel, disk.blockdev(), folder, rtc=rtc, network=not away, **options) as machine:
            if n:
                with table.row(f"power cut {n}{about}", machine, f"cut-{n}") as row:
                    row.says = after(machine, hall, saved, sent, away, lost)
            else:
                machine.ready()
                faults.settle(machine, hall)
                faults.right(machine, hall, 90)
            if n == count:
                break
            machine.ready()
            machine.sh(WRITER)
            sent = run(machine, hall, chance)
            between(machine, hall, disk)
            told = re.findall(r"saved (\d+)\s", machine.serial.read_text(errors="replace"))
            saved = max([int(t) for t in told] + [saved])
        lost = disk.cut(chance)
    disk.clear()


def between(machine, hall, disk, limit=20):
    """Cuts the power between writes and the flush that is to follow them, where that comes soon: a cut at any moment
    seldom meets one, and loses nothing."""
    end, asked = time.monotonic() + limit, 0
    while True:
        machine.process.send_signal(signal.SIGSTOP)
        if disk.in_the_air() > 1 or time.monotonic() > end:
            break
        machine.process.send_signal(signal.SIGCONT)
        if time.monotonic() > asked + 0.4:
            hall.call()
            asked = time.monotonic()
        time.sleep(0.02)
    machine.off()


def run(machine, hall, chance):
    """Calls come for some seconds; the sequence that is on the disk for certain at the end."""
    end = time.monotonic() + chance.uniform(2.5, 7)
    sent = []
    while time.monotonic() < end:
        hall.call()
        time.sleep(chance.uniform(0.05, 0.4))
        sent.append((time.monotonic(), hall.sequence))
    # State is written once a second; a slow machine may need some more to have it on the disk.
    old = [sequence for at, sequence in sent if at < time.monotonic() - 3]
    return old[-1] if old else 0


def after(machine, hall, saved, sent, away, lost):
    """The boot after a cut."""
    numbers, _, _, shown = boots.to_numbers(machine)
    machine.ready(60)
    version = machine.sh("cd /var/lib/papan/playlists/lobi; head -1 playlist.toml; tail -1 playlist.toml").split()
    newest = faults.whole(machine)
    if len(version) != 6 or version[2] != version[5] or int(version[2]) < saved:
        raise Failed(f"the playlist is {' '.join(version)}, save {saved} was done before the cut")
    if newest is None or newest < sent:
        raise Failed(f"the state is of {newest}, {sent} came 3 s before the cut")
    if away:
        # What was known is shown, and says so; then the network comes.
        if (wrong := picture.different(shown, hall.expected(newest))) > 600:
            raise Failed(f"while the network is away, {wrong} places differ from the state {newest}, which was kept")
        machine.ask("set_link", name="nic", up=True)
    took = faults.right(machine, hall, 90)[0]
    return (f"numbers {numbers:.0f} s after power, right {took:.1f} s later; "
            f"of {lost[2]} writes {lost[1]} in the air, {lost[0]} of them lost, save {version[2]} ≥ {saved}, state {newest} ≥ {sent}")

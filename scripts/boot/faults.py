"""Each fault, and what the screen shows after it.

Invariant: a fault is over when the board shows, to the pixel, what the queue server sent last.
"""

import base64
import json
import time

import picture
from machine import Failed

CARD = "/sys/class/drm/card0"
SWAY = "XDG_RUNTIME_DIR=/run/papan-display runuser -u papan -- swaymsg -s /run/papan-display/sway-ipc.*.sock --"
PLUG = f'echo "change $(cat /proc/sys/kernel/random/uuid) HOTPLUG=1" >{CARD}/uevent'
SITE = """[hall]
name = "Mal Pelayanan Publik"
[queue]
url = "ws://10.0.2.2:{port}/events"
display = "lobi-1"
[[screen]]
playlist = "/var/lib/papan/playlists/lobi"
"""


def settle(machine, hall):
    """The site's config: the queue server on the host, a playlist of its own."""
    machine.sh(f"""
cat >/etc/papan/papan.toml <<'END'
{SITE.format(port=hall.port)}END
mkdir -p /var/lib/papan/playlists
[ -d /var/lib/papan/playlists/lobi ] || cp -r /usr/share/papan/playlists/lobi /var/lib/papan/playlists/
cd /var/lib/papan/playlists/lobi
# An emulated machine decodes no film in time.
awk 'BEGIN {{ RS = ""; ORS = "\\n\\n" }} !/\\nfilm = /' playlist.toml >new && mv new playlist.toml
chown -R papan:papan /var/lib/papan
sync
systemctl restart papan
""")


def right(machine, hall, limit=60, head=0, expected=None):
    """Seconds until the board is as it should be; the picture."""
    started, shown = time.monotonic(), None
    expected = expected or hall.expected()
    while time.monotonic() - started < limit:
        at = time.monotonic()
        shown = machine.look(head)
        if shown.width == 1920 and shown.height == 1080 and picture.different(shown, expected) <= 4:
            return at - started, shown
        time.sleep(0.1)
    where = picture.different(shown, expected) if shown and shown.width == 1920 and shown.height == 1080 else "all"
    error = Failed(f"the board is wrong after {limit} s ({where} places differ)")
    error.picture = shown
    raise error


class Faults:
    """The faults that need no boot of their own, in one machine."""

    def __init__(self, machine, hall, table, only=()):
        self.machine, self.hall, self.table, self.only = machine, hall, table, only

    def all(self):
        """Each of them, and the screen after each."""
        for fault in (self.program, self.compositor, self.mode, self.off, self.unplugged, self.plugged_while_dead,
                      self.frozen, self.stuck, self.network, self.console, self.memory, self.schedule, self.television,
                      self.full, self.read_only, self.told, self.safe):
            if self.only and fault.__name__ not in self.only:
                continue
            # Nothing is known of the crashes before: else the last faults would meet safe mode.
            self.machine.sh(f"logger -t boot-test {fault.__name__}; systemctl stop papan;"
                            "rm -f /var/lib/papan/starts.json; systemctl start papan", check=False)
            with self.table.row(fault.__doc__.strip(" ."), self.machine, fault.__name__) as row:
                self._right(90)
                row.says = fault()

    def _right(self, limit=60):
        return right(self.machine, self.hall, limit)[0]

    def _after(self, script, limit=60):
        """Seconds from a fault to the right picture, with a call that comes right after it: what stood before is
        not right."""
        send = self.hall.prepare()
        expected = self.hall.expected()
        self.machine.sh(script)
        began = time.monotonic()
        send()
        right(self.machine, self.hall, limit, expected=expected)
        return time.monotonic() - began

    def program(self):
        """kill -9 of the program."""
        before = self.machine.sh("systemctl show papan -p MainPID --value")
        took = self._after(f"kill -9 {before}")
        after = self.machine.sh("systemctl show papan -p MainPID --value")
        if before == after:
            raise Failed("it was not killed")
        return f"right after {took:.1f} s"

    def compositor(self):
        """kill -9 of the compositor."""
        before = self.machine.sh("systemctl show papan-display -p MainPID --value")
        took = self._after(f"kill -9 {before}")
        if before == self.machine.sh("systemctl show papan-display -p MainPID --value"):
            raise Failed("it was not killed")
        return f"right after {took:.1f} s"

    def frozen(self):
        """The program is frozen (SIGSTOP)."""
        if self.machine.sh("systemctl show papan -p Type --value") != "notify":
            return "left out: this program feeds no watchdog"
        before = self.machine.sh("systemctl show papan -p MainPID --value")
        took = self._after(f"kill -STOP {before}", 90)
        if before == self.machine.sh("systemctl show papan -p MainPID --value"):
            raise Failed("it was not started again")
        return f"right after {took:.1f} s"

    def stuck(self):
        """The compositor is frozen (SIGSTOP)."""
        before = self.machine.sh("systemctl show papan-display -p MainPID --value")
        self.machine.sh(f"kill -STOP {before}")
        end = time.monotonic() + 120
        while self.machine.sh("systemctl show papan-display -p MainPID --value") in (before, "0"):
            if time.monotonic() > end:
                raise Failed("it was not started again")
            time.sleep(1)
        self._after("true", 90)
        return f"right after {time.monotonic() - (end - 120):.0f} s"

    def mode(self):
        """The output changes its mode, and back."""
        self.machine.sh(f"{SWAY} output Virtual-1 mode --custom 1280x720")
        time.sleep(3)
        shown = self.machine.look()
        shown.save(self.table.pictures / "mode-720.png")
        if (shown.width, shown.height) != (1280, 720) or shown.is_black():
            raise Failed(f"{shown.width}x{shown.height} is shown")
        return f"right after {self._after(f'{SWAY} output Virtual-1 mode --custom 1920x1080'):.1f} s"

    def off(self):
        """The output is put off at the compositor, and on."""
        self.machine.sh(f"{SWAY} output Virtual-1 dpms off")
        self.hall.call()
        time.sleep(5)
        dark = self._dark()
        took = self._after(f"{SWAY} output Virtual-1 dpms on")
        return f"{'dark' if dark else 'NOT dark'} while off, right after {took:.1f} s"

    def _dark(self):
        """Whether the output has no power, as the compositor says."""
        said = self.machine.sh(f"{SWAY.removesuffix('--')} -t get_outputs -r")
        return any(output["name"] == "Virtual-1" and not output["dpms"] for output in json.loads(said))

    def schedule(self):
        """The output goes off and on by schedule."""
        config = "/etc/papan/papan.toml"
        self.machine.sh(f"cp {config} /opt/before.toml; sed -i 's/^playlist =/on = [\"20:00-21:00\"]\\n&/' {config};"
                        # The hall is on WITA, eight hours ahead of the machine.
                        "date -s 12:59:40; systemctl restart papan")
        try:
            self._right(60)
            dark = self._wait(lambda: self._dark(), 60)
            calls = self.hall.call()
            self.machine.sh("date -s 11:59:50")
            lit = self._wait(lambda: not self._dark(), 60)
            took = self._right(30)
        finally:
            self.machine.sh(f"cp /opt/before.toml {config}; date -s @{time.time():.0f}; systemctl restart papan")
        return f"dark {dark:.0f} s after 12:59:40, lit {lit:.1f} s after 11:59:50, right {took:.1f} s later with {calls}"

    def _wait(self, done, limit):
        began = time.monotonic()
        while not done():
            if time.monotonic() - began > limit:
                raise Failed(f"it did not come within {limit} s")
            time.sleep(0.2)
        return time.monotonic() - began

    def television(self):
        """A television on HDMI-CEC, made by the kernel's test driver, sleeps and wakes by schedule."""
        code, said = self.machine.sh_code("modprobe vivid n_devs=1 node_types=0x120 num_inputs=1 input_types=0x03"
                                          " num_outputs=1 output_types=0x01 && udevadm settle; ls -l /dev/cec*")
        if code:
            return f"left out: {said.splitlines()[-1] if said else code}"
        config = "/etc/papan/papan.toml"
        self.machine.sh(f"cp {config} /opt/before.toml;"
                        f"sed -i 's/^playlist =/cec = true\\non = [\"20:00-21:00\"]\\n&/' {config};"
                        "date -s 12:59:50; systemctl restart papan")
        try:
            self._right(60)
            time.sleep(25)
            told = self.machine.sh("journalctl -b -u papan --no-pager | grep -i -e cec | tail -5; papan status | tail -12",
                                   check=False)
            (self.table.pictures / "cec.txt").write_text(said + "\n" + told, encoding="utf8")
        finally:
            self.machine.sh(f"cp /opt/before.toml {config}; date -s @{time.time():.0f}; systemctl restart papan;"
                            "sleep 1; rmmod vivid", check=False)
        self._right(60)
        return told.splitlines()[0][-120:] if told else "nothing was said of CEC"

    def unplugged(self):
        """The output is unplugged, and back."""
        how = self._unplug()
        self.hall.call()
        time.sleep(5)
        if self.machine.sh("systemctl is-active papan papan-display", check=False).split() != ["active", "active"]:
            raise Failed("the program or the compositor ended without an output")
        return f"right after {self._after(self._plug(how)):.1f} s ({how})"

    def plugged_while_dead(self):
        """The output is unplugged, the program killed, the output back."""
        how = self._unplug()
        self.machine.sh("kill -9 $(systemctl show papan -p MainPID --value)")
        time.sleep(6)
        return f"right after {self._after(self._plug(how)):.1f} s ({how})"

    def _outputs(self):
        return self.machine.sh(f"{SWAY.removesuffix('--')} -t get_outputs -r | grep -c '\"active\": true'", check=False).strip()

    def _unplug(self):
        """By the connector's state; at the compositor where that does not come through."""
        # What the kernel adds by itself where a cable tells of it: for a forced state nobody does.
        self.machine.sh("""mkdir -p /run/udev/rules.d
echo 'ACTION=="change", SUBSYSTEM=="drm", ENV{SYNTH_ARG_HOTPLUG}=="1", ENV{HOTPLUG}="1"' >/run/udev/rules.d/99-plug.rules
udevadm control --reload""")
        self.machine.sh(f"echo off >{CARD}-Virtual-1/status; {PLUG}")
        for _ in range(12):
            if self._outputs() == "0":
                return "connector"
            time.sleep(1)
        self.machine.sh(f"echo detect >{CARD}-Virtual-1/status; {PLUG}; {SWAY} output Virtual-1 disable")
        return "compositor"

    def _plug(self, how):
        if how == "connector":
            return f"echo detect >{CARD}-Virtual-1/status; {PLUG}"
        return f"{SWAY} output Virtual-1 enable"

    def network(self):
        """The network is away for 45 s, and back."""
        self.machine.ask("set_link", name="nic", up=False)
        time.sleep(45)
        self.hall.call()
        self.machine.look().save(self.table.pictures / "network-away.png")
        expected = self.hall.expected()
        self.machine.ask("set_link", name="nic", up=True)
        return f"right after {right(self.machine, self.hall, 60, expected=expected)[0]:.1f} s"

    def console(self):
        """Another console is looked at (Ctrl-Alt-F2), the compositor killed there, and back."""
        def switch(key):
            self.machine.ask("send-key", keys=[{"type": "qcode", "data": k} for k in ("ctrl", "alt", key)])
        switch("f2")
        time.sleep(4)
        active = self.machine.sh("cat /sys/class/tty/tty0/active")
        if active != "tty2":
            return f"Ctrl-Alt-F2 leads to {active}"
        self.machine.look().save(self.table.pictures / "console.png")
        self.machine.sh("kill -9 $(systemctl show papan-display -p MainPID --value)")
        time.sleep(4)
        if self.machine.sh("cat /sys/class/tty/tty0/active") != "tty2":
            raise Failed("the compositor took another console")
        switch("f1")
        return f"right {self._right(90):.1f} s after Ctrl-Alt-F1"

    def full(self):
        """The disk is full; the program is killed on it; there is room again."""
        self.machine.sh("dd if=/dev/zero of=/var/full bs=1M 2>/dev/null; dd if=/dev/zero of=/var/full2 bs=512 2>/dev/null;"
                        "sync; true", limit=200)
        calls = self._after("true")
        time.sleep(2)
        killed = self._after("kill -9 $(systemctl show papan -p MainPID --value)")
        whole(self.machine)
        self.machine.sh("rm -f /var/full /var/full2; sync")
        self._after("true")
        time.sleep(3)
        kept(self.machine, self.hall.sequence)
        return f"a call after {calls:.1f} s; right {killed:.1f} s after kill -9; state kept once there was room"

    def read_only(self):
        """The disk is read-only; the program is killed on it."""
        self.machine.sh("sync; echo u >/proc/sysrq-trigger; sleep 1; ! touch /var/probe")
        calls = self._after("true")
        killed = self._after("kill -9 $(systemctl show papan -p MainPID --value)")
        display = self._after("kill -9 $(systemctl show papan-display -p MainPID --value)")
        self.machine.sh("mount -o remount,rw /")
        time.sleep(2)
        self._after("true")
        time.sleep(3)
        kept(self.machine, self.hall.sequence)
        return f"a call after {calls:.1f} s; right {killed:.1f} s after kill -9, {display:.1f} s of the compositor's"

    def memory(self):
        """Memory runs out: another process takes all there is."""
        pids = "systemctl show papan papan-display -p MainPID --value"
        before = self.machine.sh(pids)
        self.machine.sh("systemd-run --quiet --unit=hog --property=MemorySwapMax=0 /bin/bash -c "
                        "'x=x; while :; do x=$x$x; done'; sleep 20; systemctl stop hog || true", check=False)
        took = self._after("true")
        same = "neither was ended" if before == self.machine.sh(pids) else "one was started again"
        return f"right {took:.1f} s later, {same}"


    def safe(self):
        """The program crashes again and again."""
        if self.machine.sh("systemctl show papan -p Type --value") != "notify":
            return "left out: this program keeps no record of crashes"
        self.machine.sh("journalctl --rotate; journalctl --vacuum-time=1s; sleep 1", check=False)
        said = "journalctl -b -u papan --no-pager | grep -c -e 'mode aman' -e 'safe mode'"
        for count in range(1, 9):
            began = time.monotonic()
            self.machine.sh("kill -9 $(systemctl show papan -p MainPID --value); sleep 3")
            while not self.machine.look().has_numbers():
                if time.monotonic() > began + 60:
                    raise Failed("no board after a crash")
                time.sleep(0.2)
            took = time.monotonic() - began
            if self.machine.sh(said, check=False).strip() not in ("", "0"):
                # Without a running text of its own the board is higher: not the picture of every day.
                self.machine.look().save(self.table.pictures / "safe-mode.png")
                normal = self._after("systemctl restart papan", 90)
                return f"safe mode after {count}, the board {took:.1f} s later; {normal:.1f} s after a restart by hand"
        raise Failed("no safe mode after 8 crashes")

    def told(self):
        """What IT is told: papan status, papan screenshot."""
        code, text = self.machine.sh_code("papan status && papan screenshot /tmp/own.png && base64 -w0 /tmp/own.png")
        if code:
            return f"left out: {text.splitlines()[0] if text else code}"
        *lines, own = text.splitlines()
        (self.table.pictures / "status.txt").write_text("\n".join(lines), encoding="utf8")
        own = picture.read_png(base64.b64decode(own))
        count = picture.different(own, self.hall.expected())
        if count > 4:
            raise Failed(f"papan screenshot differs from the hall in {count} places")
        return f"{len(lines)} lines of status; the screenshot shows the board as it is"


TWO = """
[[screen]]
output = "Virtual-1"
layout = "landscape"
playlist = "/var/lib/papan/playlists/lobi"
[[screen]]
output = "Virtual-2"
layout = "videotron"
region = { x = 64, y = 32, width = 1152, height = 576 }
"""


def two(machine, hall):
    """A lobby and a videotron beside it, whose region is exact pixels of its output."""
    settle(machine, hall)
    site = SITE.format(port=hall.port).split("[[screen]]", 1)[0] + TWO
    machine.sh(f"cat >/etc/papan/papan.toml <<'END'\n{site}END\n"
               # As a site does it, where a screen names no mode of its own.
               "echo 'output Virtual-2 mode 1920x1080' >/etc/papan/sway.d/site.conf\n"
               "systemctl restart papan-display papan")
    took = right(machine, hall, 120)[0]
    time.sleep(3)
    second = machine.look(1)
    second.save(machine.folder.parent / "pictures" / "videotron.png")
    inside = second.share((64, 32, 1152, 576))
    outside = [second.share(rect) for rect in ((0, 0, 1920, 32), (0, 32, 64, 576), (1216, 32, 704, 1048), (0, 608, 1920, 472))]
    if inside < 0.02 or max(outside) > 0:
        raise Failed(f"the videotron's region is wrong: {inside:.2f} inside, {max(outside):.2f} outside")
    return f"right after {took:.1f} s, the videotron in its region and nothing beside it"


def whole(machine):
    """Nothing saved is half-written: the state is JSON, the playlist has no errors. The state's sequence."""
    playlist = machine.sh_code("cd / && runuser -u papan -- papan check --config /etc/papan/papan.toml")
    # An emulated machine decodes no film in time, and `papan check` says so.
    wrong = [line for line in playlist[1].splitlines() if ".toml" in line or "pages/" in line]
    if playlist[0] and wrong or playlist[0] not in (0, 1):
        raise Failed(f"papan check: {playlist[1][-300:]}")
    newest = None
    for path in machine.sh("find /var/lib/papan -maxdepth 2 -name '*.json' -not -path '*/last-good/*'").split():
        text = machine.sh(f"cat {path}")
        try:
            state = json.loads(text)
        except ValueError:
            raise Failed(f"{path} is half-written: {text[:80]!r}") from None
        if "sequence" in text:
            newest = max(newest or 0, sequence_in(state))
    return newest


def sequence_in(state):
    """The sequence, wherever it stands in the state."""
    if isinstance(state, dict):
        own = [int(v) for k, v in state.items() if k == "sequence" and str(v).isdigit()]
        return max(own + [sequence_in(v) for v in state.values()] + [0])
    return max([sequence_in(v) for v in state] + [0]) if isinstance(state, list) else 0


def kept(machine, least):
    """The state on disk is not older than this sequence."""
    newest = whole(machine)
    if newest is None or newest < least:
        raise Failed(f"the state on disk is of {newest}, {least} was sent 3 s before")

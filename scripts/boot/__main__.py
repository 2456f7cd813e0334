"""The boot test. `make boot-test`, or a part of it: `make boot-test ARGS="--parts boot,faults"`.

Invariant: it ends with a table of all that was done, and with 1 if anything of it was wrong.
"""

import argparse
import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import boots
import cuts
import faults
import image
import install
from disk import Disk
from hall import Hall
from machine import Failed, Machine

PARTS = ("boot", "faults", "outputs", "cuts", "install")


class Table:
    """What was done and how it went."""

    def __init__(self, pictures):
        self.pictures = pictures
        self.rows = []
        self.wrong = 0

    @contextlib.contextmanager
    def row(self, what, machine=None, name=None):
        """A line of it; `says` is set within. Whatever fails within is wrong, with a picture and the journal."""
        row = argparse.Namespace(says="")
        good = True
        try:
            yield row
        except (Failed, TimeoutError, OSError, ValueError) as error:
            row.says, good = f"{error}" or repr(error), False
            self.wrong += 1
            if machine and name:
                with contextlib.suppress(Exception):
                    log = machine.sh("journalctl -b --no-pager -o short-monotonic | tail -400")
                    (self.pictures / f"{name}.journal").write_text(log, encoding="utf8")
        if machine and name:
            with contextlib.suppress(Exception):
                machine.look().save(self.pictures / f"{name}.png")
        self.rows.append((what, row.says, good))
        print(f"{'ok   ' if good else 'WRONG'}  {what}: {row.says}", flush=True)

    def end(self):
        """The table, and what the program ends with."""
        width = max((len(what) for what, _, _ in self.rows), default=0)
        print(f"\n{'what':<{width}}  result")
        for what, says, good in self.rows:
            print(f"{what:<{width}}  {'' if good else 'WRONG: '}{says}")
        print(f"\n{len(self.rows)} tried, {self.wrong} wrong. Pictures: {self.pictures}")
        return 1 if self.wrong else 0


def find(pattern):
    """The newest file of a pattern in the repository."""
    return max(image.ROOT.glob(pattern), key=lambda path: path.stat().st_mtime, default=None)


def kvm_works(kernel, disk, folder):
    """Whether a guest runs on /dev/kvm: it may be there and stall."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    with contextlib.suppress(Failed, TimeoutError, OSError, ValueError):
        with Machine(kernel, disk, folder, kvm=True) as machine:
            machine.ready(20)
            return True
    return False


def snapshot(path):
    """A disk whose writes are gone at the end."""
    return f"file={path},if=virtio,format=raw,snapshot=on"


def boot(images, papan, out, table, times, kvm):
    """Both images, one after the other, so that whatever else this computer does concerns both."""
    logins, numbers = [], []
    for n in range(times):
        with Machine(images.kernel, snapshot(images.fresh()), out, kvm=kvm) as machine:
            with table.row(f"boot {n + 1} without papan", machine, f"login-{n + 1}") as row:
                at, _ = boots.to_login(machine)
                logins.append(at)
                row.says = f"login prompt after {at:.1f} s"
        with Machine(images.kernel, snapshot(papan), out, kvm=kvm) as machine:
            with table.row(f"boot {n + 1} with papan", machine, f"numbers-{n + 1}") as row:
                at, black, text, _ = boots.to_numbers(machine)
                numbers.append(at)
                row.says = f"first numbers after {at:.1f} s; black for {black:.1f} s, text for {text:.1f} s before"
            if n + 1 == times:
                machine.ready(60)
                machine.sh("while ! systemctl is-system-running >/dev/null && systemctl list-jobs | grep -q running;"
                           " do sleep 1; done", check=False)
                text = machine.sh("systemd-analyze; systemd-analyze blame | head -25; systemd-analyze critical-chain;"
                                  "journalctl -b --no-pager -o short-monotonic -u 'papan*' -u seatd", check=False)
                (table.pictures / "boot.txt").write_text(text, encoding="utf8")
                with table.row("hardening") as row:
                    units = "papan papan-display papan-graphics"
                    text = machine.sh(f"for u in {units}; do"
                                      " systemd-analyze security $u --no-pager | tail -1; done")
                    figures = [float(w) for w in text.replace(":", " ").split() if w.replace(".", "", 1).isdigit()]
                    said = ", ".join(f"{unit} {figure}" for unit, figure in zip(units.split(), figures, strict=True))
                    row.says = f"systemd-analyze security: {said}"
                    if max(figures) > 3.0:
                        raise Failed(row.says)
                with table.row("ports open to the network") as row:
                    ports = machine.sh("cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\" {print $2}'")
                    own = [p for p in ports.split() if not p.startswith(("0100007F", "00000000000000000000000001"))]
                    row.says = f"{len(own)} {' '.join(own)}"
                    if own:
                        raise Failed(row.says)
    if logins and numbers:
        with table.row("numbers against login prompt") as row:
            ratio = statistics.median(numbers) / statistics.median(logins)
            row.says = (f"{statistics.median(numbers):.1f} s to {statistics.median(logins):.1f} s: "
                        f"{(ratio - 1) * 100:+.0f} % (aim: at most +25 %)")
            if ratio > 1.5:
                raise Failed(row.says)


def main():
    parser = argparse.ArgumentParser(prog="boot-test", description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {','.join(PARTS)}")
    parser.add_argument("--suite", default="bookworm", help="Debian's: bookworm or trixie")
    parser.add_argument("--deb", type=Path, help="the package; left out: the newest target/debian/*.deb")
    parser.add_argument("--program", type=Path, default=image.ROOT / "target/release/papan",
                        help="where there is no package, and to draw what is expected")
    parser.add_argument("--by-hand", action="store_true", help="the program and packaging/, without a package")
    parser.add_argument("--times", type=int, default=2, help="boots of each image")
    parser.add_argument("--only", type=lambda text: text.split(","), default=(), help="these faults alone, by name")
    parser.add_argument("--cuts", type=int, default=20, help="power cuts")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the cuts' moments")
    parser.add_argument("--folder", type=Path, default=image.ROOT / "target/boot")
    parser.add_argument("--no-kvm", action="store_true")
    args = parser.parse_args()
    # A machine that was started is ended, also where this is asked to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parts = args.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part {', '.join(unknown)}: {', '.join(PARTS)}")
    for tool in ("qemu-system-x86_64", "qemu-img", "debootstrap", "mke2fs"):
        if not shutil.which(tool):
            raise SystemExit(f"boot-test: no {tool} here: scripts/setup.sh boot")
    package = None if args.by_hand else args.deb or find("target/debian/papan_*.deb")
    if not args.program.exists():
        raise SystemExit(f"boot-test: no {args.program}: make release, or --program FILE")
    started = time.monotonic()
    images = image.Images(args.folder, args.suite)
    fresh = images.fresh()
    papan = images.with_papan(package, args.program)
    print(f"images of {args.suite} after {time.monotonic() - started:.0f} s, papan from {package or args.program}")
    table = Table(args.folder / "pictures")
    shutil.rmtree(table.pictures, ignore_errors=True)
    table.pictures.mkdir(parents=True)
    out = args.folder / "run"
    kvm = not args.no_kvm and kvm_works(images.kernel, snapshot(fresh), out)
    print("accelerated by KVM" if kvm else "emulated: no guest runs on /dev/kvm here", flush=True)
    try:
        if "boot" in parts:
            boot(images, papan, out, table, args.times, kvm)
        hall = Hall(args.program)
        if "outputs" in parts:
            # The second one counts as plugged in; it offers modes up to 5120x2160, and prefers none.
            with Machine(images.kernel, snapshot(papan), out, kvm=kvm, outputs=2,
                         words="video=Virtual-2:e") as machine:
                with table.row("two outputs, a videotron's region on the second", machine, "outputs") as row:
                    machine.ready()
                    row.says = faults.two(machine, hall)
        if "faults" in parts:
            with Machine(images.kernel, snapshot(papan), out, kvm=kvm, outputs=2) as machine:
                with table.row("a hall's own queue server and playlist", machine, "hall") as row:
                    machine.ready()
                    faults.settle(machine, hall)
                    row.says = f"right after {faults.right(machine, hall, 90)[0]:.1f} s"
                faults.Faults(machine, hall, table, args.only).all()
        if "cuts" in parts:
            site = images.folder / "site.img"
            subprocess.run(["cp", "--sparse=always", str(papan), str(site)], check=True)
            print(f"cuts: --seed {args.seed}")
            cuts.cuts(args.cuts, images.kernel, Disk(site), out, hall, table, args.seed, kvm=kvm)
            site.unlink()
        if "install" in parts:
            install.install(images, package, out, table, hall, kvm)
    except (Failed, TimeoutError) as error:
        table.rows.append(("the test itself", str(error), False))
        table.wrong += 1
    return table.end()


if __name__ == "__main__":
    sys.exit(main())

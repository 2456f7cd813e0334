"""Makes the disk images: a fresh Debian, and the same with papan.

Invariant: an image is either whole or not there; nothing is mounted, and a second run takes what the first one made.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MIRROR = "http://deb.debian.org/debian"
# What debootstrap installs beside the essential packages: a machine as Debian's installer leaves it, without desktop.
FRESH = (
    "systemd,systemd-sysv,udev,dbus,libpam-systemd,linux-image-amd64,initramfs-tools,kmod,iproute2,"
    "ca-certificates,login,procps,less,nano"
)
# Where the package is not built: what it depends on, to try the units by hand.
DEPENDS = (
    "sway seatd libasound2 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad "
    "gstreamer1.0-libav libxkbcommon0 libwayland-client0 espeak-ng"
).split()
SIZE = "3G"


class Images:
    """The images of one Debian suite, in `folder`."""

    def __init__(self, folder, suite):
        self.folder = Path(folder).resolve() / suite
        self.suite = suite
        self.debs = self.folder / "debs"
        self.tree = self.folder / "tree"
        self.log = self.folder / "image.log"
        self.debs.mkdir(parents=True, exist_ok=True)

    @property
    def kernel(self):
        """The kernel and its initramfs."""
        return self.folder / "vmlinuz", self.folder / "initrd.img"

    def fresh(self):
        """The image without papan."""
        image = self.folder / "fresh.img"
        if image.exists():
            return image
        shutil.rmtree(self.tree, ignore_errors=True)
        self._run("debootstrap", "--variant=minbase", f"--cache-dir={self.debs}", f"--include={FRESH}",
                  self.suite, self.tree, MIRROR)
        shutil.copy(self.tree / "var/lib/dpkg/status", self.folder / "fresh.status")
        self._furnish()
        for name, target in zip(("vmlinuz", "initrd.img"), self.kernel):
            shutil.copy(self.tree / name, target)
        return self._pack(image)

    def with_papan(self, package, program):
        """The image with papan: from a package, or, where there is none, from a program and the repository."""
        content = hashlib.sha256((package or program).read_bytes())
        if not package:
            for file in sorted((ROOT / "packaging").rglob("*")):
                content.update(file.read_bytes() if file.is_file() else b"")
        content.update((HERE / "agent.sh").read_bytes() + Path(__file__).read_bytes())
        image, mark = self.folder / "papan.img", self.folder / "papan.mark"
        if image.exists() and mark.exists() and mark.read_text() == content.hexdigest():
            return image
        mark.unlink(missing_ok=True)
        if not self.tree.exists():
            (self.folder / "fresh.img").unlink(missing_ok=True)
        self.fresh()
        self._put_debs()
        if package:
            shutil.copy(package, self.tree / "opt" / "papan.deb")
            # v4l-utils is what the package recommends for televisions on HDMI-CEC.
            self._apt("install", "--reinstall", "/opt/papan.deb", "v4l-utils")
        else:
            self._apt("install", *DEPENDS)
            self._by_hand(program)
        self._furnish()
        self._settle_fonts()
        self._pack(image)
        mark.write_text(content.hexdigest())
        return image

    def supply(self, package):
        """A disk with the package, and as a source of packages all that apt takes for it on a fresh machine, what it
        recommends included."""
        disk, folder, wanted = self.folder / "supply.img", self.folder / "supply", self.tree / "opt/wanted"
        disk.unlink(missing_ok=True)
        shutil.rmtree(wanted, ignore_errors=True)
        (wanted / "partial").mkdir(parents=True)
        self._put_debs(wanted)
        shutil.copy(package, self.tree / "opt/papan.deb")
        shutil.copy(self.folder / "fresh.status", self.tree / "opt/fresh.status")
        self._run("chroot", self.tree, "apt-get", "update", "--quiet")
        self._run("chroot", self.tree, "apt-get", "install", "--quiet", "--yes", "--download-only",
                  "-o", "Dir::State::status=/opt/fresh.status", "-o", "Dir::Cache::archives=/opt/wanted",
                  "/opt/papan.deb")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        index = []
        for deb in sorted(wanted.glob("*.deb")):
            shutil.copy(deb, folder)
            shutil.move(deb, self.debs / deb.name)
            control = subprocess.run(["dpkg-deb", "--field", folder / deb.name], capture_output=True, check=True)
            digest = hashlib.sha256((folder / deb.name).read_bytes()).hexdigest()
            index.append(f"{control.stdout.decode().strip()}\nFilename: ./{deb.name}\n"
                         f"Size: {(folder / deb.name).stat().st_size}\nSHA256: {digest}\n")
        (folder / "Packages").write_text("\n".join(index), encoding="utf8")
        shutil.copy(package, folder / "papan.deb")
        self._run("mke2fs", "-q", "-t", "ext4", "-d", folder, disk, "1G")
        shutil.rmtree(folder)
        return disk

    def _run(self, *command, **options):
        with open(self.log, "a", encoding="utf8") as log:
            print("$", *command, file=log, flush=True)
            env = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C.UTF-8")
            done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  env=env, check=False, **options)
        if done.returncode:
            raise SystemExit(f"boot-test: {command[0]} failed; see {self.log}")

    def _apt(self, *words):
        self._run("chroot", self.tree, "apt-get", "update", "--quiet")
        self._run("chroot", self.tree, "apt-get", *words, "--quiet", "--yes", "--no-install-recommends",
                  "--allow-downgrades")
        archives = self.tree / "var/cache/apt/archives"
        for deb in archives.glob("*.deb"):
            shutil.move(deb, self.debs / deb.name)

    def _put_debs(self, archives=None):
        archives = archives or self.tree / "var/cache/apt/archives"
        archives.mkdir(parents=True, exist_ok=True)
        for deb in self.debs.glob("*.deb"):
            if not (archives / deb.name).exists():
                os.link(deb, archives / deb.name)

    def _write(self, path, text, mode=0o644):
        path = self.tree / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")
        path.chmod(mode)

    def _furnish(self):
        """What makes it a machine: a name, a disk, a network by DHCP; and what makes it a test's: the agent."""
        self._write("etc/fstab", "/dev/vda / ext4 errors=remount-ro 0 1\n")
        self._write("etc/hostname", "lobi\n")
        self._write("etc/hosts", "127.0.0.1 localhost lobi\n")
        self._write("etc/systemd/network/80-dhcp.network", "[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n")
        self._write("etc/resolv.conf", "nameserver 10.0.2.3\n")
        self._write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
        self._write("opt/agent.sh", (HERE / "agent.sh").read_text(encoding="utf8"), 0o755)
        self._write("etc/systemd/system/papan-test-agent.service",
                    "[Unit]\nDescription=the boot test's agent\n"
                    "[Service]\nExecStart=/opt/agent.sh\nRestart=always\nOOMScoreAdjust=-1000\n"
                    "[Install]\nWantedBy=multi-user.target\n")
        # A machine in an emulator is slow; journald keeps what is said across a reset.
        self._write("etc/systemd/journald.conf.d/test.conf", "[Journal]\nStorage=persistent\nSyncIntervalSec=5s\n")
        self._run("chroot", self.tree, "systemctl", "enable", "papan-test-agent", "systemd-networkd")
        self._run("chroot", self.tree, "passwd", "--delete", "root")

    def _settle_fonts(self):
        """mke2fs keeps whole seconds only; else fontconfig would find its list of fonts older than the folders."""
        for folder, _, _ in os.walk(self.tree / "usr/share/fonts"):
            os.utime(folder, (1_700_000_000, 1_700_000_000))
        if (self.tree / "usr/bin/fc-cache").exists():
            self._run("chroot", self.tree, "fc-cache", "--force", "--system-only")

    def _by_hand(self, program):
        packaging = ROOT / "packaging"
        for source, target, mode in [
            (program, "usr/bin/papan", 0o755),
            (packaging / "sway.conf", "usr/share/papan/sway.conf", 0o644),
            (packaging / "papan.toml", "usr/share/papan/papan.toml", 0o644),
            (packaging / "modules-load.conf", "usr/lib/modules-load.d/papan.conf", 0o644),
            *[(file, f"usr/lib/papan/{file.name}", 0o755) for file in (packaging / "lib").iterdir()],
            *[(file, f"usr/lib/systemd/system/{file.name}", 0o644) for file in (packaging / "systemd").iterdir()],
        ]:
            (self.tree / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, self.tree / target)
            (self.tree / target).chmod(mode)
        unit = "usr/lib/systemd/system/papan.service"
        text = (self.tree / unit).read_text(encoding="utf8")
        if b"NOTIFY_SOCKET" not in program.read_bytes():
            # A program from before it fed the watchdog.
            text = text.replace("Type=notify", "Type=exec").replace("WatchdogSec=", "#WatchdogSec=")
        self._write(unit, text)
        shutil.copytree(ROOT / "playlists", self.tree / "usr/share/papan/playlists", dirs_exist_ok=True)
        self._write("etc/papan/papan.toml", '[hall]\nname = "Mal Pelayanan Publik"\n')
        (self.tree / "etc/papan/sway.d").mkdir(parents=True, exist_ok=True)
        self._write("usr/lib/sysusers.d/papan.conf", 'u papan - "papan" /var/lib/papan\n')
        self._run("chroot", self.tree, "systemd-sysusers")
        self._run("chroot", self.tree, "systemctl", "enable", "papan", "papan-display")

    def _pack(self, image):
        archives = self.tree / "var/cache/apt/archives"
        for deb in archives.glob("*.deb"):
            deb.unlink()
        (self.tree / "usr/sbin/policy-rc.d").unlink(missing_ok=True)
        new = image.with_suffix(".new")
        new.unlink(missing_ok=True)
        self._run("mke2fs", "-q", "-t", "ext4", "-d", self.tree, "-L", "root", new, SIZE)
        new.rename(image)
        return image

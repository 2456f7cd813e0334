"""What a power cut leaves on a disk.

QEMU writes down every write and flush in its order (driver blklogwrites, the format of Linux' dm-log-writes). What was
flushed is on the disk. Of what was written after the last flush a part is, in no order, and one write is torn, as a
disk with a cache of its own leaves it.
Invariant: nothing that came before a flush is lost; of the rest, any part may be.
"""

import json
import struct
import subprocess

MAGIC = 0x6A736677736872
FLUSH, DISCARD = 1, 4
SECTOR = 512


class Disk:
    """A raw image whose writes are held back until the power is cut or the machine is switched off in order."""

    def __init__(self, image):
        self.image = image
        self.overlay = image.with_suffix(".overlay")
        self.log = image.with_suffix(".log")

    def blockdev(self):
        """What QEMU is given: fresh files for the writes."""
        self.overlay.unlink(missing_ok=True)
        self.log.write_bytes(b"")
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", str(self.image), "-F", "raw",
                        str(self.overlay)], check=True)
        return json.dumps({
            "driver": "blklogwrites", "node-name": "disk", "log-sector-size": SECTOR,
            "file": {"driver": "qcow2", "file": {"driver": "file", "filename": str(self.overlay)}},
            "log": {"driver": "file", "filename": str(self.log)},
        })

    def writes(self):
        """What was written: (place, flags, data or length) in order; it ends where QEMU was ended."""
        with open(self.log, "rb") as log:
            head = log.read(SECTOR)
            if len(head) < SECTOR or struct.unpack("<Q", head[:8])[0] != MAGIC:
                raise ValueError(f"{self.log} is no log of writes")
            while True:
                entry = log.read(SECTOR)
                if len(entry) < SECTOR:
                    return
                sector, count, flags, _ = struct.unpack("<QQQQ", entry[:32])
                if flags & ~15 or count > 1 << 24 or (not count and not flags):
                    return
                if flags & DISCARD or not count:
                    yield sector * SECTOR, flags, count * SECTOR
                    continue
                data = log.read(count * SECTOR)
                if len(data) < count * SECTOR:
                    return
                yield sector * SECTOR, flags, data

    def in_the_air(self):
        """How many writes came after the last flush, as far as the log goes by now. To be asked with QEMU halted."""
        count = 0
        for _, flags, _ in self.writes():
            count = 0 if flags & FLUSH else count + 1
        return count

    def cut(self, chance):
        """The power is gone: the image is as the disk would be. How many writes were lost, of how many that were in
        the air, of how many in all."""
        count = sum(1 for _ in self.writes())
        last = max((n for n, (_, flags, _) in enumerate(self.writes()) if flags & FLUSH), default=-1)
        # One of those in the air is torn.
        torn = chance.randrange(last + 1, count) if count > last + 1 else None
        lost = 0
        with open(self.image, "r+b") as image:
            for n, (place, flags, data) in enumerate(self.writes()):
                if isinstance(data, int):
                    continue
                if n > last and n != torn and chance.random() < 0.5:
                    lost += 1
                    continue
                if n == torn:
                    data = data[:chance.randrange(len(data) // SECTOR + 1) * SECTOR]
                image.seek(place)
                image.write(data)
        self.clear()
        return lost, count - last - 1, count

    def keep(self):
        """Switched off in order: all that was written is kept."""
        with open(self.image, "r+b") as image:
            for place, _, data in self.writes():
                if not isinstance(data, int):
                    image.seek(place)
                    image.write(data)
        self.clear()

    def clear(self):
        """The files of the writes go."""
        self.overlay.unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)

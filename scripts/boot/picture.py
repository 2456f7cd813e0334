"""A picture of the screen: what is shown, and whether the board shows what it should.

Invariant: text is judged by where its ink is, not by its colour, so that a board that is cut off or freshly called
reads the same.
"""

import struct
import zlib
from itertools import accumulate

# Brighter than this in green is ink: the board's grounds are below 80, its text is above 190.
INK = bytes(1 if value > 120 else 0 for value in range(256))
# The services and tickets of the board in the landscape layout at 1920x1080, without the accent of a fresh call at its
# left: x, y, width, height.
ROWS = (1400, 152, 500, 840)


class Picture:
    """Width, height, and red, green and blue of each pixel."""

    def __init__(self, width, height, data):
        self.width, self.height, self.data = width, height, data

    def ink(self, rect):
        """Each row of a rectangle, a byte a pixel: 1 where there is ink."""
        x, y, width, height = rect
        stride = self.width * 3
        rows = range(max(0, y), min(self.height, y + height))
        return [self.data[row * stride + x * 3 + 1:row * stride + (x + width) * 3:3].translate(INK) for row in rows]

    def share(self, rect):
        """How much of a rectangle is ink, 0 to 1."""
        rows = self.ink(rect)
        size = sum(map(len, rows))
        return sum(row.count(1) for row in rows) / size if size else 0.0

    def has_numbers(self):
        """Whether the board has rows with text: ink in its rows, on the board's own grounds."""
        x, y, width, height = ROWS
        if self.width < x + width or self.height < y + height:
            return False
        ground = self.at(1286, y + height // 2)
        return 0.01 < self.share(ROWS) < 0.5 and ground[2] > ground[0] and ground[2] > 40

    def at(self, x, y):
        """A pixel."""
        start = (y * self.width + x) * 3
        return tuple(self.data[start:start + 3])

    def is_black(self):
        """Whether nothing at all is shown."""
        return not any(self.data[::31]) or max(self.data[::31]) < 16

    def has_text(self):
        """Whether a text console shows anything: a few bright pixels on black."""
        return max(self.data) > 100

    def save(self, path):
        """As a PNG file."""
        stride = self.width * 3
        raw = b"".join(b"\0" + self.data[row * stride:(row + 1) * stride] for row in range(self.height))

        def chunk(kind, body):
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 1))
                         + chunk(b"IEND", b""))


def different(one, other, rect=ROWS):
    """How many places of a rectangle differ: runs of three pixels and more with ink in one picture only."""
    count = 0
    for a, b in zip(one.ink(rect), other.ink(rect)):
        if a != b:
            size = len(a)
            both = (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).to_bytes(size, "big")
            count += both.count(b"\1\1\1")
    return count


def read_ppm(data):
    """A picture as QEMU writes it."""
    kind, size, most, pixels = data.split(b"\n", 3)
    if kind != b"P6" or most != b"255":
        raise ValueError("no PPM")
    width, height = map(int, size.split())
    if len(pixels) < width * height * 3:
        raise ValueError("half a PPM")
    return Picture(width, height, pixels)


def read_png(data):
    """A picture as papan writes it: 8 bits, with or without opacity."""
    at, body, head = 8, b"", None
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            head = struct.unpack(">IIBB", data[at + 8:at + 18])
        elif kind == b"IDAT":
            body += data[at + 8:at + 8 + size]
        at += size + 12
    width, height, depth, colour = head
    if depth != 8 or colour not in (2, 6):
        raise ValueError("no PNG of papan")
    step = 3 if colour == 2 else 4
    raw, stride = zlib.decompress(body), width * step
    before, rows = bytes(stride), []
    for row in range(height):
        start = row * (stride + 1)
        before = unfilter(raw[start], raw[start + 1:start + 1 + stride], before, step)
        rows.append(before)
    data = b"".join(rows)
    if step == 4:
        plain = bytearray(width * height * 3)
        for channel in range(3):
            plain[channel::3] = data[channel::4]
        data = bytes(plain)
    return Picture(width, height, data)


def unfilter(kind, line, above, step):
    """A line of a PNG without its filter."""
    if kind == 0:
        return line
    if kind == 1:
        out = bytearray(len(line))
        for channel in range(step):
            out[channel::step] = bytes(value & 255 for value in accumulate(line[channel::step]))
        return bytes(out)
    if kind == 2:
        return bytes((a + b) & 255 for a, b in zip(line, above))
    out = bytearray(line)
    for i, value in enumerate(line):
        left = out[i - step] if i >= step else 0
        up = above[i]
        if kind == 3:
            out[i] = (value + (left + up) // 2) & 255
            continue
        corner = above[i - step] if i >= step else 0
        to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
        near = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
        out[i] = (value + near) & 255
    return bytes(out)

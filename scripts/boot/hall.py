"""A queue server on the host, by the queue stream's protocol, and the hall as it should be shown.

Invariant: what `expected` draws is what was sent last, or up to a sequence, and nothing else.
"""

import asyncio
import base64
import hashlib
import json
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import picture

SERVICES = [("ktp", "Perekaman KTP-el", "Dukcapil", "A"), ("kk", "Kartu Keluarga", "Dukcapil", "B"),
            ("oss", "Perizinan usaha", "DPM-PTSP", "C"), ("pbb", "PBB dan BPHTB", "Bapenda", "D")]
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Hall:
    """A hall of eight counters; a thread of its own serves it."""

    def __init__(self, program):
        self.program = program
        self.sequence = 0
        self.number = 100
        self.counters = [{"id": str(n), "label": str(n), "service": SERVICES[(n - 1) % 4][0], "state": "open",
                          "serving": {"ticket": f"{SERVICES[(n - 1) % 4][3]}-{n:03d}", "attempt": 1}}
                         for n in range(1, 9)]
        # What the hall was after each event.
        self.halls = {}
        self.peers = set()
        self.connections = 0
        up = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(up)), daemon=True).start()
        up.wait(10)

    def data(self):
        """The hall, as in a snapshot."""
        return {"hall": {"name": "Mal Pelayanan Publik", "organization": "Pemerintah Kota Kendari"},
                "services": [{"id": i, "name": n, "agency": a, "prefix": p, "waiting": 7} for i, n, a, p in SERVICES],
                "counters": self.counters, "calls": [], "notices": [], "survey": None}

    def call(self):
        """The next ticket is called to the next counter."""
        return self.prepare()()

    def prepare(self):
        """The next call, as `expected` shows it from now on; what is given sends it, and gives the ticket."""
        self.number += 1
        counter = self.counters[self.number % 8]
        prefix = next(s[3] for s in SERVICES if s[0] == counter["service"])
        ticket = f"{prefix}-{self.number % 1000:03d}"
        counter["serving"] = {"ticket": ticket, "attempt": 1}

        def send():
            done = threading.Event()

            def go():
                self._send("papan.ticket.called", {"ticket": ticket, "counter": counter["id"],
                                                   "service": counter["service"], "attempt": 1})
                done.set()
            self.loop.call_soon_threadsafe(go)
            done.wait(10)
            return ticket
        return send

    def expected(self, sequence=None):
        """The picture of this hall, or as it was after the event of a sequence, drawn by the program itself on this
        machine."""
        data = json.dumps(self.data()) if sequence is None else self.halls[sequence]
        with tempfile.TemporaryDirectory() as folder:
            state, out = Path(folder) / "hall.json", Path(folder) / "hall.png"
            state.write_text(data, encoding="utf8")
            subprocess.run([str(self.program), "snapshot", str(out), "--state", str(state), "--size", "1920x1080"],
                           check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return picture.read_png(out.read_bytes())

    def _event(self, kind, data):
        self.sequence += 1
        self.halls[self.sequence] = json.dumps(self.data())
        return json.dumps({"specversion": "1.0", "id": f"boot-{self.sequence}", "source": "/boot-test",
                           "type": kind, "sequence": str(self.sequence),
                           "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "data": data})

    def _send(self, kind, data):
        text = frame(1, self._event(kind, data).encode())
        for peer in list(self.peers):
            peer.write(text)

    async def _serve(self, up):
        self.loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._peer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        up.set()
        await asyncio.Future()

    async def _peer(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
            fields = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip()
                      for line in head.split("\r\n")[1:] if ":" in line}
            key = base64.b64encode(hashlib.sha1(fields["sec-websocket-key"].encode() + GUID).digest()).decode()
            writer.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          f"Sec-WebSocket-Accept: {key}\r\nSec-WebSocket-Protocol: cloudevents.json\r\n\r\n").encode())
            self.connections += 1
            writer.write(frame(1, self._event("papan.hall.snapshot", self.data()).encode()))
            self.peers.add(writer)
            while True:
                kind, body = await read_frame(reader)
                if kind == 9:
                    writer.write(frame(10, body))
                elif kind == 8:
                    break
                elif kind == 1 and b"papan.display.resync" in body:
                    writer.write(frame(1, self._event("papan.hall.snapshot", self.data()).encode()))
        except (OSError, asyncio.IncompleteReadError, KeyError, ValueError):
            pass
        finally:
            self.peers.discard(writer)
            writer.close()


def frame(kind, body):
    """A WebSocket frame from a server."""
    size = len(body)
    head = bytes([0x80 | kind]) + (bytes([size]) if size < 126 else bytes([126]) + struct.pack(">H", size)
                                   if size < 65536 else bytes([127]) + struct.pack(">Q", size))
    return head + body


async def read_frame(reader):
    """A WebSocket frame from a client: its kind and body."""
    first, second = await reader.readexactly(2)
    size = second & 127
    if size == 126:
        size = struct.unpack(">H", await reader.readexactly(2))[0]
    elif size == 127:
        size = struct.unpack(">Q", await reader.readexactly(8))[0]
    mask = await reader.readexactly(4) if second & 128 else b"\0\0\0\0"
    body = await reader.readexactly(size)
    return first & 15, bytes(byte ^ mask[i & 3] for i, byte in enumerate(body))

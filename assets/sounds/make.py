#!/usr/bin/env python3
"""Makes chime-default.wav: a warm two-note gong, 48 kHz, mono, 16 bit. Needs Python 3 alone.

usage: assets/sounds/make.py        (writes beside itself; the same bytes each time)
"""
import math
import pathlib
import struct
import wave

RATE = 48_000
LENGTH_S = 1.3
PEAK = 0.8  # of full scale: some room for a voice beside it
# Each note: when it begins, its pitch, how loud it is. A falling major third, as hall gongs have it.
NOTES = [(0.00, 659.26, 1.00), (0.42, 523.25, 1.00)]
# Partials of a soft bell: ratio to the pitch, loudness, how fast it dies away (1/s).
PARTIALS = [(0.5, 0.22, 2.6), (1.0, 1.00, 3.4), (2.0, 0.34, 5.5), (3.01, 0.13, 8.0), (4.17, 0.06, 13.0)]
ATTACK_S = 0.006
FADE_S = 0.25


def sample(t: float) -> float:
    total = 0.0
    for begin, pitch, level in NOTES:
        age = t - begin
        if age < 0:
            continue
        attack = min(1.0, age / ATTACK_S)
        for ratio, loud, decay in PARTIALS:
            total += level * loud * attack * math.exp(-decay * age) * math.sin(2 * math.pi * pitch * ratio * age)
    left = LENGTH_S - t
    return total * (0.5 - 0.5 * math.cos(math.pi * min(1.0, left / FADE_S)))


def main() -> None:
    values = [sample(i / RATE) for i in range(int(RATE * LENGTH_S))]
    scale = PEAK * 32_767 / max(abs(v) for v in values)
    data = b"".join(struct.pack("<h", round(v * scale)) for v in values)
    out = pathlib.Path(__file__).resolve().parent / "chime-default.wav"
    with wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(data)
    print(f"{out.name}: {len(data)} bytes")


main()

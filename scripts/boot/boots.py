"""Seconds to the login prompt, to the first numbers, of black.

Invariant: both images are looked at in the same way, by pictures of the screen from the moment of switching on.
"""

import time

from machine import Failed


def to_login(machine, limit=180):
    """Seconds until the text console shows its login prompt: from then on the screen stands still."""
    before, since = None, None
    while machine.age < limit:
        at = machine.age
        shown = machine.look()
        # The prompt comes after the kernel's and the firmware's text, and stays; the serial console says the same.
        up = b"login:" in machine.serial.read_bytes() if machine.serial.exists() else False
        if before is None or shown.data != before:
            before, since = shown.data, at
        elif up and shown.has_text() and at - since > 5:
            return since, shown
        time.sleep(0.2)
    raise Failed("no login prompt")


def to_numbers(machine, limit=240):
    """Seconds until numbers are on the board; seconds of black, of text, before; and the first such picture."""
    black, text, last, first = 0.0, 0.0, 0.0, None
    while machine.age < limit:
        at = machine.age
        shown = machine.look()
        if shown.has_numbers():
            if first is None:
                first = at, shown
            # Numbers that stay: not a moment of a picture that is being drawn.
            elif at - first[0] > 1:
                return first[0], black, text, first[1]
        elif first is not None:
            first = None
        if first is None:
            if shown.width < 1000 or shown.is_black():
                black += at - last
            elif shown.height < 1080 or shown.at(640, 1000)[2] < 16:
                text += at - last
        last = at
        time.sleep(0.15)
    raise Failed("no numbers on the board")

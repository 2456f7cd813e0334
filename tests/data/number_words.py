#!/usr/bin/env python3
"""The truth about number words, from outside: num2words 0.5.14 (pip install num2words).

Prints the 64-bit FNV-1a hash, for each language, of the words of 0 to 9,999, one number a line, each with a
line feed; with `--list LANGUAGE` the list itself. Its commas and hyphens are left out, since they are not
spoken. tests/speech.rs holds the hashes.
"""

import sys

from num2words import num2words


def words(number: int, language: str) -> str:
    return num2words(number, lang=language).replace(",", "").replace("-", " ")


def listed(language: str) -> str:
    return "".join(words(number, language) + "\n" for number in range(10_000))


def fnv1a(text: str) -> int:
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--list":
        sys.stdout.write(listed(sys.argv[2]))
    else:
        for language in ("id", "en"):
            print(f"{language} {fnv1a(listed(language)):#018x}")

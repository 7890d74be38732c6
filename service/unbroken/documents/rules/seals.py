"""The seal of a certificate's file: one line before its end that covers every byte; pure.

It is a comment to readers of PDF and moves nothing: the table of objects and everything it points
to stand before it. The seal is SHA-256 of the whole file with its own digits read as noughts.
Source: ISO 32000-1 (2008), 7.2.3 "Comments" and 7.5.5 "File trailer".
"""

import hashlib
import re
from dataclasses import dataclass

MARK = b"%unbroken-certificate 1 "
LINE = re.compile(
    rb"%unbroken-certificate 1 ([0-9A-Z-]{23}) data=([0-9a-f]{64}) seal=([0-9a-f]{64})\n"
)
TAIL = re.compile(LINE.pattern + rb"startxref\n[0-9]+\n%%EOF\n?\Z")
START, NOUGHTS = b"startxref\n", b"0" * 64
LONGEST_TAIL = 400
HEADER = b"%PDF-"


class NotSealable(ValueError):
    """This is no file of the kind that is sealed."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What the line says, and whether it fits the bytes around it."""

    code: str
    content_hash: str
    fits: bool


def sealed(pdf: bytes, *, code: str, content_hash: str) -> bytes:
    """Return ``pdf`` with its seal.

    Raises:
        NotSealable: it has no end as PDF files have, or bears a seal already.
    """
    at = pdf.rfind(START)
    if at < 0 or MARK in pdf:
        raise NotSealable
    line = MARK + f"{code} data={content_hash} seal=".encode()
    before, after = pdf[:at] + line, b"\n" + pdf[at:]
    return before + _seal(before, after) + after


def read_seal(raw: bytes) -> Seal | None:
    """Return the seal at the end of a file; ``None`` where none can be read there."""
    start = max(0, len(raw) - LONGEST_TAIL)
    found = TAIL.search(raw, start)
    if found is None:
        return None
    at, end = found.span(3)
    fits = _seal(raw[:at], raw[end:]) == found[3]
    return Seal(found[1].decode(), found[2].decode(), fits)


def find_mark(raw: bytes) -> int:
    """Return where the last line of a seal begins, wherever it is; -1 where there is none."""
    found = [match.start() for match in LINE.finditer(raw)]
    return found[-1] if found else -1


def claimed_code(raw: bytes) -> str:
    """Return the code of the last seal in a file, whether it fits or not; empty without one."""
    found = [match[1] for match in LINE.finditer(raw)]
    return found[-1].decode() if found else ""


def first_difference(one: bytes, other: bytes) -> int | None:
    """Return the number of the first byte, from 0, that is not the same; ``None`` where all are."""
    if one == other:
        return None
    shorter = min(len(one), len(other))
    low, high = 0, shorter
    while low < high:
        middle = (low + high) // 2
        if one[low : middle + 1] == other[low : middle + 1]:
            low = middle + 1
        else:
            high = middle
    return low


def _seal(before: bytes, after: bytes) -> bytes:
    made = hashlib.sha256(before)
    made.update(NOUGHTS)
    made.update(after)
    return made.hexdigest().encode()

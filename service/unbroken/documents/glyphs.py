"""Which characters the vendored fonts can show; what they cannot is drawn as U+FFFD.

A file that a reader of screens can read has no place for a sign without a shape. The data attached
to the file keep every character as it was written.
"""

from functools import cache
from pathlib import Path

COVERAGE = Path(__file__).resolve().parent / "fonts" / "coverage.txt"
UNKNOWN = "\ufffd"


def shown(text: str) -> str:
    """Return ``text`` with U+FFFD for each character that no vendored font has."""
    missing = {ord(letter) for letter in set(text)} - _covered()
    return text.translate(dict.fromkeys(missing, UNKNOWN)) if missing else text


@cache
def _covered() -> frozenset[int]:
    ranges = (line.partition("-") for line in COVERAGE.read_text(encoding="ascii").split())
    return frozenset(
        point
        for first, _sign, last in ranges
        for point in range(int(first, 16), int(last or first, 16) + 1)
    )

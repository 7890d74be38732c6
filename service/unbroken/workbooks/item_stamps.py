"""The stamp of an exported row: what each cell held, so that it is seen later who changed what.

A cell that differs from its stamp was changed in the workbook; a stored fact that differs from it
was changed meanwhile. Where both are so and do not agree, that is a conflict.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from unbroken.workbooks.item_columns import FIELD_OF, FIXED, Key

VERSION = "1"
SEPARATOR = "\x1f"
WHOLE_BYTES = 6
EDITABLE: tuple[Key, ...] = tuple(FIELD_OF)
LENGTH = len(VERSION) + 2 * 2 * WHOLE_BYTES + 8 * len(EDITABLE)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a row held when it was exported; ``cells`` by column."""

    fixed: str
    whole: str
    cells: Mapping[Key, str]


def stamp_of(texts: Mapping[Key, str]) -> str:
    """Return the stamp of a row whose columns hold ``texts``; a missing one counts as empty."""
    return restamped(fixed_mark(texts), texts)


def restamped(fixed: str, texts: Mapping[Key, str]) -> str:
    """Return the stamp of a row with ``texts``, whose grey cells have the mark ``fixed``."""
    editable = [texts.get(key, "") for key in EDITABLE]
    cells = "".join(cell_mark(text) for text in editable)
    return f"{VERSION}{fixed}{whole_mark(editable)}{cells}"


def read_stamp(text: str) -> Stamp | None:
    """Return what a stamp says; ``None`` where it is none, or was cut or changed in form."""
    if len(text) != LENGTH or not text.startswith(VERSION) or not _is_hex(text):
        return None
    fixed, whole = _cut(text, 0), _cut(text, 1)
    start = len(VERSION) + 2 * 2 * WHOLE_BYTES
    cells = {key: text[start + 8 * n : start + 8 * n + 8] for n, key in enumerate(EDITABLE)}
    return Stamp(fixed, whole, cells)


def cell_mark(text: str) -> str:
    """Return the mark of one cell: 8 hexadecimal digits, no secret."""
    return f"{zlib.crc32(text.encode()):08x}"


def whole_mark(texts: Sequence[str]) -> str:
    """Return the mark of several cells together."""
    joined = SEPARATOR.join(texts).encode()
    return blake2b(joined, digest_size=WHOLE_BYTES).hexdigest()


def fixed_mark(texts: Mapping[Key, str]) -> str:
    """Return the mark of the cells that tell what an item is."""
    return whole_mark([texts.get(key, "") for key in FIXED])


def _cut(text: str, number: int) -> str:
    start = len(VERSION) + 2 * WHOLE_BYTES * number
    return text[start : start + 2 * WHOLE_BYTES]


def _is_hex(text: str) -> bool:
    return all(sign in "0123456789abcdef" for sign in text)

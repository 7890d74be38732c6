"""The stamp of an exported row: what each cell held, so that it is seen later who changed what.

A cell that differs from what the stamp says it showed was changed in the workbook; a stored fact
that differs from what the stamp says was known was changed meanwhile. Where both are so and do not
agree, that is a conflict. The id is part of the stamp: rows keep together when a column is sorted.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from unbroken.workbooks.item_columns import FIELD_OF, FIXED, Key

VERSION = "1"
HEX = re.compile("[0-9a-f]+")
SEPARATOR = "\x1f"
WHOLE_BYTES = 6
EDITABLE: tuple[Key, ...] = tuple(FIELD_OF)
START = len(VERSION) + 2 * 2 * WHOLE_BYTES
MARK = 8
CELLS = MARK * len(EDITABLE)
LENGTHS = frozenset({START + CELLS, START + 2 * CELLS})


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a row held when it was exported, or when it was imported and given back.

    ``cells`` are the marks of what each cell showed. ``known`` are those of what was stored then:
    the same, but where an import stored something else than the cell shows.
    """

    fixed: str
    whole: str
    cells: Mapping[Key, str]
    known: Mapping[Key, str]


def stamp_of(uid: UUID, texts: Mapping[Key, str]) -> str:
    """Return the stamp of an item whose columns hold ``texts``; a missing one counts as empty."""
    shown = [texts.get(key, "") for key in EDITABLE]
    cells = {key: cell_mark(text) for key, text in zip(EDITABLE, shown, strict=True)}
    fixed = bound_mark(uid, fixed_mark(texts))
    return written(Stamp(fixed, whole_mark(shown), cells, cells))


def written(stamp: Stamp) -> str:
    """Return a stamp as it stands in its cell; what is known is left out where it is shown."""
    cells = "".join([stamp.cells[key] for key in EDITABLE])
    known = "".join([stamp.known[key] for key in EDITABLE])
    return f"{VERSION}{stamp.fixed}{stamp.whole}{cells}{known if known != cells else ''}"


def read_stamp(text: str) -> Stamp | None:
    """Return what a stamp says; ``None`` where it is none, or was cut or changed in form."""
    if len(text) not in LENGTHS or not text.startswith(VERSION) or not _is_hex(text):
        return None
    cells = _marks(text, START)
    known = cells if len(text) == START + CELLS else _marks(text, START + CELLS)
    return Stamp(_cut(text, 0), _cut(text, 1), cells, known)


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


def bound_mark(uid: UUID, fixed: str) -> str:
    """Return the mark of grey cells together with the id that they belong to."""
    return whole_mark([str(uid), fixed])


def fixed_part(text: str) -> str:
    """Return what a stamp says of the id and the grey cells."""
    return _cut(text, 0)


def facts_part(text: str) -> str:
    """Return what a stamp says of all other cells: the same for items of which the same is said."""
    return text[: len(VERSION)] + text[len(VERSION) + 2 * WHOLE_BYTES :]


def _marks(text: str, start: int) -> dict[Key, str]:
    return {key: text[start + MARK * n : start + MARK * (n + 1)] for n, key in enumerate(EDITABLE)}


def _cut(text: str, number: int) -> str:
    start = len(VERSION) + 2 * WHOLE_BYTES * number
    return text[start : start + 2 * WHOLE_BYTES]


def _is_hex(text: str) -> bool:
    return HEX.fullmatch(text) is not None

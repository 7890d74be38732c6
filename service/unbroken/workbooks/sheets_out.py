"""What a written workbook consists of: sheets of typed columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = str | int | float | Decimal | bool | date | datetime | None
NAME_SIGNS, FORBIDDEN_IN_NAMES = 31, str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
LISTS = "_lists"


class Kind(StrEnum):
    """What a column holds; its cells are formatted for it, whatever each row brings."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``width`` in signs. ``choices`` make a drop-down, ``help`` shows in each cell."""

    header: str
    width: int = 14
    kind: Kind = Kind.TEXT
    is_locked: bool = False
    is_hidden: bool = False
    is_wrapped: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class SheetOut:
    """One sheet: a heading, its rows, then ``spare`` empty rows that nothing locks.

    ``overdue`` is a formula as the first row below the heading would hold it (``=$F2<TODAY()``);
    rows for which it is true are coloured. ``frozen`` columns stay in sight. On paper a sheet is as
    wide as the page, with its heading on each.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    overdue: str = ""
    spare: int = 0
    frozen: int = 0
    is_protected: bool = False
    is_hidden: bool = False
    has_filter: bool = True


def sheet_name(wanted: str, taken: Iterable[str] = ()) -> str:
    """Return ``wanted`` as a sheet can be called, unlike all names ``taken``."""
    bare = " ".join(wanted.translate(FORBIDDEN_IN_NAMES).split())[:NAME_SIGNS].strip() or "1"
    used = {each.casefold() for each in taken} | {LISTS, "history"}
    name, number = bare, 2
    while name.casefold() in used:
        end = f" {number}"
        name, number = bare[: NAME_SIGNS - len(end)] + end, number + 1
    return name

"""Lines of a page about a workbook of items, and how many of them a page has room for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from markupsafe import Markup

MOST_LINES = 200
LINE_BYTES = 40
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Line]):
    """The first lines and how many more there are."""

    lines: tuple[Line, ...]
    rest: int

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.lines) or self.rest > 0


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A row that changes something: where it stands, what it is about, and what changes."""

    place: Markup
    path: str
    about: Markup
    text: str
    facts: tuple[tuple[str, Markup], ...]
    is_added: bool
    waits: bool

    def size(self) -> int:
        """Return about how many bytes it takes."""
        facts = sum(len(title.encode()) + len(said.encode()) + 9 for title, said in self.facts)
        own = (self.place, self.about, self.text, self.path)
        return sum(len(each.encode()) for each in own) + facts + LINE_BYTES


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A row that is not imported: each fault with its cell, and what to do."""

    place: Markup
    faults: tuple[tuple[str, str, str], ...]
    is_fault: bool

    def size(self) -> int:
        """Return about how many bytes it takes."""
        words = sum(len(part.encode()) for fault in self.faults for part in fault)
        return len(self.place) + words + 3 * LINE_BYTES


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A row that somebody else changed too: each cell with both values."""

    place: Markup
    about: Markup
    cells: tuple[tuple[str, Markup, Markup], ...]

    def size(self) -> int:
        """Return about how many bytes it takes."""
        words = sum(len(part.encode()) + LINE_BYTES for cell in self.cells for part in cell)
        return len(self.place) + len(self.about.encode()) + words


@dataclass(frozen=True, slots=True)
class Lists:
    """What a page lists of an import: refused rows, conflicts, changes."""

    refused: Listed[RefusedLine]
    conflicts: Listed[ConflictLine]
    changes: Listed[ChangeLine]


Sized = TypeVar("Sized", ChangeLine, RefusedLine, ConflictLine)


def fitting(lines: Iterable[Sized], room: int, count: int) -> tuple[Listed[Sized], int]:
    """Return the lines that fit into ``room`` bytes, and the room that is left."""
    found: list[Sized] = []
    for line in lines:
        size = line.size()
        if size > room or len(found) == MOST_LINES:
            break
        found.append(line)
        room -= size
    return Listed(tuple(found), count - len(found)), room

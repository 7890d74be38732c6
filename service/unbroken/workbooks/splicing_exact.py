"""Verdicts put into a sheet that is written in an unusual way, at the places that expat tells."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from unbroken.workbooks.refusals import damaged, refuse_doctype, unusual
from unbroken.workbooks.splicing import MOST_HELD
from unbroken.workbooks.verdict_cells import SheetVerdicts, cell_of, letters_of, widened
from unbroken.workbooks.walking import place_of


@dataclass(frozen=True, slots=True)
class _Edit:
    """Bytes that replace those from ``starts`` up to ``ends``."""

    starts: int
    ends: int
    text: bytes


def spliced_exactly(
    pieces: Callable[[], Iterable[bytes]], wanted: SheetVerdicts
) -> Iterator[bytes]:
    """Yield the sheet's bytes with the verdicts in their rows; reads the pieces twice.

    Raises:
        Invalid: The sheet is not well-formed.
    """
    places = _Places(wanted)
    try:
        for piece in pieces():
            places.parser.Parse(piece, False)  # noqa: FBT003 - expat takes no names
        places.parser.Parse(b"", True)  # noqa: FBT003
    except (expat.ExpatError, ValueError, OverflowError) as fault:
        raise damaged() from fault
    edits = iter(places.edits)
    following = _edited(pieces(), places.head_ends, edits)
    head = next(following)
    yield widened(head, places.prefix, wanted)
    yield from following


def _edited(pieces: Iterable[bytes], head_ends: int, edits: Iterator[_Edit]) -> Iterator[bytes]:
    """Yield the head in one piece, then all else with the edits made."""
    held, at, is_head = b"", 0, True
    edit = next(edits, None)
    for piece in pieces:
        held += piece
        if is_head and at + len(held) >= head_ends:
            yield held[:head_ends]
            held, at, is_head = held[head_ends:], head_ends, False
        while not is_head and edit and edit.ends <= at + len(held):
            yield held[: edit.starts - at] + edit.text
            held, at, edit = held[edit.ends - at :], edit.ends, next(edits, None)
        if not is_head and (edit is None or edit.starts > at + len(held)):
            yield held
            held, at = b"", at + len(held)
        if len(held) > MOST_HELD:
            raise unusual()
    yield held


class _Places:
    """Notes, while expat calls, where each wanted row takes its verdict."""

    def __init__(self, wanted: SheetVerdicts) -> None:
        self.texts, self.header_row = wanted.texts(), wanted.header_row
        self.wanted = wanted.column
        self.edits: list[_Edit] = []
        self.head_ends = 0
        self.prefix = b""
        self.row, self.column = 0, -1
        self.row_starts, self.insert_at = 0, 0
        self.cell_starts = 0
        self.old: tuple[int, int] | None = None
        self.style: str | None = None
        self.awaited = ""
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = refuse_doctype
        self.parser.DefaultHandlerExpand = self._other

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._settle()
        prefix, _colon, local = name.rpartition(":")
        at = self.parser.CurrentByteIndex
        if local == "sheetData":
            self.head_ends, self.prefix = at, f"{prefix}:".encode() if prefix else b""
        elif local == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column, self.row_starts, self.old, self.style = -1, at, None, None
            self.awaited = "insert"
        elif local == "c":
            self.column = place_of(attributes["r"])[1] if "r" in attributes else self.column + 1
            self.cell_starts = at
            if self.column == self.wanted or (self.is_header and self.column < self.wanted):
                self.style = attributes.get("s")

    @property
    def is_header(self) -> bool:
        """Return whether the present row is that of the headings."""
        return self.row == self.header_row

    def _end(self, name: str) -> None:
        self._settle()
        local = name.rpartition(":")[2]
        if local == "c" and self.column <= self.wanted:
            self.awaited = "replace" if self.column == self.wanted else "insert"
        elif local == "row" and self.parser.CurrentByteIndex != self.row_starts:
            self._note()

    def _other(self, _text: str) -> None:
        self._settle()

    def _settle(self) -> None:
        """Take the end of the last tag from the start of what follows it."""
        if self.awaited == "insert":
            self.insert_at = self.parser.CurrentByteIndex
        elif self.awaited == "replace":
            self.old = (self.cell_starts, self.parser.CurrentByteIndex)
        self.awaited = ""

    def _note(self) -> None:
        text = self.texts.get(self.row)
        if text is None:
            return
        place = letters_of(self.wanted) + str(self.row).encode()
        style = self.style.encode() if self.style else None
        starts, ends = self.old or (self.insert_at, self.insert_at)
        self.edits.append(_Edit(starts, ends, cell_of(self.prefix, place, text, style)))

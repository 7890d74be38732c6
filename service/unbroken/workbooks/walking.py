"""The exact cost of a part that was written in an unusual way: slower, and only up to a bound."""

from collections.abc import Iterable
from xml.parsers import expat

from unbroken.workbooks.refusals import damaged, refuse_doctype, too_many_cells, unusual
from unbroken.workbooks.scanning import MOST_ERRORS, Extent, column_of

MOST_TAGS = 3_000_000


def walk(pieces: Iterable[bytes], most_cells: int) -> Extent:
    """Return what the part would cost a reader, whatever prefixes and orders it is written in.

    Raises:
        Invalid: The part is not well-formed, or has more than three million tags.
        TooLarge: It has more than ``most_cells`` cells.
    """
    walker = _Walker(most_cells)
    try:
        for piece in pieces:
            walker.parser.Parse(piece, False)  # noqa: FBT003 - expat takes no names
        walker.parser.Parse(b"", True)  # noqa: FBT003
    except (expat.ExpatError, ValueError, OverflowError) as fault:
        raise damaged() from fault
    return walker.found


class _Walker:
    """Keeps the place in a sheet while expat calls."""

    def __init__(self, most_cells: int) -> None:
        self.found = Extent()
        self.most_cells = most_cells
        self.tags = 0
        self.row, self.column = -1, -1
        self.kind, self.told, self.item_at = "", "", 0
        self.listening = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = refuse_doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.tags += 1
        if self.tags > MOST_TAGS:
            raise unusual()
        match name.rpartition(":")[2]:
            case "row":
                self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
                self.column = -1
            case "c":
                self._cell(attributes)
            case "v" | "is" | "f" as inner:
                self._hold(inner)
            case "si":
                self.item_at = self.parser.CurrentByteIndex

    def _cell(self, attributes: dict[str, str]) -> None:
        self.found.opened += 1
        if self.found.opened > self.most_cells:
            raise too_many_cells(self.most_cells)
        self.kind = attributes.get("t", "")
        if "r" in attributes:
            self.row, self.column = place_of(attributes["r"])
        else:
            self.column += 1

    def _hold(self, inner: str) -> None:
        if min(self.row, self.column) < 0:
            raise damaged()
        self.found.stretch((self.row, self.row), (self.column, self.column))
        self.listening = inner == "v" and self.kind in {"s", "e"}
        self.told = ""

    def _text(self, text: str) -> None:
        if self.listening:
            self.told += text

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self.found.lengths.append(self.parser.CurrentByteIndex - self.item_at)
        if local != "v" or not self.listening:
            return
        self.listening = False
        if self.kind == "s":
            self.found.texts.append(int(self.told))
        elif len(self.found.errors) < MOST_ERRORS:
            self.found.errors[self.row, self.column] = self.told


def place_of(reference: str) -> tuple[int, int]:
    """Return row and column, from 0, of a reference such as ``AB12``."""
    letters = reference.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha():
        raise damaged()
    return int(reference[len(letters) :]) - 1, column_of(letters.upper().encode())

"""What unpacked XML would cost a reader, found in one pass by patterns, without parsing it.

A reader lays each sheet out as a full rectangle and copies shared texts into every cell that
refers to them: a few bytes can ask for gigabytes. So rectangles and texts are counted first. A
part whose cells are not all written as spreadsheet programs write them has to be walked.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from unbroken.workbooks.refusals import too_many_cells, unusual

CHUNK = 1 << 20
LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
MOST_ERRORS = 10_000
MOST_MERGES = 50_000
FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
OTHER_CODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8|us-ascii)""", re.IGNORECASE)
ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?[A-Za-z_][\w.-]*[\s/>]")
PREFIXED = re.compile(rb":(?:c|si)[\s/>]")
CELL = re.compile(rb"<(?:[^\s<>/]*:)?c[\s/>]")
BARE_CELL = re.compile(rb"<c[\s/>]")
ITEM = re.compile(rb"<(?:[^\s<>/]*:)?si[\s/>]")
BARE_ITEM = re.compile(rb"<si[\s/>]")
MERGE = re.compile(rb"mergeCell[\s/>]")
# P: namespace prefix; STYLE and KIND: the attributes that spreadsheet programs write.
CELL_TEMPLATE = rb'<%(P)bc r="([A-Z]{1,3})([1-9]\d{0,6})"%(STYLE)b%(KIND)b%(STYLE)b\s?/?>'
TEXT_TEMPLATE = rb' t="s"%(STYLE)b\s?><%(P)bv>(\d{1,9})</'
ERROR_TEMPLATE = (
    rb'<%(P)bc r="([A-Z]{1,3})(\d+)"[^<>]* t="e"[^<>]*>'
    rb"(?:<%(P)bf[^<>]*>(?:[^<]*</%(P)bf>)?)?<%(P)bv>([^<]{1,40})</"
)
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


@dataclass(slots=True)
class Extent:
    """What one part holds; rows and columns count from 0, texts are references to shared ones.

    ``opened`` and ``items_opened`` count start tags however written, ``understood`` and
    ``lengths`` those that the patterns understood.
    """

    rows: tuple[int, int] | None = None
    columns: tuple[int, int] | None = None
    texts: "array[int]" = field(default_factory=lambda: array("I"))
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    lengths: "array[int]" = field(default_factory=lambda: array("I"))
    opened: int = 0
    understood: int = 0
    shared: int = 0
    items_opened: int = 0
    merges: int = 0
    unfinished: int = 0
    has_cdata: bool = False

    @property
    def is_understood(self) -> bool:
        """Return whether the patterns understood every cell and every shared text."""
        return (
            self.opened == self.understood
            and self.shared == len(self.texts)
            and self.items_opened == len(self.lengths)
        )

    @property
    def is_inside_the_grid(self) -> bool:
        """Return whether no cell is beyond the last row and column that spreadsheets have."""
        return (self.rows or (0, 0))[1] <= LAST_ROW and (self.columns or (0, 0))[1] <= LAST_COLUMN

    @property
    def cells(self) -> int:
        """Return the number of cells of the rectangle that a reader lays out."""
        if self.rows is None or self.columns is None:
            return 0
        return (self.rows[1] - self.rows[0] + 1) * (self.columns[1] - self.columns[0] + 1)

    def stretch(self, rows: tuple[int, int], columns: tuple[int, int]) -> None:
        """Widen the rectangle to the first and last of ``rows`` and ``columns``."""
        self.rows = _stretched(self.rows, rows)
        self.columns = _stretched(self.columns, columns)


def column_of(letters: bytes) -> int:
    """Return the number of a column from its letters, counted from 0: A is 0, AB is 27."""
    number = 0
    for sign in letters:
        number = number * 26 + sign - 64
    return number - 1


def must_be_plain_xml(head: bytes) -> None:
    """Refuse XML in another coding than UTF-8: what is looked for in it would not be found."""
    if head.startswith(WIDE_MARKS) or OTHER_CODING.search(head):
        raise unusual()


def extent_of(pieces: Iterable[bytes], most_cells: int) -> Extent:
    """Return what the part would cost a reader, as far as the patterns tell.

    Raises:
        Invalid: The part declares a document type or entities, or merges cells without measure.
        TooLarge: It has more than ``most_cells`` cells.
    """
    found = Extent()
    patterns = None
    for text in _whole_cells(pieces):
        patterns = patterns or _Patterns.of(text)
        _count(found, text, patterns)
        if found.opened > most_cells:
            raise too_many_cells(most_cells)
        if found.items_opened > most_cells or found.merges > MOST_MERGES:
            raise unusual()
    if found.has_cdata and (found.opened or found.items_opened):
        # the reader would silently take such a text for nothing
        raise unusual()
    return found


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How spreadsheet programs write cells under one namespace prefix."""

    cell: re.Pattern[bytes]
    text: re.Pattern[bytes]
    error: re.Pattern[bytes]
    item_end: bytes

    @classmethod
    def of(cls, head: bytes) -> "_Patterns":
        """Return the patterns for the prefix of the part's first element."""
        root = ROOT.search(head)
        prefix = root[1] + b":" if root and root[1] else b""
        known = {
            b"P": re.escape(prefix),
            b"STYLE": rb'(?: (?:s|cm|vm|ph)="\d*")*',
            b"KIND": rb'(?: t="(?:s|n|b|e|str|inlineStr|d)")?',
        }
        return cls(
            cell=_compiled(CELL_TEMPLATE, known),
            text=_compiled(TEXT_TEMPLATE, known),
            error=_compiled(ERROR_TEMPLATE, known),
            item_end=b"</" + prefix + b"si>",
        )


def _compiled(template: bytes, known: dict[bytes, bytes]) -> re.Pattern[bytes]:
    return re.compile(template % known)


def _whole_cells(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same text in pieces that end before a tag, before a cell where one is near."""
    carry = b""
    for piece in pieces:
        text = carry + piece
        cut = text.rfind(b"<c ")
        if cut <= 0 or len(text) - cut > CHUNK:
            cut = text.rfind(b"<")
        if cut <= 0:
            cut = len(text) if len(text) > 2 * CHUNK else 0
        yield text[:cut]
        carry = text[cut:]
    yield carry


def _count(found: Extent, text: bytes, patterns: _Patterns) -> None:
    if FORBIDDEN.search(text):
        raise unusual()
    prefixed = PREFIXED.search(text) is not None
    found.has_cdata = found.has_cdata or b"<![CDATA[" in text
    found.opened += len((CELL if prefixed else BARE_CELL).findall(text))
    found.merges += len(MERGE.findall(text))
    items = len((ITEM if prefixed else BARE_ITEM).findall(text))
    if items or found.items_opened:
        found.items_opened += items
        _measure_items(found, text, patterns.item_end)
    places = patterns.cell.findall(text)
    if places:
        found.understood += len(places)
        columns = [column_of(each) for each in {letters for letters, _number in places}]
        rows = [int(each) - 1 for each in {number for _letters, number in places}]
        found.stretch((min(rows), max(rows)), (min(columns), max(columns)))
    found.shared += text.count(b' t="s"')
    found.texts.extend(map(int, patterns.text.findall(text)))
    if b' t="e"' in text:
        _note_errors(found, patterns.error.findall(text))


def _measure_items(found: Extent, text: bytes, end: bytes) -> None:
    """Note the length of each shared text; one may go on in the next piece."""
    lengths = [len(each) for each in text.split(end)]
    lengths[0] += found.unfinished
    found.unfinished = lengths.pop()
    found.lengths.extend(lengths)


def _note_errors(found: Extent, errors: list[tuple[bytes, bytes, bytes]]) -> None:
    for letters, number, told in islice(errors, MOST_ERRORS - len(found.errors)):
        place = (int(number) - 1, column_of(letters))
        found.errors[place] = told.decode("utf-8", "replace")


def _stretched(one: tuple[int, int] | None, other: tuple[int, int]) -> tuple[int, int]:
    return other if one is None else (min(one[0], other[0]), max(one[1], other[1]))

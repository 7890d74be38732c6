"""Verdicts put into the XML of one sheet while it streams past; all other bytes stay.

Sheets as spreadsheet programs write them are cut at the ends of their rows. Where comments,
unusual orders or missing references make that unsafe, ``OddError`` sends the caller to the walk.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from unbroken.workbooks.refusals import unusual
from unbroken.workbooks.scanning import ROOT
from unbroken.workbooks.verdict_cells import SheetVerdicts, cell_of, letters_of, widened

MOST_HELD = 1 << 25
"""Bytes of the head, or of one row, that are held at once."""
STYLE = re.compile(rb' s="(\d+)"')


class OddError(Exception):
    """The sheet is not written the usual way."""


def spliced(pieces: Iterable[bytes], wanted: SheetVerdicts) -> Iterator[bytes]:
    """Yield the sheet's bytes with the verdicts in their rows; rows without any cell are left.

    Raises:
        OddError: The sheet is not written the usual way; what was yielded is of no use then.
    """
    stream = iter(pieces)
    splicer, head, text = _begun(stream, wanted)
    yield widened(head, splicer.prefix, wanted)
    if text.startswith(b"<%bsheetData/>" % splicer.prefix):
        yield from chain((text,), stream)
        return
    rows_end = b"</%bsheetData" % splicer.prefix
    for piece in chain((b"",), stream):
        text = _held(text + piece)
        end = text.find(rows_end)
        cut = text.rfind(splicer.row_end, 0, None if end < 0 else end) + len(splicer.row_end)
        if cut >= len(splicer.row_end):
            yield splicer.rows(text[:cut])
            text = text[cut:]
        if end >= 0:
            yield from chain((text,), stream)
            return
    raise OddError


def _begun(stream: Iterator[bytes], wanted: SheetVerdicts) -> tuple["_Splicer", bytes, bytes]:
    """Return the splicer for the sheet's prefix, what stands before the rows, and what follows."""
    text = b""
    for piece in stream:
        text = _held(text + piece)
        root = ROOT.search(text)
        prefix = root[1] + b":" if root and root[1] else b""
        at = text.find(b"<%bsheetData" % prefix)
        if b"<!" in text[: max(at, 0)]:
            raise OddError
        if at >= 0 and b">" in text[at:]:
            return _Splicer(prefix, wanted), text[:at], text[at:]
    raise OddError


def _held(text: bytes) -> bytes:
    if len(text) > MOST_HELD:
        raise unusual()
    return text


class _Splicer:
    """Puts verdicts into whole rows of one namespace prefix."""

    def __init__(self, prefix: bytes, wanted: SheetVerdicts) -> None:
        p = re.escape(prefix)
        self.prefix = prefix
        self.texts = wanted.texts()
        self.header_row = wanted.header_row
        self.letters = letters_of(wanted.column)
        self.row_open, self.row_end = b"<%brow " % prefix, b"</%brow>" % prefix
        self.cell_open, self.cell_end = b"<%bc " % prefix, b"</%bc>" % prefix
        self.row = re.compile(rb'<%brow r="(\d+)"[^>]*>' % p)
        self.cell = re.compile(rb'<%bc r="([A-Z]+)\d+"([^>]*)>' % p)
        self.odd = re.compile(
            rb'<[!?]|<(?:[^\s<>/]*:)?extLst|<%bc(?! r="[A-Z]{1,3}\d+"[ />])[\s/>]'
            rb'|<%brow(?! r="\d+"[ />])[\s/>]' % (p, p)
        )

    def rows(self, text: bytes) -> bytes:
        """Return ``text``, which ends with a row's end, with the verdicts of its rows."""
        if self.odd.search(text):
            raise OddError
        return self.row_end.join(map(self._row, text.split(self.row_end)))

    def _row(self, text: bytes) -> bytes:
        """Return one row without its end tag; rows without cells may stand before it."""
        at = text.rfind(self.row_open)
        match = self.row.match(text, at) if at >= 0 else None
        verdict = self.texts.get(int(match[1])) if match else None
        if match is None or verdict is None:
            return text
        tag = re.sub(rb' spans="[^"]*"', b"", match[0])
        return text[:at] + tag + self._cells(text[match.end() :], match[1], verdict)

    def _cells(self, body: bytes, number: bytes, verdict: str) -> bytes:
        place = self.letters + number
        last = self.cell.match(body, body.rfind(self.cell_open)) if self.cell_open in body else None
        if last is None or _order(last[1]) < _order(self.letters):
            is_header = last is not None and int(number) == self.header_row
            style = STYLE.search(last[2]) if last and is_header else None
            return body + cell_of(self.prefix, place, verdict, style and style[1])
        for found in self.cell.finditer(body):
            if found[1] == self.letters:
                style = STYLE.search(found[2])
                cell = cell_of(self.prefix, place, verdict, style and style[1])
                return body[: found.start()] + cell + body[self._end(body, found) :]
            if _order(found[1]) > _order(self.letters):
                cell = cell_of(self.prefix, place, verdict, None)
                return body[: found.start()] + cell + body[found.start() :]
        return body

    def _end(self, body: bytes, cell: re.Match[bytes]) -> int:
        if cell[2].endswith(b"/"):
            return cell.end()
        return body.index(self.cell_end, cell.end()) + len(self.cell_end)


def _order(letters: bytes) -> tuple[int, bytes]:
    return len(letters), letters

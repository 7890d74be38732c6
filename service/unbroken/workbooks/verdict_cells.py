"""What is put into a sheet's XML: the cells that hold verdicts, and room for their column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from unbroken.workbooks.scanning import column_of

LONGEST = 32_767
"""Signs in a cell. Source: ECMA-376 part 1, 18.18.37, as Excel holds it."""
WIDTH = 60
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class SheetVerdicts:
    """What to write into one sheet: ``column`` from 0; rows as people see them, from 1.

    An empty verdict takes the row's cell away; rows that are not named stay as they are.
    """

    column: int
    header_row: int
    header: str
    verdicts: Mapping[int, str]

    def texts(self) -> dict[int, str]:
        """Return the text for each row, the heading's among them."""
        return {**self.verdicts, self.header_row: self.header}


def letters_of(column: int) -> bytes:
    """Return the letters of a column counted from 0: 0 is A, 27 is AB."""
    return str(xl_col_to_name(column)).encode()


def cell_of(prefix: bytes, place: bytes, text: str, style: bytes | None) -> bytes:
    """Return a cell that holds ``text`` itself; nothing for an empty text.

    Signs that XML cannot carry are written as spreadsheets write them (``_x0007_``). Source:
    ECMA-376 part 1, 22.9.2.19.
    """
    if not text:
        return b""
    known = {
        b"P": prefix,
        b"PLACE": place,
        b"STYLE": b' s="%b"' % style if style else b"",
        b"TEXT": _escaped(text),
    }
    return (
        b'<%(P)bc r="%(PLACE)b"%(STYLE)b t="inlineStr"><%(P)bis>'
        b'<%(P)bt xml:space="preserve">%(TEXT)b</%(P)bt></%(P)bis></%(P)bc>' % known
    )


def widened(head: bytes, prefix: bytes, wanted: SheetVerdicts) -> bytes:
    """Return what stands before the rows, with the column inside the dimension and readable."""
    p = re.escape(prefix)
    head = re.sub(
        rb'(<%bdimension ref=")([A-Z]+\d+)(?::([A-Z]+)(\d+))?"' % p,
        lambda match: _dimension(match, wanted),
        head,
        count=1,
    )
    number = wanted.column + 1
    column = b'<%bcol min="%d" max="%d" width="%d" customWidth="1"/>' % (
        prefix, number, number, WIDTH,
    )  # fmt: skip
    ends = [int(each) for each in re.findall(rb'<%bcol [^>]*?max="(\d+)"' % p, head)]
    if ends and max(ends) < number:
        return head.replace(b"</%bcols>" % prefix, b"%b</%bcols>" % (column, prefix), 1)
    if ends or b"cols" in head:
        return head
    return head + b"<%bcols>%b</%bcols>" % (prefix, column, prefix)


def _dimension(match: re.Match[bytes], wanted: SheetVerdicts) -> bytes:
    start, letters, row = match[2], match[3], match[4]
    if letters is None:
        letters, row = start.rstrip(b"0123456789"), start.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    last = max(column_of(letters), wanted.column)
    return b'%b%b:%b%b"' % (match[1], start, letters_of(last), row)


def _escaped(text: str) -> bytes:
    told = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    told = LOOKS_ESCAPED.sub("_x005F_", told)
    told = FORBIDDEN.sub(lambda match: f"_x{ord(match[0]):04X}_", told)
    told = told.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return told.encode()

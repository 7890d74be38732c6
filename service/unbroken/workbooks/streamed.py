"""Long tables for programs, piece by piece: CSV and workbooks that never stand in memory whole.

Names of columns are fixed and English, as programs read them. The last row is ``count`` and how
many rows came before: a file without it was cut off.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from unbroken.workbooks.sheets_out import Kind, Value
from unbroken.workbooks.writing import FORMATS, csv_line, write_value

COUNT = "count"
MARK = "\ufeff"
LINES_AT_ONCE = 500
PIECE = 64 * 1024
MOST_ROWS = 1_048_576 - 3
"""Rows of a sheet without heading, tags and count. Source: ECMA-376, limits of Excel."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table for programs; ``tag`` is its HXL hashtag."""

    name: str
    tag: str = ""
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the making: its columns, rows that come one by one, and whether HXL is wanted."""

    fields: tuple[Field, ...]
    rows: Iterable[Sequence[Value]]
    with_tags: bool = False

    def heads(self) -> list[list[Value]]:
        """Return the row of names and, where wanted, the row of hashtags below it."""
        names: list[Value] = [each.name for each in self.fields]
        tags: list[Value] = [each.tag for each in self.fields]
        return [names, tags] if self.with_tags else [names]

    def end(self, count: int) -> list[Value]:
        """Return the last row."""
        return [COUNT, count, *[None] * (len(self.fields) - 2)]


def csv_pieces(table: Table) -> Iterator[bytes]:
    """Yield a CSV file (UTF-8 with its mark, commas, CRLF); texts are guarded against formulas."""
    lines = [MARK, *map(csv_line, table.heads())]
    count = 0
    for row in table.rows:
        count += 1
        lines.append(csv_line(row))
        if len(lines) >= LINES_AT_ONCE:
            yield "".join(lines).encode("utf-8", "replace")
            lines.clear()
    lines.append(csv_line(table.end(count)))
    yield "".join(lines).encode("utf-8", "replace")


def book_pieces(table: Table, *, sheet: str, made_at: datetime) -> Iterator[bytes]:
    """Yield a workbook; while it is being written, nothing (``b""``) after some hundred rows.

    So a server that asks for one piece after the other can serve others in between. Rows pass
    through to the disk, and amounts stay exact: what a cell cannot hold exactly is a text.
    """
    with tempfile.TemporaryDirectory(prefix="unbroken-") as folder:
        file = Path(folder) / "made.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(str(file), options)
        book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
        yield from _Sheet(book, sheet, table).written()
        book.close()
        with file.open("rb") as made:
            while piece := made.read(PIECE):
                yield piece


class _Sheet:
    """The one sheet of such a workbook, row after row."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, table: Table) -> None:
        """Begin the sheet."""
        self._table = table
        self._made = book.add_worksheet(name)
        self._looks = {kind: book.add_format(FORMATS[kind]) for kind in Kind}
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._kinds = [field.kind for field in table.fields]
        self._at = 0

    def written(self) -> Iterator[bytes]:
        """Write all rows; yield nothing now and then."""
        heads = self._table.heads()
        for head in heads:
            self._put(head, [Kind.TEXT] * len(head))
        self._made.freeze_panes(len(heads), 0)
        for row in self._table.rows:
            self._put(row, self._kinds)
            if self._at % LINES_AT_ONCE == 0:
                yield b""
        end = self._table.end(self._at - len(heads))
        self._put(end, [Kind.NUMBER] * len(end))

    def _put(self, row: Sequence[Value], kinds: Sequence[Kind]) -> None:
        if self._at > MOST_ROWS + 2:
            message = "the table has grown past what a sheet holds while it was written"
            raise OverflowError(message)
        for column, (value, kind) in enumerate(zip(row, kinds, strict=True)):
            if value is not None:
                look = (self._looks[kind], self._instant)
                write_value(self._made, (self._at, column), value, look)
        self._at += 1

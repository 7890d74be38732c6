"""Tables written as workbooks for people to work in, and as CSV; the same input, the same bytes."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from unbroken.kit.errors import TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.workbooks.cells import text_of
from unbroken.workbooks.csv_text import guarded
from unbroken.workbooks.sheets_out import LISTS, Column, Kind, SheetOut, Value, sheet_name

__all__ = [
    "Column",
    "Kind",
    "SheetOut",
    "Value",
    "csv_line",
    "sheet_name",
    "write_book",
    "write_csv",
    "write_value",
]

LONGEST = 32_767
LISTED_SIGNS = 255
"""Signs of a list inside its drop-down; longer ones need a sheet. Source: ECMA-376 18.3.1.32."""
TITLE_SIGNS, HELP_SIGNS = 32, 255
SEPARATING = re.compile('[,;\t\r\n"]')
EXACT_DIGITS = 15
A4 = 9
"""Source: ECMA-376 18.3.1.63."""
FIRST_EXACT_DAY = date(1900, 3, 1)
"""Before it spreadsheets count a day too many, so such days are written as text."""
GREY, HEAD, RED = "#EEEEEE", "#D9E2EC", "#FBE3E0"
FORMATS: Mapping[Kind, Mapping[str, object]] = {
    Kind.TEXT: {"num_format": "@"},
    Kind.CHOICE: {"num_format": "@"},
    Kind.DATE: {"num_format": "yyyy-mm-dd"},
    Kind.NUMBER: {},
}
ALLOWED = {
    "autofilter": True,
    "delete_rows": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "sort": True,
}


def write_book(sheets: Sequence[SheetOut], *, right_to_left: bool, made_at: datetime) -> bytes:
    """Return an Excel workbook (.xlsx); texts stay texts, whatever they begin with.

    Raises:
        TooLarge: A text is longer than a cell can be.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
    writer = _Book(book)
    for sheet in sheets:
        writer.add(sheet, right_to_left=right_to_left)
    writer.finish()
    book.close()
    return out.getvalue()


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a CSV file (UTF-8 with its mark, commas, CRLF); only texts get a guarding apostrophe.

    ``reading.read_csv`` takes the apostrophes off again.
    """
    lines = [csv_line(column.header for column in columns), *map(csv_line, rows)]
    return "".join(lines).encode("utf-8-sig", "replace")


def csv_line(values: Iterable[Value]) -> str:
    """Return one line of CSV with its end; texts that a program might run are guarded."""
    return ",".join(_quoted(_csv_field(value)) for value in values) + "\r\n"


def _quoted(field: str) -> str:
    """Return the field in quotation marks where any reader might cut it."""
    if not SEPARATING.search(field):
        return field
    return '"{}"'.format(field.replace('"', '""'))


def _csv_field(value: Value) -> str:
    if isinstance(value, str):
        return guarded(value)
    return format(value, "f") if isinstance(value, Decimal) else text_of(value)


@dataclass(slots=True)
class _Book:
    """One workbook in the making, with its formats and the long lists of its drop-downs."""

    book: xlsxwriter.Workbook
    formats: dict[tuple[object, ...], Format] = field(default_factory=dict)
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)

    def add(self, sheet: SheetOut, *, right_to_left: bool) -> None:
        """Add one sheet with all that belongs to it."""
        made = self.book.add_worksheet(sheet.name)
        if right_to_left:
            made.right_to_left()
        if sheet.is_hidden:
            made.hide()
        heading = self._format(bold=True, bg_color=HEAD, text_wrap=True, valign="top")
        for at, column in enumerate(sheet.columns):
            made.set_column(at, at, column.width, self._of(column), _options(column))
            made.write_string(0, at, column.header, heading)
        last = self._rows(made, sheet)
        self._help_and_choices(made, sheet, last + sheet.spare)
        self._behaviour(made, sheet, last)

    def finish(self) -> None:
        """Add the hidden sheet of long lists, where any drop-down asked for one."""
        if not self.lists:
            return
        made = self.book.add_worksheet(LISTS)
        made.very_hidden()
        for at, choices in enumerate(self.lists):
            for row, choice in enumerate(choices):
                made.write_string(row, at, choice)

    def _rows(self, made: Worksheet, sheet: SheetOut) -> int:
        """Write the rows and return the last one's number, from 0; the heading's is 0."""
        formats = [self._of(column) for column in sheet.columns]
        instants = [self._of(column, num_format="yyyy-mm-dd hh:mm") for column in sheet.columns]
        last = 0
        for last, row in enumerate(sheet.rows, start=1):
            for at, value in enumerate(row):
                if value is not None:
                    write_value(made, (last, at), value, (formats[at], instants[at]))
        for at, column in enumerate(sheet.columns):
            if column.is_locked:
                for row_at in range(last + 1, last + 1 + sheet.spare):
                    made.write_blank(row_at, at, None, self._of(column, is_spare=True))
        return last

    def _help_and_choices(self, made: Worksheet, sheet: SheetOut, last: int) -> None:
        for at, column in enumerate(sheet.columns):
            told = {
                "input_title": column.header[:TITLE_SIGNS],
                "input_message": column.help[:HELP_SIGNS],
            }
            rule: dict[str, object] = dict(told) if column.help else {}
            if column.choices:
                rule |= {"validate": "list", "source": self._source(column.choices)}
            elif rule:
                rule["validate"] = "any"
            if rule and last:
                made.data_validation(1, at, last, at, rule)

    def _source(self, choices: tuple[str, ...]) -> list[str] | str:
        """Return the list itself where it fits, else where it stands on the hidden sheet."""
        if len(",".join(choices)) <= LISTED_SIGNS and not any("," in each for each in choices):
            return list(choices)
        if choices not in self.lists:
            column = xlsxwriter.utility.xl_col_to_name(len(self.lists), col_abs=True)
            self.lists[choices] = f"='{LISTS}'!{column}$1:{column}${len(choices)}"
        return self.lists[choices]

    def _behaviour(self, made: Worksheet, sheet: SheetOut, last: int) -> None:
        right = len(sheet.columns) - 1
        made.freeze_panes(1, sheet.frozen)
        if sheet.has_filter:
            made.autofilter(0, 0, last, right)
        _on_paper(made)
        if sheet.overdue and last + sheet.spare:
            rule = {
                "type": "formula",
                "criteria": sheet.overdue,
                "format": self._format(bg_color=RED),
            }
            made.conditional_format(1, 0, last + sheet.spare, right, rule)
        if sheet.is_protected:
            made.protect("", ALLOWED)

    def _of(self, column: Column, **more: object) -> Format:
        """Return the format of a column's cells: its kind, and whether a reader may change them."""
        is_locked = column.is_locked and not more.pop("is_spare", False)
        looks: dict[str, object] = {"locked": is_locked, "valign": "top", **FORMATS[column.kind]}
        if is_locked:
            looks["bg_color"] = GREY
        if column.is_wrapped:
            looks["text_wrap"] = True
        return self._format(**{**looks, **more})

    def _format(self, **looks: object) -> Format:
        key = tuple(sorted(looks.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(looks)
        return self.formats[key]


def _on_paper(made: Worksheet) -> None:
    made.set_landscape()
    made.set_paper(A4)
    made.fit_to_pages(1, 0)
    made.repeat_rows(0)


def _options(column: Column) -> dict[str, bool]:
    return {"hidden": True} if column.is_hidden else {}


def write_value(
    made: Worksheet, place: tuple[int, int], value: Value, looks: tuple[Format, Format]
) -> None:
    """Write one value as what it is, never as what it looks like."""
    row, at = place
    look, instant = looks
    match value:
        case bool():
            made.write_boolean(row, at, value, look)
        case int() | float() | Decimal() if _is_exact(value):
            made.write_number(row, at, float(value), look)
        case datetime():
            made.write_datetime(row, at, _naive(value), instant)
        case date() if value >= FIRST_EXACT_DAY:
            made.write_datetime(row, at, value, look)
        case _:
            _write_text(made, place, value if isinstance(value, str) else _csv_field(value), look)


def _write_text(made: Worksheet, place: tuple[int, int], text: str, look: Format) -> None:
    if len(text) > LONGEST:
        raise TooLarge(
            _("A text is longer than a cell of a workbook can hold."),
            remedy=sentence("Shorten it to {most} signs, or export as CSV.", most=LONGEST),
        )
    made.write_string(*place, text, look)


def _is_exact(value: float | Decimal) -> bool:
    """Return whether a spreadsheet, which keeps 15 digits, would give the same number back."""
    return Decimal(f"{value:.{EXACT_DIGITS}g}") == Decimal(str(value))


def _naive(instant: datetime) -> datetime:
    return instant if instant.tzinfo is None else instant.astimezone(UTC).replace(tzinfo=None)

"""Spreadsheets as grids of values, read from memory after their package was checked."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TypeAlias

import python_calamine as calamine

from unbroken.workbooks.archive import unpacked
from unbroken.workbooks.csv_text import csv_table, unguarded
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.outline import RELATIONS, WORKBOOK, sheet_parts
from unbroken.workbooks.packing import Inspection, inspect
from unbroken.workbooks.refusals import damaged

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None
Span: TypeAlias = tuple[int, int, int, int]
EXACT = 2**53
"""Up to here a float that is whole is that whole number. Source: IEEE 754 binary64."""


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """The used rectangle of one sheet; all positions count from 0.

    ``rows[i][j]`` is the cell in row ``first_row + i`` and column ``first_column + j`` of the
    sheet; every row is as long as the others. A formula gives its last value, a failed one its
    error as text (``#REF!``). ``merged`` spans are (top, left, bottom, right) in the sheet.
    """

    name: str
    rows: list[list[Cell]]
    first_row: int = 0
    first_column: int = 0
    is_visible: bool = True
    merged: tuple[Span, ...] = ()

    def row_of(self, index: int) -> int:
        """Return the number that people see beside ``rows[index]``, counted from 1."""
        return self.first_row + index + 1


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets in their order; ``notes`` says what had to be guessed while reading."""

    sheets: tuple[SheetGrid, ...]
    notes: tuple[str, ...] = ()


def read_workbook(raw: bytes, limits: PackageLimits) -> Workbook:
    """Return the worksheets of an Excel workbook (.xlsx), hidden ones too; charts are left out.

    Raises:
        Invalid, TooLarge: As ``packing.check_package``; also where a part cannot be read.
    """
    inspection = inspect(raw, limits)
    errors = _errors_by_sheet(raw, inspection)
    memo: dict[str, str] = {}
    try:
        with calamine.load_workbook(io.BytesIO(raw)) as book:
            sheets = [
                _grid(book, sheet, errors.get(sheet.name, {}), memo)
                for sheet in book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except calamine.CalamineError as fault:
        raise damaged() from fault
    except BaseException as fault:
        # a panic of the reader is no Exception, so that only its name tells it from an interrupt
        if type(fault).__name__ != "PanicException":
            raise
        raise damaged() from fault
    return Workbook(tuple(sheets))


def read_csv(raw: bytes, limits: PackageLimits, *, name: str = "CSV") -> Workbook:
    """Return a CSV file as a workbook of one sheet of texts; empty fields are None.

    Raises:
        Invalid: It is no text, or not one table.
        TooLarge: It passes a limit.
    """
    table = csv_table(raw, limits)
    width = max(map(len, table.rows), default=0)
    grid = [_padded(row, width) for row in table.rows]
    return Workbook((SheetGrid(name, grid),), table.notes)


def _padded(row: list[str], width: int) -> list[Cell]:
    return [*(unguarded(each) or None for each in row), *[None] * (width - len(row))]


def _grid(
    book: calamine.CalamineWorkbook,
    sheet: calamine.SheetMetadata,
    errors: Mapping[tuple[int, int], str],
    memo: dict[str, str],
) -> SheetGrid:
    read = book.get_sheet_by_name(sheet.name)
    top, left = read.start or (0, 0)
    kept = memo.setdefault
    rows = [
        # most cells are texts: a call for each of millions would be a third of the reading
        [(kept(v, v) if v else None) if type(v) is str else _number(v) for v in row]
        for row in islice(read.iter_rows(), top, None)
    ]
    for (row, column), told in errors.items():
        if 0 <= row - top < len(rows) and 0 <= column - left < len(rows[row - top]):
            rows[row - top][column - left] = told
    return SheetGrid(
        name=sheet.name,
        rows=rows,
        first_row=top,
        first_column=left,
        is_visible=sheet.visible == calamine.SheetVisibleEnum.Visible,
        merged=tuple((*first, *last) for first, last in read.merged_cell_ranges or ()),
    )


def _number(value: str | float | date | time | timedelta) -> Cell:
    """Return a value that is no text; whole numbers as int."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= EXACT:
        return int(value)
    return value


def _errors_by_sheet(
    raw: bytes, inspection: Inspection
) -> dict[str, Mapping[tuple[int, int], str]]:
    """Return the cells with errors by the sheet's name: the reader leaves them empty."""
    if not any(inspection.errors.values()):
        return {}
    texts = {
        part.name: b"".join(unpacked(raw, part))
        for part in inspection.parts
        if part.name in {WORKBOOK, RELATIONS}
    }
    parts = sheet_parts(texts.get(WORKBOOK, b""), texts.get(RELATIONS, b""))
    return {sheet: inspection.errors.get(part, {}) for sheet, part in parts.items()}

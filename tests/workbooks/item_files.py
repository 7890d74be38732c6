"""Workbooks of items as a planner edits them: cells by row and heading, in memory."""

import io
from collections.abc import Mapping
from uuid import UUID

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Edits = Mapping[tuple[int, str], object]
"""What is typed, by the number of the row and the heading of its column (English)."""
SHEET = "Items"


def edited(raw: bytes, edits: Edits) -> bytes:
    """Return the workbook with some cells changed, saved as another program would."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book[SHEET]
    at = headings(sheet)
    for (row, heading), value in edits.items():
        sheet.cell(row, at[heading]).value = value  # type: ignore[assignment]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def headings(sheet: Worksheet) -> dict[str, int]:
    """Return the column of each heading, from 1."""
    return {str(cell.value): cell.column for cell in sheet[1] if cell.value}


def column(raw: bytes, heading: str) -> list[object]:
    """Return the cells below a heading as far as rows have an id."""
    sheet = openpyxl.load_workbook(io.BytesIO(raw))[SHEET]
    at = headings(sheet)
    rows = range(2, sheet.max_row + 1)
    return [sheet.cell(row, at[heading]).value for row in rows if sheet.cell(row, 1).value]


def uids(raw: bytes) -> list[UUID]:
    """Return the items of a workbook in their order."""
    return [UUID(str(each)) for each in column(raw, "Id")]

"""Workbooks of planners, made in memory: tidy ones, and one with everything that goes wrong."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | bool | date | None
Rows = Sequence[Sequence[Value]]


def workbook(
    sheets: Mapping[str, Rows], *, merged: Mapping[str, Sequence[str]] | None = None
) -> bytes:
    """Return an Excel workbook with these sheets, row by row from A1, and merged ranges."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        _fill(sheet, rows)
        for span in (merged or {}).get(name, ()):
            sheet.merge_cells(span)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, rows: Rows) -> None:
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(at, column, value)


def counted_from_1904(day: date) -> bytes:
    """Return a workbook that counts its days from 1904, as old Macintosh programs do."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": True}) as book:
        sheet = book.add_worksheet("Areas")
        sheet.write_row(0, 0, ["Area", "Closing date"])
        sheet.write(1, 0, "Gao")
        sheet.write_datetime(1, 1, day, book.add_format({"num_format": "d/m/yy"}))
    return out.getvalue()


def with_formula(formula: str, value: str | float) -> bytes:
    """Return a table of posts whose number is a formula with the value it had last."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Posts")
        sheet.write_row(0, 0, ["Post title", "Number of posts"])
        sheet.write(1, 0, "Adviser")
        sheet.write_formula(1, 1, formula, None, value)
    return out.getvalue()


CLOSINGS: Rows = [
    ["Area", "Closing date"],
    ["Gao", date(2026, 9, 30)],
    ["Kidal", "fin octobre 2026"],
]

UGLY: Mapping[str, Rows] = {
    "Plan de retrait": [
        ["MISSION DRAWDOWN TRACKER: do not circulate"],
        [],
        ["Version", 3],
        [],
        [None, "Fermetures"],
        [],
        ["Région", "Site", "Date prévue de fermeture", "Remarques", "Titulaire"],
        ["Gao", None, "fin septembre 2026", None, "N. N."],
        [None, "Ansongo", "31/08/2026", None, "N. N."],
        [None, "Labbézanga", "No later than 30 June 2026", None, None],
        [],
        ["Sous-total", 2, None, None, None],
        ["Région", "Site", "Date prévue de fermeture", "Remarques", "Titulaire"],
        ["Kidal", None, 46310, None, None],
        ["Ménaka", None, "T4 2026", None, None],
        ["Mopti", None, "à confirmer", None, None],
        ["TOTAL", 5, None, None, None],
        ["Note: dates are provisional"],
    ],
    "Postes": [
        [
            "Intitulé du poste",
            "Niveau",
            "Fonctions",
            "Lieu d'affectation",
            "Nb de postes",
            "Pourvus",
        ],
        ["Conseiller", "P-4", "MRM-VER; REFER", "Gao", "1 200", "1,100"],
        ["Chef", "P-5", "MRM-CHAIR", "Toute la mission", "1", "oui"],
    ],
}
UGLY_MERGED = {"Plan de retrait": ["A1:E1", "A8:A10"]}


def ugly() -> bytes:
    """Return one file with twelve ugly things.

    Title rows, a merged title, headings in row 7, merged areas, blank rows, a subtotal, the
    headings again, a total, a note, dates in French and English and as a bare number, thousands
    with blanks and commas, and a column that is nobody's business.
    """
    return workbook(UGLY, merged=UGLY_MERGED)

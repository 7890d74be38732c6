"""CSV files as people's programs write them: any usual coding, separator and line end."""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from unbroken.kit.errors import Invalid, TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.workbooks.limits import MEGA, PackageLimits
from unbroken.workbooks.refusals import SAVE_AGAIN, SPLIT, too_many_cells

SEPARATORS = (",", ";", "\t")
SAMPLE_ROWS = 50
SAMPLE_SIGNS = 1 << 16
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings that spreadsheet programs take for formulas. Source: OWASP, "CSV Injection"."""
OTHER_KINDS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")
GUESSED = _("The file was read as Western European text (Windows-1252): check accented letters.")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The fields as they stand in the file, its separator, and notes on what was guessed."""

    rows: list[list[str]]
    separator: str
    notes: tuple[str, ...]


def csv_table(raw: bytes, limits: PackageLimits) -> CsvTable:
    """Return the table of a CSV file.

    Raises:
        Invalid: It is no text, or a quotation mark is missing.
        TooLarge: It passes a limit.
    """
    if len(raw) > limits.packed_bytes:
        raise TooLarge(
            _("The file is larger than {most} MB."), remedy=SPLIT, most=limits.packed_bytes // MEGA
        )
    text, notes = _text(raw)
    separator, text = _separator(text)
    return CsvTable(_rows(text, separator, limits.cells), separator, notes)


def guarded(text: str) -> str:
    """Return ``text`` so that no spreadsheet program runs it: with an apostrophe where risky.

    A text that already begins with apostrophes before a risky sign gets one more, so that
    ``unguarded`` gives back exactly what was written.
    """
    return f"'{text}" if text.lstrip("'").startswith(RISKY) else text


def unguarded(text: str) -> str:
    """Return what ``guarded`` was given."""
    risky = text.startswith("'") and text.lstrip("'").startswith(RISKY)
    return text[1:] if risky else text


def _text(raw: bytes) -> tuple[str, tuple[str, ...]]:
    if raw.startswith(OTHER_KINDS):
        raise Invalid(_("This is not a CSV file, whatever its name ends in."), remedy=SAVE_AGAIN)
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _decoded(raw, "utf-16"), ()
    try:
        text, notes = raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _decoded(raw, "cp1252"), (GUESSED,)
    if "\0" in text:
        raise _no_text()
    return text, notes


def _decoded(raw: bytes, coding: str) -> str:
    try:
        text = raw.decode(coding)
    except UnicodeDecodeError as fault:
        raise _no_text() from fault
    if "\0" in text:
        raise _no_text()
    return text


def _no_text() -> Invalid:
    return Invalid(
        _("This file is not text, or in a coding that is not known."),
        remedy=_("Save it as “CSV UTF-8” and upload that."),
    )


def _separator(text: str) -> tuple[str, str]:
    """Return the separator and the text without the line that names it, where one does."""
    first, _end, rest = text.partition("\n")
    named = first.strip()
    if named.startswith("sep=") and named[4:] in SEPARATORS:
        return named[4:], rest
    if first.rstrip("\r") == "sep=\t":
        return "\t", rest
    return max(SEPARATORS, key=lambda each: _fit(text[:SAMPLE_SIGNS], each)), text


def _fit(sample: str, separator: str) -> tuple[bool, float, int]:
    """Return how well a separator cuts the sample: into several columns, in rows of one width."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        widths = Counter(len(row) for row in islice(reader, SAMPLE_ROWS) if row)
    except csv.Error:
        return False, 0.0, 0
    width, times = max(widths.items(), key=lambda each: (each[0] > 1, each[1]), default=(0, 0))
    return width > 1, times / max(widths.total(), 1), width


def _rows(text: str, separator: str, most_cells: int) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    widest = 1
    try:
        for row in reader:
            rows.append(row)
            widest = max(widest, len(row))
            if len(rows) * widest > most_cells:
                raise too_many_cells(most_cells)
    except csv.Error as fault:
        raise Invalid(
            _("Line {line} cannot be read: a quotation mark is missing or in the wrong place."),
            remedy=_("Mend that line, or save the table as “Excel workbook (.xlsx)” instead."),
            line=reader.line_num,
        ) from fault
    return rows

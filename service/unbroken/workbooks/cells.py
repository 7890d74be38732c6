"""What one cell says: a text, a day, a number, a yes or no; pure.

Each function returns None for a blank cell and ``Unreadable`` for one that it cannot take.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked
from unbroken.workbooks.days import MARKS, day_from, day_of_serial, is_either_way
from unbroken.workbooks.numbers_text import AmbiguousError, number_from, whole
from unbroken.workbooks.reading import Cell

ERRORS = frozenset(
    [
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#BLOCKED!",
        "#UNKNOWN!",
        "#FIELD!",
        "#CONNECT!",
        "#BUSY!",
        "#PYTHON!",
        "#EXTERNAL!",
    ]
)
YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "oui",
        "o",
        "vrai",
        "si",
        "sí",
        "s",
        "verdadero",
        "نعم",
        "صحيح",
        "x",
        "✓",
        "✔",
        "☑",
        "1",
    ]
)
NO = frozenset(["no", "n", "false", "non", "faux", "falso", "لا", "خطأ", "☐", "✗", "✘", "0"])

OUTER = " \t\n\u00a0\u202f\ufeff\u200b"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a cell could not be taken, and how to write it instead."""

    what: Marked
    remedy: Marked


NO_DAY = Unreadable(_("This is not a date."), _("Write it like 2026-03-31 or 31 March 2026."))
NOT_MIDNIGHT = Unreadable(
    _("This is a date with a time of day."), _("Leave the time out: 2026-03-31.")
)
NO_NUMBER = Unreadable(_("This is not a number."), _("Write digits only, like 1250 or 12.5."))
AMBIGUOUS = Unreadable(
    _("This number can be read in two ways: the point separates thousands or decimals."),
    _("Write 1234 or 1.2340, or make the cell a number."),
)
NO_FLAG = Unreadable(_("This is neither yes nor no."), _("Write yes or no."))
ERROR = Unreadable(
    _("A formula failed in this cell."), _("Mend the formula, or type the value in its place.")
)


def is_blank(cell: Cell) -> bool:
    """Return whether nothing can be seen: no value, or spaces and marks only."""
    return cell is None or (isinstance(cell, str) and not cell.translate(MARKS).strip())


def is_error(cell: Cell) -> bool:
    """Return whether the cell shows a spreadsheet error such as ``#REF!``."""
    return isinstance(cell, str) and cell.strip() in ERRORS


def text_of(cell: Cell) -> str:
    r"""Return the cell as people see it: composed, without outer spaces, lines ended by ``\\n``.

    Dates are ISO; a number has no more than the 15 digits that spreadsheets keep.
    """
    match cell:
        case None:
            return ""
        case str():
            return _tidied(cell)
        case bool():
            return str(cell).upper()
        case float():
            return f"{Decimal(_decimal(cell)):f}"
        case datetime():
            at_midnight = cell.time() == time()
            return str(cell.date()) if at_midnight else cell.isoformat(" ", "minutes")
        case time():
            return cell.isoformat(timespec="minutes")
        case timedelta():
            return f"{cell // timedelta(hours=1)}:{cell // timedelta(minutes=1) % 60:02}"
    return str(cell)


def _tidied(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip(OUTER)


def day_of(cell: Cell, *, serials: bool = False) -> date | Unreadable | None:
    """Return the civil date: a real one, or written in words or numbers; day before month.

    ``serials`` also takes bare numbers as days since 1900, for columns that lost their format.
    """
    match cell:
        case datetime():
            return cell.date() if cell.time() == time() else NOT_MIDNIGHT
        case date():
            return cell
        case bool():
            return NO_DAY
        case int() | float():
            return (day_of_serial(cell) if serials else None) or NO_DAY
        case str():
            return _day_of_text(cell)
        case None:
            return None
    return NO_DAY


def is_guess(cell: Cell) -> bool:
    """Return whether ``day_of`` had to choose day first, as in 03/04/2026: say so to people."""
    return isinstance(cell, str) and is_either_way(cell)


def number_of(cell: Cell) -> int | Decimal | Unreadable | None:
    """Return the number, whole ones as int; text as ``numbers_text.number_from`` reads it."""
    match cell:
        case bool():
            return NO_NUMBER
        case int():
            return cell
        case float():
            return _decimal(cell)
        case str():
            return _number_of_text(cell)
        case None:
            return None
    return NO_NUMBER


def flag_of(cell: Cell) -> bool | Unreadable | None:
    """Return yes or no, as words of our four languages, ticks, or 1 and 0."""
    if isinstance(cell, bool) or cell is None:
        return cell
    if is_blank(cell):
        return None
    if is_error(cell):
        return ERROR
    told = text_of(cell).translate(MARKS).casefold()
    if told in YES:
        return True
    return False if told in NO else NO_FLAG


def _day_of_text(cell: str) -> date | Unreadable | None:
    if is_blank(cell):
        return None
    return ERROR if is_error(cell) else day_from(cell) or NO_DAY


def _number_of_text(cell: str) -> int | Decimal | Unreadable | None:
    if is_blank(cell):
        return None
    if is_error(cell):
        return ERROR
    try:
        number = number_from(cell.translate(MARKS))
    except AmbiguousError:
        return AMBIGUOUS
    return NO_NUMBER if number is None else number


def _decimal(value: float) -> int | Decimal:
    """Return what a spreadsheet shows of a float. Source: ECMA-376 part 1, 18.17.5.2, 15 digits."""
    return whole(Decimal(f"{value:.15g}"))

"""Cells say days, numbers and answers as people of four languages write them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from unbroken.workbooks.cells import (
    AMBIGUOUS,
    ERROR,
    NO_DAY,
    NO_FLAG,
    NO_NUMBER,
    NOT_MIDNIGHT,
    Unreadable,
    day_of,
    flag_of,
    is_blank,
    is_error,
    is_guess,
    number_of,
    text_of,
)
from unbroken.workbooks.reading import Cell

DAY = date(2026, 3, 12)
MIDNIGHT = datetime.combine(DAY, time())
AFTERNOON = datetime.combine(DAY, time(14, 30))


def _named(value: object) -> str:
    return ascii(value)[:60]


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        MIDNIGHT,
        "2026-03-12",
        "2026/3/12",
        "2026.03.12",
        "2026-03-12 00:00:00",
        "2026-03-12T00:00:00Z",
        "12/03/2026",
        "12.3.26",
        "12-03-2026",
        "12 March 2026",
        "12 march 26",
        "12-Mar-26",
        "12th of March 2026",
        "March 12, 2026",
        "Mar 12 2026",
        "Thursday, 12 March 2026",
        "2026 March 12",
        "12 mars 2026",
        "jeudi 12 mars 2026",
        "12 de marzo de 2026",
        "12 mar. 2026",
        "12 مارس 2026",
        "١٢ مارس ٢٠٢٦",
        "12 آذار 2026",
        "\u200f12/03/2026\u200f",
        "  12\u00a0mars\u00a02026 ",
    ],
    ids=_named,
)
def test_a_day_is_read_however_it_is_written(cell: Cell) -> None:
    assert day_of(cell) == DAY


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("03/12/2026", date(2026, 12, 3)),
        ("03/13/2026", date(2026, 3, 13)),
        ("1er août 2026", date(2026, 8, 1)),
        ("1 févr. 2026", date(2026, 2, 1)),
        ("3 sept. 2026", date(2026, 9, 3)),
        ("31 كانون الثاني 2026", date(2026, 1, 31)),
        ("5 غشت 2026", date(2026, 8, 5)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
    ids=_named,
)
def test_days_that_could_be_mistaken_are_read_right(cell: Cell, day: date) -> None:
    assert day_of(cell) == day


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("31/02/2026", NO_DAY),
        ("13/13/2026", NO_DAY),
        ("March 2026", NO_DAY),
        ("Q3 2026", NO_DAY),
        ("12 Smarch 2026", NO_DAY),
        ("12/3", NO_DAY),
        ("12/03/1426", NO_DAY),
        ("9" * 5000 + " March 2026", NO_DAY),
        (46093, NO_DAY),
        (True, NO_DAY),
        (timedelta(days=1), NO_DAY),
        (time(5), NO_DAY),
        (AFTERNOON, NOT_MIDNIGHT),
        ("#REF!", ERROR),
    ],
    ids=_named,
)
def test_what_is_no_day_says_why(cell: Cell, why: Unreadable) -> None:
    assert day_of(cell) == why


@pytest.mark.parametrize(
    ("cell", "day"),
    [(46093, DAY), (46093.0, DAY), (61, date(1900, 3, 1)), (46093.5, NO_DAY), (60, NO_DAY)],
    ids=_named,
)
def test_serials_are_days_only_when_asked_for(cell: Cell, day: date | Unreadable) -> None:
    assert day_of(cell, serials=True) == day


@pytest.mark.parametrize(
    ("cell", "guess"),
    [
        ("03/04/2026", True),
        ("3.4.26", True),
        ("04/04/2026", False),
        ("13/04/2026", False),
        ("2026-03-04", False),
        ("3 April 2026", False),
        (DAY, False),
    ],
    ids=_named,
)
def test_only_a_day_that_could_be_a_month_is_a_guess(cell: Cell, guess: bool) -> None:  # noqa: FBT001
    assert is_guess(cell) is guess


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (5, 5),
        (-2.5, Decimal("-2.5")),
        (2.0, 2),
        (0.1 + 0.2, Decimal("0.3")),
        ("1234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234\u202f567", 1234567),
        ("1,234", 1234),
        ("1,234.5", Decimal("1234.5")),
        ("1.234,5", Decimal("1234.5")),
        ("1.234.567", 1234567),
        ("1'234", 1234),
        ("1’234", 1234),
        ("1,5", Decimal("1.5")),
        ("0,234", Decimal("0.234")),
        ("0.234", Decimal("0.234")),
        ("12.50", Decimal("12.5")),
        ("(5)", -5),
        ("(1,234.50)", Decimal("-1234.5")),
        ("-5", -5),
        ("−5", -5),
        ("+5", 5),
        ("٣٤", 34),
        ("\u200e12", 12),
    ],
    ids=_named,
)
def test_a_number_is_read_however_it_is_written(cell: Cell, number: int | Decimal) -> None:
    assert (number_of(cell), type(number_of(cell))) == (number, type(number))


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1.234", AMBIGUOUS),
        ("-12.345", AMBIGUOUS),
        ("12 posts", NO_NUMBER),
        ("1,23,456", NO_NUMBER),
        ("1 23", NO_NUMBER),
        ("5 %", NO_NUMBER),
        ("1e5", NO_NUMBER),
        ("9" * 5000, NO_NUMBER),
        ("--5", NO_NUMBER),
        (True, NO_NUMBER),
        (DAY, NO_NUMBER),
        ("#DIV/0!", ERROR),
    ],
    ids=_named,
)
def test_what_is_no_number_says_why(cell: Cell, why: Unreadable) -> None:
    assert number_of(cell) == why


@pytest.mark.parametrize(
    "cell", ["yes", "Oui", "SÍ", "si", "نعم", "x", "✓", True, 1, 1.0, "true"], ids=_named
)
def test_yes_is_read_in_four_languages(cell: Cell) -> None:
    assert flag_of(cell) is True


@pytest.mark.parametrize("cell", ["no", "Non", "لا", "faux", False, 0, "☐"], ids=_named)
def test_no_is_read_in_four_languages(cell: Cell) -> None:
    assert flag_of(cell) is False


@pytest.mark.parametrize(
    ("cell", "why"), [("perhaps", NO_FLAG), (2, NO_FLAG), ("#N/A", ERROR)], ids=_named
)
def test_what_is_no_answer_says_why(cell: Cell, why: Unreadable) -> None:
    assert flag_of(cell) == why


@pytest.mark.parametrize(
    "cell", [None, "", " ", "\u00a0\t\n", "\u200b\u200f", "\ufeff"], ids=_named
)
def test_blank_is_what_nobody_can_see(cell: Cell) -> None:
    told = (is_blank(cell), text_of(cell).strip("\u200f"), day_of(cell), number_of(cell))

    assert (*told, flag_of(cell)) == (True, "", None, None, None)


@pytest.mark.parametrize("cell", ["-", "n/a", "0", 0, False], ids=_named)
def test_what_can_be_seen_is_not_blank(cell: Cell) -> None:
    assert is_blank(cell) is False


@pytest.mark.parametrize(
    ("cell", "error"), [("#REF!", True), ("#N/A", True), ("# 1", False)], ids=_named
)
def test_errors_are_told_from_texts(cell: Cell, error: bool) -> None:  # noqa: FBT001
    assert is_error(cell) is error


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  a\r\nb\u00a0", "a\nb"),
        ("e\u0301", "é"),
        (5, "5"),
        (5.0, "5"),
        (1e20, "1" + "0" * 20),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (True, "TRUE"),
        (DAY, "2026-03-12"),
        (MIDNIGHT, "2026-03-12"),
        (AFTERNOON, "2026-03-12 14:30"),
        (time(5, 6), "05:06"),
        (timedelta(hours=30, minutes=5), "30:05"),
    ],
    ids=_named,
)
def test_a_text_is_what_people_see(cell: Cell, text: str) -> None:
    assert text_of(cell) == text

"""Vague dates, months and shares of months."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.plans.rules import (
    Precision,
    VagueDate,
    days_of,
    due,
    months_after,
    months_before,
    parse_vague,
    past,
    shift,
)

DAY = date(2024, 5, 17)


@pytest.mark.parametrize(
    ("precision", "earliest", "latest", "text"),
    [
        (Precision.DAY, date(2024, 5, 17), date(2024, 5, 17), "2024-05-17"),
        (Precision.ABOUT, date(2024, 5, 10), date(2024, 5, 24), "~2024-05-17"),
        (Precision.NO_LATER_THAN, date(2024, 5, 17), date(2024, 5, 17), "<=2024-05-17"),
        (Precision.MONTH, date(2024, 5, 1), date(2024, 5, 31), "2024-05"),
        (Precision.QUARTER, date(2024, 4, 1), date(2024, 6, 30), "2024-Q2"),
        (Precision.YEAR, date(2024, 1, 1), date(2024, 12, 31), "2024"),
    ],
)
def test_a_vague_date_spans_what_may_be_meant(
    precision: Precision, earliest: date, latest: date, text: str
) -> None:
    vague = VagueDate(DAY, precision)

    assert (vague.earliest, vague.latest, str(vague)) == (earliest, latest, text)


@pytest.mark.parametrize(
    ("on", "is_due", "is_past"),
    [
        (date(2024, 4, 30), False, False),
        (date(2024, 5, 1), True, False),
        (date(2024, 5, 31), True, False),
        (date(2024, 6, 1), True, True),
    ],
)
def test_may_2024_is_due_from_its_first_day_and_past_after_its_last(
    *, on: date, is_due: bool, is_past: bool
) -> None:
    may = VagueDate(DAY, Precision.MONTH)

    assert (due(may, on), past(may, on)) == (is_due, is_past)


def test_february_of_a_leap_year_ends_on_the_29th() -> None:
    assert VagueDate(date(2024, 2, 3), Precision.MONTH).latest == date(2024, 2, 29)


def test_an_unknown_date_is_no_date() -> None:
    with pytest.raises(ValueError, match="leave it out"):
        VagueDate(DAY, Precision.UNKNOWN)


def test_an_instant_is_no_civil_date() -> None:
    with pytest.raises(TypeError, match="not an instant"):
        VagueDate(datetime(2024, 5, 17, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-31", VagueDate(date(2024, 5, 31), Precision.DAY)),
        (" 2024-05 ", VagueDate(date(2024, 5, 1), Precision.MONTH)),
        ("2024-Q2", VagueDate(date(2024, 4, 1), Precision.QUARTER)),
        ("2024-q4", VagueDate(date(2024, 10, 1), Precision.QUARTER)),
        ("2024", VagueDate(date(2024, 1, 1), Precision.YEAR)),
    ],
)
def test_a_date_is_read_as_exactly_as_it_is_written(text: str, expected: VagueDate) -> None:
    assert parse_vague(text) == expected


@pytest.mark.parametrize("precision", [each for each in Precision if each != Precision.UNKNOWN])
def test_a_day_may_be_given_any_precision(precision: Precision) -> None:
    assert parse_vague("2024-05-17", precision=precision) == VagueDate(DAY, precision)


def test_a_month_may_be_called_a_month() -> None:
    expected = VagueDate(date(2024, 5, 1), Precision.MONTH)

    assert parse_vague("2024-05", precision=Precision.MONTH) == expected


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("2024-06-31", "has days 01 to 30: write 2024-06-30 for its last day, or 2024-06"),
        ("2023-02-29", "write 2023-02-28"),
        ("2024-06-00", "has days 01 to 30"),
        ("2024-13", "There is no month 13"),
        ("2024-00-10", "There is no month 00"),
        ("0000-01-01", "There is no year 0000"),
        ("31.05.2024", "Write a date as 2024-05-31, 2024-05, 2024-Q2 or 2024"),
        ("2024-Q5", "Write a date as"),
        ("", "Write a date as"),
    ],
)
def test_a_date_that_does_not_exist_is_refused_with_how_to_mend_it(text: str, mend: str) -> None:
    with pytest.raises(ValueError, match=mend):
        parse_vague(text)


def test_about_needs_a_day() -> None:
    with pytest.raises(ValueError, match="2024-05 is a month: to say about, give a day"):
        parse_vague("2024-05", precision=Precision.ABOUT)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2023, 12, 31), 3, date(2024, 3, 31)),
        (date(2023, 12, 31), 6, date(2024, 6, 30)),
        (date(2023, 12, 31), -12, date(2022, 12, 31)),
        (date(2024, 2, 29), -12, date(2023, 2, 28)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date.max, 1, date.max),
        (date.min, -1, date.min),
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
        (date(1, 2, 3), -1, date(1, 1, 3)),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(day: date, months: int, expected: date) -> None:
    assert (months_after(day, months), months_before(day, -months)) == (expected, expected)


@pytest.mark.parametrize(
    ("months", "expected"), [(0, 0), (1, 31), (2, 61), (3, 92), (12, 366), (Fraction(1, 2), 16)]
)
def test_months_as_days_are_rounded_up(months: int | Fraction, expected: int) -> None:
    assert days_of(months) == expected


def test_days_beyond_the_calendar_stay_at_its_edge() -> None:
    assert (shift(date.max, 1), shift(date.min, -1)) == (date.max, date.min)


@given(st.dates(), st.sampled_from([each for each in Precision if each != Precision.UNKNOWN]))
def test_every_vague_date_holds_its_own_day(day: date, precision: Precision) -> None:
    vague = VagueDate(day, precision)

    assert vague.earliest <= day <= vague.latest


@given(st.dates(), st.integers(0, 24))
def test_a_later_day_is_never_earlier_months_before(day: date, months: int) -> None:
    assert months_before(day, months) <= months_before(shift(day, 1), months)


@given(
    st.dates(), st.sampled_from([Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.YEAR])
)
def test_what_is_written_is_read_back(day: date, precision: Precision) -> None:
    vague = VagueDate(day, precision)

    assert str(parse_vague(str(vague))) == str(vague)

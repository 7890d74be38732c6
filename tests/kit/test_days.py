"""A civil date shows its own day in every language, whatever the zone, as the locale writes it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.kit.languages import LANGUAGES, load_languages
from unbroken.kit.sentences import both, either, listed, sentence

READERS = {name: load_languages().translator(name) for name in LANGUAGES}
FIRST = date(2023, 7, 1)
LAST = date(2023, 6, 30)


@pytest.mark.parametrize(
    ("language", "length", "told"),
    [
        ("en", "long", "1 July 2023"),
        ("en", "medium", "1 Jul 2023"),
        ("fr", "long", "1er juillet 2023"),
        ("fr", "medium", "1er juil. 2023"),
        ("fr", "full", "samedi 1er juillet 2023"),
        ("fr", "short", "01/07/2023"),
        ("es", "long", "1 de julio de 2023"),
        ("ar", "long", "1 تموز/يوليه 2023"),
        ("ar", "medium", "1 تموز/يوليه 2023"),
        ("ar", "full", "السبت، 1 تموز/يوليه 2023"),
        ("ar", "short", "1\u200f/7\u200f/2023"),
    ],
)
def test_a_day_is_written_as_its_language_does(language: str, length: str, told: str) -> None:
    assert READERS[language].day(FIRST, length=length) == told


def test_arabic_names_months_as_the_united_nations_do() -> None:
    assert READERS["ar"].day(LAST) == "30 حزيران/يونيه 2023"
    assert READERS["ar"].month(LAST) == "حزيران/يونيه 2023"
    assert len({READERS["ar"].month(date(2023, month, 1)) for month in range(1, 13)}) == 12


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "July 2023"), ("fr", "juillet 2023"), ("es", "julio de 2023")],
)
def test_a_month_is_written_as_its_language_does(language: str, told: str) -> None:
    assert READERS[language].month(FIRST) == told


@given(
    day=st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)),
    language=st.sampled_from(LANGUAGES),
    length=st.sampled_from(["short", "medium", "long", "full"]),
)
def test_a_civil_date_shows_its_own_day(day: date, language: str, length: str) -> None:
    told = READERS[language].day(day, length=length)
    numbers = "".join(c if c.isdigit() else " " for c in told).split()

    assert str(day.day) in {number.lstrip("0") for number in numbers}
    assert any(number in (str(day.year), f"{day.year % 100:02}") for number in numbers)


@given(
    day=st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)),
    hours=st.integers(min_value=-11, max_value=14),
    language=st.sampled_from(LANGUAGES),
)
def test_no_zone_moves_a_civil_date(day: date, hours: int, language: str) -> None:
    """What a reader is told does not depend on where the machine or the reader is."""
    zone = timezone(timedelta(hours=hours))
    noted = datetime(day.year, day.month, day.day, tzinfo=zone)
    reader = READERS[language]

    assert reader.day(noted.date()) == reader.day(day)
    assert reader.written(day) == reader.day(day, length="medium")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Midway", 2), ("UTC", 2), ("Pacific/Kiritimati", 3)]
)
def test_an_instant_is_told_in_its_zone(language: str, zone: str, day: int) -> None:
    at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    reader = READERS[language]

    assert reader.instant(at, zone=zone).startswith(reader.day(date(2026, 3, day), length="medium"))


@pytest.mark.parametrize(
    ("language", "lists"),
    [
        ("en", ["a, b, c", "a, b and c", "a, b or c"]),
        ("fr", ["a, b, c", "a, b et c", "a, b ou c"]),
        ("es", ["a, b, c", "a, b y c", "a, b o c"]),
        ("ar", ["a, b, c", "a وb وc", "a أو b أو c"]),
    ],
)
def test_things_are_listed_as_the_language_does(language: str, lists: list[str]) -> None:
    told = [READERS[language].gettext(kind("abc")) for kind in (listed, both, either)]

    # the comma is a message, and has its translation with the others
    assert [text.replace("،", ",") for text in told] == lists


def test_an_empty_list_is_empty() -> None:
    assert [READERS["fr"].gettext(kind([])) for kind in (listed, both, either)] == ["", "", ""]


@pytest.mark.own_messages
def test_days_and_sentences_inside_a_sentence_are_told_too() -> None:
    told = sentence("{day} is {what}", day=FIRST, what=listed(["a", sentence("b")]))

    assert told == "2023-07-01 is a, b"
    assert READERS["fr"].gettext(told) == "1er juil. 2023 is a, b"

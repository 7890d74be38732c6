"""Civil dates as people write them in English, French, Spanish and Arabic; pure."""

import re
import unicodedata
from datetime import date, timedelta
from functools import cache

from babel.dates import get_day_names, get_month_names

LOCALES = ("en", "fr", "es", "ar", "ar_LB", "ar_DZ", "ar_MA")
"""Arabic months have three sets of names: Egypt and the Gulf, the Levant, the Maghreb."""
LONGEST = 80
FIRST_YEAR, LAST_YEAR = 1900, 2199
FILLERS = frozenset(
    [
        "de",
        "del",
        "the",
        "of",
        "er",
        "ere",
        "st",
        "nd",
        "rd",
        "th",
        "o",
        "le",
        "la",
        "el",
        "du",
        "em",
    ]
)
ISO = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?)?"
)
NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
WORDY = re.compile(r"[\w\s,.\-/’'،]+")
TOKEN = re.compile(r"\d+|[^\W\d_]+")
MARKS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\ufeff"))
DAY_ZERO = date(1899, 12, 30)
"""Day 0 of the serials from March 1900 on. Source: ECMA-376 part 1, 18.17.4.1."""
FIRST_SERIAL, LAST_SERIAL = 61, 109_573


def day_from(text: str) -> date | None:
    """Return the date that ``text`` writes, None where it writes none.

    Numbers alone are year first or day first; month first only where the day cannot be a month.
    Two digits are a year from 2000 to 2099.
    """
    plain = _folded(text[: LONGEST + 1])
    if len(plain) > LONGEST:
        return None
    if match := ISO.fullmatch(plain.upper()):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := NUMBERS.fullmatch(plain):
        first, second, year = int(match[1]), int(match[3]), _year(match[4])
        return _day(year, second, first) or _day(year, first, second)
    return _worded(plain) if WORDY.fullmatch(plain) else None


def is_either_way(text: str) -> bool:
    """Return whether ``text`` gives a date day first and another one month first."""
    match = NUMBERS.fullmatch(_folded(text[: LONGEST + 1]))
    if not match or match[1] == match[3]:
        return False
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    ways = {_day(year, second, first), _day(year, first, second)} - {None}
    return len(ways) > 1


def day_of_serial(serial: float) -> date | None:
    """Return the date behind a whole spreadsheet serial (days since 1900), None beyond 2199."""
    if serial != int(serial) or not FIRST_SERIAL <= serial <= LAST_SERIAL:
        return None
    return DAY_ZERO + timedelta(days=int(serial))


def _folded(text: str) -> str:
    """Return ``text`` in lower case, without accents, marks of direction and doubled spaces."""
    split = unicodedata.normalize("NFKD", text.translate(MARKS)).casefold()
    bare = "".join(sign for sign in split if not unicodedata.combining(sign))
    return " ".join(bare.split())


def _worded(plain: str) -> date | None:
    """Return the date of a text with the month's name; day and year stand around it or after it."""
    tokens = [each for each in TOKEN.findall(plain) if each not in FILLERS]
    numbers = [each for each in tokens if each.isdecimal()]
    words = [each for each in tokens if not each.isdecimal()]
    if len(numbers) != 2:  # noqa: PLR2004 - the day and the year
        return None
    month = _months().get(" ".join(_without_weekday(words)))
    if month is None:
        return None
    one, other = numbers
    year_first = len(one) == 4 and len(other) <= 2  # noqa: PLR2004 - digits of a year, of a day
    day, year = (other, one) if year_first else (one, other)
    return _day(_year(year), month, int(day)) if len(year) in {2, 4} else None


def _without_weekday(words: list[str]) -> list[str]:
    for size in (1, 2):
        if len(words) > size and " ".join(words[:size]) in _weekdays():
            return words[size:]
    return words


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)  # noqa: PLR2004 - digits


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if FIRST_YEAR <= year <= LAST_YEAR else None


@cache
def _months() -> dict[str, int]:
    """Return the month by its folded name; a name of two months is none."""
    found: dict[str, int] = {"sept": 9}
    doubtful: set[str] = set()
    for number, name in _month_names():
        if found.setdefault(name, number) != number:
            doubtful.add(name)
    return {name: number for name, number in found.items() if name not in doubtful}


def _month_names() -> list[tuple[int, str]]:
    return [
        (number, " ".join(TOKEN.findall(_folded(name))))
        for locale in LOCALES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    ]


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(
        " ".join(TOKEN.findall(_folded(name)))
        for locale in LOCALES
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, "format", locale).values()
    )

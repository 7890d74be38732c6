"""Civil dates as sources give them: exact, vague or unknown; months, and shares of months in days.

No date here is an instant and none depends on a time zone. Results that would leave the calendar
are held at its first or last day.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from math import ceil

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence

MONTH_DAYS = Fraction(487, 16)
"""Days of an average month, 30.4375. Source: a year of 365.25 days, in twelfths."""

ABOUT_DAYS = 7
"""Days either side of an "about" date. Source: design judgement, 2026."""


class Precision(StrEnum):
    """How exactly a source gives a date."""

    DAY = "day"
    MONTH = "month"
    ABOUT = "about"
    NO_LATER_THAN = "no-later-than"
    QUARTER = "quarter"
    YEAR = "year"
    UNKNOWN = "unknown"


_SPAN_MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12}


@dataclass(frozen=True, slots=True)
class VagueDate:
    """A date and how exactly it is known; ``on`` may be any day of a month, quarter or year meant.

    A date that is not known at all is ``None``, never a vague date.

    Raises:
        TypeError: ``on`` is an instant.
        ValueError: the precision is unknown.
    """

    on: date
    precision: Precision = Precision.DAY

    def __post_init__(self) -> None:
        """Refuse an instant and a date that nobody knows."""
        if isinstance(self.on, datetime):
            raise TypeError("A civil date is not an instant: give the day alone.")
        if self.precision is Precision.UNKNOWN:
            raise ValueError("A date that is not known has no day: leave it out.")

    @property
    def earliest(self) -> date:
        """Return the first day that may be meant.

        Of "no later than" it is the day given, because no earlier day is claimed.
        """
        match self.precision:
            case Precision.MONTH | Precision.QUARTER | Precision.YEAR:
                return self.on.replace(month=self._first_month, day=1)
            case Precision.ABOUT:
                return shift(self.on, -ABOUT_DAYS)
            case _:
                return self.on

    @property
    def latest(self) -> date:
        """Return the last day that may be meant, included."""
        match self.precision:
            case Precision.MONTH | Precision.QUARTER | Precision.YEAR:
                month = self._first_month + _SPAN_MONTHS[self.precision] - 1
                return date(self.on.year, month, monthrange(self.on.year, month)[1])
            case Precision.ABOUT:
                return shift(self.on, ABOUT_DAYS)
            case _:
                return self.on

    @property
    def _first_month(self) -> int:
        span = _SPAN_MONTHS[self.precision]
        return (self.on.month - 1) // span * span + 1

    def __str__(self) -> str:
        """Return ISO text: 2024-05-31, 2024-05, 2024-Q2, 2024, ~2024-05-31 or <=2024-05-31."""
        day = self.on.isoformat()
        match self.precision:
            case Precision.MONTH:
                return day[:7]
            case Precision.QUARTER:
                return f"{day[:4]}-Q{(self.on.month + 2) // 3}"
            case Precision.YEAR:
                return day[:4]
            case Precision.ABOUT:
                return f"~{day}"
            case Precision.NO_LATER_THAN:
                return f"<={day}"
            case _:
                return day


def due(vague: VagueDate, on: date) -> bool:
    """Return whether ``vague`` counts as due on that day: from its earliest day, included."""
    return on >= vague.earliest


def past(vague: VagueDate, on: date) -> bool:
    """Return whether ``vague`` counts as past on that day: only after its latest day."""
    return on > vague.latest


def shift(day: date, days: int) -> date:
    """Return the day so many days later, or earlier where ``days`` is negative."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many calendar months later.

    Where that month is shorter it is the month's last day: one month after 31 January is 28 or 29
    February.
    """
    index = day.year * 12 + day.month - 1 + months
    if index < date.min.year * 12:
        return date.min
    if index >= (date.max.year + 1) * 12:
        return date.max
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_before(day: date, months: int) -> date:
    """Return the same day of the month so many calendar months earlier, clamped at month ends."""
    return months_after(day, -months)


def days_of(months: Fraction | int) -> int:
    """Return so many months, or shares of one, in days (30.4375 are a month), rounded up."""
    return ceil(months * MONTH_DAYS)


_FORMS = re.compile(
    r"(?P<year>[0-9]{4})(-Q(?P<quarter>[1-4])|-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?",
    re.IGNORECASE,
)


def parse_vague(text: str, *, precision: Precision | None = None) -> VagueDate:
    """Return the date that ``text`` gives: 2024-05-31, 2024-05, 2024-Q2 or 2024.

    A day may be given any precision; a month, quarter or year only its own, and is kept as its
    first day.

    Raises:
        ValueError: no such form or no such day; the message says how to mend it.
    """
    found = _FORMS.fullmatch(text.strip())
    if found is None:
        raise ValueError(_("Write a date as 2024-05-31, 2024-05, 2024-Q2 or 2024."))
    read = _precision_read(found)
    if precision not in (None, read) and read is not Precision.DAY:
        mend = sentence(
            "{text} is a {read}: to say {precision}, give a day.",
            text=text.strip(),
            read=read.value,
            precision=str(precision),
        )
        raise ValueError(mend)
    return VagueDate(_first_day(found), precision or read)


def _precision_read(found: re.Match[str]) -> Precision:
    for group in (Precision.DAY, Precision.MONTH, Precision.QUARTER):
        if found[group]:
            return group
    return Precision.YEAR


def _first_day(found: re.Match[str]) -> date:
    year, quarter = int(found["year"]), int(found["quarter"] or 1)
    month, day = int(found["month"] or quarter * 3 - 2), int(found["day"] or 1)
    if year < date.min.year:
        raise ValueError(_("There is no year 0000: write a year from 0001 to 9999."))
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        mend = sentence(
            "There is no month {month}: write a month from 01 to 12.", month=f"{month:02}"
        )
        raise ValueError(mend)
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        whole = f"{year:04}-{month:02}"
        mend = sentence(
            "{whole} has days 01 to {last}: "
            "write {whole}-{last} for its last day, or {whole} for the month.",
            whole=whole,
            last=last,
        )
        raise ValueError(mend)
    return date(year, month, day)

"""What a setting would have done on days gone by: counted as scans count, and compared; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from unbroken.gaps.changes import OpenGap, changes
from unbroken.gaps.rules.rule import Finding
from unbroken.gaps.rules.words import Happening

MOST_DAYS = 366
DAILY_UP_TO = 56
"""So many days are looked at one by one; a longer time week by week, so that it stays cheap."""
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many gaps a rule would have opened and so on; ``open`` and ``set_aside`` at the end.

    What was found on the first day that was looked at is open from then and not counted as opened.
    """

    opened: int = 0
    worsened: int = 0
    eased: int = 0
    closed: int = 0
    open: int = 0
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class MonthTally:
    """The same for the days of one month that were looked at, from its first day."""

    month_on: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Course:
    """What one way of setting a rule comes to over the days, month by month, and at the end.

    ``left`` are the findings of the last day that are told, in the order in which they were found.
    """

    tally: Tally
    months: tuple[MonthTally, ...]
    left: tuple[Finding, ...]


def days_of(last: date, count: int) -> tuple[date, ...]:
    """Return the days to be looked at, the first first, ``last`` always among them.

    They reach back ``count`` days, at most ``MOST_DAYS``: each day, or each seventh of a long time.
    """
    span = min(max(count, 1), MOST_DAYS)
    step = DAY if span <= DAILY_UP_TO else WEEK
    steps = timedelta(days=span) // step
    return tuple(last - step * back for back in range(steps, -1, -1))


def course(days: Iterable[tuple[date, list[Finding]]]) -> Course:
    """Return what scans on these days, in their order, would have done with these findings."""
    known: list[OpenGap] | None = None
    total: Counter[Happening] = Counter()
    months: dict[date, Counter[Happening]] = {}
    ends: dict[date, list[Finding]] = {}
    for on, found in days:
        month = on.replace(day=1)
        happened = Counter() if known is None else _happened(known, found)
        total += happened
        months[month] = months.get(month, Counter()) + happened
        ends[month] = found
        known = [_gap(each) for each in found]
    last = ends[max(ends)] if ends else []
    return Course(
        tally=_tally(total, last),
        months=tuple(MonthTally(month, _tally(months[month], ends[month])) for month in ends),
        left=tuple(_told(last)),
    )


def _happened(known: list[OpenGap], found: list[Finding]) -> Counter[Happening]:
    return Counter(change.kind for change in changes(known, found).happened)


def _gap(finding: Finding) -> OpenGap:
    found = finding.found
    return OpenGap(finding.key, finding.severity, found.turns_on, found.facts, finding.is_set_aside)


def _told(found: Iterable[Finding]) -> Iterator[Finding]:
    return (each for each in found if not each.is_set_aside)


def _tally(happened: Counter[Happening], last: list[Finding]) -> Tally:
    told = sum(1 for _each in _told(last))
    return Tally(
        opened=happened[Happening.OPENED],
        worsened=happened[Happening.WORSENED],
        eased=happened[Happening.EASED],
        closed=happened[Happening.CLOSED],
        open=told,
        set_aside=len(last) - told,
    )

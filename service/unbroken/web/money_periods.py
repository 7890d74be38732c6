"""Cover over time as a page shows it: months, or quarters and years where there are too many.

Every sum is that of the months inside; where a reader sees some functions by quarter only, all are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from unbroken.money.queries.cover import CoverRow

MONTHS = 12
QUARTER = 3
STEPS = (1, QUARTER, MONTHS)
MOST = 24
"""More bars than these are too thin to be read, and too long a table."""


def bound_of(*, unstated: bool, at_most: bool) -> str:
    """Return ``least`` where a need has no amount, ``most`` where money has none, else nothing.

    Where both are so the sum may be off either way, and no word is right.
    """
    if unstated == at_most:
        return ""
    return "least" if unstated else "most"


@dataclass(slots=True)
class Period:
    """One month, quarter or year by its first day; amounts in units of 10⁻⁴ US dollars.

    ``required`` is ``None`` where no need is stated; ``unstated`` counts needs without an amount,
    ``estimated`` the estimates. ``at_most`` tells that some money has no amount.
    """

    starts_on: date
    required: int | None = None
    covered: int = 0
    promised: int = 0
    unstated: int = 0
    estimated: int = 0
    at_most: bool = False

    @property
    def uncovered(self) -> int | None:
        """Return the need above confirmed money; ``None`` where no need is stated."""
        return None if self.required is None else self.required - self.covered

    @property
    def after_pledges(self) -> int:
        """Return what stays uncovered if every open pledge is kept."""
        return 0 if self.required is None else self.required - self.covered - self.promised

    @property
    def bound(self) -> str:
        """Return whether what is uncovered is at ``least`` or at ``most`` that, if it is sure."""
        return bound_of(unstated=self.unstated > 0, at_most=self.at_most)

    def add(self, row: CoverRow) -> None:
        """Add what one row of the answer says."""
        if row.required is not None:
            self.required = (self.required or 0) + row.required
        self.covered += row.covered
        self.promised += row.promised
        self.unstated += row.unstated
        self.estimated += row.estimated
        self.at_most = self.at_most or row.at_most


@dataclass(frozen=True, slots=True)
class Periods:
    """All periods from the first to the last, none left out; ``step`` is 1, 3 or 12 months."""

    step: int
    periods: tuple[Period, ...] = field(default=())

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.periods)

    def first_uncovered(self, on: date) -> date | None:
        """Return the first day of the first period from ``on`` on that lacks confirmed money."""
        return first_uncovered(((p.starts_on, p.uncovered) for p in self.periods), self.step, on)

    @property
    def most(self) -> int:
        """Return the highest need, at least 1."""
        return max((p.required or 0 for p in self.periods), default=0) or 1


def first_uncovered(lacks: Iterable[tuple[date, int | None]], step: int, on: date) -> date | None:
    """Return the first day of the first period, not over on ``on``, in which something lacks."""
    now = start_of(on, step)
    return min((day for day, lack in lacks if day >= now and (lack or 0) > 0), default=None)


def periods_of(rows: Sequence[CoverRow]) -> Periods:
    """Return the needs of functions over time; rows of pools, and without a month, are no part."""
    counted = [row for row in rows if row.function and row.period is not None]
    if not counted:
        return Periods(1)
    days = [row.period for row in counted if row.period is not None]
    least = QUARTER if any(row.by_quarter for row in counted) else 1
    first, last = min(days), max(days)
    step = next((s for s in STEPS if s >= least and _count(first, last, s) <= MOST), MONTHS)
    found = {day: Period(day) for day in _starts(first, last, step)}
    for row in counted:
        if row.period is not None:
            found[start_of(row.period, step)].add(row)
    return Periods(step, tuple(found.values()))


def start_of(day: date, step: int) -> date:
    """Return the first day of the month, quarter or year of a day, by its months."""
    return day.replace(month=(day.month - 1) // step * step + 1, day=1)


def _count(first: date, last: date, step: int) -> int:
    return (_index(last) - _index(start_of(first, step))) // step + 1


def _starts(first: date, last: date, step: int) -> Iterable[date]:
    for index in range(_index(start_of(first, step)), _index(last) + 1, step):
        yield date(index // MONTHS, index % MONTHS + 1, 1)


def _index(day: date) -> int:
    return day.year * MONTHS + day.month - 1

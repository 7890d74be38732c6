"""Functions of plans with what is needed, confirmed, pledged and missing, in order of need. Pure.

Sums over rows of the one query of money: whoever adds them up elsewhere gets the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from unbroken.money.queries.cover import CoverRow
from unbroken.web.money_periods import QUARTER, start_of

NO_TIER = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums in units of 10⁻⁴ US dollars.

    ``required``, ``uncovered`` and ``after_pledges`` are ``None`` where no need is stated.
    ``covered`` is the part of the confirmed money (``voluntary`` and ``assessed``) that meets a
    need of its month; ``unstated`` and ``estimated`` count needs, ``at_most`` tells of money
    without an amount.
    """

    required: int | None
    covered: int
    voluntary: int
    assessed: int
    pledged: int
    uncovered: int | None
    after_pledges: int | None
    unstated: int
    estimated: int
    at_most: bool

    @property
    def confirmed(self) -> int:
        """Return the confirmed money, whether it meets a need or not."""
        return self.voluntary + self.assessed

    @property
    def spare(self) -> int:
        """Return confirmed money beyond what its month needs."""
        return self.confirmed - self.covered


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyOf:
    """The money of one function of one plan; without a function, its pool.

    ``first_on`` is the first day of the month (of the quarter where ``by_quarter``) from which on
    money is missing, ``None`` where none is, and past where ``is_over``: then nothing is missing
    from today on. ``ahead`` is what is missing from it on. ``receivers`` are slugs, as far as seen.
    """

    plan: str
    mission: str
    country: str
    function: str
    tier: int | None
    by_quarter: bool
    first_on: date | None
    receivers: tuple[str, ...]
    sums: Sums
    ahead: int
    is_over: bool

    @property
    def lacks(self) -> bool:
        """Return whether money is known to be missing."""
        return (self.sums.uncovered or 0) > 0


def sums_of(rows: Iterable[CoverRow]) -> Sums:
    """Return the sums over rows."""
    found = list(rows)
    return Sums(
        required=_stated(row.required for row in found),
        covered=sum(row.covered for row in found),
        voluntary=sum(row.voluntary for row in found),
        assessed=sum(row.assessed for row in found),
        pledged=sum(row.open_pledge for row in found),
        uncovered=_stated(row.uncovered for row in found),
        after_pledges=_stated(row.after_pledges for row in found),
        unstated=sum(row.unstated for row in found),
        estimated=sum(row.estimated for row in found),
        at_most=any(row.at_most for row in found),
    )


def money_by_function(rows: Iterable[CoverRow], *, today: date) -> tuple[MoneyOf, ...]:
    """Return the money of each function of each plan, the most pressing first; no pools.

    First what lacks money: by tier, then by how soon, then by how much; what is over comes last in
    its tier. Then functions of which no
    need is stated, then those that are covered. Rows must be told apart by function and month.
    """
    grouped: dict[tuple[str, str], list[CoverRow]] = defaultdict(list)
    for row in rows:
        if row.function:
            grouped[row.plan, row.function].append(row)
    return tuple(sorted((_line(each, today) for each in grouped.values()), key=_pressing))


def pools_of(rows: Iterable[CoverRow]) -> tuple[MoneyOf, ...]:
    """Return the money that names no function, by plan; without plans that have none."""
    grouped: dict[str, list[CoverRow]] = defaultdict(list)
    for row in rows:
        grouped[row.plan].append(row)
    lines = (_line(each, date.max) for each in grouped.values())
    return tuple(line for line in lines if line.sums.confirmed or line.sums.pledged)


def first_lacking(rows: Iterable[CoverRow], *, today: date) -> date | None:
    """Return the first month or quarter of ``rows`` in which money is missing, from today on.

    Where only past ones lack any it is the first of those; ``None`` where none does.
    """
    lacking = [
        (row.period < start_of(today, QUARTER if row.by_quarter else 1), row.period)
        for row in rows
        if row.period is not None and (row.uncovered or 0) > 0
    ]
    return min(lacking)[1] if lacking else None


def _line(rows: Sequence[CoverRow], today: date) -> MoneyOf:
    row, first_on = rows[0], first_lacking(rows, today=today)
    by_quarter = any(each.by_quarter for each in rows)
    this = start_of(today, QUARTER if by_quarter else 1)
    return MoneyOf(
        plan=row.plan,
        mission=row.mission,
        country=row.country,
        function=row.function,
        tier=row.tier,
        by_quarter=by_quarter,
        first_on=first_on,
        receivers=tuple(sorted({each.receiver for each in rows if each.receiver})),
        sums=sums_of(rows),
        ahead=sum(each.uncovered or 0 for each in rows if (each.period or this) >= this),
        is_over=first_on is not None and first_on < this,
    )


def _pressing(line: MoneyOf) -> tuple[int, int, date, int, str, str]:
    group = 0 if line.lacks else 1 if line.sums.required is None else 2
    first = date.max if line.first_on is None or line.is_over else line.first_on
    missing = line.sums.uncovered or 0
    return (group, line.tier or NO_TIER, first, -missing, line.plan, line.function)


def _stated(values: Iterable[int | None]) -> int | None:
    found = [value for value in values if value is not None]
    return sum(found) if found else None

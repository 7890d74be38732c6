"""What each function of a plan needs, has and lacks, line by line for a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from unbroken.money.queries.cover import CoverRow
from unbroken.money.queries.promises import PledgeView
from unbroken.money.rules.amounts import to_units
from unbroken.web.money_periods import bound_of, periods_of


@dataclass(frozen=True, slots=True)
class Promise:
    """Open pledges together: ``likely`` is what they are worth by their donors' record.

    It is ``None`` where no record tells; ``unknown`` counts the pledges without one, ``unstated``
    those without an amount. Units of 10⁻⁴ US dollars.
    """

    pledges: int
    likely: int | None
    unknown: int
    unstated: int


NO_PROMISE = Promise(0, None, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCover:
    """One function; amounts in units of 10⁻⁴ US dollars over all its periods.

    ``required`` and ``uncovered`` are ``None`` where no need is stated. ``cliff_on`` is the first
    day of the first uncovered period.
    """

    code: str
    title: str
    tier: int
    required: int | None
    uncovered: int | None
    voluntary: int
    assessed: int
    pledged: int
    promise: Promise
    unstated: int
    estimated: int
    at_most: bool
    illustrative: bool
    step: int
    cliff_on: date | None

    @property
    def bound(self) -> str:
        """Return whether what is uncovered is at ``least`` or at ``most`` that, if it is sure."""
        return bound_of(unstated=self.unstated > 0, at_most=self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside the cover; each is empty for readers who see no lines."""

    pledges: Sequence[PledgeView] = ()
    illustrative: frozenset[str] = frozenset()


def function_covers(
    rows: Sequence[CoverRow], titles: Mapping[str, str], beside: Beside, *, on: date
) -> tuple[FunctionCover, ...]:
    """Return the functions with any need or money: by tier, then by code; pools are none of them.

    ``titles`` are English, by code.
    """
    by_code: dict[str, list[CoverRow]] = defaultdict(list)
    for row in rows:
        if row.function:
            by_code[row.function].append(row)
    made = [
        _function(code, found, titles.get(code, code), beside, on=on)
        for code, found in by_code.items()
    ]
    return tuple(sorted(made, key=lambda each: (each.tier, each.code)))


def _function(
    code: str, rows: Sequence[CoverRow], title: str, beside: Beside, *, on: date
) -> FunctionCover:
    periods = periods_of(rows)
    return FunctionCover(
        code=code,
        title=title,
        tier=rows[0].tier or 0,
        required=_sum(row.required for row in rows),
        uncovered=_sum(row.uncovered for row in rows),
        voluntary=sum(row.voluntary for row in rows),
        assessed=sum(row.assessed for row in rows),
        pledged=sum(row.open_pledge for row in rows),
        promise=promise_of([p for p in beside.pledges if p.line.function == code]),
        unstated=sum(row.unstated for row in rows),
        estimated=sum(row.estimated for row in rows),
        at_most=any(row.at_most for row in rows),
        illustrative=code in beside.illustrative,
        step=periods.step,
        cliff_on=periods.first_uncovered(on),
    )


def promise_of(pledges: Sequence[PledgeView]) -> Promise:
    """Return what pledges are worth together."""
    if not pledges:
        return NO_PROMISE
    stated = [each for each in pledges if each.open_usd is not None]
    known = [each.likely_usd for each in stated if each.likely_usd is not None]
    return Promise(
        pledges=len(pledges),
        likely=to_units(sum(known, Decimal(0))) if known else None,
        unknown=len(stated) - len(known),
        unstated=len(pledges) - len(stated),
    )


def _sum(values: Iterable[int | None]) -> int | None:
    stated = [value for value in values if value is not None]
    return sum(stated) if stated else None

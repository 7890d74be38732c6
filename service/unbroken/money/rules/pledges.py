"""What a promise is worth, given how its donor has kept earlier ones. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from unbroken.money.rules.amounts import times
from unbroken.money.rules.lines import Figure, MoneyLine, worth
from unbroken.money.rules.words import Stage

FEWEST = 3
"""Fewer pledges say nothing of a donor."""
YEARS = 3
DAYS_OF_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Kept:
    """Of pledges at least ``age`` years old: how many, how much was pledged and paid of it.

    Units of 10⁻⁴ US dollars. What was paid above a pledge keeps no other one.
    """

    age: int
    pledges: int
    pledged: int
    paid: int

    @property
    def share(self) -> Fraction | None:
        """Return paid ÷ pledged, from 0 to 1; ``None`` where too few pledges tell."""
        return (
            Fraction(self.paid, self.pledged) if self.pledges >= FEWEST and self.pledged else None
        )


def age_of(pledged_on: date, *, on: date) -> int:
    """Return how many whole years ago something was pledged, at most 3; 0 in its first year."""
    return max(0, min(YEARS, (on - pledged_on).days // DAYS_OF_A_YEAR))


def records(lines: Iterable[MoneyLine], *, on: date) -> Mapping[str, Mapping[int, Kept]]:
    """Return each donor's record by age in years, from 0 to 3; donors without a name are left out.

    The record at an age counts the pledges that have reached it. Only what has an amount, a day
    and a rate counts.
    """
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for line in lines:
        pledge = line.figures.get(Stage.PLEDGED)
        if line.donor and pledge is not None and pledge.units and pledge.on and pledge.usd_rate:
            found[line.donor].append((age_of(pledge.on, on=on), *_kept(line, pledge)))
    return {
        donor: {age: _at(pledges, age) for age in range(YEARS + 1)}
        for donor, pledges in found.items()
    }


def _kept(line: MoneyLine, pledge: Figure) -> tuple[int, int]:
    paid = line.figures.get(Stage.PAID)
    pledged_units = pledge.units or 0
    paid_units = min(pledged_units, (paid.units or 0) if paid else 0)
    rate = pledge.usd_rate or Decimal(0)
    return times(pledged_units, rate), times(paid_units, rate)


def _at(pledges: list[tuple[int, int, int]], age: int) -> Kept:
    old = [each for each in pledges if each[0] >= age]
    return Kept(age, len(old), sum(each[1] for each in old), sum(each[2] for each in old))


def likely(line: MoneyLine, known: Mapping[str, Mapping[int, Kept]], *, on: date) -> int | None:
    """Return what an open pledge is worth by its donor's record; ``None`` where that says nothing.

    Of the donor's pledges older than this one by a year: what share of what was still unpaid at
    this age came later is not known, so the plain share paid ÷ pledged at the next age stands in.
    """
    kept = record_for(line, known, on=on)
    share = None if kept is None else kept.share
    if share is None:
        return None
    with localcontext(prec=60):
        return times(worth(line).open_pledge, Decimal(share.numerator) / share.denominator)


def record_for(
    line: MoneyLine, known: Mapping[str, Mapping[int, Kept]], *, on: date
) -> Kept | None:
    """Return the record that ``likely`` rests on: of pledges a year older than this one is.

    ``None`` where the pledge has no day, or its donor no record.
    """
    pledge = line.figures.get(Stage.PLEDGED)
    if pledge is None or pledge.on is None:
        return None
    age = min(YEARS, age_of(pledge.on, on=on) + 1)
    return known.get(line.donor, {}).get(age)

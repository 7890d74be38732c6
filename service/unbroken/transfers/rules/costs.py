"""What a capacity costs per year, as its giver states it: exact, in one currency.

Stated, stated as zero and not stated are three different things. Source: design judgement, 2026.
"""

from dataclasses import dataclass
from decimal import Decimal

from unbroken.kit.currencies import is_currency
from unbroken.kit.errors import Problem
from unbroken.transfers.rules.refusals import WordsMissing

UNITS = 10_000
"""Units in one of any currency: amounts are kept in units of 10⁻⁴."""

MOST_UNITS = 10**11 * UNITS


@dataclass(frozen=True, slots=True)
class Cost:
    """Units of 10⁻⁴ of ``currency`` (ISO 4217) per year; ``units`` is ``None`` where not stated."""

    units: int | None = None
    currency: str = ""

    @property
    def amount(self) -> Decimal | None:
        """Return the amount in the currency; ``None`` where it is not stated."""
        return None if self.units is None else Decimal(self.units) / UNITS

    @property
    def is_stated(self) -> bool:
        """Return whether it is stated, as zero or otherwise."""
        return self.units is not None


NOT_STATED = Cost()


def cost_of(amount: Decimal | None, currency: str) -> Cost:
    """Return what was stated: an amount with its currency, or that nothing is stated.

    Raises:
        WordsMissing: below zero, too large, finer than 10⁻⁴, or no currency of ISO 4217.
    """
    code = currency.strip().upper()
    if amount is None:
        return NOT_STATED
    units = amount * UNITS if amount.is_finite() else Decimal(-1)
    if not 0 <= units <= MOST_UNITS or units != int(units):
        remedy = "Give an amount from 0, with at most four decimals; leave it empty if unknown."
        raise WordsMissing(problems=[Problem("cost", "is not an amount", remedy)])
    if not is_currency(code):
        remedy = "Give the three letters of ISO 4217, such as USD or EUR."
        raise WordsMissing(problems=[Problem("currency", "is not a currency", remedy)])
    return Cost(int(units), code)


def shared(cost: Cost, *, taken: int, left: int) -> tuple[Cost, Cost]:
    """Return the cost of what is taken of a counted capacity and of what is left: together all.

    The unit that does not divide goes to the larger remainder.
    """
    if cost.units is None:
        return cost, cost
    whole = taken + left
    first, remainder = divmod(cost.units * taken, whole)
    first += 2 * remainder >= whole
    return Cost(first, cost.currency), Cost(cost.units - first, cost.currency)

"""Settles what several rows say of one currency and day, and turns it to one base."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import sentence
from unbroken_integrations.rates.rows import DOLLAR, Rate

DERIVED = Context(prec=15, rounding=ROUND_HALF_EVEN)
"""A rate that is computed from two is rounded to so many digits; published ones never are."""

ISSUERS: Mapping[str, str] = {"EUR": "U2"}
"""Whose own row counts where it is not the country of a code's first two letters."""


class UsdRate(NamedTuple):
    """So many units of ``currency`` for one United States dollar, effective from ``on``."""

    currency: str
    per_usd: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Settled:
    """The rates by currency and day, for one unit of ``base``; contradictory ones are ``None``."""

    base: str
    days: Mapping[str, Mapping[date, Decimal | None]]
    own: Mapping[str, int] = field(default_factory=dict)
    """On how many days a currency's own country was believed against others."""

    problems: tuple[Problem, ...] = ()
    misfits: tuple[Rate, ...] = ()
    """Rows by which one unit of the base would not be one: they mean another currency."""

    def at(self, currency: str, on: date) -> tuple[date, Decimal | None] | None:
        """Return the newest rate effective on or before a day; ``None``: there is none."""
        known = self.days.get(currency, {})
        day = max((each for each in known if each <= on), default=None)
        return None if day is None else (day, known[day])

    def newest(self) -> date:
        """Return the newest day of all."""
        return max(day for known in self.days.values() for day in known)


def settled(rates: Sequence[Rate], base: str) -> Settled:
    """Return one rate for each currency and day; one unit of the base is always one.

    Rows of several countries should agree. Where they do not, the country whose currency it is is
    believed; where none of them is, the currency has no rate on that day.
    """
    groups: defaultdict[tuple[str, date], list[Rate]] = defaultdict(list)
    for each in rates:
        groups[each.currency, each.on].append(each)
    days: defaultdict[str, dict[date, Decimal | None]] = defaultdict(dict)
    own: defaultdict[str, int] = defaultdict(int)
    problems: list[Problem] = []
    misfits = [each for each in rates if each.currency == base and each.value != 1]
    for (currency, on), those in groups.items():
        if currency == base:
            continue
        value = days[currency][on] = _agreed(those)
        if value is None:
            problems.append(_contradictory(currency, on, those))
        elif len({each.value for each in those}) > 1:
            own[currency] += 1
    for on in {day for _, day in groups}:
        days[base][on] = Decimal(1)
    return Settled(base, dict(days), dict(own), tuple(problems), tuple(misfits))


def turned(value: Decimal, base_value: Decimal) -> Decimal:
    """Return units per one unit of another base, from both rates to the published base."""
    if base_value == 1:
        return value
    return Decimal(1) if value == base_value else DERIVED.divide(value, base_value)


def usd_rates(known: Settled) -> list[UsdRate]:
    """Return every rate of every day for one dollar, by currency, then day.

    A day on which the source gives no dollar gives nothing.
    """
    dollars = known.days.get(DOLLAR, {})
    return [
        UsdRate(currency, turned(value, dollar), on)
        for currency in sorted(known.days)
        for on, value in sorted(known.days[currency].items())
        if value is not None and (dollar := dollars.get(on)) is not None
    ]


def _agreed(those: list[Rate]) -> Decimal | None:
    stated = {each.value for each in those}
    if len(stated) == 1:
        return stated.pop()
    currency = those[0].currency
    issuer = ISSUERS.get(currency, currency[:2])
    own = {each.value for each in those if each.country == issuer}
    return own.pop() if len(own) == 1 else None


def _contradictory(currency: str, on: date, those: list[Rate]) -> Problem:
    what = sentence(
        "{currency} has {count} different rates on {day}; none is taken.",
        currency=currency,
        count=len({each.value for each in those}),
        day=on,
    )
    return Problem(those[0].at, what)

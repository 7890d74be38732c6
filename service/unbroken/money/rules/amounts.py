"""Amounts as whole units of 10⁻⁴, split and spread without losing one. Pure."""

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext
from functools import lru_cache

UNITS = 10_000
PLACES = 4
MONTHS_OF_A_QUARTER = 3
MOST_UNITS = 10**17
"""A column holds 9.2 × 10¹⁸; sums of many lines must still fit."""


def to_units(amount: Decimal) -> int:
    """Return an amount in units of 10⁻⁴, exactly.

    Raises:
        ValueError: it has more than four places, is no number, or is larger than 10¹³.
    """
    with localcontext(prec=60):
        try:
            scaled = amount.scaleb(PLACES)
            is_whole = scaled == scaled.to_integral_value()
        except InvalidOperation:
            scaled, is_whole = Decimal(0), False
        if not amount.is_finite() or not is_whole or abs(scaled) > MOST_UNITS:
            message = f"{amount} is no amount with at most four places"
            raise ValueError(message)
        return int(scaled)


def to_amount(units: int) -> Decimal:
    """Return units of 10⁻⁴ as an amount, with at least two places: 12.50, 0.0001."""
    amount = Decimal(units).scaleb(-PLACES)
    cents = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return cents if cents == amount else amount


def amount_text(units: int) -> str:
    """Return units of 10⁻⁴ as ``to_amount`` writes them, for very many: 12.50, 0.0001."""
    whole, rest = divmod(abs(units), UNITS)
    places = f"{rest // 100:02}" if rest % 100 == 0 else f"{rest:04}"
    return f"{'-' if units < 0 else ''}{whole}.{places}"


def times(units: int, rate: Decimal) -> int:
    """Return ``units`` times ``rate``, rounded half to even to a whole unit."""
    with localcontext(prec=60):
        return int((units * rate).to_integral_value(rounding=ROUND_HALF_EVEN))


def split(units: int, weights: Sequence[int]) -> list[int]:
    """Return ``units`` in shares as large as ``weights``, one for each; their sum is ``units``.

    By largest remainders: each share lies within one unit of its exact part; of equal remainders
    the earlier share gets the unit. Where every weight is 0 all count the same. Negative amounts
    (corrections) are split like positive ones. Empty only for no weights.

    Raises:
        ValueError: a weight is negative.
    """
    if any(weight < 0 for weight in weights):
        message = "weights are 0 or more"
        raise ValueError(message)
    if units <= 0:
        return [-share for share in split(-units, weights)] if units else [0] * len(weights)
    counted = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(counted)
    parts = [divmod(units * weight, whole) for weight in counted]
    shares = [share for share, _rest in parts]
    by_rest = sorted(range(len(parts)), key=lambda n: -parts[n][1])
    for place in by_rest[: units - sum(shares)]:
        shares[place] += 1
    return shares


def first_of_month(day: date) -> date:
    """Return the first day of the month of ``day``."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def quarter_of(day: date) -> date:
    """Return the first day of the quarter of a day."""
    first = (day.month - 1) // MONTHS_OF_A_QUARTER * MONTHS_OF_A_QUARTER + 1
    return day.replace(month=first, day=1)


def months(starts_on: date, ends_on: date) -> Iterator[tuple[date, int]]:
    """Yield each month of a period by its first day, with how many days of it are in the period.

    Both ends are in the period; nothing where it ends before it starts.
    """
    day = starts_on
    while day <= ends_on:
        last = min(last_of_month(day), ends_on)
        yield first_of_month(day), (last - day).days + 1
        if last == date.max:
            return
        day = last + timedelta(days=1)


def spread(units: int, starts_on: date, ends_on: date) -> dict[date, int]:
    """Return an amount by month, each by its days in the period; the sum is ``units``.

    Both ends are in the period. Keys are first days of months, in order.

    Raises:
        ValueError: the period ends before it starts.
    """
    parts = _months(starts_on, ends_on)
    if not parts:
        message = f"a period from {starts_on} to {ends_on} has no day"
        raise ValueError(message)
    shares = split(units, [days for _month, days in parts])
    return {month: share for (month, _days), share in zip(parts, shares, strict=True)}


@lru_cache(maxsize=10_000)
def _months(starts_on: date, ends_on: date) -> tuple[tuple[date, int], ...]:
    """Return what ``months`` yields; many lines have the same period, and each has four stages."""
    return tuple(months(starts_on, ends_on))

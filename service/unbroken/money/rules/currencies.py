"""What one unit of a currency was worth in US dollars, and who says so. Pure.

The United Nations call their rates internal and give no warranty: source and day stand beside each
converted figure. Source: UN operational rates of exchange; IMF by way of Code for IATI.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

DOLLAR = "USD"
OLDEST_DAYS = 62
"""A rate older than two months is none: UN rates come every month."""
PLACES = Decimal(1).scaleb(-15)


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """How many units of a currency one US dollar bought on a day, by one source."""

    on: date
    per_usd: Decimal
    source: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What one unit is worth in dollars, by which day's rate of which source."""

    usd_rate: Decimal
    on: date
    source: str


class UnknownRate(ValueError):
    """There is no rate for a currency on a day, nor one young enough before it."""

    def __init__(self, currency: str, on: date) -> None:
        """Keep the currency and the day."""
        self.currency = currency
        self.on = on
        super().__init__(f"no rate for {currency} on {on} nor in the {OLDEST_DAYS} days before")


class RateBook:
    """The known rates of each currency, by day."""

    def __init__(self, rates: Iterable[tuple[str, Rate]] = ()) -> None:
        """Keep rates by their currency; of two of one day the later given holds."""
        by_day: dict[str, dict[date, Rate]] = {}
        for currency, rate in rates:
            by_day.setdefault(currency, {})[rate.on] = rate
        self._rates: Mapping[str, list[Rate]] = {
            currency: sorted(days.values(), key=lambda rate: rate.on)
            for currency, days in by_day.items()
        }

    def conversion(self, currency: str, on: date) -> Conversion:
        """Return what a unit of ``currency`` was worth on a day: by the newest rate until then.

        Raises:
            UnknownRate: there is none, or none of the 62 days before.
        """
        if currency == DOLLAR:
            return Conversion(Decimal(1), on, "")
        known = self._rates.get(currency, [])
        place = bisect_right(known, on, key=lambda rate: rate.on)
        if not place or (on - known[place - 1].on).days > OLDEST_DAYS:
            raise UnknownRate(currency, on)
        rate = known[place - 1]
        return Conversion(inverse(rate.per_usd), rate.on, rate.source)


def inverse(per_usd: Decimal) -> Decimal:
    """Return what one unit is worth in dollars, to 15 places.

    Raises:
        ValueError: the rate is not above 0.
    """
    if not per_usd.is_finite() or per_usd <= 0:
        message = f"{per_usd} is no rate: give how many units one dollar buys"
        raise ValueError(message)
    with localcontext(prec=60):
        return (1 / per_usd).quantize(PLACES, rounding=ROUND_HALF_EVEN)

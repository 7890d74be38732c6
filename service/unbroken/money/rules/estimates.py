"""What posts cost over a period, by what one costs in a year. Pure."""

import calendar
from datetime import date
from fractions import Fraction

from unbroken.money.rules.amounts import months

MONTHS_OF_A_YEAR = 12


def cost_of_posts(posts: int, per_year: int, *, starts_on: date, ends_on: date) -> int:
    """Return what ``posts`` cost from first to last day, in the units of ``per_year``.

    A whole month costs a twelfth of a year, a part of one its share of days; rounded once, half to
    even. 0 where the period has no day.
    """
    whole = sum(
        (
            Fraction(days, calendar.monthrange(month.year, month.month)[1])
            for month, days in months(starts_on, ends_on)
        ),
        start=Fraction(0),
    )
    return round(posts * per_year * whole / MONTHS_OF_A_YEAR)

"""How long before its last day the work on a function begins, given the notice that there was.

Source: notice to the last day was 0 days in Mali (2023), 2 in Sudan (2023), 731 in Somalia (2024);
a fixed lead fits none of them. The formula is design judgement, 2026.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from unbroken.functions.rules import Edition, Function
from unbroken.plans.rules.dates import MONTH_DAYS, days_of, months_before, shift
from unbroken.plans.rules.windows import PLAN_DAYS

MAXIMUM_STRETCH = 3
"""No lead grows beyond this many times its target."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The lead of one function in one area: ``days`` long, up to and without the last day.

    ``available`` are the days from the trigger to the last day, never below 0, and ``factor`` how
    many times the longest target of the edition they are. ``starts_on`` is never before the
    trigger, unless the last day itself is.
    """

    trigger_on: date
    last_day_on: date
    available: int
    factor: Fraction
    days: int
    cannot_be_met: bool

    @property
    def starts_on(self) -> date:
        """Return the first day of the lead; the last day itself where there is no time at all."""
        return shift(self.last_day_on, -self.days)

    def before(self, share: Fraction) -> date:
        """Return the day ``share`` (0 to 1) of the lead before the last day, rounded up in days."""
        return max(self.starts_on, shift(self.last_day_on, -ceil(share * self.days)))


def longest_target(edition: Edition) -> Fraction:
    """Return the longest target of an edition in days, not rounded; a month's where it has none."""
    months = [function.target_months for function in edition.functions.values()]
    return max([1, *months]) * MONTH_DAYS


def lead(function: Function, *, trigger_on: date, last_day_on: date, longest: Fraction) -> Lead:
    """Return the lead of ``function`` before that last day.

    Notice shorter than the longest target compresses: the lead is the same share of its target as
    the notice is of the longest, in days rounded up, never under its minimum and never over the
    calendar months of its target. With the notice complete it is those calendar months. Notice that
    exceeds the longest target by more than the 14 days in which a plan is made stretches: the lead
    is its share of the notice after these 14 days, up to three times its target. It never exceeds
    the notice.

    So a lead never shrinks when notice is given earlier, and moving the last day earlier never
    moves a date of the lead later.
    """
    available = max(0, (last_day_on - trigger_on).days)
    target = function.target_months * MONTH_DAYS
    minimum = days_of(function.minimum_months)
    calendar = (last_day_on - months_before(last_day_on, function.target_months)).days
    compressed = max(minimum, ceil(target * available / longest))
    stretched = ceil(min(target * (available - PLAN_DAYS) / longest, target * MAXIMUM_STRETCH))
    return Lead(
        trigger_on=trigger_on,
        last_day_on=last_day_on,
        available=available,
        factor=available / longest,
        days=min(available, max(min(calendar, compressed), stretched)),
        cannot_be_met=minimum > available,
    )

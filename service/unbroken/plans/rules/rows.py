"""One row of a timetable: the dates of one function in one area."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil

from unbroken.plans.rules.dates import shift
from unbroken.plans.rules.steps import Step
from unbroken.plans.rules.windows import Windows

LATE_SHARE = Fraction(1, 6)
"""Share of the lead before the last day in which silence counts sooner: two months of twelve."""


class LastDayReason(StrEnum):
    """What ends the mission's work on a function in an area; of several on one day the first."""

    MANDATE = "mandate"
    PHASE = "phase"
    POSTS = "posts"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Row:
    """The dates of one function in one area.

    ``last_day_on`` is the last day on which the mission performs it there; it is past for certain
    only after ``certain_on``. ``notice`` are the days from the trigger to the last day, never below
    0. ``cannot_be_met`` says that not even the minimum lead fits into them. ``steps`` are by due
    day.
    """

    function_code: str
    area_slug: str
    tier: int
    last_day_on: date
    last_day_reason: LastDayReason
    certain_on: date
    lead_start_on: date
    lead_days: int
    cannot_be_met: bool
    notice: int
    windows: Windows
    steps: tuple[Step, ...]

    @property
    def overlap_from_on(self) -> date:
        """Return the day by which successors must have started to overlap long enough."""
        return shift(self.last_day_on, -self.windows.overlap)

    @property
    def silence_shortens_on(self) -> date:
        """Return the first day on which the shorter window of silence holds: the last sixth."""
        return shift(self.last_day_on, -ceil(self.lead_days * LATE_SHARE))

    def step(self, key: str) -> Step | None:
        """Return the step of that key, ``None`` where the function has none."""
        return next((step for step in self.steps if step.key == key), None)

"""The windows that rules use, as day counts that shrink on short notice and grow on long notice.

Targets and minimums are design judgement, 2026; what each answers to is said beside it.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

from unbroken.plans.rules.dates import days_of, shift

PLAN_DAYS = 14
"""Days from the decision to a plan in force, on a year's notice.

Source: the plan for Mali came 49 days after its mandate had ended (letter S/2023/611, 18 August
2023); the road map for South Kivu eight days before the mission was gone (resolution 2765 (2024),
preamble).
"""

PLAN_NOTICE_MONTHS = 12
"""Notice, in months, below which the days for making a plan shrink too."""

MOST_STRETCH = 2
"""No window grows beyond this many times its target."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Day counts for one function in one area; each is at least 1.

    - ``answer``: from an offer to its answer.
    - ``silence``: without any update; ``late_silence`` the same from ``Row.silence_shortens_on``
    on.
    - ``overlap``: between the successor's start and the end of the mission's posts.
    - ``moved``: by which a closing may move earlier unremarked.
    - ``dispute``: from a dispute to its escalation.
    - ``condition``: from confirmation on condition to the condition met.
    - ``bridge``: before a bridge's end, from which something must stand behind it.
    """

    answer: int
    silence: int
    late_silence: int
    overlap: int
    moved: int
    dispute: int
    condition: int
    bridge: int


TARGETS = Windows(
    answer=14,
    silence=30,
    late_silence=14,
    # How advisers of closing missions would be replaced was not known (op-ed, August 2019).
    overlap=30,
    # Timbuktu (December 2023) and Kidal (October 2023) closed weeks before they were to.
    moved=14,
    dispute=14,
    condition=30,
    bridge=60,
)
"""Days on as much notice as the longest lead."""

MINIMUMS = Windows(
    answer=2,
    silence=7,
    late_silence=3,
    overlap=7,
    moved=2,
    dispute=3,
    condition=5,
    bridge=14,
)
"""Days kept on the shortest notice; below them a window means nothing."""


def windows(factor: Fraction) -> Windows:
    """Return the windows for a notice of ``factor`` times the longest lead; 0 gives the minimums.

    Below 1 a window is that share of its target, rounded up and never under its minimum; above 1 it
    grows with the notice, rounded down and to twice its target at most.
    """
    return Windows(
        answer=_days(factor, TARGETS.answer, MINIMUMS.answer),
        silence=_days(factor, TARGETS.silence, MINIMUMS.silence),
        late_silence=_days(factor, TARGETS.late_silence, MINIMUMS.late_silence),
        overlap=_days(factor, TARGETS.overlap, MINIMUMS.overlap),
        moved=_days(factor, TARGETS.moved, MINIMUMS.moved),
        dispute=_days(factor, TARGETS.dispute, MINIMUMS.dispute),
        condition=_days(factor, TARGETS.condition, MINIMUMS.condition),
        bridge=_days(factor, TARGETS.bridge, MINIMUMS.bridge),
    )


def plan_due_on(trigger_on: date, mandate_ends_on: date) -> date:
    """Return the day by which a plan must be in force: 14 days after the decision at most.

    On less than twelve months' notice it is that share of 14 days, rounded up; where the mandate
    ends on the day of the decision, or has ended, the plan is due that day.
    """
    notice = max(0, (mandate_ends_on - trigger_on).days)
    share = Fraction(notice, days_of(PLAN_NOTICE_MONTHS))
    return shift(trigger_on, min(PLAN_DAYS, ceil(PLAN_DAYS * share)))


def _days(factor: Fraction, target: int, minimum: int) -> int:
    if factor < 1:
        return max(minimum, ceil(target * factor))
    return min(MOST_STRETCH * target, floor(target * factor))

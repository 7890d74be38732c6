"""Who is told next when nobody answers a gap, along the offices of the plan; pure.

A gap is unanswered until somebody acknowledges it, or it is waived. Days count from the day on
which it opened, reopened or last worsened. Source: domain judgement, 2026 (planner, head of
component, resident coordinator, observer); no step comes before the day after.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from unbroken.gaps.rules.words import Severity

MOST_STEPS = 16
MOST_DAYS = 365


class Office(StrEnum):
    """Whom a step tells. Planner and observer are roles; the others are named for each plan."""

    PLANNER = "planner"
    HEAD_OF_COMPONENT = "head-of-component"
    RESIDENT_COORDINATOR = "resident-coordinator"
    OBSERVER = "observer"


NAMED = frozenset({Office.HEAD_OF_COMPONENT, Office.RESIDENT_COORDINATOR})


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """After ``days`` (1 or more) without an answer ``office`` is told of gaps this bad."""

    severity: Severity
    days: int
    office: Office


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step with the civil day on which it is taken."""

    due_on: date
    office: Office


LADDER: tuple[Step, ...] = (
    Step(Severity.CRITICAL, 1, Office.PLANNER),
    Step(Severity.CRITICAL, 3, Office.HEAD_OF_COMPONENT),
    Step(Severity.CRITICAL, 7, Office.RESIDENT_COORDINATOR),
    Step(Severity.CRITICAL, 14, Office.OBSERVER),
    Step(Severity.HIGH, 7, Office.PLANNER),
    Step(Severity.HIGH, 14, Office.HEAD_OF_COMPONENT),
    Step(Severity.HIGH, 21, Office.RESIDENT_COORDINATOR),
    Step(Severity.HIGH, 30, Office.OBSERVER),
    Step(Severity.MEDIUM, 30, Office.PLANNER),
    Step(Severity.MEDIUM, 60, Office.HEAD_OF_COMPONENT),
)


def steps_of(
    ladder: Iterable[Step], severity: Severity, *, since_on: date, last_day_on: date | None
) -> tuple[DueStep, ...]:
    """Return the steps for a gap unanswered since a day, in their order; may be empty.

    Where the function's last day comes before the last step would, the days shrink in proportion,
    so that the last step is taken on that day at the latest; none is taken before the next day.
    After the last day nothing is left to hurry for, and the days are as the ladder has them.
    """
    meant = sorted(each for each in ladder if each.severity is severity)
    if not meant:
        return ()
    share = _share(meant[-1].days, since_on, last_day_on)
    return tuple(
        DueStep(since_on + timedelta(days=max(1, ceil(each.days * share))), each.office)
        for each in meant
    )


def due_by(steps: Iterable[DueStep], today: date) -> tuple[DueStep, ...]:
    """Return the steps that should have been taken by now; the day itself is in."""
    return tuple(each for each in steps if each.due_on <= today)


def problems_of(ladder: Sequence[Step]) -> tuple[str, ...]:
    """Return the codes of what is wrong with a ladder: empty where it can be used.

    ``too-many``, ``days`` (not from 1 to 365), ``twice`` (an office twice for one severity) and
    ``order`` (a higher office before a lower one).
    """
    found = []
    if len(ladder) > MOST_STEPS:
        found.append("too-many")
    if not all(1 <= each.days <= MOST_DAYS for each in ladder):
        found.append("days")
    if len({(each.severity, each.office) for each in ladder}) < len(ladder):
        found.append("twice")
    if any(_is_upside_down(ladder, severity) for severity in Severity):
        found.append("order")
    return tuple(found)


def _share(longest: int, since_on: date, last_day_on: date | None) -> Fraction:
    left = longest if last_day_on is None else (last_day_on - since_on).days
    return Fraction(left, longest) if 0 < left < longest else Fraction(1)


def _is_upside_down(ladder: Iterable[Step], severity: Severity) -> bool:
    offices = list(Office)
    meant = sorted(
        (each.days, offices.index(each.office)) for each in ladder if each.severity is severity
    )
    ranks = [rank for _days, rank in meant]
    return ranks != sorted(ranks)

"""How bad a finding is: pure functions of its facts and the day.

Source: ranking for a compressed plan (design judgement, 2026): tier 1 is irreversible harm if
dropped.
"""

from dataclasses import replace
from datetime import date, timedelta

from unbroken.gaps.rules.limits import Limit
from unbroken.gaps.rules.rule import Found, Ladder
from unbroken.gaps.rules.words import Severity

NEAR = Limit("near_days", 30, 1, 365, "Days before the last day that count as near")
BRIDGE_DAYS = 60

RUNGS = tuple(Severity)


def by_tier(found: Found, on: date, *, near_days: int = NEAR.usual) -> Severity:
    """Return critical for tier 1 near its last day, falling by tier and distance.

    The last day itself counts as come: every tier is raised by one step on it and after it.
    """
    steps = (found.tier or 2) - 1
    if found.last_day_on is not None and found.last_day_on <= on:
        return _at(steps - 1)
    near = found.last_day_on is not None and (found.last_day_on - on).days <= near_days
    return _at(steps if near else steps + 1)


def critical_when_over(found: Found, on: date, *, near_days: int = NEAR.usual) -> Severity:
    """Return critical from the last day on, by tier before it."""
    over = found.last_day_on is not None and found.last_day_on <= on
    return Severity.CRITICAL if over else by_tier(found, on, near_days=near_days)


def critical_after(found: Found, on: date, *, near_days: int = NEAR.usual) -> Severity:
    """Return critical once the last day is past, by tier before that."""
    past = found.last_day_on is not None and found.last_day_on < on
    return Severity.CRITICAL if past else by_tier(found, on, near_days=near_days)


def critical_once_needed(found: Found, on: date, *, near_days: int = NEAR.usual) -> Severity:
    """Return critical once the day it turns on is past, by tier and distance from it before."""
    return critical_after(replace(found, last_day_on=found.turns_on), on, near_days=near_days)


def uncovered(found: Found, on: date, *, near_days: int = NEAR.usual) -> Severity:
    """Return critical from the last day on, by tier before it; high at most while bridged."""
    severity = critical_when_over(found, on, near_days=near_days)
    is_bridged = found.facts.get("bridged") is True
    return Severity.HIGH if is_bridged and severity is Severity.CRITICAL else severity


def by_days_left(found: Found, on: date) -> Severity:
    """Return high within the stored window before the day it turns on, critical in its second half.

    ``window`` is in days, 60 where not stated; medium before it, critical on the day and after it.
    """
    stated = found.facts.get("window")
    window = timedelta(days=stated if isinstance(stated, int) else BRIDGE_DAYS)
    left = found.turns_on - on
    if left <= window / 2:
        return Severity.CRITICAL
    return Severity.HIGH if left <= window else Severity.MEDIUM


def always(severity: Severity) -> Ladder:
    """Return a ladder with one rung."""

    def ladder(_found: Found, _on: date) -> Severity:
        return severity

    return ladder


def _at(step: int) -> Severity:
    return RUNGS[min(max(step, 0), len(RUNGS) - 1)]

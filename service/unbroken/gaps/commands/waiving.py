"""Waiving a gap for a time with a reason.

A waiver of a function of tiers 1 or 2, or of a plan as a whole, is asked by one hand and granted by
another: the task force's co-chair, or who signs for an organisation that receives the function.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from unbroken.gaps.commands.actions import GapAction
from unbroken.gaps.commands.frame import Case, GapChanged, acting_on_gap, require_open, written
from unbroken.gaps.commands.scanning import NO_WAIVER
from unbroken.gaps.rules.waivers import require_asks, require_ends, require_grants, waives_alone
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, Problem
from unbroken.kit.sentences import sentence
from unbroken.people.rules import Actor
from unbroken.safeguarding.rules import check_text


@dataclass(frozen=True, slots=True)
class WaiveGap:
    """A gap to be set aside with a reason, up to and with ``until_on``."""

    gap: UUID
    reason: str
    until_on: date
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class GrantWaiver:
    """A waiver that was asked for."""

    gap: UUID
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class EndWaiver:
    """A waiver to be ended before its day, or no longer asked for."""

    gap: UUID
    version_seen: int | None = None


def waive_gap(sessions: Sessions, order: WaiveGap, *, actor: Actor, clock: Clock) -> GapChanged:
    """Ask for a waiver; for tiers 3 and 4 it holds at once.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound, Stale: no such gap, or not as it was read.
        Invalid: no reason, one that must not be stored, or a day that is not ahead.
        Conflict: the gap is closed.
    """
    with acting_on_gap(sessions, order.gap, order.version_seen, actor=actor, clock=clock) as case:
        require_asks(case.hand)
        require_open(case.gap)
        case.gap.waiver_reason = _reason(order)
        _require_ahead(order.until_on, today=case.by.today(case.plan))
        case.gap.waiver_asked_by_uid, case.gap.waiver_asked_at = actor.account_uid, case.by.at
        case.gap.waiver_asked_until_on = order.until_on
        case.gap.waived_by_uid = case.gap.waived_until_on = None
        if not waives_alone(case.tier):
            return _waiver(case, Happening.WAIVER_ASKED, GapAction.WAIVER_ASKED)
        return _grant(case)


def grant_waiver(
    sessions: Sessions, order: GrantWaiver, *, actor: Actor, clock: Clock
) -> GapChanged:
    """Countersign a waiver that another hand asked for; it holds until the day it names.

    Raises:
        SignInNeeded, Forbidden: the actor is neither co-chair nor signs for a receiver, or asked.
        NotFound, Stale: no such gap, or not as it was read.
        Conflict: nothing is asked for, or its day has passed.
    """
    with acting_on_gap(sessions, order.gap, order.version_seen, actor=actor, clock=clock) as case:
        require_grants(case.hand, asked_by=case.gap.waiver_asked_by_uid)
        require_open(case.gap)
        until = case.gap.waiver_asked_until_on
        if until is None or until < case.by.today(case.plan) or case.gap.waived_by_uid is not None:
            raise Conflict("No waiver of this gap is waiting.", remedy="Ask for one first.")
        return _grant(case)


def end_waiver(sessions: Sessions, order: EndWaiver, *, actor: Actor, clock: Clock) -> GapChanged:
    """End a waiver now, or take back the question for one.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound, Stale: no such gap, or not as it was read.
        Conflict: there is no waiver.
    """
    with acting_on_gap(sessions, order.gap, order.version_seen, actor=actor, clock=clock) as case:
        require_ends(case.hand)
        if case.gap.waiver_asked_by_uid is None and case.gap.waived_by_uid is None:
            raise Conflict(
                "This gap is not waived.", remedy="Open the gap again to see how it stands now."
            )
        for name, value in NO_WAIVER.items():
            setattr(case.gap, name, value)
        return _waiver(case, Happening.WAIVER_ENDED, GapAction.WAIVER_ENDED)


def _grant(case: Case) -> GapChanged:
    case.gap.waived_by_uid = case.by.actor.account_uid
    case.gap.waived_until_on = case.gap.waiver_asked_until_on
    return _waiver(case, Happening.WAIVED, GapAction.WAIVED)


def _waiver(case: Case, happening: Happening, action: GapAction) -> GapChanged:
    values = {
        "reason": case.gap.waiver_reason,
        "asked_until_on": case.gap.waiver_asked_until_on,
        "waived_until_on": case.gap.waived_until_on,
    }
    return written(case, happening, action, values=values)


def _reason(order: WaiveGap) -> str:
    reason = check_text(order.reason, field="reason")
    if not reason:
        problem = Problem("reason", "is empty", "Say why this can wait, and on whose decision.")
        raise Invalid(problems=[problem])
    return reason


def _require_ahead(until_on: date, *, today: date) -> None:
    if until_on <= today:
        problem = Problem(
            "until_on",
            sentence("is {until_on}, not after {today}", until_on=until_on, today=today),
            "Give a day ahead.",
        )
        raise Invalid(problems=[problem])

"""People's acts on gaps: acknowledging one, and waiving it for a time with a reason.

A waiver of a function of tiers 1 or 2, or of a plan as a whole, is asked by one hand and granted by
another: the task force's co-chair, or who signs for an organisation that receives the function.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.gaps.commands.scanning import NO_WAIVER
from unbroken.gaps.models import Gap, GapEvent
from unbroken.gaps.rules.waivers import (
    Hand,
    require_acknowledges,
    require_asks,
    require_ends,
    require_grants,
    waives_alone,
)
from unbroken.gaps.rules.words import GapState, Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, Invalid, NotFound, Problem
from unbroken.kit.sentences import sentence
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place, Role, Signing, sees_detail
from unbroken.plans.commands.acts import By, check_version
from unbroken.plans.models import FunctionArea, Plan
from unbroken.plans.queries.rows import country_of
from unbroken.safeguarding.rules import check_text
from unbroken.trail.rules import Action
from unbroken.transfers.commands.frame import FindPlan, acting
from unbroken.transfers.models import Transfer
from unbroken.transfers.rules.words import TransferState


class GapAction(Action):
    """What acts on gaps are called in the trail; names are hashed, so none is ever renamed."""

    ACKNOWLEDGED = "gaps:gap:acknowledged"
    WAIVER_ASKED = "gaps:gap:waiver-asked"
    WAIVED = "gaps:gap:waived"
    WAIVER_ENDED = "gaps:gap:waiver-ended"


@dataclass(frozen=True, slots=True)
class AcknowledgeGap:
    """An open gap that somebody has seen: no notices until it worsens."""

    gap: UUID
    version_seen: int | None = None


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


@dataclass(frozen=True, slots=True)
class GapChanged:
    """A gap after an act; ``is_waived`` is false while a waiver only is asked for."""

    uid: UUID
    version: int
    is_acknowledged: bool
    is_waived: bool


def acknowledge_gap(
    sessions: Sessions, order: AcknowledgeGap, *, actor: Actor, clock: Clock
) -> GapChanged:
    """Mark an open gap as seen, until it worsens.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound, Stale: no such gap, or not as it was read.
        Conflict: it is closed or already acknowledged.
    """
    with acting(sessions, _plan_of(order.gap), actor=actor, clock=clock) as (session, by):
        case = _case(session, order.gap, order.version_seen, by=by)
        require_acknowledges(case.hand)
        _require_open(case.gap)
        if case.gap.acknowledged_at is not None:
            raise Conflict(
                "This gap is acknowledged already.",
                remedy="Go on to mend it; its notices have stopped.",
            )
        case.gap.acknowledged_by_uid, case.gap.acknowledged_at = actor.account_uid, by.at
        return _written(session, case, Happening.ACKNOWLEDGED, GapAction.ACKNOWLEDGED, by=by)


def waive_gap(sessions: Sessions, order: WaiveGap, *, actor: Actor, clock: Clock) -> GapChanged:
    """Ask for a waiver; for tiers 3 and 4 it holds at once.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound, Stale: no such gap, or not as it was read.
        Invalid: no reason, one that must not be stored, or a day that is not ahead.
        Conflict: the gap is closed.
    """
    with acting(sessions, _plan_of(order.gap), actor=actor, clock=clock) as (session, by):
        case = _case(session, order.gap, order.version_seen, by=by)
        require_asks(case.hand)
        _require_open(case.gap)
        case.gap.waiver_reason = _reason(order)
        _require_ahead(order.until_on, today=by.today(case.plan))
        case.gap.waiver_asked_by_uid, case.gap.waiver_asked_at = actor.account_uid, by.at
        case.gap.waiver_asked_until_on = order.until_on
        case.gap.waived_by_uid = case.gap.waived_until_on = None
        if not waives_alone(case.tier):
            return _written(session, case, Happening.WAIVER_ASKED, GapAction.WAIVER_ASKED, by=by)
        return _grant(session, case, by=by)


def grant_waiver(
    sessions: Sessions, order: GrantWaiver, *, actor: Actor, clock: Clock
) -> GapChanged:
    """Countersign a waiver that another hand asked for; it holds until the day it names.

    Raises:
        SignInNeeded, Forbidden: the actor is neither co-chair nor signs for a receiver, or asked.
        NotFound, Stale: no such gap, or not as it was read.
        Conflict: nothing is asked for, or its day has passed.
    """
    with acting(sessions, _plan_of(order.gap), actor=actor, clock=clock) as (session, by):
        case = _case(session, order.gap, order.version_seen, by=by)
        require_grants(case.hand, asked_by=case.gap.waiver_asked_by_uid)
        _require_open(case.gap)
        until = case.gap.waiver_asked_until_on
        if until is None or until < by.today(case.plan) or case.gap.waived_by_uid is not None:
            raise Conflict("No waiver of this gap is waiting.", remedy="Ask for one first.")
        return _grant(session, case, by=by)


def end_waiver(sessions: Sessions, order: EndWaiver, *, actor: Actor, clock: Clock) -> GapChanged:
    """End a waiver now, or take back the question for one.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound, Stale: no such gap, or not as it was read.
        Conflict: there is no waiver.
    """
    with acting(sessions, _plan_of(order.gap), actor=actor, clock=clock) as (session, by):
        case = _case(session, order.gap, order.version_seen, by=by)
        require_ends(case.hand)
        if case.gap.waiver_asked_by_uid is None and case.gap.waived_by_uid is None:
            raise Conflict(
                "This gap is not waived.", remedy="Open the gap again to see how it stands now."
            )
        for name, value in NO_WAIVER.items():
            setattr(case.gap, name, value)
        return _written(session, case, Happening.WAIVER_ENDED, GapAction.WAIVER_ENDED, by=by)


@dataclass(frozen=True, slots=True)
class _Case:
    gap: Gap
    plan: Plan
    tier: int | None
    hand: Hand


def _plan_of(uid: UUID) -> FindPlan:
    def find(session: Session) -> UUID:
        query = select(Plan.uid).join(Gap, col(Gap.plan_id) == Plan.id).where(Gap.uid == uid)
        found = session.exec(query).first()
        if found is None:
            raise _no_gap(uid)
        return found

    return find


def _case(session: Session, uid: UUID, version_seen: int | None, *, by: By) -> _Case:
    gap = session.exec(select(Gap).where(Gap.uid == uid)).one()
    plan = session.get_one(Plan, gap.plan_id)
    place = Place(plan.uid, country_of(session, plan))
    if gap.restricted and not sees_detail(by.actor, place):
        raise _no_gap(uid)
    check_version(version_seen, gap.version)
    function_area = gap.function_area_id and session.get(FunctionArea, gap.function_area_id)
    return _Case(
        gap=gap,
        plan=plan,
        tier=function_area.tier if function_area else None,
        hand=_hand(session, gap, place, by.actor),
    )


def _hand(session: Session, gap: Gap, place: Place, actor: Actor) -> Hand:
    signs = actor.signing(place) is Signing.SIGNS
    return Hand(
        account_uid=actor.account_uid,
        plans=actor.has(Role.PLANNER, place),
        answers=actor.has(Role.COUNTRY_TEAM, place),
        co_chairs=actor.has(Role.CO_CHAIR, place),
        receives=signs and _receives(session, gap, actor),
        never_signs=actor.has(Role.STEWARD),
    )


def _receives(session: Session, gap: Gap, actor: Actor) -> bool:
    query = (
        select(Transfer.id)
        .join(Organisation, col(Organisation.id) == Transfer.receiver_id)
        .where(
            Transfer.function_area_id == gap.function_area_id,
            Transfer.state == TransferState.OPEN,
            Organisation.uid == actor.organisation_uid,
        )
    )
    return gap.function_area_id is not None and session.exec(query).first() is not None


def _grant(session: Session, case: _Case, *, by: By) -> GapChanged:
    case.gap.waived_by_uid = by.actor.account_uid
    case.gap.waived_until_on = case.gap.waiver_asked_until_on
    return _written(session, case, Happening.WAIVED, GapAction.WAIVED, by=by)


def _require_open(gap: Gap) -> None:
    if gap.state is GapState.SET_ASIDE:
        raise Conflict(
            "This gap is set aside by a setting of its rule.",
            remedy="Look at how the rule is set: the gap comes back when the setting ends.",
        )
    if gap.state is not GapState.OPEN:
        raise Conflict(
            "This gap is closed.",
            remedy="Nothing is left to do: it opens again by itself if it comes back.",
        )


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


def _written(
    session: Session, case: _Case, happening: Happening, action: GapAction, *, by: By
) -> GapChanged:
    gap = case.gap
    gap.changed_at = by.at
    session.add(gap)
    session.add(
        GapEvent(
            gap_id=row_id(gap),
            kind=happening,
            at=by.at,
            on=by.today(case.plan),
            severity=gap.severity,
            turns_on=gap.turns_on,
            facts=gap.facts,
            account_uid=by.actor.account_uid,
        )
    )
    session.flush()
    values = {
        "reason": gap.waiver_reason,
        "asked_until_on": gap.waiver_asked_until_on,
        "waived_until_on": gap.waived_until_on,
    }
    by.recorder.record(action, kind="gap", subject=gap.uid, values=values, plan=case.plan.uid)
    return GapChanged(
        uid=gap.uid,
        version=gap.version,
        is_acknowledged=gap.acknowledged_at is not None,
        is_waived=gap.waived_by_uid is not None,
    )


def _no_gap(uid: UUID) -> NotFound:
    return NotFound("There is no gap {gap}.", gap=str(uid))

"""What sources say about the end of areas is recorded, and the claim that counts is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, NotFound
from unbroken.people.rules import Actor
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import (
    By,
    acting_on,
    living_plan,
    refuse_if,
    touch,
)
from unbroken.plans.commands.claiming import (
    NewClaim,
    claim_problems,
    clean_claim,
    vague_date_given,
)
from unbroken.plans.commands.revising import refresh_in_force
from unbroken.plans.models import Area, ClaimKind, ClosingClaim, Plan
from unbroken.plans.queries.effective import rank, vague_date_of
from unbroken.plans.queries.rows import Ref, area_row
from unbroken.plans.rules import Precision


@dataclass(frozen=True, slots=True)
class AddClaims:
    """Claims on one plan, recorded together: they make one revision at most."""

    plan: Ref
    claims: tuple[NewClaim, ...]


@dataclass(frozen=True, slots=True)
class ChooseClaim:
    """The claim that counts for its area from today on."""

    plan: Ref
    claim: UUID


@dataclass(frozen=True, slots=True)
class ClaimsChanged:
    """The claims of an act, in their order; ``revision`` is the number it put in force, if any."""

    claims: tuple[UUID, ...]
    revision: int | None


def add_claim(
    sessions: Sessions, plan: Ref, claim: NewClaim, *, actor: Actor, clock: Clock
) -> ClaimsChanged:
    """Record one claim. Raises as ``add_claims``."""
    return add_claims(sessions, AddClaims(plan, (claim,)), actor=actor, clock=clock)


def add_claims(
    sessions: Sessions, order: AddClaims, *, actor: Actor, clock: Clock
) -> ClaimsChanged:
    """Record claims; where they move what counts, one new revision comes into force.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan or area.
        Invalid: a claim cannot be believed, or contradicts the plan; says which and how to mend it.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return add_claims_in(session, order, by=by)


def add_claims_in(session: Session, order: AddClaims, *, by: By) -> ClaimsChanged:
    """Record claims inside a command. Raises as ``add_claims``."""
    plan = living_plan(session, order.plan)
    today = by.today(plan)
    claims = [clean_claim(claim, at=f"claims/{n}/") for n, claim in enumerate(order.claims)]
    refuse_if(
        problem
        for number, claim in enumerate(claims)
        for problem in claim_problems(claim, plan=plan, today=today, path=f"claims/{number}")
    )
    rows = [_row(area_row(session, plan, claim.area), claim) for claim in claims]
    session.add_all(rows)
    session.flush()
    for row in rows:
        values = {"area": _area_uid(session, row), **_values(row)}
        by.record(plan, PlanAction.CLAIM_ADDED, subject=("claim", row.uid), values=values)
    return _moved(session, plan, rows, by=by)


def choose_claim(
    sessions: Sessions, order: ChooseClaim, *, actor: Actor, clock: Clock
) -> ClaimsChanged:
    """Let a claim count from today on; where that moves a date, a new revision comes into force.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan or claim.
        Invalid: the claim contradicts the plan's phases.
        Conflict: a report stands against a plan, or the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return choose_claim_in(session, order, by=by)


def choose_claim_in(session: Session, order: ChooseClaim, *, by: By) -> ClaimsChanged:
    """Choose a claim inside a command. Raises as ``choose_claim``."""
    plan = living_plan(session, order.plan)
    claim, rivals = _claim_and_rivals(session, plan, order.claim)
    today = by.today(plan)
    _refuse_against_report(claim, rivals)
    claim.chosen_on = today
    for rival in rivals:
        # chosen earlier the same day: days cannot say which came later, so the older choice goes
        if rival.chosen_on == today and rank(rival) > rank(claim):
            rival.chosen_on = None
    session.add_all([claim, *rivals])
    session.flush()
    values = {"area": _area_uid(session, claim), "chosen_on": today}
    by.record(plan, PlanAction.CLAIM_CHOSEN, subject=("claim", claim.uid), values=values)
    return _moved(session, plan, [claim], by=by)


def _moved(session: Session, plan: Plan, rows: Sequence[ClosingClaim], *, by: By) -> ClaimsChanged:
    reason = "; ".join(_sentence(session, row) for row in rows)
    made = refresh_in_force(session, plan, reason=reason, by=by)
    touch(session, plan, by=by)
    return ClaimsChanged(tuple(row.uid for row in rows), None if made is None else made.number)


def _sentence(session: Session, row: ClosingClaim) -> str:
    area = session.get_one(Area, row.area_id)
    return f"{area.name}: {row.event} {vague_date_of(row) or '?'} ({row.kind}; {row.source})"


def _area_uid(session: Session, row: ClosingClaim) -> UUID:
    return session.get_one(Area, row.area_id).uid


def _row(area: Area, claim: NewClaim) -> ClosingClaim:
    day = vague_date_given(claim)
    return ClosingClaim(
        area_id=row_id(area),
        kind=claim.kind,
        event=claim.event,
        closes_on=None if day is None else day.on,
        precision=Precision.UNKNOWN if day is None else day.precision,
        earliest_on=None if day is None else day.earliest,
        latest_on=None if day is None else day.latest,
        known_on=claim.known_on,
        chosen_on=claim.is_chosen_on,
        disputed=claim.disputed,
        received_by=claim.received_by,
        source=claim.source,
        note=claim.note,
    )


def _values(row: ClosingClaim) -> dict[str, object]:
    return {
        "kind": row.kind,
        "event": row.event,
        "closes_on": row.closes_on,
        "precision": row.precision,
        "known_on": row.known_on,
        "chosen_on": row.chosen_on,
        "disputed": row.disputed,
        "received_by": row.received_by,
        "source": row.source,
        "note": row.note,
    }


def _claim_and_rivals(
    session: Session, plan: Plan, uid: UUID
) -> tuple[ClosingClaim, list[ClosingClaim]]:
    query = select(ClosingClaim).join(Area).where(Area.plan_id == plan.id)
    claim = session.exec(query.where(ClosingClaim.uid == uid)).first()
    if claim is None:
        raise NotFound("Plan {plan} has no such claim.", plan=plan.slug)
    others = select(ClosingClaim).where(
        ClosingClaim.area_id == claim.area_id, col(ClosingClaim.id) != claim.id
    )
    return claim, list(session.exec(others))


def _refuse_against_report(claim: ClosingClaim, rivals: Sequence[ClosingClaim]) -> None:
    reported = any(r.kind is ClaimKind.REPORTED and r.chosen_on is not None for r in rivals)
    if claim.kind is ClaimKind.PLANNED and reported:
        raise Conflict(
            "A report stands: what has happened counts before what was planned.",
            remedy="Record another report where the first is wrong.",
        )

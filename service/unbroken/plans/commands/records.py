"""Country facts, assessments of advisers and coordination meetings are put on record."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from unbroken.functions.rules import Fact
from unbroken.kit.clock import Clock
from unbroken.kit.db import Identified, Sessions, row_id
from unbroken.kit.errors import Problem
from unbroken.kit.sentences import sentence
from unbroken.people.rules import Actor
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import (
    By,
    acting_on,
    clean,
    known_problems,
    living_plan,
    refuse_if,
    source_problems,
    touch,
)
from unbroken.plans.models import Assessment, AssessmentStage, CountryFact, Meeting, Plan
from unbroken.plans.queries.rows import Ref, country_of


@dataclass(frozen=True, slots=True)
class AddFact:
    """Whether a fact holds in the country of a plan, from a day on; it enters the next revision."""

    plan: Ref
    fact: Fact
    holds: bool
    from_on: date
    known_on: date
    source: str


@dataclass(frozen=True, slots=True)
class AddAssessment:
    """A dated assessment of the need for, number and roles of advisers."""

    plan: Ref
    stage: AssessmentStage
    assessed_on: date
    known_on: date
    source: str


@dataclass(frozen=True, slots=True)
class AddMeeting:
    """A coordination meeting and which of the four actors took part (at least two)."""

    plan: Ref
    held_on: date
    known_on: date
    source: str
    head_of_operation: bool = False
    special_representative: bool = False
    task_force: bool = False
    authorities: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was put on record."""

    uid: UUID


def add_fact(sessions: Sessions, order: AddFact, *, actor: Actor, clock: Clock) -> Recorded:
    """Put a country fact on record.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan.
        Invalid: there is no source, or it was known in the future.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return add_fact_in(session, order, by=by)


def add_fact_in(session: Session, order: AddFact, *, by: By) -> Recorded:
    """Put a country fact on record inside a command. Raises as ``add_fact``."""
    plan = living_plan(session, order.plan)
    order = clean(order, source=400)
    _check(plan, source=order.source, known_on=order.known_on, by=by)
    row = CountryFact(
        country_iso3=country_of(session, plan),
        fact=order.fact,
        holds=order.holds,
        from_on=order.from_on,
        known_on=order.known_on,
        source=order.source,
    )
    values = {
        "fact": order.fact,
        "holds": order.holds,
        "from_on": order.from_on,
        "source": order.source,
    }
    return _added(session, plan, row, subject="fact", values=values, by=by)


def add_assessment(
    sessions: Sessions, order: AddAssessment, *, actor: Actor, clock: Clock
) -> Recorded:
    """Put an assessment of advisers on record.

    Raises:
        SignInNeeded, Forbidden, NotFound, Invalid, Conflict: as ``add_fact``.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return add_assessment_in(session, order, by=by)


def add_assessment_in(session: Session, order: AddAssessment, *, by: By) -> Recorded:
    """Put an assessment on record inside a command. Raises as ``add_assessment``."""
    plan = living_plan(session, order.plan)
    order = clean(order, source=400)
    _check(plan, source=order.source, known_on=order.known_on, by=by)
    refuse_if(_held_problems(order.assessed_on, order.known_on, path="assessed_on"))
    row = Assessment(
        plan_id=row_id(plan),
        stage=order.stage,
        assessed_on=order.assessed_on,
        known_on=order.known_on,
        source=order.source,
    )
    values = {"stage": order.stage, "assessed_on": order.assessed_on, "source": order.source}
    return _added(session, plan, row, subject="assessment", values=values, by=by)


def add_meeting(sessions: Sessions, order: AddMeeting, *, actor: Actor, clock: Clock) -> Recorded:
    """Put a coordination meeting on record.

    Raises:
        SignInNeeded, Forbidden, NotFound, Invalid, Conflict: as ``add_fact``.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return add_meeting_in(session, order, by=by)


def add_meeting_in(session: Session, order: AddMeeting, *, by: By) -> Recorded:
    """Put a meeting on record inside a command. Raises as ``add_meeting``."""
    plan = living_plan(session, order.plan)
    order = clean(order, source=400)
    _check(plan, source=order.source, known_on=order.known_on, by=by)
    present = {
        "head_of_operation": order.head_of_operation,
        "special_representative": order.special_representative,
        "task_force": order.task_force,
        "authorities": order.authorities,
    }
    refuse_if(_held_problems(order.held_on, order.known_on, path="held_on"))
    if sum(present.values()) < 2:  # noqa: PLR2004 - nobody coordinates alone
        refuse_if([Problem("present", "names fewer than two", "Say which actors took part.")])
    row = Meeting(
        plan_id=row_id(plan),
        held_on=order.held_on,
        known_on=order.known_on,
        source=order.source,
        head_of_operation=order.head_of_operation,
        special_representative=order.special_representative,
        task_force=order.task_force,
        authorities=order.authorities,
    )
    values = {"held_on": order.held_on, "source": order.source, **present}
    return _added(session, plan, row, subject="meeting", values=values, by=by)


_ACTIONS = {
    "fact": PlanAction.FACT_ADDED,
    "assessment": PlanAction.ASSESSMENT_ADDED,
    "meeting": PlanAction.MEETING_ADDED,
}


def _added(
    session: Session,
    plan: Plan,
    row: Identified,
    *,
    subject: str,
    values: dict[str, object],
    by: By,
) -> Recorded:
    session.add(row)
    session.flush()
    by.record(plan, _ACTIONS[subject], subject=(subject, row.uid), values=values)
    touch(session, plan, by=by)
    return Recorded(row.uid)


def _check(plan: Plan, *, source: str, known_on: date, by: By) -> None:
    refuse_if([*source_problems(source), *known_problems(known_on, today=by.today(plan))])


def _held_problems(day: date, known_on: date, *, path: str) -> list[Problem]:
    if day <= known_on:
        return []
    what = sentence(
        "{day} lies after the day on which it became known, {known_on}", day=day, known_on=known_on
    )
    return [Problem(path, what, "Record it once it has happened.")]

"""Plans are edited, paused, resumed, completed and cancelled."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func
from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.people.rules import Actor
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import (
    By,
    PlanChanged,
    acting_on,
    changed,
    check_version,
    clean,
    living_plan,
    refuse_if,
    touch,
)
from unbroken.plans.models import Plan, PlanState, Timetable
from unbroken.plans.queries.rows import Ref, revision_in_force


@dataclass(frozen=True, slots=True)
class EditPlan:
    """Another title, note or time zone for a plan; ``None`` leaves what is there."""

    plan: Ref
    version_seen: int | None
    title: str | None = None
    note: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeState:
    """Another state for the plan seen at ``version_seen``; cancelling needs a ``reason``."""

    plan: Ref
    version_seen: int | None
    reason: str = ""


def edit_plan(sessions: Sessions, order: EditPlan, *, actor: Actor, clock: Clock) -> PlanChanged:
    """Change what a plan is called, its note or its time zone.

    Raises:
        SignInNeeded, Forbidden, NotFound: as ``acting_on``.
        Stale: somebody changed the plan since.
        Invalid: a text or the time zone cannot be used.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return changed(edit_plan_in(session, order, by=by))


def edit_plan_in(session: Session, order: EditPlan, *, by: By) -> Plan:
    """Change a plan inside a command; return its row. Raises as ``edit_plan``."""
    plan = living_plan(session, order.plan)
    check_version(order.version_seen, plan.version)
    order = clean(order, title=200, note=400)
    wanted = {"title": order.title, "note": order.note, "time_zone": order.time_zone}
    values = {key: value for key, value in wanted.items() if value is not None}
    refuse_if([*zone_problems(values.get("time_zone", "UTC")), *title_problems(order.title)])
    for key, value in values.items():
        setattr(plan, key, value)
    session.add(plan)
    by.record(plan, PlanAction.PLAN_EDITED, subject=("plan", plan.uid), values=values)
    touch(session, plan, by=by)
    return plan


def pause_plan(
    sessions: Sessions, order: ChangeState, *, actor: Actor, clock: Clock
) -> PlanChanged:
    """Pause an open plan: scans leave it alone until it is resumed.

    Raises:
        SignInNeeded, Forbidden, NotFound: as ``acting_on``.
        Stale: somebody changed the plan since.
        Conflict: the plan is not open.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return changed(pause_plan_in(session, order, by=by))


def pause_plan_in(session: Session, order: ChangeState, *, by: By) -> Plan:
    """Pause a plan inside a command; return its row. Raises as ``pause_plan``."""
    plan = _seen(session, order, states=(PlanState.OPEN,))
    return _become(session, plan, PlanState.PAUSED, action=PlanAction.PLAN_PAUSED, by=by, why=order)


def resume_plan(
    sessions: Sessions, order: ChangeState, *, actor: Actor, clock: Clock
) -> PlanChanged:
    """Resume a paused plan.

    Raises:
        SignInNeeded, Forbidden, NotFound: as ``acting_on``.
        Stale: somebody changed the plan since.
        Conflict: the plan is not paused.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return changed(resume_plan_in(session, order, by=by))


def resume_plan_in(session: Session, order: ChangeState, *, by: By) -> Plan:
    """Resume a plan inside a command; return its row. Raises as ``resume_plan``."""
    plan = _seen(session, order, states=(PlanState.PAUSED,))
    return _become(session, plan, PlanState.OPEN, action=PlanAction.PLAN_RESUMED, by=by, why=order)


def complete_plan(
    sessions: Sessions, order: ChangeState, *, actor: Actor, clock: Clock
) -> PlanChanged:
    """Complete a plan: no function's last day lies ahead any more.

    Raises:
        SignInNeeded, Forbidden, NotFound: as ``acting_on``.
        Stale: somebody changed the plan since.
        Conflict: a last day lies ahead, or the plan is finished already.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return changed(complete_plan_in(session, order, by=by))


def complete_plan_in(session: Session, order: ChangeState, *, by: By) -> Plan:
    """Complete a plan inside a command; return its row. Raises as ``complete_plan``."""
    plan = _seen(session, order, states=(PlanState.OPEN, PlanState.PAUSED))
    today = by.today(plan)
    last = _last_day(session, plan)
    if last >= today:
        raise Conflict(
            "Plan {plan} cannot be completed: the mission performs a function until {last}.",
            remedy="Complete it after that day, or cancel it with a reason.",
            plan=plan.slug,
            last=last.isoformat(),
        )
    plan.finished_on = today
    state, action = PlanState.COMPLETED, PlanAction.PLAN_COMPLETED
    return _become(session, plan, state, action=action, by=by, why=order)


def cancel_plan(
    sessions: Sessions, order: ChangeState, *, actor: Actor, clock: Clock
) -> PlanChanged:
    """Cancel a plan, with the reason: the mission stays, or another plan takes its place.

    Raises:
        SignInNeeded, Forbidden, NotFound: as ``acting_on``.
        Stale: somebody changed the plan since.
        Invalid: there is no reason.
        Conflict: the plan is finished already.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return changed(cancel_plan_in(session, order, by=by))


def cancel_plan_in(session: Session, order: ChangeState, *, by: By) -> Plan:
    """Cancel a plan inside a command; return its row. Raises as ``cancel_plan``."""
    if not order.reason.strip():
        refuse_if([Problem("reason", "is missing", "Say which decision ends the plan.")])
    plan = _seen(session, order, states=(PlanState.OPEN, PlanState.PAUSED))
    plan.finished_on = by.today(plan)
    state, action = PlanState.CANCELLED, PlanAction.PLAN_CANCELLED
    return _become(session, plan, state, action=action, by=by, why=order)


def _seen(session: Session, order: ChangeState, *, states: tuple[PlanState, ...]) -> Plan:
    plan = living_plan(session, order.plan)
    check_version(order.version_seen, plan.version)
    if plan.state not in states:
        paused = plan.state is PlanState.PAUSED
        message = _("Plan {plan} is paused.") if paused else _("Plan {plan} is open.")
        remedy = "It can only be read. Change its state first, if it is to go on."
        raise Conflict(message, plan=plan.slug, remedy=remedy)
    return plan


def _become(
    session: Session,
    plan: Plan,
    state: PlanState,
    *,
    action: PlanAction,
    by: By,
    why: ChangeState,
) -> Plan:
    reason = clean(why, reason=400).reason
    values = {"before": plan.state, "state": state, "reason": reason}
    plan.state = state
    session.add(plan)
    by.record(plan, action, subject=("plan", plan.uid), values=values)
    touch(session, plan, by=by)
    return plan


def _last_day(session: Session, plan: Plan) -> date:
    """Return the latest day on which the mission performs a function, or may."""
    revision = revision_in_force(session, plan)
    found = None
    if revision is not None:
        query = select(func.max(Timetable.certain_on))
        found = session.exec(query.where(col(Timetable.revision_id) == revision.id)).one()
    return found or max(plan.mandate_ends_on, plan.transfer_ends_on or plan.mandate_ends_on)


def zone_problems(zone: str) -> list[Problem]:
    """Return what is wrong with the name of a time zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        remedy = "Give one such as Africa/Bamako."
        return [Problem("time_zone", sentence("{zone} is no time zone", zone=zone), remedy)]
    return []


def title_problems(title: str | None) -> list[Problem]:
    """Return what is wrong with a title; ``None`` is not asked."""
    if title is None or title.strip():
        return []
    return [Problem("title", "is empty", "Say in a few words what the plan is about.")]

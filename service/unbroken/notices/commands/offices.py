"""Who holds an office of a plan, and the steps of its escalation: set by its planners."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete
from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid, put_if_absent, row_id, rows_changed
from unbroken.kit.errors import Conflict, Invalid, NotFound, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked
from unbroken.notices.models import PlanLadder, PlanOffice
from unbroken.notices.queries.escalation import steps_from
from unbroken.notices.rules.escalation import LADDER, NAMED, Office, Step, problems_of
from unbroken.people.models import Account
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import AccountState, Actor, Place, sight_of
from unbroken.plans.commands.acts import By, acting_on, check_version, living_plan
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, country_of
from unbroken.trail.rules import Action

WRONG: dict[str, tuple[Marked, Marked]] = {
    "too-many": (_("has too many steps"), _("Keep to sixteen steps.")),
    "days": (_("has days outside 1 to 365"), _("Give each step from 1 to 365 days.")),
    "twice": (_("tells an office twice of one severity"), _("Keep one step for each office.")),
    "order": (
        _("tells a higher office before a lower one"),
        _("Give the higher office more days, or as many."),
    ),
}


class EscalationAction(Action):
    """What acts on escalation are called in the trail; names are hashed, so none is renamed."""

    HOLDER_NAMED = "notices:office:named"
    HOLDER_ENDED = "notices:office:ended"
    LADDER_SET = "notices:ladder:set"
    LADDER_RESET = "notices:ladder:reset"


@dataclass(frozen=True, slots=True)
class NameHolder:
    """The role mailbox ``handle`` is to hold ``office`` of ``plan`` beside who holds it already."""

    plan: Ref
    office: Office
    handle: str


@dataclass(frozen=True, slots=True)
class SetLadder:
    """The steps of a plan's own escalation; empty ``steps`` tell nobody of anything."""

    plan: Ref
    steps: Sequence[Step] = field(default_factory=tuple)
    version_seen: int | None = None


def name_holder(sessions: Sessions, order: NameHolder, *, actor: Actor, clock: Clock) -> None:
    """Name a role mailbox for an office; naming it twice changes nothing.

    Raises:
        SignInNeeded, Forbidden: the actor does not plan here.
        NotFound: no such plan or open account.
        Invalid: the office goes by role, or the account cannot see the plan.
        Conflict: the plan is finished.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        plan = living_plan(session, order.plan)
        _require_named(order.office)
        account = _account(session, order.handle)
        _require_sees(session, account, plan)
        values: dict[str, object] = {
            "plan_id": row_id(plan),
            "office": order.office,
            "account_id": row_id(account),
        }
        if put_if_absent(session, PlanOffice, values | {"uid": new_uid()}):
            _record(by, plan, EscalationAction.HOLDER_NAMED, order)


def end_holder(sessions: Sessions, order: NameHolder, *, actor: Actor, clock: Clock) -> None:
    """Have a role mailbox hold an office no more.

    Raises:
        SignInNeeded, Forbidden: the actor does not plan here.
        NotFound: no such plan, or the account does not hold the office.
        Conflict: the plan is finished.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        plan = living_plan(session, order.plan)
        account_id = select(Account.id).where(Account.handle == order.handle)
        held = delete(PlanOffice).where(
            col(PlanOffice.plan_id) == plan.id,
            col(PlanOffice.office) == order.office,
            col(PlanOffice.account_id).in_(account_id),
        )
        if not rows_changed(session, held):
            raise NotFound("{handle} does not hold this office.", handle=order.handle)
        _record(by, plan, EscalationAction.HOLDER_ENDED, order)


def set_ladder(sessions: Sessions, order: SetLadder, *, actor: Actor, clock: Clock) -> int:
    """Give a plan steps of its own and return their version; the common ones take them away.

    Raises:
        SignInNeeded, Forbidden: the actor does not plan here.
        NotFound, Stale: no such plan, or its steps are not as they were read (0: the common ones).
        Invalid: the steps cannot be used.
        Conflict: the plan is finished, or the steps are the same.
    """
    problems = [Problem("steps", *WRONG[code]) for code in problems_of(order.steps)]
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        plan = living_plan(session, order.plan)
        row = _ladder_row(session, plan)
        check_version(order.version_seen, 0 if row is None else row.version)
        if problems:
            raise Invalid(problems=problems)
        before = LADDER if row is None else steps_from(row.steps)
        if sorted(before) == sorted(order.steps):
            raise Conflict("These are the steps already.", remedy="Change one, or leave them.")
        return _store(session, by, plan, row, order.steps)


def _store(
    session: Session, by: By, plan: Plan, row: PlanLadder | None, steps: Sequence[Step]
) -> int:
    if sorted(steps) == sorted(LADDER) and row is not None:
        session.delete(row)
        by.recorder.record(
            EscalationAction.LADDER_RESET, kind="plan", subject=plan.uid, values={}, plan=plan.uid
        )
        return 0
    stored: dict[str, object] = {"steps": [_stored(step) for step in sorted(steps)]}
    row = row or PlanLadder(plan_id=row_id(plan), steps=stored)
    row.steps = stored
    session.add(row)
    session.flush()
    by.recorder.record(
        EscalationAction.LADDER_SET, kind="plan", subject=plan.uid, values=stored, plan=plan.uid
    )
    return row.version


def _stored(step: Step) -> dict[str, object]:
    return {"severity": step.severity.value, "days": step.days, "office": step.office.value}


def _ladder_row(session: Session, plan: Plan) -> PlanLadder | None:
    return session.exec(select(PlanLadder).where(PlanLadder.plan_id == plan.id)).one_or_none()


def _require_named(office: Office) -> None:
    if office not in NAMED:
        remedy = "Change who plans or observes under people and roles."
        raise Invalid(problems=[Problem("office", "goes by role and is not named", remedy)])


def _account(session: Session, handle: str) -> Account:
    query = select(Account).where(Account.handle == handle, Account.state == AccountState.ACTIVE)
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound("There is no open account {handle}.", handle=handle)
    return found


def _require_sees(session: Session, account: Account, plan: Plan) -> None:
    place = Place(plan.uid, country_of(session, plan))
    if not sight_of(actor_of(session, account)).covers(place):
        remedy = "Ask a steward to give it a role on this plan or in its country first."
        raise Invalid(problems=[Problem("handle", "cannot see this plan", remedy)])


def _record(by: By, plan: Plan, action: EscalationAction, order: NameHolder) -> None:
    values = {"office": order.office.value, "handle": order.handle}
    by.recorder.record(action, kind="plan", subject=plan.uid, values=values, plan=plan.uid)

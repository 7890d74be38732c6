"""Plans are opened: from the first minute they have a trigger and an end."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, select

from unbroken.functions.queries import edition_names
from unbroken.kit.clock import Clock, civil_date
from unbroken.kit.db import Sessions, new_uid, row_id
from unbroken.kit.errors import Conflict, Problem
from unbroken.kit.sentences import sentence
from unbroken.kit.slugs import is_slug
from unbroken.people.rules import Actor, Place, author_of
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import (
    By,
    PlanChanged,
    changed,
    clean,
    refuse_if,
)
from unbroken.plans.commands.decisions import (
    NewDecision,
    add_decision_row,
    clean_decision,
    decision_problems,
    end_problems,
)
from unbroken.plans.commands.editing import title_problems, zone_problems
from unbroken.plans.commands.rights import require_account, require_planner
from unbroken.plans.models import Area, AreaKind, Mission, Plan, PlanKind, PlanScope, PlanState
from unbroken.plans.queries.rows import Ref, mission_row
from unbroken.plans.rules import plan_due_on
from unbroken.trail.commands import open_trail


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan to be opened; without ``slug`` it gets its mission's.

    ``mandate_ends_on`` and ``transfer_ends_on`` are last days, included. ``uid`` may be given by
    who has opened the plan's trail already.
    """

    mission: Ref
    title: str
    trigger: NewDecision
    mandate_ends_on: date
    edition: str
    kind: PlanKind = PlanKind.DRAWDOWN
    scope: PlanScope = PlanScope.WHOLE
    slug: str | None = None
    transfer_ends_on: date | None = None
    time_zone: str = "UTC"
    illustrative: bool = False
    note: str = ""
    uid: UUID = field(default_factory=new_uid)


def open_plan(sessions: Sessions, order: OpenPlan, *, actor: Actor, clock: Clock) -> PlanChanged:
    """Open a plan with its trigger and, where the whole mission is meant, the mission's area.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner in the mission's country.
        NotFound: there is no such mission.
        Invalid: a date, text, time zone or edition cannot be used.
        Conflict: the slug is taken.
    """
    require_account(actor)
    now = clock.now()
    with sessions.begin() as session:
        country = mission_row(session, order.mission).country_iso3
        by = by_opening(session, order.uid, country, actor=actor, at=now)
        return changed(open_plan_in(session, order, by=by))


def by_opening(
    session: Session, plan_uid: UUID, country_iso3: str, *, actor: Actor, at: datetime
) -> By:
    """Return who acts on a plan that is about to be opened, for several acts in one transaction.

    The instance's chain is open beside the plan's: a mission may be added, and of two plans that
    want one slug at the same moment one waits for the other.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner in the country.
    """
    place = Place(plan_uid, country_iso3)
    require_planner(actor, place)
    author = author_of(actor, place)
    recorder = open_trail(session, author=author, at=at, plans=[plan_uid], instance=True)
    return By(actor, at, recorder)


def open_plan_in(session: Session, order: OpenPlan, *, by: By) -> Plan:
    """Open a plan inside a command that has its trail open; return its row.

    Raises:
        NotFound, Invalid, Conflict: as ``open_plan``.
    """
    mission = mission_row(session, order.mission)
    slug = mission.slug if order.slug is None else order.slug
    order = replace(
        clean(order, title=200, note=400), trigger=clean_decision(order.trigger, at="trigger/")
    )
    refuse_if([*_problems(session, order, slug=slug), *_trigger_problems(order, by=by)])
    if session.exec(select(Plan.id).where(Plan.slug == slug)).first() is not None:
        raise Conflict("The slug {slug} is taken.", remedy="Give another slug.", slug=slug)
    plan = _plan(order, mission=mission, slug=slug, by=by)
    session.add(plan)
    session.flush()
    add_decision_row(session, plan, order.trigger, is_trigger=True)
    if order.scope is PlanScope.WHOLE:
        session.add(_whole(plan, mission, known_on=order.trigger.public_on))
    session.flush()
    by.record(plan, PlanAction.PLAN_OPENED, subject=("plan", plan.uid), values=_opened(order, plan))
    return plan


def _plan(order: OpenPlan, *, mission: Mission, slug: str, by: By) -> Plan:
    trigger = order.trigger
    return Plan(
        uid=order.uid,
        slug=slug,
        mission_id=row_id(mission),
        title=order.title,
        kind=order.kind,
        scope=order.scope,
        state=PlanState.OPEN,
        edition=order.edition,
        time_zone=order.time_zone,
        triggered_on=trigger.decided_on,
        mandate_ends_on=order.mandate_ends_on,
        transfer_ends_on=order.transfer_ends_on,
        plan_due_on=plan_due_on(trigger.decided_on, order.mandate_ends_on),
        ends_known_on=trigger.public_on,
        touched_on=civil_date(by.at, zone=order.time_zone),
        illustrative=order.illustrative,
        note=order.note,
        created_at=by.at,
    )


def _whole(plan: Plan, mission: Mission, *, known_on: date) -> Area:
    # A plan for some areas has no such area: the functions of the whole mission stay with it.
    return Area(
        plan_id=row_id(plan),
        slug=f"{plan.slug}-mission",
        name=mission.acronym,
        kind=AreaKind.MISSION,
        known_on=known_on,
    )


def _opened(order: OpenPlan, plan: Plan) -> dict[str, object]:
    return {
        "slug": plan.slug,
        "title": plan.title,
        "kind": plan.kind,
        "scope": plan.scope,
        "edition": plan.edition,
        "time_zone": plan.time_zone,
        "trigger": order.trigger.symbol,
        "triggered_on": plan.triggered_on,
        "mandate_ends_on": plan.mandate_ends_on,
        "transfer_ends_on": plan.transfer_ends_on,
        "illustrative": plan.illustrative,
    }


def _problems(session: Session, order: OpenPlan, *, slug: str) -> list[Problem]:
    problems = [*title_problems(order.title), *zone_problems(order.time_zone)]
    if not is_slug(slug):
        remedy = "Give a slug of a-z, 0-9 and single hyphens, at most 80."
        problems.append(Problem("slug", "is no slug", remedy))
    if order.edition not in edition_names(session):
        remedy = "Give an edition that is loaded, or have a steward load it."
        problems.append(
            Problem("edition", sentence("{edition} is not loaded", edition=order.edition), remedy)
        )
    return problems


def _trigger_problems(order: OpenPlan, *, by: By) -> list[Problem]:
    if zone_problems(order.time_zone):
        return []
    today = civil_date(by.at, zone=order.time_zone)
    ends = {"mandate_ends_on": order.mandate_ends_on, "transfer_ends_on": order.transfer_ends_on}
    return [
        *decision_problems(order.trigger, today=today, path="trigger"),
        *end_problems(ends, since=order.trigger.decided_on),
    ]

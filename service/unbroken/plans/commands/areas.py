"""Areas are added to plans and edited: regions, and sites inside them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count
from unicodedata import normalize
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.kit.slugs import slugify
from unbroken.people.rules import Actor
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import (
    By,
    acting_on,
    check_version,
    clean,
    known_problems,
    living_plan,
    refuse_if,
    touch,
)
from unbroken.plans.commands.revising import refresh_in_force
from unbroken.plans.models import Area, AreaKind, Plan, PlanScope
from unbroken.plans.queries.rows import Ref, area_row, area_rows

SLUG_LENGTH = 120


@dataclass(frozen=True, slots=True)
class AddArea:
    """An area to be added; a site names its region in ``parent``.

    ``mandate_ends_on`` is the mandate's last day there where it differs from the plan's;
    ``reachable`` ``None`` is not known; ``known_on`` is today where none is given.
    """

    plan: Ref
    name: str
    kind: AreaKind
    parent: Ref | None = None
    pcode: str | None = None
    mandate_ends_on: date | None = None
    reachable: bool | None = None
    closings_public: bool = True
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class EditArea:
    """What an area seen at ``version_seen`` is from now on; every field is written as it stands."""

    plan: Ref
    area: Ref
    version_seen: int | None
    reachable: bool | None
    mandate_ends_on: date | None
    closings_public: bool


@dataclass(frozen=True, slots=True)
class AreaChanged:
    """An area after an act; ``revision`` is the number that this act put in force, if any."""

    uid: UUID
    slug: str
    version: int
    revision: int | None = None


def add_area(sessions: Sessions, order: AddArea, *, actor: Actor, clock: Clock) -> AreaChanged:
    """Add an area; where a revision is in force, a new one with the area comes into force.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan or parent.
        Invalid: name, parent or a date cannot be used.
        Conflict: the plan has an area of this kind and name, or is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        row = add_area_in(session, order, by=by)
        plan = living_plan(session, order.plan)
        made = refresh_in_force(session, plan, reason=row.name, by=by)
        return _changed(row, None if made is None else made.number)


def add_area_in(session: Session, order: AddArea, *, by: By) -> Area:
    """Add an area inside a command that puts the next revision in force; return its row.

    Raises:
        NotFound, Invalid, Conflict: as ``add_area``.
    """
    plan = living_plan(session, order.plan)
    order = clean(order, name=120, pcode=20)
    there = area_rows(session, plan)
    parent = None if order.parent is None else area_row(session, plan, order.parent)
    known_on = order.known_on or by.today(plan)
    refuse_if(
        [
            *_name_problems(order),
            *_parent_problems(order, parent, plan=plan),
            *known_problems(known_on, today=by.today(plan)),
            *_mandate_problems(order.mandate_ends_on, plan=plan),
        ]
    )
    _refuse_twice(order, there)
    around = parent or next((row for row in there if row.kind is AreaKind.MISSION), None)
    row = Area(
        plan_id=row_id(plan),
        slug=_slug(session, plan, order),
        name=order.name,
        kind=order.kind,
        pcode=order.pcode,
        parent_id=None if around is None else around.id,
        position=len(there),
        mandate_ends_on=order.mandate_ends_on,
        reachable=order.reachable,
        closings_public=order.closings_public,
        known_on=known_on,
    )
    session.add(row)
    session.flush()
    _hide_around(session, row)
    by.record(plan, PlanAction.AREA_ADDED, subject=("area", row.uid), values=_values(row))
    touch(session, plan, by=by)
    return row


def edit_area(sessions: Sessions, order: EditArea, *, actor: Actor, clock: Clock) -> AreaChanged:
    """Set whether an area can be reached, its own end of mandate, and who may see its closings.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan or area.
        Stale: somebody changed the area since.
        Invalid: the mandate would end before the plan's trigger.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return edit_area_in(session, order, by=by)


def edit_area_in(session: Session, order: EditArea, *, by: By) -> AreaChanged:
    """Edit an area inside a command. Raises as ``edit_area``."""
    plan = living_plan(session, order.plan)
    row = area_row(session, plan, order.area)
    check_version(order.version_seen, row.version)
    refuse_if(_mandate_problems(order.mandate_ends_on, plan=plan))
    row.reachable = order.reachable
    row.mandate_ends_on = order.mandate_ends_on
    row.closings_public = order.closings_public and not _hides_a_part(session, row)
    session.add(row)
    session.flush()
    _hide_around(session, row)
    by.record(plan, PlanAction.AREA_EDITED, subject=("area", row.uid), values=_values(row))
    made = refresh_in_force(session, plan, reason=row.name, by=by)
    touch(session, plan, by=by)
    return _changed(row, None if made is None else made.number)


def _hides_a_part(session: Session, row: Area) -> bool:
    """Return whether the end of a part of the area is not public: a region closes with its last."""
    parts = select(Area).where(Area.parent_id == row.id, col(Area.closings_public).is_(False))
    return session.exec(parts.limit(1)).first() is not None


def _hide_around(session: Session, row: Area) -> None:
    """Hide the end of the region around a site whose end is hidden, which would tell it."""
    if row.closings_public or row.parent_id is None:
        return
    around = session.get_one(Area, row.parent_id)
    if around.kind is not AreaKind.MISSION and around.closings_public:
        around.closings_public = False
        session.add(around)
        session.flush()


def _changed(row: Area, revision: int | None) -> AreaChanged:
    return AreaChanged(row.uid, row.slug, row.version, revision)


def _values(row: Area) -> dict[str, object]:
    return {
        "slug": row.slug,
        "name": row.name,
        "kind": row.kind,
        "mandate_ends_on": row.mandate_ends_on,
        "reachable": row.reachable,
        "closings_public": row.closings_public,
        "known_on": row.known_on,
    }


def _name_problems(order: AddArea) -> list[Problem]:
    if order.name.strip():
        return []
    return [Problem("name", "is empty", "Give the area's public name.")]


def _parent_problems(order: AddArea, parent: Area | None, *, plan: Plan) -> list[Problem]:
    match order.kind, parent:
        case AreaKind.SITE, Area(kind=AreaKind.REGION):
            return []
        case AreaKind.SITE, _:
            return [Problem("parent", "is no region", "Name the region in which the site lies.")]
        case AreaKind.REGION, Area(kind=AreaKind.SITE | AreaKind.REGION):
            return [Problem("parent", "is no mission", "Leave it out: regions lie in no other.")]
        case AreaKind.MISSION, _ if plan.scope is PlanScope.AREAS:
            remedy = "Add regions and sites: the plan is for some areas only."
            return [Problem("kind", "is the whole mission", remedy)]
        case _:
            return []


def _mandate_problems(day: date | None, *, plan: Plan) -> list[Problem]:
    if day is None or day >= plan.triggered_on:
        return []
    what = sentence(
        "{day} lies before the plan's trigger, {triggered_on}",
        day=day,
        triggered_on=plan.triggered_on,
    )
    return [Problem("mandate_ends_on", what, "Give the day of the trigger or a later one.")]


THERE_ALREADY = {
    AreaKind.MISSION: _("The plan has the mission {name} already."),
    AreaKind.REGION: _("The plan has the region {name} already."),
    AreaKind.SITE: _("The plan has the site {name} already."),
}


def _refuse_twice(order: AddArea, there: list[Area]) -> None:
    same = [row for row in there if row.kind is order.kind and _same(row.name, order.name)]
    if order.kind is AreaKind.MISSION:
        same = [row for row in there if row.kind is AreaKind.MISSION]
    if same:
        raise Conflict(
            THERE_ALREADY[order.kind],
            remedy="Use the one that is there, or give another name.",
            name=same[0].name,
        )


def _same(one: str, other: str) -> bool:
    # the same name with or without accents is one area: sources write both
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return slugify(name) or normalize("NFKC", name).casefold().strip()


def _slug(session: Session, plan: Plan, order: AddArea) -> str:
    """Return a free slug: the plan's and the name's; then with the kind; then numbered."""
    ending = slugify(order.name) or order.kind.value
    wanted = _cut(plan.slug, ending)
    taken = _taken(session)
    if not taken(wanted):
        return wanted
    wanted = _cut(plan.slug, f"{ending}-{order.kind.value}")
    if not taken(wanted):
        return wanted
    numbered = (f"{wanted[: SLUG_LENGTH - 5]}-{number}" for number in count(2))
    return next(slug for slug in numbered if not taken(slug))


def _cut(plan_slug: str, ending: str) -> str:
    return f"{plan_slug}-{ending}"[:SLUG_LENGTH].strip("-")


def _taken(session: Session) -> Callable[[str], bool]:
    return lambda slug: session.exec(select(Area.id).where(Area.slug == slug)).first() is not None

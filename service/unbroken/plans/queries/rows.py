"""Rows of plans and their parts, found by slug or UUID; for commands and other features' commands.

What goes out to a way in is a view, never one of these rows.
"""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from unbroken.kit.db import Identified
from unbroken.kit.errors import NotFound
from unbroken.people.models import Organisation
from unbroken.people.rules import Place, Sight
from unbroken.plans.models import (
    Area,
    Decision,
    Mission,
    Plan,
    Revision,
    RevisionState,
)

Ref = str | UUID
"""A slug, or a UUID given as such or as text."""

Row = TypeVar("Row", bound=Identified)


def as_uid(ref: Ref) -> UUID | None:
    """Return ``ref`` as a UUID, ``None`` where it is a slug."""
    if isinstance(ref, UUID):
        return ref
    try:
        return UUID(ref) if len(ref) >= len("f" * 32) else None
    except ValueError:
        return None


def place_of(session: Session, plan: Ref, *, sight: Sight) -> Place:
    """Return where a plan is.

    Raises:
        NotFound: there is no such plan within ``sight``.
    """
    query = select(Plan.uid, Mission.country_iso3).join(Mission, col(Mission.id) == Plan.mission_id)
    found = session.exec(query.where(names_plan(plan))).first()
    place = None if found is None else Place(*found)
    if place is None or not sight.covers(place):
        raise no_plan(plan)
    return place


def names_plan(plan: Ref) -> ColumnElement[bool]:
    """Return the condition that a row of plans is the one meant."""
    uid = as_uid(plan)
    return col(Plan.slug) == plan if uid is None else col(Plan.uid) == uid


def no_plan(plan: Ref) -> NotFound:
    """Return the refusal that says nothing about whether there is a plan that one may not see."""
    return NotFound("There is no plan {plan}.", plan=str(plan))


def plan_row(session: Session, plan: Ref) -> Plan:
    """Return the row of a plan.

    Raises:
        NotFound: there is none.
    """
    found = session.exec(select(Plan).where(names_plan(plan))).first()
    if found is None:
        raise no_plan(plan)
    return found


def mission_row(session: Session, mission: Ref) -> Mission:
    """Return the row of a mission.

    Raises:
        NotFound: there is none.
    """
    uid = as_uid(mission)
    meant = col(Mission.slug) == mission if uid is None else col(Mission.uid) == uid
    found = session.exec(select(Mission).where(meant)).first()
    if found is None:
        raise NotFound("There is no mission {mission}.", mission=str(mission))
    return found


def organisation_row(session: Session, organisation: Ref) -> Organisation:
    """Return the row of an organisation by slug or UUID.

    Raises:
        NotFound: there is none.
    """
    uid = as_uid(organisation)
    meant = col(Organisation.slug) == organisation if uid is None else col(Organisation.uid) == uid
    found = session.exec(select(Organisation).where(meant)).first()
    if found is None:
        raise NotFound("There is no organisation {slug}.", slug=str(organisation))
    return found


def country_of(session: Session, plan: Plan) -> str:
    """Return the three letters of the country of a plan's mission."""
    return session.get_one(Mission, plan.mission_id).country_iso3


def trigger_row(session: Session, plan: Plan) -> Decision | None:
    """Return the decision that triggered the plan, ``None`` where none is established."""
    query = select(Decision).where(Decision.plan_id == plan.id, col(Decision.is_trigger))
    return session.exec(query).first()


def area_row(session: Session, plan: Plan, area: Ref) -> Area:
    """Return the row of an area of ``plan`` by slug, UUID or, where only one is called so, name.

    Raises:
        NotFound: the plan has no such area.
    """
    uid = as_uid(area)
    named = or_(col(Area.slug) == area, col(Area.name) == area)
    if uid is not None:
        named = or_(col(Area.uid) == uid)
    found = session.exec(select(Area).where(Area.plan_id == plan.id, named)).all()
    exact = [row for row in found if row.slug == area] or found
    if len(exact) != 1:
        raise NotFound(
            "Plan {plan} has no area {area}.",
            remedy="Give the area's slug; the list of areas shows it.",
            plan=plan.slug,
            area=str(area),
        )
    return exact[0]


def area_rows(session: Session, plan: Plan) -> list[Area]:
    """Return the areas of ``plan``: the mission first, then in their order."""
    query = select(Area).where(Area.plan_id == plan.id)
    return list(session.exec(query.order_by(col(Area.position), col(Area.id))))


def revision_in_force(session: Session, plan: Plan) -> Revision | None:
    """Return the revision in force now, ``None`` where there is none."""
    query = select(Revision).where(
        Revision.plan_id == plan.id, Revision.state == RevisionState.IN_FORCE
    )
    return session.exec(query).first()


def revision_row(session: Session, plan: Plan, revision: int | UUID) -> Revision:
    """Return the row of a revision of ``plan`` by number or UUID.

    Raises:
        NotFound: the plan has no such revision.
    """
    meant = (
        col(Revision.number) == revision
        if isinstance(revision, int)
        else col(Revision.uid) == revision
    )
    found = session.exec(select(Revision).where(Revision.plan_id == plan.id, meant)).first()
    if found is None:
        raise NotFound(
            "Plan {plan} has no revision {revision}.", plan=plan.slug, revision=str(revision)
        )
    return found


def next_number(session: Session, plan: Plan) -> int:
    """Return the number of the plan's next revision, from 1."""
    query = select(func.max(Revision.number)).where(Revision.plan_id == plan.id)
    return (session.exec(query).one() or 0) + 1

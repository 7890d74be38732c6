"""Missions, their chain and their plans, as far as the reader sees."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, true
from sqlmodel import Session, col, select

from unbroken.people.rules import Sight
from unbroken.plans.models import Decision, Mission, MissionKind, Plan, PlanState
from unbroken.plans.queries.rows import Ref, mission_row


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan in the list of its mission.

    ``notice_days`` are those from the trigger's day to the mandate's last day; ``None`` where no
    trigger is established.
    """

    uid: UUID
    slug: str
    title: str
    state: PlanState
    triggered_on: date
    mandate_ends_on: date
    notice_days: int | None


@dataclass(frozen=True, slots=True)
class MissionView:
    """One mission with the plans that the reader sees, newest trigger first (may be empty).

    ``predecessor`` is the slug of the mission it follows; ``notice_days`` that of its latest plan.
    """

    uid: UUID
    slug: str
    acronym: str
    name: str
    kind: MissionKind
    country_iso3: str
    predecessor: str | None
    plans: tuple[PlanLine, ...]
    notice_days: int | None


def missions(
    session: Session, *, sight: Sight, limit: int = 50, after: str | None = None
) -> tuple[MissionView, ...]:
    """Return the missions in sight, by slug, those after the slug ``after``; at most ``limit``.

    A mission is in sight with its country, or with one of its plans.
    """
    query = select(Mission).where(_in_sight(sight)).order_by(col(Mission.slug)).limit(limit)
    if after is not None:
        query = query.where(col(Mission.slug) > after)
    return _views(session, list(session.exec(query)), sight=sight)


def mission_chain(session: Session, mission: Ref, *, sight: Sight) -> tuple[MissionView, ...]:
    """Return a mission with all that it followed and all that followed it, in their order.

    Those of one predecessor stand by slug. Missions are public; their plans only within ``sight``.

    Raises:
        NotFound: there is no such mission.
    """
    found = mission_row(session, mission)
    # the chain of a country is short, and a successor may work in another one: all are read once
    rows = {row.id: row for row in session.exec(select(Mission).order_by(col(Mission.slug)))}
    first = found
    while first.predecessor_id is not None:
        first = rows[first.predecessor_id]
    return _views(session, _descending(first, list(rows.values())), sight=sight)


def notice_days(triggered_on: date | None, mandate_ends_on: date) -> int | None:
    """Return the days from the decision to the mandate's last day, ``None`` without a decision."""
    return None if triggered_on is None else (mandate_ends_on - triggered_on).days


def _descending(first: Mission, rows: list[Mission]) -> list[Mission]:
    later = [row for row in rows if row.predecessor_id == first.id]
    return [first, *(each for row in later for each in _descending(row, rows))]


def _in_sight(sight: Sight) -> ColumnElement[bool]:
    if sight.everything:
        return true()
    of_plan = exists().where(
        col(Plan.mission_id) == col(Mission.id), col(Plan.uid).in_(sight.plan_uids)
    )
    return or_(col(Mission.country_iso3).in_(sight.countries), of_plan)


def _views(session: Session, rows: list[Mission], *, sight: Sight) -> tuple[MissionView, ...]:
    plans = _plans(session, [row.id for row in rows], sight=sight)
    before = [row.predecessor_id for row in rows]
    named = select(col(Mission.id), col(Mission.slug)).where(col(Mission.id).in_(before))
    slugs = {row[0]: row[1] for row in session.exec(named)}
    return tuple(_view(row, plans.get(row.id, []), slugs.get(row.predecessor_id)) for row in rows)


def _plans(
    session: Session, missions: list[int | None], *, sight: Sight
) -> Mapping[int | None, list[PlanLine]]:
    query = (
        select(Plan, Mission.country_iso3, col(Decision.decided_on))
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .outerjoin(Decision, (col(Decision.plan_id) == Plan.id) & col(Decision.is_trigger))
        .where(col(Plan.mission_id).in_(missions), plan_in_sight(sight))
        .order_by(col(Plan.triggered_on).desc(), col(Plan.slug))
    )
    found: defaultdict[int | None, list[PlanLine]] = defaultdict(list)
    for plan, _, decided_on in session.exec(query):
        found[plan.mission_id].append(_line(plan, decided_on))
    return found


def plan_in_sight(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a plan, joined with its mission, is within ``sight``."""
    if sight.everything:
        return true()
    return or_(col(Plan.uid).in_(sight.plan_uids), col(Mission.country_iso3).in_(sight.countries))


def _line(plan: Plan, decided_on: date | None) -> PlanLine:
    return PlanLine(
        uid=plan.uid,
        slug=plan.slug,
        title=plan.title,
        state=plan.state,
        triggered_on=plan.triggered_on,
        mandate_ends_on=plan.mandate_ends_on,
        notice_days=notice_days(decided_on, plan.mandate_ends_on),
    )


def _view(row: Mission, plans: list[PlanLine], predecessor: str | None) -> MissionView:
    return MissionView(
        uid=row.uid,
        slug=row.slug,
        acronym=row.acronym,
        name=row.name,
        kind=row.kind,
        country_iso3=row.country_iso3,
        predecessor=predecessor,
        plans=tuple(plans),
        notice_days=plans[0].notice_days if plans else None,
    )

"""What happened to gaps, which of them come and go, and what each headline explains."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlmodel import Session, col
from sqlmodel import select as sql_select

from unbroken.gaps.models import Gap
from unbroken.gaps.queries.sight import in_sight, is_hidden
from unbroken.gaps.queries.views import EventView, GapView
from unbroken.gaps.rules import GapState, Happening
from unbroken.gaps.rules.headlines import CAUSING
from unbroken.gaps.rules.lives import A_DAY, OFTEN, OPENINGS, comes_and_goes
from unbroken.kit.db import table
from unbroken.people.models import Account
from unbroken.people.rules import Actor, sees_detail, sight_of
from unbroken.plans.models import Mission, Plan

EVENT = table("gap_event")
ASSIGNED_TO = "assigned_to"
OF_PEOPLE = (Happening.ASSIGNED, Happening.UNASSIGNED, Happening.COMMENTED)
"""What is no business of readers who see no detail."""


def history(
    session: Session, view: GapView, *, actor: Actor, newest: int | None = None, after: int = 0
) -> list[EventView]:
    """Return what happened to a gap, the first first; empty where it is masked.

    With ``newest`` only so many, the newest but ``after``. Who acted, what was assigned and that
    something was said are told to those who see detail only.
    """
    if view.masked:
        return []
    detail = sees_detail(actor, view.place)
    names = ("kind", "at", "happened_on", "severity", "turns_on", "account_uid", "facts")
    statement = select(*(EVENT.c[name] for name in names)).where(EVENT.c.gap_id == view.id)
    if not detail:
        statement = statement.where(EVENT.c.kind.not_in(OF_PEOPLE))
    ordered = statement.order_by(EVENT.c.id.desc()).limit(newest).offset(after)
    rows = session.connection().execute(ordered).all()[::-1]
    titles = _titles(session, rows) if detail else {}
    return [_event(row, titles) for row in rows]


def coming_and_going(session: Session, views: Iterable[GapView], *, at: datetime) -> set[int]:
    """Return the numbers of those gaps that come and go, seen ``at``."""
    often = [view.id for view in views if view.times_opened >= OFTEN and not view.masked]
    if not often:
        return set()
    statement = select(EVENT.c.gap_id, EVENT.c.at).where(
        EVENT.c.gap_id.in_(often), EVENT.c.kind.in_(OPENINGS), EVENT.c.at > at - A_DAY
    )
    openings: dict[int, list[datetime]] = {}
    for gap_id, opened_at in session.connection().execute(statement):
        openings.setdefault(gap_id, []).append(opened_at)
    return {gap_id for gap_id, found in openings.items() if comes_and_goes(found, at=at)}


def explained_counts(
    session: Session, views: Iterable[GapView], *, actor: Actor
) -> dict[UUID, int]:
    """Return how many open gaps each headline among these explains, as far as the actor sees."""
    causes = [view.uid for view in views if view.rule in CAUSING and not view.masked]
    if not causes:
        return {}
    statement = (
        select(col(Gap.headline_uid), func.count())
        .join(Plan, col(Plan.id) == col(Gap.plan_id))
        .join(Mission, col(Mission.id) == col(Plan.mission_id))
        .where(col(Gap.headline_uid).in_(causes), col(Gap.state) == GapState.OPEN)
        .where(*in_sight(sight_of(actor)), ~is_hidden(actor))
        .group_by(col(Gap.headline_uid))
    )
    return {uid: count for uid, count in session.connection().execute(statement) if uid}


def _titles(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[UUID, str]:
    """Return what the offices are called that these events name."""
    named = {row.account_uid for row in rows} | {_assigned(row.facts) for row in rows}
    query = sql_select(Account.uid, Account.title).where(col(Account.uid).in_(named - {None}))
    return dict(session.exec(query).all())


def _assigned(facts: Mapping[str, object]) -> UUID | None:
    told = facts.get(ASSIGNED_TO)
    return UUID(told) if isinstance(told, str) else None


def _event(row: Row[*tuple[Any, ...]], titles: Mapping[UUID, str]) -> EventView:
    to = _assigned(row.facts) if row.kind is Happening.ASSIGNED else None
    return EventView(
        kind=row.kind,
        at=row.at,
        on=row.happened_on,
        severity=row.severity,
        turns_on=row.turns_on,
        by=titles.get(row.account_uid),
        to=None if to is None else titles.get(to),
    )

"""On what an answer about the money of a plan rests: since when, and whether it is invented."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlmodel import Session

from unbroken.kit.db import table
from unbroken.money.queries.asking import covers, mission, plan
from unbroken.people.rules import Actor, sight_of

state = table("money_state")
LINES = ("requirement", "contribution")


@dataclass(frozen=True, slots=True)
class Ground:
    """The money of one plan: as of which day, and whether any of it is illustrative.

    ``as_of`` is the day of the last change; ``None`` where nothing was ever entered.
    """

    plan: str
    mission: str
    country: str
    as_of: date | None
    illustrative: bool


def grounds(session: Session, *, actor: Actor) -> dict[str, Ground]:
    """Return what the money of each plan in sight rests on, by the plan's slug; may be empty."""
    joined = plan.join(mission, mission.c.id == plan.c.mission_id).outerjoin(
        state, state.c.plan_id == plan.c.id
    )
    columns = (plan.c.slug, mission.c.slug, mission.c.country_iso3, state.c.derived_on)
    statement = (
        select(*columns, or_(plan.c.illustrative, *map(_invented, LINES)))
        .select_from(joined)
        .where(covers(sight_of(actor)))
        .order_by(plan.c.slug)
    )
    rows = session.connection().execute(statement)
    return {row[0]: Ground(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows}


def _invented(lines: str) -> ColumnElement[bool]:
    rows = table(lines)
    return (
        exists()
        .where(rows.c.plan_id == plan.c.id, rows.c.gone_on.is_(None), rows.c.illustrative)
        .correlate(plan)
    )

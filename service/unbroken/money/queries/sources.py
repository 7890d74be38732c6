"""On whose word the money of a plan stands, how old the cover is, and what of it is made up."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from unbroken.kit.db import row_id
from unbroken.money.models import Contribution, MoneyState, Requirement
from unbroken.money.queries.lines import holds
from unbroken.money.queries.reach import reach_of
from unbroken.people.rules import Actor, sight_of
from unbroken.plans.queries.rows import Ref, place_of, plan_row


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with how many lines rest on it, and since when the newest of them is known."""

    source: str
    lines: int
    known_on: date


@dataclass(frozen=True, slots=True)
class MarksView:
    """When the cover was derived, ``None`` for never, and the functions with made-up lines."""

    derived_on: date | None
    illustrative: frozenset[str]


def sources_of(session: Session, plan: Ref, *, actor: Actor) -> list[SourceView]:
    """Return the sources of the lines that hold now, the newest first; may be empty.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
        Forbidden: the actor sees no lines.
    """
    reach = reach_of(session, plan, actor=actor)
    found: dict[str, SourceView] = {}
    for model in (Requirement, Contribution):
        query = (
            select(model.source, func.count(), func.max(model.known_on))
            .where(reach.lines(model), holds(model, None))
            .group_by(col(model.source))
        )
        for source, lines, known_on in session.exec(query):
            old = found.get(source, SourceView(source, 0, known_on))
            newest = max(old.known_on, known_on)
            found[source] = SourceView(source, old.lines + lines, newest)
    return sorted(found.values(), key=lambda each: (-each.known_on.toordinal(), each.source))


def marks_of(session: Session, plan: Ref, *, actor: Actor) -> MarksView:
    """Return what has to stand beside every figure of a plan's cover, for every reader of it.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
    """
    place_of(session, plan, sight=sight_of(actor))
    plan_id = row_id(plan_row(session, plan))
    state = session.get(MoneyState, plan_id)
    codes: set[str] = set()
    for model in (Requirement, Contribution):
        made_up = col(model.illustrative).is_(True) & holds(model, None)
        query = select(model.function_code).where(model.plan_id == plan_id, made_up).distinct()
        codes |= set(session.exec(query))
    return MarksView(None if state is None else state.derived_on, frozenset(codes))

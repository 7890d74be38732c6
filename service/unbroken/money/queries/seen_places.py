"""The areas and receivers of which money tells a reader anything, by their names.

What is hidden from a reader has neither: not even in a list of choices does it show.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import FromClause, select
from sqlmodel import Session

from unbroken.money.queries.asking import area, body
from unbroken.money.queries.cover import CoverAsk, Grain, cover
from unbroken.people.rules import Actor


@dataclass(frozen=True, slots=True)
class SeenPlaces:
    """Names by slug, in the order of the names; ``any_need`` is whether any need is on record."""

    areas: Mapping[str, str]
    receivers: Mapping[str, str]
    any_need: bool


def seen_places(session: Session, *, actor: Actor) -> SeenPlaces:
    """Return where and for whom there is money or a need that ``actor`` may see; may be empty."""
    rows = cover(session, CoverAsk(by=(Grain.AREA, Grain.RECEIVER)), actor=actor)
    areas, receivers = {row.area for row in rows}, {row.receiver for row in rows}
    return SeenPlaces(
        _named(session, areas - {""}, of=area),
        _named(session, receivers - {""}, of=body),
        any(row.required is not None for row in rows),
    )


def _named(session: Session, slugs: set[str], *, of: FromClause) -> Mapping[str, str]:
    statement = select(of.c.slug, of.c.name).where(of.c.slug.in_(slugs)).order_by(of.c.name)
    return {row[0]: row[1] for row in session.connection().execute(statement)} if slugs else {}

"""Money of a plan that may be counted twice, and money that ended with the mandate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col

from unbroken.kit.db import row_id
from unbroken.money.models import Contribution
from unbroken.money.queries.line_rows import money_statement, money_views
from unbroken.money.queries.lines import holds, money_lines
from unbroken.money.queries.reach import Reach, reach_of
from unbroken.money.queries.views import ContributionView
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.coverage import coverage
from unbroken.money.rules.overlaps import Doubt, overlaps
from unbroken.people.rules import Actor
from unbroken.plans.queries.rows import Ref

CHUNK = 500


@dataclass(frozen=True, slots=True)
class OverlapView:
    """Lines that may be the same money, and why; nothing was taken away.

    Of ``pool-is-sum`` and ``parts-exceed`` the first line is the pool or the whole.
    """

    doubt: Doubt
    lines: tuple[ContributionView, ...]


@dataclass(frozen=True, slots=True)
class LapsedView:
    """Money of a mission's budget whose period goes on past the mandate, and what of it ended.

    ``lapsed_usd`` is the part of what was committed or paid that falls on later days.
    """

    line: ContributionView
    mandate_ends_on: date
    lapsed_usd: Decimal


def overlap_views(session: Session, plan: Ref, *, actor: Actor) -> list[OverlapView]:
    """Return what may have been counted twice among the lines that the actor sees; may be empty.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
        Forbidden: the actor sees no lines.
    """
    reach = reach_of(session, plan, actor=actor)
    seen = reach.lines(Contribution)
    found = overlaps(money_lines(session, row_id(reach.plan), seen))
    named = views_by_uid(session, reach, {uid for each in found for uid in each.lines})
    return [OverlapView(each.doubt, tuple(named[uid] for uid in each.lines)) for each in found]


def lapsed_views(session: Session, plan: Ref, *, actor: Actor) -> list[LapsedView]:
    """Return mission-budget money that ended with the mandate, as entered; may be empty.

    Raises as ``overlap_views``.
    """
    reach = reach_of(session, plan, actor=actor)
    ends_on = reach.plan.mandate_ends_on
    lines = money_lines(session, row_id(reach.plan), reach.lines(Contribution))
    lapsed = coverage((), lines, mandate_ends_on=ends_on).lapsed
    named = views_by_uid(session, reach, lapsed)
    return [
        LapsedView(named[uid], ends_on, to_amount(units)) for uid, units in lapsed.items() if units
    ]


def views_by_uid(
    session: Session, reach: Reach, uids: Iterable[UUID]
) -> dict[UUID, ContributionView]:
    """Return contributions that hold now and are within ``reach`` by their UUIDs."""
    wanted = sorted(uids)
    found: dict[UUID, ContributionView] = {}
    for start in range(0, len(wanted), CHUNK):
        named = col(Contribution.line_uid).in_(wanted[start : start + CHUNK])
        statement = money_statement(reach.lines(Contribution), holds(Contribution, None), named)
        found |= {row.line_uid: view for row, view in money_views(session, statement)}
    return found

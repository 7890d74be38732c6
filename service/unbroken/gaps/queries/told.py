"""What a watch was told, as its feed shows it: to whoever has the address, as of now.

A feed leaves the house: what is restricted, or has become so, stands there as a number and a link.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.gaps.models import Gap
from unbroken.money.models_interest import Told
from unbroken.money.queries.cover import covers
from unbroken.money.queries.watches import watch_behind
from unbroken.money.rules.amounts import quarter_of, to_amount
from unbroken.people.rules import sight_of
from unbroken.plans.models import Mission, Plan
from unbroken.plans.queries.timetables import titles_of

MOST = 50
NUMBER_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEntry:
    """One thing told; of a ``masked`` one only number and gap, and the first day of its quarter.

    ``uid`` stays the same for ever. ``function_title`` is English; ``uncovered`` are US dollars
    that were missing then, first in the month of ``month_on``.
    """

    uid: UUID
    gap: UUID
    number: str
    shown_at: datetime
    masked: bool
    plan: str = ""
    plan_title: str = ""
    function: str = ""
    function_title: str = ""
    month_on: date | None = None
    uncovered: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ToldFeed:
    """A watch's newest entries, the newest first; ``language`` is its account's."""

    uid: UUID
    language: str
    created_at: datetime
    entries: tuple[ToldEntry, ...]


def told_feed(session: Session, secret: str, *, most: int = MOST) -> ToldFeed:
    """Return what stands behind the secret of a feed, as far as its account may see it now.

    Raises:
        NotFound: as ``watch_behind``.
    """
    watch, actor = watch_behind(session, secret)
    query = (
        select(Told, Gap.restricted, Plan)
        .join(Plan, col(Plan.id) == Told.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .outerjoin(Gap, col(Gap.uid) == Told.gap_uid)
        .where(Told.watch_id == watch.id, covers(sight_of(actor)))
        .order_by(col(Told.shown_at).desc(), col(Told.uid))
        .limit(most)
    )
    entries = [
        _entry(session, told, plan, may_name=restricted is False)
        for told, restricted, plan in session.exec(query)
    ]
    # the place of what is masked must not tell its day either
    by_uid = sorted(entries, key=lambda each: each.uid)
    newest_first = sorted(by_uid, key=lambda each: each.shown_at, reverse=True)
    return ToldFeed(watch.uid, actor.language, watch.created_at, tuple(newest_first))


def _entry(session: Session, told: Told, plan: Plan, *, may_name: bool) -> ToldEntry:
    """Return one entry; ``may_name`` where the gap is there still, and not restricted now."""
    number = told.gap_uid.hex[:NUMBER_LENGTH]
    if told.restricted or not may_name:
        day = quarter_of(told.shown_at.date())
        at = datetime.combine(day, time(), tzinfo=UTC)
        return ToldEntry(uid=told.uid, gap=told.gap_uid, number=number, shown_at=at, masked=True)
    titles = titles_of(session, plan.edition)
    return ToldEntry(
        uid=told.uid,
        gap=told.gap_uid,
        number=number,
        shown_at=told.shown_at,
        masked=False,
        plan=plan.slug,
        plan_title=plan.title,
        function=told.function_code,
        function_title=titles.get(told.function_code, told.function_code),
        month_on=told.turns_on,
        uncovered=to_amount(told.uncovered_units),
    )

"""Feeds of one's own: made, given another secret address, and ended."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlmodel import Session, col, func, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, Forbidden, Problem
from unbroken.kit.sentences import sentence
from unbroken.notices.commands.feed_actions import FeedAction
from unbroken.notices.models_feeds import Feed
from unbroken.notices.queries.feeds import feed_row
from unbroken.notices.queries.readers import seen_by
from unbroken.notices.rules.calendar import DateGroup
from unbroken.notices.rules.feeds import MOST_FEEDS, MOST_PLANS, FeedFilters, FeedKind
from unbroken.people.commands.links import fresh_secret
from unbroken.people.commands.trails import people_trail
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import Actor, sight_of
from unbroken.people.rules.lives import hash_of
from unbroken.plans.commands.acts import refuse_if
from unbroken.plans.commands.rights import require_account
from unbroken.plans.models import Mission, Plan

EVERYTHING = FeedFilters()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed of one's own, narrowed to what its filters leave."""

    kind: FeedKind
    filters: FeedFilters = EVERYTHING


@dataclass(frozen=True, slots=True)
class MadeFeed:
    """A feed whose address was just made; ``secret`` exists here only."""

    uid: UUID
    kind: FeedKind
    secret: str = field(repr=False)


def make_feed(sessions: Sessions, order: NewFeed, *, actor: Actor, clock: Clock) -> MadeFeed:
    """Make a feed of the actor's account behind a secret address.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: the account has no role, so it sees no plan.
        Invalid: a filter names a plan that is not seen, or there are too many.
        Conflict: the account has ten feeds already.
    """
    require_account(actor)
    if not actor.grants:
        raise Forbidden
    at, filters, secret = clock.now(), _in_order(order), fresh_secret()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        refuse_if(_problems(session, filters, actor))
        row = Feed(
            account_id=_account_id(session, actor),
            kind=order.kind,
            filters=filters.stored(),
            secret_hash=hash_of(secret),
            created_at=at,
        )
        _require_few(session, row.account_id)
        session.add(row)
        session.flush()
        values = {"kind": row.kind.value, "filters": row.filters}
        record.record(FeedAction.MADE, kind="feed", subject=row.uid, values=values)
        return MadeFeed(row.uid, row.kind, secret)


def make_feed_anew(sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock) -> MadeFeed:
    """Give a feed of one's own another secret address; the one before ends at once.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: there is no such feed, or it is another's.
    """
    require_account(actor)
    secret = fresh_secret()
    with sessions.begin() as session:
        record = people_trail(session, actor, clock.now())
        row = feed_row(session, uid, actor=actor)
        row.secret_hash = hash_of(secret)
        record.record(FeedAction.MADE_ANEW, kind="feed", subject=row.uid, values={})
        return MadeFeed(row.uid, row.kind, secret)


def end_feed(sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock) -> None:
    """End a feed of one's own: its address leads nowhere from now on.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: there is no such feed, or it is another's.
    """
    require_account(actor)
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        row = feed_row(session, uid, actor=actor)
        row.ended_at = at
        record.record(FeedAction.ENDED, kind="feed", subject=row.uid, values={})


def _in_order(order: NewFeed) -> FeedFilters:
    """Return the filters with each value once, in order; news has no kinds of dates."""
    asked = order.filters
    groups = tuple(each for each in DateGroup if each in asked.groups)
    is_calendar = order.kind is FeedKind.CALENDAR
    plans = tuple(sorted(set(asked.plans)))
    return replace(asked, plans=plans, groups=groups if is_calendar else ())


def _account_id(session: Session, actor: Actor) -> int:
    assert actor.account_uid is not None  # noqa: S101 - looked at before the transaction began
    return row_id(account_row(session, actor.account_uid))


def _require_few(session: Session, account_id: int) -> None:
    held = (Feed.account_id == account_id, col(Feed.ended_at).is_(None))
    if session.exec(select(func.count()).select_from(Feed).where(*held)).one() >= MOST_FEEDS:
        raise Conflict(
            "An account has at most {most} feeds.",
            remedy="End one that nothing reads any more.",
            most=MOST_FEEDS,
        )


def _problems(session: Session, filters: FeedFilters, actor: Actor) -> Iterator[Problem]:
    if len(filters.plans) > MOST_PLANS:
        what = sentence("has more than {most} values", most=MOST_PLANS)
        yield Problem("plans", what, "Leave the filter out to have all.")
        return
    query = select(Plan.slug).join(Mission, col(Mission.id) == Plan.mission_id)
    meant = query.where(col(Plan.slug).in_(filters.plans), *seen_by(sight_of(actor)))
    known = set(session.exec(meant))
    for slug in sorted(set(filters.plans) - known):
        what = sentence("{value} is not known", value=slug)
        yield Problem("plans", what, "Write it as the lists show it.")

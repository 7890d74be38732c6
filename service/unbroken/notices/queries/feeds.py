"""Feeds of one's own: to their owners, and behind the secret of an address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.errors import NotFound
from unbroken.notices.models_feeds import Feed
from unbroken.notices.rules.feeds import FeedFilters, FeedKind, feed_filters_from
from unbroken.people.models import Account
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import AccountState, Actor
from unbroken.people.rules.lives import hash_of


@dataclass(frozen=True, slots=True)
class FeedView:
    """One feed of one's own that holds; its address is known to nobody but its owner."""

    uid: UUID
    kind: FeedKind
    filters: FeedFilters
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedFeed:
    """A feed whose address was asked for, and its account as it may read now."""

    uid: UUID
    filters: FeedFilters
    created_at: datetime
    actor: Actor


def feed_views(session: Session, *, actor: Actor) -> tuple[FeedView, ...]:
    """Return the feeds of the actor's account that hold, the first made first; may be empty."""
    query = select(Feed).join(Account, col(Account.id) == Feed.account_id)
    own = (Account.uid == actor.account_uid, col(Feed.ended_at).is_(None))
    return tuple(_view(row) for row in session.exec(query.where(*own).order_by(col(Feed.id))))


def feed_row(session: Session, uid: UUID, *, actor: Actor) -> Feed:
    """Return the row of a feed of the actor's own that holds.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = select(Feed).join(Account, col(Account.id) == Feed.account_id)
    own = (Account.uid == actor.account_uid, col(Feed.ended_at).is_(None))
    found = session.exec(query.where(Feed.uid == uid, *own)).first()
    if found is None:
        raise NotFound("There is no such feed.", remedy="The list shows those that still hold.")
    return found


def feed_view(session: Session, uid: UUID, *, actor: Actor) -> FeedView:
    """Return one feed of the actor's own. Raises as ``feed_row``."""
    return _view(feed_row(session, uid, actor=actor))


def feed_behind(session: Session, secret: str, kind: FeedKind) -> OpenedFeed:
    """Return the feed of this kind that ``secret`` opens.

    Raises:
        NotFound: unknown, of another kind, made anew, ended, or the account is closed or has no
            role any more; the answer does not say which.
    """
    query = (
        select(Feed, Account)
        .join(Account, col(Account.id) == Feed.account_id)
        .where(
            Feed.secret_hash == hash_of(secret),
            Feed.kind == kind,
            col(Feed.ended_at).is_(None),
            Account.state == AccountState.ACTIVE,
        )
    )
    found = session.exec(query).first()
    actor = None if found is None else actor_of(session, found[1])
    if found is None or actor is None or not actor.grants:
        raise NotFound("There is no such feed.", remedy="Make its address anew on your page.")
    row = found[0]
    return OpenedFeed(row.uid, feed_filters_from(row.filters), row.created_at, actor)


def _view(row: Feed) -> FeedView:
    return FeedView(row.uid, row.kind, feed_filters_from(row.filters), row.created_at)

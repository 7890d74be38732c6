"""The newest news of an account, as a reader of feeds shows it: a number and a link each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from unbroken.notices.queries.feeds import feed_behind
from unbroken.notices.queries.readers import newest_told
from unbroken.notices.rules.digests import Line, line_of
from unbroken.notices.rules.feeds import FeedKind

MOST = 50


@dataclass(frozen=True, slots=True)
class NewsEntry:
    """One piece of news; ``uid`` stays the same for ever."""

    uid: UUID
    at: datetime
    line: Line


@dataclass(frozen=True, slots=True)
class NewsFeed:
    """The newest news behind an address, the newest first; may be empty."""

    uid: UUID
    language: str
    created_at: datetime
    entries: tuple[NewsEntry, ...]


def news_feed(session: Session, secret: str, *, most: int = MOST) -> NewsFeed:
    """Return what stands behind the secret of a feed of news, as its account may be told it now.

    Raises:
        NotFound: as ``feed_behind``.
    """
    opened = feed_behind(session, secret, FeedKind.NEWS)
    filters = opened.filters
    told = newest_told(
        session, opened.actor, plans=filters.plans, only_own=filters.only_own, most=most
    )
    entries = tuple(NewsEntry(uid, at, line_of(piece)) for piece, uid, at in told)
    return NewsFeed(opened.uid, opened.actor.language, opened.created_at, entries)

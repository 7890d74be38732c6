"""``/feeds``: the caller's own feeds, dates for calendars and news for readers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.notices.commands.feeds import (
    MadeFeed,
    NewFeed,
    end_feed,
    make_feed,
    make_feed_anew,
)
from unbroken.notices.queries.feeds import FeedView, feed_view, feed_views
from unbroken.notices.rules.calendar import DateGroup
from unbroken.notices.rules.feeds import MOST_PLANS, FeedFilters, FeedKind
from unbroken.web.addresses import own_feed_address
from unbroken.web.api.answers import JSON
from unbroken.web.api.inputs import Body, Flag, Name, here
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit, site_of
from unbroken.web.security import Account

router = APIRouter(prefix="/feeds", tags=["notices"])
NO_STORE = {"cache-control": "no-store"}


class OwnFeedItem(TypedDict):
    """One feed of the caller's account; filters that are empty leave nothing out."""

    uid: UUID
    kind: FeedKind
    plans: list[str]
    only_own: bool
    dates: list[DateGroup]
    created_at: datetime


class AddressItem(TypedDict):
    """The address of a feed. It is told here and never again; whoever has it may read."""

    feed: UUID
    kind: FeedKind
    address: str


class FeedBody(Body):
    """What a feed holds: ``calendar`` or ``news``; what is left out leaves nothing out.

    ``only_own`` narrows functions to those that the account's organisation gives or receives;
    ``dates`` are of calendars only.
    """

    kind: FeedKind
    plans: Annotated[tuple[Name, ...], Field(max_length=MOST_PLANS)] = ()
    only_own: Flag = False
    dates: Annotated[tuple[DateGroup, ...], Field(max_length=len(DateGroup))] = ()

    def order(self) -> NewFeed:
        """Return the order."""
        filters = FeedFilters(plans=self.plans, only_own=self.only_own, groups=self.dates)
        return NewFeed(kind=self.kind, filters=filters)


FEED = TypeAdapter(OwnFeedItem)
FEEDS = TypeAdapter(Listing[OwnFeedItem])
ADDRESS = TypeAdapter(AddressItem)


@router.get("", response_model=Listing[OwnFeedItem])
def feeds(visit: Account) -> Response:
    """List the feeds of the caller's account that hold, the first made first; on one page."""
    with visit.sessions.reading() as session:
        found = feed_views(session, actor=visit.actor)
    return listing(FEEDS, [_item(each) for each in found], link=None)


@router.post("", status_code=201, response_model=AddressItem)
def make(request: Request, visit: Account, body: FeedBody) -> Response:
    """Make a feed and tell its address, once. Nothing keeps it here, so no key repeats it."""
    made = make_feed(visit.sessions, body.order(), actor=visit.actor, clock=visit.clock)
    response = _told(visit, made)
    response.headers["location"] = here(request, made.uid)
    return response


@router.get("/{feed_uid}", response_model=OwnFeedItem)
def one_feed(visit: Account, feed_uid: UUID) -> Response:
    """Return one feed of the caller's account."""
    with visit.sessions.reading() as session:
        item = _item(feed_view(session, feed_uid, actor=visit.actor))
    return Response(FEED.dump_json(item), media_type=JSON)


@router.post("/{feed_uid}/address", status_code=201, response_model=AddressItem)
def make_anew(visit: Account, feed_uid: UUID) -> Response:
    """Make another address for a feed, told once; the one before ends at once."""
    made = make_feed_anew(visit.sessions, feed_uid, actor=visit.actor, clock=visit.clock)
    return _told(visit, made)


@router.delete("/{feed_uid}", status_code=204, response_class=Response)
def end(visit: Account, feed_uid: UUID) -> Response:
    """End a feed of the caller's account: its address leads nowhere any more."""
    end_feed(visit.sessions, feed_uid, actor=visit.actor, clock=visit.clock)
    return Response(status_code=204)


def _told(visit: Visit, made: MadeFeed) -> Response:
    item: AddressItem = {
        "feed": made.uid,
        "kind": made.kind,
        "address": own_feed_address(made.kind, made.secret, base_url=site_of(visit)),
    }
    body = ADDRESS.dump_json(item)
    return Response(body, status_code=201, media_type=JSON, headers=NO_STORE)


def _item(view: FeedView) -> OwnFeedItem:
    return {
        "uid": view.uid,
        "kind": view.kind,
        "plans": list(view.filters.plans),
        "only_own": view.filters.only_own,
        "dates": list(view.filters.groups),
        "created_at": view.created_at,
    }

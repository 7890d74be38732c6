"""``/money/watches``: what the caller is told of, by mail and by feed."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.money.commands.watching import (
    MakeWatch,
    end_feed,
    end_watch,
    make_feed,
    make_watch,
)
from unbroken.money.queries.watches import WatchView, watch_view, watch_views
from unbroken.money.rules.watching import MOST_VALUES, Filters
from unbroken.web.addresses import feed_address
from unbroken.web.api.answers import JSON, once
from unbroken.web.api.inputs import MAKES, Body, Code, Flag, Name, here
from unbroken.web.api.money_interests import Amount
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit, site_of
from unbroken.web.security import Account

router = APIRouter(prefix="/money/watches", tags=["money"])
Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["MLI"])]
Tier = Annotated[int, Field(strict=True, ge=1, le=4, examples=[1])]
Theme = Annotated[str, Field(pattern=r"^[A-Z]$", examples=["A"])]
MOST = Field(max_length=MOST_VALUES)


class WatchItem(TypedDict):
    """One watch: told is what rises above ``least_usd``, a decimal as text.

    Filters that are empty leave nothing out. ``told_at`` is when it last had something to tell.
    """

    uid: UUID
    countries: list[str]
    missions: list[str]
    plans: list[str]
    functions: list[str]
    tiers: list[int]
    themes: list[str]
    least_usd: str
    by_mail: bool
    has_feed: bool
    created_at: datetime
    told_at: datetime | None


class FeedItem(TypedDict):
    """The address of a feed (Atom). It is told here and never again; whoever has it may read."""

    watch: UUID
    address: str


class WatchBody(Body):
    """Of which money to tell; what is left out leaves nothing out."""

    countries: Annotated[tuple[Country, ...], MOST] = ()
    missions: Annotated[tuple[Name, ...], MOST] = ()
    plans: Annotated[tuple[Name, ...], MOST] = ()
    functions: Annotated[tuple[Code, ...], MOST] = ()
    tiers: Annotated[tuple[Tier, ...], MOST] = ()
    themes: Annotated[tuple[Theme, ...], MOST] = ()
    least_usd: Amount = "0"
    by_mail: Flag = True

    def order(self) -> MakeWatch:
        """Return the order."""
        lists = self.model_dump(exclude={"least_usd", "by_mail"})
        filters = Filters(**{name: tuple(values) for name, values in lists.items()})
        return MakeWatch(filters=filters, least=Decimal(self.least_usd), by_mail=self.by_mail)


WATCH = TypeAdapter(WatchItem)
WATCHES = TypeAdapter(Listing[WatchItem])
FEED = TypeAdapter(FeedItem)


@router.get("", response_model=Listing[WatchItem])
def watches(visit: Account) -> Response:
    """List the watches of the caller's account that hold, the first made first; on one page."""
    with visit.sessions.reading() as session:
        found = watch_views(session, actor=visit.actor)
    return listing(WATCHES, [_item(each) for each in found], link=None)


@router.post("", status_code=201, response_model=WatchItem, openapi_extra=MAKES)
def watch(request: Request, visit: Account, body: WatchBody) -> Response:
    """Make a watch: from now on the caller is told of what rises above the limit."""

    def act() -> Response:
        uid = make_watch(visit.sessions, body.order(), actor=visit.actor, clock=visit.clock)
        response = _shown(visit, uid, status=201)
        response.headers["location"] = here(request, uid)
        return response

    return once(visit, act)


@router.get("/{watch_uid}", response_model=WatchItem)
def one_watch(visit: Account, watch_uid: UUID) -> Response:
    """Return one watch of the caller's account."""
    return _shown(visit, watch_uid)


@router.delete("/{watch_uid}", status_code=204, response_class=Response)
def end(visit: Account, watch_uid: UUID) -> Response:
    """End a watch of the caller's account, and its feed."""
    end_watch(visit.sessions, watch_uid, actor=visit.actor, clock=visit.clock)
    return Response(status_code=204)


@router.post("/{watch_uid}/feed", status_code=201, response_model=FeedItem)
def feed(visit: Account, watch_uid: UUID) -> Response:
    """Make the address of a feed, told once; an earlier one ends. Nothing keeps it here."""
    made = make_feed(visit.sessions, watch_uid, actor=visit.actor, clock=visit.clock)
    item: FeedItem = {
        "watch": made.uid,
        "address": feed_address(made.secret, base_url=site_of(visit)),
    }
    headers = {"cache-control": "no-store"}
    return Response(FEED.dump_json(item), status_code=201, media_type=JSON, headers=headers)


@router.delete("/{watch_uid}/feed", status_code=204, response_class=Response)
def revoke(visit: Account, watch_uid: UUID) -> Response:
    """Revoke the address of a feed; the watch stays."""
    end_feed(visit.sessions, watch_uid, actor=visit.actor, clock=visit.clock)
    return Response(status_code=204)


def _shown(visit: Visit, uid: UUID, *, status: int = 200) -> Response:
    with visit.sessions.reading() as session:
        item = _item(watch_view(session, uid, actor=visit.actor))
    return Response(WATCH.dump_json(item), status_code=status, media_type=JSON)


def _item(view: WatchView) -> WatchItem:
    filters = view.filters
    return {
        "uid": view.uid,
        "countries": list(filters.countries),
        "missions": list(filters.missions),
        "plans": list(filters.plans),
        "functions": list(filters.functions),
        "tiers": list(filters.tiers),
        "themes": list(filters.themes),
        "least_usd": f"{view.least:f}",
        "by_mail": view.by_mail,
        "has_feed": view.has_feed,
        "created_at": view.created_at,
        "told_at": view.told_at,
    }

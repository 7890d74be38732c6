"""Feeds on money: read by programs that sign in nowhere, so the address itself is the secret.

A feed leaves the house. What is restricted stands there as a number and a link.
"""

import hashlib

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from unbroken.gaps.queries.told import ToldEntry, ToldFeed, told_feed
from unbroken.kit.errors import NotFound
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.people.commands.tries import count_failure, hold_tries, require_tries_left
from unbroken.people.rules.tries import Limit, feed_limits
from unbroken.web.api.conditional import not_modified
from unbroken.web.atom import MEDIA_TYPE, AtomEntry, AtomFeed, written
from unbroken.web.dependencies import house_of, site_at
from unbroken.web.security import Open, client_address

router = APIRouter(dependencies=[Depends(Open())])
LONGEST_SECRET = 80
HEADERS = {"x-robots-tag": "noindex, nofollow", "cache-control": "private, no-cache"}
TITLE = _("Unbroken: where money is missing")
MASKED = _("Gap number {number}")
MASKED_TEXT = _("Sign in to see what your role may see of it.")
NAMED = _("{function}: {amount} missing")
NAMED_TEXT = _("{plan}: first missing from {month} on. Gap number {number}.")


@router.get("/feeds/money/{secret}.atom")
def money_feed(request: Request, secret: str) -> Response:
    """Return the newest entries of a feed; 404 for whatever is no address of one.

    Raises:
        NotFound: unknown, revoked, or the account behind it may read no more.
        TooMany: this address asked too often for what is not there.
    """
    found = _found(request, secret[:LONGEST_SECRET])
    reader = house_of(request).languages.translator(found.language)
    body = written(_feed(found, site=site_at(request), reader=reader))
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    headers = HEADERS | {"etag": etag}
    kept = not_modified(request, etag)
    if kept is not None:
        kept.headers.update(headers)
        return kept
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def _found(request: Request, secret: str) -> ToldFeed:
    house, counted = house_of(request), _counted(request)
    at = house.machine_clock.now()
    try:
        with house.sessions.reading() as session:
            require_tries_left(session, counted, limits=house.limits, at=at)
            return told_feed(session, secret)
    except NotFound:
        with house.sessions.begin() as session:
            hold_tries(session, counted, limits=house.limits, at=at)
            count_failure(session, counted, limits=house.limits, at=at)
        raise


def _counted(request: Request) -> tuple[Limit, ...]:
    return feed_limits(house_of(request).limits, address=client_address(request))


def _feed(found: ToldFeed, *, site: str, reader: Translator) -> AtomFeed:
    entries = tuple(_entry(each, site=site, reader=reader) for each in found.entries)
    return AtomFeed(
        uid=found.uid,
        title=reader.gettext(TITLE),
        author="Unbroken",
        language=reader.locale,
        link=f"{site}/money/watches",
        at=max((each.at for each in entries), default=found.created_at),
        entries=entries,
    )


def _entry(told: ToldEntry, *, site: str, reader: Translator) -> AtomEntry:
    link = f"{site}/gaps/{told.gap}"
    if told.masked or told.month_on is None or told.uncovered is None:
        title = reader.render(MASKED, {"number": told.number})
        return AtomEntry(told.uid, title, reader.gettext(MASKED_TEXT), link, told.shown_at)
    amount = reader.money(told.uncovered, "USD")
    title = reader.render(NAMED, {"function": told.function_title, "amount": amount})
    facts = {
        "plan": told.plan_title,
        "month": reader.month(told.month_on),
        "number": told.number,
    }
    return AtomEntry(told.uid, title, reader.render(NAMED_TEXT, facts), link, told.shown_at)

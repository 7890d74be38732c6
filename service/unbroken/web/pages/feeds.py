"""Feeds on money: read by programs that sign in nowhere, so the address itself is the secret.

A feed leaves the house. What is restricted stands there as a number and a link.
"""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from unbroken.gaps.queries.told import ToldEntry, ToldFeed, told_feed
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.web.atom import MEDIA_TYPE, AtomEntry, AtomFeed, written
from unbroken.web.dependencies import house_of, site_at
from unbroken.web.secret_feeds import answered, found_behind
from unbroken.web.security import Open

router = APIRouter(dependencies=[Depends(Open())])
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
    found = found_behind(request, secret, told_feed)
    reader = house_of(request).languages.translator(found.language)
    body = written(_feed(found, site=site_at(request), reader=reader))
    return answered(request, mark=body, write=lambda: body, media_type=MEDIA_TYPE)


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

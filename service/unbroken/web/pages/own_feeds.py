"""Feeds of one's own behind secret addresses: dates for calendars, news for readers.

A feed leaves the house: of news it tells a number and a link, of dates nothing restricted.
"""

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from unbroken.functions.queries import texts_in
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.notices.queries.calendars import (
    MOST_DATES,
    CalendarEntry,
    CalendarFeed,
    calendar_feed,
)
from unbroken.notices.queries.told_news import NewsEntry, NewsFeed, news_feed
from unbroken.notices.rules.calendar import DateKind
from unbroken.notices.rules.words import News
from unbroken.web import atom, calendars
from unbroken.web.atom import AtomEntry, AtomFeed
from unbroken.web.calendars import CalendarEvent, CalendarText, calendar_written
from unbroken.web.dependencies import house_of, site_at
from unbroken.web.secret_feeds import answered, found_behind
from unbroken.web.security import Open
from unbroken.web.seen import isolated

router = APIRouter(dependencies=[Depends(Open())])
HERE = "/me/feeds"
NAME = _("Unbroken: dates of transitions")
NOTE = _(
    "Dates from {day} on. Dates of restricted functions, and of areas whose closings are not "
    "public, are not in calendars."
)
NEAREST = _(
    "Only the {most} nearest dates are here: make feeds for fewer plans or kinds to see the others."
)
DATES: Mapping[DateKind, str] = {
    DateKind.MANDATE_END: _("Mandate ends: {plan}"),
    DateKind.TRANSFER_END: _("Last day to transfer tasks: {plan}"),
    DateKind.CLOSING: _("Closing: {area}"),
    DateKind.LAST_DAY: _("Last day: {function}, {area}"),
    DateKind.RECEIVER: _("Receiver to be named: {function}, {area}"),
    DateKind.AGREEMENT: _("Agreement to be signed: {function}, {area}"),
    DateKind.CONFIRM: _("Last capacity to be confirmed: {function}, {area}"),
    DateKind.CHECK_3: _("Check after 3 months: {function}, {area}"),
    DateKind.CHECK_6: _("Check after 6 months: {function}, {area}"),
    DateKind.CHECK_12: _("Check after 12 months: {function}, {area}"),
    DateKind.ANSWER: _("Answer to an offer: {function}, {area}"),
}
NEWS_TITLE = _("Unbroken: news")
NEWS_TEXT = _("Sign in to see what your role may see of it.")
NEWS: Mapping[News, str] = {
    News.GAP_OPENED: _("Gap {number} opened"),
    News.GAP_REOPENED: _("Gap {number} opened again"),
    News.GAP_WORSENED: _("Gap {number} worsened"),
    News.GAP_ESCALATED: _("Gap {number} was escalated"),
    News.GAP_ASSIGNED: _("Gap {number} was assigned"),
    News.OFFERED: _("Offer {number} was made or withdrawn"),
    News.ANSWERED: _("Offer {number} was answered"),
    News.DISPUTED: _("Dispute about offer {number}"),
    News.REVISED: _("A plan was revised"),
}


@router.get("/feeds/calendar/{secret}.ics")
def calendar(request: Request, secret: str) -> Response:
    """Return the dates of a calendar; 404 for whatever is no address of one.

    Raises:
        NotFound: unknown, made anew, ended, or the account behind it may read no more.
        TooMany: this address asked too often for what is not there.
    """
    said = found_behind(request, secret, partial(_calendar, request))
    mark = repr(said).encode()
    write = partial(calendar_written, said)
    return answered(request, mark=mark, write=write, media_type=calendars.MEDIA_TYPE)


@router.get("/feeds/news/{secret}.atom")
def news(request: Request, secret: str) -> Response:
    """Return the newest news of an account; raises as ``calendar``."""
    found = found_behind(request, secret, news_feed)
    reader = house_of(request).languages.translator(found.language)
    body = atom.written(_news(found, site=site_at(request), reader=reader))
    return answered(request, mark=body, write=lambda: body, media_type=atom.MEDIA_TYPE)


def _calendar(request: Request, session: Session, secret: str) -> CalendarText:
    house, site = house_of(request), site_at(request)
    found = calendar_feed(session, secret, on=house.clock.today())
    reader = house.languages.translator(found.language)
    english = {each.function_title for each in found.entries}
    titles = texts_in(session, english, language=reader.locale)
    shown = {title: told.text for title, told in titles.items()}
    return CalendarText(
        uid=found.uid,
        name=reader.gettext(NAME),
        note=_note(found, reader),
        language=reader.locale,
        link=f"{site}{HERE}",
        events=tuple(
            _event(each, shown.get(each.function_title, ""), site=site, reader=reader)
            for each in found.entries
        ),
    )


def _note(found: CalendarFeed, reader: Translator) -> str:
    note = reader.render(NOTE, {"day": found.begins_on})
    if not found.left_out:
        return note
    return f"{note} {reader.render(NEAREST, {'most': MOST_DATES})}"


def _event(entry: CalendarEntry, title: str, *, site: str, reader: Translator) -> CalendarEvent:
    facts = {"plan": entry.plan_title, "function": title, "area": entry.area_name}
    if reader.direction == "rtl":
        facts = {name: isolated(text) for name, text in facts.items()}
    return CalendarEvent(
        uid=entry.uid,
        text=reader.render(DATES[entry.kind], facts),
        link=f"{site}{_path(entry)}",
        falls_on=entry.falls_on,
        until_on=entry.until_on,
        sequence=entry.sequence,
        modified_at=entry.modified_at,
        is_cancelled=entry.is_cancelled,
    )


def _path(entry: CalendarEntry) -> str:
    if entry.transfer_uid is not None:
        return f"/transfers/{entry.transfer_uid}"
    if not entry.function:
        return f"/plans/{entry.plan}"
    return f"/plans/{entry.plan}/checklist?function={entry.function}&area={entry.area}"


def _news(found: NewsFeed, *, site: str, reader: Translator) -> AtomFeed:
    entries = tuple(_entry(each, site=site, reader=reader) for each in found.entries)
    return AtomFeed(
        uid=found.uid,
        title=reader.gettext(NEWS_TITLE),
        author="Unbroken",
        language=reader.locale,
        link=f"{site}{HERE}",
        at=max((each.at for each in entries), default=found.created_at),
        entries=entries,
    )


def _entry(told: NewsEntry, *, site: str, reader: Translator) -> AtomEntry:
    line = told.line
    title = reader.render(NEWS[line.kind], {"number": line.number})
    return AtomEntry(told.uid, title, reader.gettext(NEWS_TEXT), f"{site}{line.path}", told.at)

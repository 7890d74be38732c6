"""A calendar as iCalendar: all-day dates, which mean the same day in every time zone.

Source: RFC 5545 (September 2009); RFC 7986 (October 2016), 5.1 to 5.7; ``X-`` names for readers
that do not know the latter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import category
from uuid import UUID

from icalendar import Calendar, Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
MAKER = "-//Unbroken//Dates of transitions//EN"
REFRESH = timedelta(hours=6)
REFRESH_TOLD = "PT6H"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One date with a line of text and where it leads, from its first to its last day."""

    uid: UUID
    text: str
    link: str
    falls_on: date
    until_on: date
    sequence: int
    modified_at: datetime
    is_cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarText:
    """A calendar with its events by day; ``note`` says what it holds and what it does not."""

    uid: UUID
    name: str
    note: str
    language: str
    link: str
    events: Sequence[CalendarEvent]


def calendar_written(said: CalendarText) -> bytes:
    """Return a calendar as a UTF-8 document with folded lines; equal calendars, equal bytes."""
    made = Calendar()
    for name, value in {
        "version": "2.0",
        "prodid": MAKER,
        "method": "PUBLISH",
        "uid": str(said.uid),
        "name": _plain(said.name),
        "x-wr-calname": _plain(said.name),
        "description": _plain(said.note),
        "x-wr-caldesc": _plain(said.note),
        "url": said.link,
        "x-published-ttl": REFRESH_TOLD,
    }.items():
        made.add(name, value)
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for each in said.events:
        made.add_component(_event(each, language=said.language))
    written: bytes = made.to_ical(sorted=False)
    return written


def _event(said: CalendarEvent, *, language: str) -> Event:
    made = Event()
    made.add("uid", str(said.uid))
    # with a method it is when this state was made: another instant each time would be a change
    made.add("dtstamp", said.modified_at)
    made.add("last-modified", said.modified_at)
    made.add("sequence", said.sequence)
    made.add("dtstart", said.falls_on)
    made.add("dtend", _next_day(said.until_on))
    made.add("summary", _plain(said.text), parameters={"language": language})
    # not every reader shows the link of an event
    made.add("description", said.link)
    made.add("url", said.link)
    made.add("transp", "TRANSPARENT")
    made.add("status", "CANCELLED" if said.is_cancelled else "CONFIRMED")
    return made


def _next_day(day: date) -> date:
    """Return the first day that is out; the calendar itself ends with the year 9999."""
    return day if day == date.max else day + DAY


def _plain(text: str) -> str:
    """Return a text on one line, without what no calendar can hold."""
    return "".join(c for c in " ".join(text.split()) if category(c) not in {"Cc", "Cs"})

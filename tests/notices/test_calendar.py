"""Sequences rise exactly with changes, and what calendars are given is what clients read."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from unbroken.notices.rules.calendar import (
    KINDS,
    DateGroup,
    DateKind,
    DueDate,
    KeptDate,
    changes,
    still_ahead,
)
from unbroken.notices.rules.feeds import FeedFilters, feed_filters_from
from unbroken.web.calendars import CalendarEvent, CalendarText, calendar_written

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 3))
# Which of three dates a plan has, and when: one state after the other, with a clock that may stand.
STATES = st.lists(
    st.tuples(st.dictionaries(st.integers(1, 3), DAYS), st.integers(-2, 2)), max_size=8
)
TEXTS = st.text(max_size=60)
Kept = dict[str, KeptDate]


def wanted(state: dict[int, date]) -> list[DueDate]:
    """Return the dates of a state, the second as a month that nobody knows the day of."""
    return [
        DueDate(
            kind=DateKind.CLOSING,
            subject=UUID(int=number),
            falls_on=day,
            until_on=day + timedelta(days=30 if number == 2 else 0),
        )
        for number, day in state.items()
    ]


def kept_after(kept: Kept, due: list[DueDate], *, at: datetime) -> Kept:
    """Return what is kept once the changes are stored."""
    found = changes(kept.values(), due, at=at)
    added = {
        each.key: KeptDate(
            id=len(kept) + number,
            key=each.key,
            falls_on=each.falls_on,
            until_on=each.until_on,
            sequence=0,
            modified_at=at,
        )
        for number, each in enumerate(found.added)
    }
    return kept | added | {each.key: each for each in found.changed}


def state_of(one: KeptDate | None) -> object:
    """Return what clients see of a date apart from its number."""
    return None if one is None else (one.falls_on, one.until_on, one.cancelled_at is None)


@given(STATES)
def test_the_sequence_rises_with_each_change_and_never_without(
    states: list[tuple[dict[int, date], int]],
) -> None:
    kept: Kept = {}
    at = START
    for state, seconds in states:
        at += timedelta(seconds=seconds)
        due = wanted(state)
        now = kept_after(kept, due, at=at)

        shown = {key: (one.falls_on, one.until_on) for key, one in now.items() if state_of(one)}
        alive = {key for key, one in now.items() if one.cancelled_at is None}
        assert {each.key: (each.falls_on, each.until_on) for each in due} == {
            key: days for key, days in shown.items() if key in alive
        }
        for key, before in kept.items():
            after = now[key]
            is_changed = state_of(before) != state_of(after)
            assert before.id == after.id
            assert before.sequence + is_changed == after.sequence
            assert (before.modified_at + timedelta(seconds=1) <= after.modified_at) is is_changed
        assert changes(now.values(), due, at=at + timedelta(days=1)) == changes((), (), at=at)
        kept = now


def test_what_has_passed_stays_told_when_a_plan_ends() -> None:
    kept = kept_after({}, wanted({1: date(2026, 1, 1), 3: date(2026, 1, 3)}), at=START)
    passed, ahead = kept.values()

    assert (ahead,) == still_ahead(kept.values(), after=date(2026, 1, 1))
    assert (ahead,) == still_ahead(kept.values(), after=date(2026, 1, 2))
    assert () == still_ahead([passed], after=date(2026, 1, 1))


def test_each_kind_of_date_is_in_one_group_and_no_filter_means_all() -> None:
    grouped = sorted(kind for kinds in KINDS.values() for kind in kinds)
    some = FeedFilters(plans=("minust",), only_own=True, groups=(DateGroup.CHECKS,))

    assert sorted(DateKind) == grouped
    assert frozenset(DateKind) == FeedFilters().kinds
    assert KINDS[DateGroup.CHECKS] == some.kinds
    assert some == feed_filters_from(some.stored())


def an_event(number: int = 1, text: str = "Closing: Gao", **given: object) -> CalendarEvent:
    """Return an event on 29 March 2026, when clocks change in Europe."""
    values: dict[str, object] = {
        "uid": UUID(int=number),
        "text": text,
        "link": "https://unbroken.example.org/plans/minust/checklist?function=REFER&area=minust-gao",
        "falls_on": date(2026, 3, 29),
        "until_on": date(2026, 3, 29),
        "sequence": 0,
        "modified_at": START,
        "is_cancelled": False,
    }
    return CalendarEvent(**values | given)  # type: ignore[arg-type]


def read(events: list[CalendarEvent], *, language: str = "en") -> icalendar.Calendar:
    """Return a calendar as a client reads it; its lines are no longer than the standard's."""
    said = CalendarText(
        uid=UUID(int=7),
        name="Dates",
        note="Dates from 2 March 2025 on, and no others.",
        language=language,
        link="https://unbroken.example.org/me/feeds",
        events=events,
    )
    body = calendar_written(said)
    lines = body.split(b"\r\n")

    assert body == calendar_written(said)
    assert (b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"") == (lines[0], *lines[-2:])
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    found = icalendar.Calendar.from_ical(body)
    assert isinstance(found, icalendar.Calendar)
    assert [] == found.errors + [fault for each in found.events for fault in each.errors]
    return found


@given(st.lists(TEXTS, max_size=3))
def test_whatever_an_event_says_comes_back_on_its_day(texts: list[str]) -> None:
    events = [an_event(number, text) for number, text in enumerate(texts)]
    found = read(events).events

    assert [str(each.uid) for each in events] == [str(each.uid) for each in found]
    assert {(date(2026, 3, 29), date(2026, 3, 30))} >= {(each.start, each.end) for each in found}
    for text, each in zip(texts, found, strict=True):
        kept = "".join(c for c in " ".join(text.split()) if c.isprintable() or c > "\x9f")
        assert kept == str(each["summary"])


def test_a_calendar_says_how_it_is_to_be_read() -> None:
    gone = an_event(2, "Last day: Référence; Gao, and\nKidal", sequence=3, is_cancelled=True)
    vague = an_event(3, "إغلاق: \u2068Gao\u2069", until_on=date(2026, 4, 30))
    calendar = read([an_event(), gone, vague], language="ar")
    first, second, third = calendar.events
    raw = calendar_written_of(first)

    assert ("PUBLISH", "Dates", "PT6H") == (
        calendar["method"],
        calendar["x-wr-calname"],
        calendar["x-published-ttl"],
    )
    assert timedelta(hours=6) == calendar.refresh_interval
    assert ("CONFIRMED", 0, "CANCELLED", 3) == (
        first.status,
        first.sequence,
        second.status,
        second.sequence,
    )
    assert "Last day: Référence; Gao, and Kidal" == second["summary"]
    assert ("ar", "إغلاق: \u2068Gao\u2069") == (
        third["summary"].params["language"],
        third["summary"],
    )
    assert (date(2026, 3, 29), date(2026, 5, 1)) == (third.start, third.end)
    assert {(START, START)} == {(each.last_modified, each.DTSTAMP) for each in calendar.events}
    assert ["DTSTART;VALUE=DATE:20260329", "DTEND;VALUE=DATE:20260330"] == [
        line for line in raw if line.startswith("DT") and "STAMP" not in line
    ]
    assert date.max == read([an_event(until_on=date.max)]).events[0].end


def calendar_written_of(event: icalendar.Event) -> list[str]:
    """Return the lines of one event."""
    return str(event.to_ical(), "utf-8").split("\r\n")

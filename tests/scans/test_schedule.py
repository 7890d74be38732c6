"""Which ticks are due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.kit.clock import civil_date
from unbroken.scans.schedule import Due, due, tick_of

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
CASES = {
    "nothing was ever scanned": (None, Due(MIDNIGHT, 0)),
    "yesterday's tick was taken": (MIDNIGHT - DAY, Due(MIDNIGHT, 0)),
    "today's tick was taken": (MIDNIGHT, None),
    "three days of downtime": (MIDNIGHT - 4 * DAY, Due(MIDNIGHT, 3)),
    "forty days of downtime": (MIDNIGHT - 41 * DAY, Due(MIDNIGHT, 40)),
    "the clock was set back a day": (MIDNIGHT + DAY, None),
}


@pytest.mark.parametrize("case", CASES)
def test_newest_tick_is_due_once(case: str) -> None:
    """Each case: the newest tick that anybody took, and what is due at noon."""
    last, expected = CASES[case]

    assert due(last, NOON, every=DAY) == expected


HOUR = timedelta(hours=1)
CLOCKS = {
    "set back an hour": (HOUR, NOON, NOON - HOUR, None),
    "just before the hour that was taken is over again": (HOUR, NOON, NOON + HOUR - SECOND, None),
    "the first hour after": (HOUR, NOON, NOON + HOUR, Due(NOON + HOUR, 0)),
    "set back a day": (DAY, MIDNIGHT, NOON - DAY, None),
    "set ten years ahead": (DAY, MIDNIGHT, NOON + 3652 * DAY, Due(MIDNIGHT + 3652 * DAY, 3651)),
    "away for three hours": (HOUR, NOON, NOON + 4 * HOUR + SECOND, Due(NOON + 4 * HOUR, 3)),
    "ten years of ticks of two seconds": (
        2 * SECOND,
        NOON,
        NOON + 3652 * DAY,
        Due(NOON + 3652 * DAY, 3652 * 43_200 - 1),
    ),
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_whatever_the_clock_does_one_tick_is_due_at_most(clock: str) -> None:
    """Each case: length of a tick, the newest taken, the clock now, and what is due."""
    every, last, now, expected = CLOCKS[clock]

    assert due(last, now, every=every) == expected


# The instant of a change of the clocks (UTC), and the first instants of the civil days around it.
EDGES = {
    "Europe/Berlin, forward": (
        "2026-03-29T01:00",
        {"2026-03-28T23:00": 29, "2026-03-29T22:00": 30},
    ),
    "Europe/Berlin, back": ("2026-10-25T01:00", {"2026-10-24T22:00": 25, "2026-10-25T23:00": 26}),
    "America/Port-au-Prince, forward": (
        "2026-03-08T07:00",
        {"2026-03-08T05:00": 8, "2026-03-09T04:00": 9},
    ),
    "America/Port-au-Prince, back": (
        "2026-11-01T06:00",
        {"2026-11-01T04:00": 1, "2026-11-02T05:00": 2},
    ),
    # here midnight itself is left out, and comes only an hour after 23:59 the second time
    "Africa/Cairo, forward": ("2026-04-23T22:00", {"2026-04-22T22:00": 23, "2026-04-23T22:00": 24}),
    "Africa/Cairo, back": ("2026-10-29T21:00", {"2026-10-28T21:00": 29, "2026-10-29T22:00": 30}),
    # a whole day is left out
    "Pacific/Apia, over the date line": (
        "2011-12-30T10:00",
        {"2011-12-29T10:00": 29, "2011-12-30T10:00": 31},
    ),
}


@pytest.mark.parametrize("edge", EDGES)
def test_where_clocks_change_each_hour_has_one_tick_and_days_follow_each_other(edge: str) -> None:
    """Ticks are counted in UTC; the day that is looked at is the plan's, and never goes back."""
    zone, (changes_at, days) = edge.partition(",")[0], EDGES[edge]
    around = datetime.fromisoformat(changes_at).replace(tzinfo=UTC) - DAY
    seen, last = [], around - HOUR
    for minutes in range(0, 48 * 60, 20):
        now = around + timedelta(minutes=minutes)
        found = due(last, now, every=HOUR)
        if found is not None:
            assert (now, 0) == (found.at, found.skipped)
            seen.append(civil_date(now, zone=zone))
            last = found.at

    assert (48, sorted(seen)) == (len(seen), seen)
    for begins_at, day in days.items():
        first = datetime.fromisoformat(begins_at).replace(tzinfo=UTC)
        before, at = (civil_date(each, zone=zone) for each in (first - SECOND, first))
        assert day == at.day
        assert before < at


INSTANTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(2400, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
LENGTHS = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=400))


@given(INSTANTS, LENGTHS)
def test_tick_is_at_or_before_now_and_less_than_one_length_ago(
    now: datetime, every: timedelta
) -> None:
    """Ticks are a property of the clock and not of a process."""
    tick = tick_of(now, every=every)

    assert timedelta(0) <= now - tick < every


@given(INSTANTS, LENGTHS, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)))
def test_tick_that_was_taken_is_never_due_again(
    now: datetime, every: timedelta, later: timedelta
) -> None:
    """However far the clock jumps, the newest tick is due once and those between are counted."""
    first = tick_of(now, every=every)

    second = due(first, now + later, every=every)

    assert second is None or second.at == first + (second.skipped + 1) * every

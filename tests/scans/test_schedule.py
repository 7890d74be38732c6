"""Which ticks are due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.scans.schedule import Due, due, tick_of

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
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

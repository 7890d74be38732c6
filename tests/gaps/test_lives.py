"""What is told of a gap's life: news, coming and going, and what an acknowledgement is worth."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.gaps.rules import Happening, Severity
from unbroken.gaps.rules.lives import (
    LastTold,
    comes_and_goes,
    is_news,
    keeps_acknowledgement,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
HIGH, LOW, CRITICAL = Severity.HIGH, Severity.LOW, Severity.CRITICAL
TOLD = LastTold(NOON, HIGH)
NEWS = {Happening.OPENED, Happening.REOPENED, Happening.WORSENED}


@pytest.mark.parametrize("kind", Happening)
def test_opened_reopened_and_worsened_are_news_once(kind: Happening) -> None:
    later = NOON + HOUR

    assert (kind in NEWS) is is_news(kind, HIGH, NOON, last=None)
    assert not is_news(kind, HIGH, later, last=TOLD)
    assert not is_news(kind, LOW, later, last=TOLD)
    assert not is_news(kind, CRITICAL, NOON, last=None, is_waived=True)
    acknowledged = is_news(kind, CRITICAL, later, last=TOLD, is_acknowledged=True)
    assert (kind is Happening.WORSENED) is acknowledged


@pytest.mark.parametrize(
    ("severity", "after", "expected"),
    [
        (CRITICAL, HOUR, True),
        (HIGH, DAY - timedelta(seconds=1), False),
        (HIGH, DAY, True),
        (LOW, DAY, True),
        # a clock that was set back by an hour tells nothing twice; by years, it silences nothing
        (HIGH, -HOUR, False),
        (HIGH, -timedelta(days=3650), True),
    ],
)
def test_what_was_told_within_a_day_is_told_again_only_when_worse(
    severity: Severity,
    after: timedelta,
    expected: bool,  # noqa: FBT001
) -> None:
    assert expected is is_news(Happening.REOPENED, severity, NOON + after, last=TOLD)


@given(st.lists(st.integers(0, 86_400), min_size=1, max_size=200), st.sampled_from(Severity))
def test_condition_toggling_each_scan_for_a_day_is_told_twice_at_most(
    seconds: list[int], severity: Severity
) -> None:
    last, told = None, 0
    for n, at in enumerate(NOON + timedelta(seconds=each) for each in sorted(seconds)):
        kind = Happening.OPENED if n == 0 else Happening.CLOSED if n % 2 else Happening.REOPENED
        if is_news(kind, severity, at, last=last):
            last, told = LastTold(at, severity), told + 1

    assert 1 <= told <= 2


@pytest.mark.parametrize(
    ("hours", "expected"),
    [((0, -1), False), ((0, -1, -2), True), ((0, -1, -24), False), ((0, 0, 1), False), ((), False)],
)
def test_gap_comes_and_goes_once_it_opened_three_times_in_a_day(
    hours: tuple[int, ...],
    expected: bool,  # noqa: FBT001
) -> None:
    assert expected is comes_and_goes((NOON + h * HOUR for h in hours), at=NOON)


@pytest.mark.parametrize(
    ("before", "now", "gone", "expected"),
    [
        (HIGH, HIGH, HOUR, True),
        (HIGH, LOW, DAY, True),
        (HIGH, CRITICAL, HOUR, False),
        (HIGH, HIGH, DAY + timedelta(seconds=1), False),
        (HIGH, HIGH, -HOUR, False),
        (HIGH, HIGH, None, False),
    ],
)
def test_acknowledgement_outlives_a_short_absence_only(
    before: Severity,
    now: Severity,
    gone: timedelta | None,
    expected: bool,  # noqa: FBT001
) -> None:
    closed_at = None if gone is None else NOON - gone

    assert expected is keeps_acknowledgement(before, now, closed_at=closed_at, at=NOON)

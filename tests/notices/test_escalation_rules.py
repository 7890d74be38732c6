"""The ladder of escalation: each office in its turn, faster where little time is left."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.gaps.rules.words import Severity
from unbroken.notices.rules.escalation import (
    LADDER,
    MOST_STEPS,
    Office,
    Step,
    due_by,
    problems_of,
    steps_of,
)

SINCE = date(2026, 3, 2)
steps = st.builds(Step, st.sampled_from(Severity), st.integers(1, 365), st.sampled_from(Office))


def days(severity: Severity, last_day_on: date | None = None) -> list[tuple[int, str]]:
    found = steps_of(LADDER, severity, since_on=SINCE, last_day_on=last_day_on)
    return [((step.due_on - SINCE).days, step.office.value) for step in found]


def test_a_critical_gap_climbs_from_the_planner_to_the_observer_in_two_weeks() -> None:
    assert days(Severity.CRITICAL) == [
        (1, "planner"),
        (3, "head-of-component"),
        (7, "resident-coordinator"),
        (14, "observer"),
    ]
    assert days(Severity.LOW) == []


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (30, [1, 3, 7, 14]),  # time enough
        (14, [1, 3, 7, 14]),  # just enough
        (7, [1, 2, 4, 7]),  # half of it: the observer knows on the last day
        (2, [1, 1, 1, 2]),
        (1, [1, 1, 1, 1]),  # no step comes before the next day
        (0, [1, 3, 7, 14]),  # the last day is today, or past: there is nothing to hurry for
        (-9, [1, 3, 7, 14]),
    ],
)
def test_steps_shrink_with_the_time_left(left: int, expected: list[int]) -> None:
    found = days(Severity.CRITICAL, SINCE + timedelta(days=left))
    assert [day for day, _office in found] == expected


@given(st.lists(steps, max_size=8), st.sampled_from(Severity), st.integers(-40, 800))
def test_shrinking_keeps_the_order_and_never_makes_a_step_later(
    ladder: list[Step], severity: Severity, left: int
) -> None:
    plain = steps_of(ladder, severity, since_on=SINCE, last_day_on=None)
    hurried = steps_of(ladder, severity, since_on=SINCE, last_day_on=SINCE + timedelta(days=left))
    assert [each.office for each in plain] == [each.office for each in hurried]
    assert all(one.due_on <= other.due_on for one, other in zip(hurried, plain, strict=True))
    assert all(each.due_on > SINCE for each in hurried)
    assert list(hurried) == sorted(hurried, key=lambda each: each.due_on)
    if hurried and left > 0 and plain[-1].due_on > SINCE + timedelta(days=left):
        assert hurried[-1].due_on == SINCE + timedelta(days=left)


def test_what_is_due_includes_the_day_itself() -> None:
    found = steps_of(LADDER, Severity.CRITICAL, since_on=SINCE, last_day_on=None)
    assert [len(due_by(found, SINCE + timedelta(days=n))) for n in (0, 1, 3, 6, 40)] == [
        0,
        1,
        2,
        2,
        4,
    ]


@pytest.mark.parametrize(
    ("ladder", "codes"),
    [
        (LADDER, ()),
        ((), ()),
        ((Step(Severity.HIGH, 0, Office.PLANNER),), ("days",)),
        ((Step(Severity.HIGH, 366, Office.PLANNER),), ("days",)),
        (
            (Step(Severity.HIGH, 1, Office.PLANNER), Step(Severity.HIGH, 2, Office.PLANNER)),
            ("twice",),
        ),
        (
            (Step(Severity.HIGH, 9, Office.PLANNER), Step(Severity.HIGH, 2, Office.OBSERVER)),
            ("order",),
        ),
        (
            (Step(Severity.HIGH, 9, Office.PLANNER), Step(Severity.LOW, 2, Office.OBSERVER)),
            (),
        ),
    ],
)
def test_a_ladder_that_cannot_be_used_says_why(
    ladder: tuple[Step, ...], codes: tuple[str, ...]
) -> None:
    assert problems_of(ladder) == codes


def test_a_ladder_has_an_end() -> None:
    long = tuple(Step(Severity.HIGH, n, Office.PLANNER) for n in range(1, MOST_STEPS + 2))
    assert "too-many" in problems_of(long)

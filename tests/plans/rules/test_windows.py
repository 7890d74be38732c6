"""The windows of rules, and the day by which a plan is due."""

from dataclasses import astuple
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.plans.rules import Windows, plan_due_on, windows
from unbroken.plans.rules.windows import MINIMUMS, TARGETS

DECISION = date(2023, 6, 30)


@pytest.mark.parametrize(
    ("factor", "expected"),
    [
        (Fraction(0), Windows(2, 7, 3, 7, 2, 3, 5, 14)),
        (Fraction(1, 2), Windows(7, 15, 7, 15, 7, 7, 15, 30)),
        (Fraction(1), Windows(14, 30, 14, 30, 14, 14, 30, 60)),
        (Fraction(3, 2), Windows(21, 45, 21, 45, 21, 21, 45, 90)),
        (Fraction(5), Windows(28, 60, 28, 60, 28, 28, 60, 120)),
    ],
)
def test_windows_follow_the_notice(factor: Fraction, expected: Windows) -> None:
    assert windows(factor) == expected


@given(st.fractions(0, 5), st.fractions(0, 1))
def test_more_notice_never_narrows_a_window(factor: Fraction, more: Fraction) -> None:
    pairs = zip(astuple(windows(factor)), astuple(windows(factor + more)), strict=True)

    assert all(less <= longer for less, longer in pairs)


@given(st.fractions(0, 5))
def test_windows_stay_between_their_minimum_and_twice_their_target(factor: Fraction) -> None:
    found = zip(astuple(MINIMUMS), astuple(windows(factor)), astuple(TARGETS), strict=True)

    assert all(minimum <= days <= 2 * target for minimum, days, target in found)


@pytest.mark.parametrize(
    ("notice", "days"),
    [(-30, 0), (0, 0), (2, 1), (9, 1), (63, 3), (133, 6), (185, 8), (366, 14), (731, 14)],
)
def test_a_plan_is_due_sooner_on_short_notice(notice: int, days: int) -> None:
    ends_on = DECISION + timedelta(days=notice)

    assert plan_due_on(DECISION, ends_on) == DECISION + timedelta(days=days)

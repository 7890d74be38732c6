"""Needs are estimated out of the posts of a signed baseline, once, and marked as estimates."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.money.desks import MoneyDesk
from unbroken.kit.errors import Conflict, Forbidden, Invalid
from unbroken.money.commands.estimating import (
    Estimated,
    EstimateRequirements,
    Skipped,
    estimate_requirements,
)
from unbroken.money.queries.cover import Grain
from unbroken.money.queries.listing import line_history, requirements
from unbroken.money.queries.views import RequirementView
from unbroken.money.rules.estimates import cost_of_posts
from unbroken.people.rules import Actor
from unbroken.plans.commands import DraftBaseline, NewLine, SignBaseline
from unbroken.plans.commands.baselines import draft_baseline, sign_baseline

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("posts", "per_year", "starts_on", "ends_on", "cost"),
    [
        (1, 1_200_000, *YEAR, 1_200_000),
        (3, 1_200_000, date(2026, 2, 1), date(2026, 2, 28), 300_000),
        (1, 1_200_000, date(2026, 4, 1), date(2026, 4, 15), 50_000),
        (1, 1_200_000, date(2024, 2, 15), date(2024, 2, 29), 51_724),
        (0, 1_200_000, *YEAR, 0),
        (2, 0, *YEAR, 0),
        (2, 1_200_000, date(2026, 2, 1), date(2026, 1, 31), 0),
    ],
)
def test_posts_cost_a_twelfth_of_a_year_each_month(
    posts: int, per_year: int, starts_on: date, ends_on: date, cost: int
) -> None:
    assert cost == cost_of_posts(posts, per_year, starts_on=starts_on, ends_on=ends_on)


@given(
    posts=st.integers(0, 500),
    per_year=st.integers(0, 10**12),
    days=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    years=st.integers(1, 4),
)
@settings(max_examples=60, deadline=None)
def test_whole_years_from_any_first_of_a_month_cost_whole_years(
    posts: int, per_year: int, days: date, years: int
) -> None:
    first = days.replace(day=1)
    last = date.fromordinal(first.replace(year=first.year + years).toordinal() - 1)

    assert posts * per_year * years == cost_of_posts(posts, per_year, starts_on=first, ends_on=last)


def _sign(desk: MoneyDesk, *lines: NewLine) -> None:
    acting: dict[str, Any] = {"actor": desk.plan.planner, "clock": desk.clock}
    draft_baseline(desk.sessions, DraftBaseline("minust", lines, "Budget (2026)", None), **acting)
    sign_baseline(desk.sessions, SignBaseline("minust", None), **acting)


LINES = (
    NewLine("MRM-VER", "minust-gao", 4),
    NewLine("REFER", "minust-gao", None),
    NewLine("REFER", "minust-kidal", 2),
)


def _order(desk: MoneyDesk, **changes: object) -> EstimateRequirements:
    said: dict[str, Any] = {
        "plan": "minust",
        "cost_per_post": Decimal(120_000),
        "starts_on": YEAR[0],
        "ends_on": YEAR[1],
        "known_on": desk.clock.today(),
        "source": "Standard cost (2026)",
    }
    return EstimateRequirements(**{**said, **changes})


def _estimate(desk: MoneyDesk, actor: Actor | None = None, **changes: object) -> Estimated:
    return estimate_requirements(
        desk.sessions,
        _order(desk, **changes),
        actor=actor or desk.plan.planner,
        clock=desk.clock,
    )


def _needs(desk: MoneyDesk) -> list[RequirementView]:
    with desk.sessions.reading() as session:
        return list(requirements(session, "minust", actor=desk.plan.planner).items)


def test_each_stated_post_is_estimated_and_the_others_are_named(desk: MoneyDesk) -> None:
    _sign(desk, *LINES)

    made = _estimate(desk)

    assert (2, (Skipped("REFER", "minust-gao"),)) == (len(made.entered), made.skipped)
    assert [
        ("MRM-VER", "minust-gao", Decimal("480000.00"), True),
        ("REFER", "minust-kidal", Decimal("240000.00"), True),
    ] == [(n.function, n.area, n.money.amount, n.is_estimate) for n in _needs(desk)]
    assert [1, 1] == [min(1, row.estimated) for row in desk.rows(Grain.FUNCTION)]


def test_again_changes_nothing_and_another_cost_amends(desk: MoneyDesk) -> None:
    _sign(desk, *LINES)
    first = _estimate(desk)

    again = _estimate(desk)
    dearer = _estimate(desk, cost_per_post=Decimal(130_000))

    assert ((), (), first.entered) == (again.entered, again.amended, again.unchanged)
    assert ((), first.entered, ()) == (dearer.entered, dearer.amended, dearer.unchanged)
    assert [Decimal("520000.00"), Decimal("260000.00")] == [n.money.amount for n in _needs(desk)]
    with desk.sessions.reading() as session:
        told = line_history(session, first.entered[0], actor=desk.plan.planner)
    assert ["amount", "usd"] == [each.field for each in told.states[1].restated]


def test_an_estimate_without_posts_in_a_newer_baseline_ends(desk: MoneyDesk) -> None:
    _sign(desk, *LINES)
    first = _estimate(desk)
    _sign(desk, LINES[0], LINES[1])

    made = _estimate(desk)

    assert (first.entered[1:], first.entered[:1]) == (made.ended, made.unchanged)
    assert ["MRM-VER"] == [need.function for need in _needs(desk)]


def test_a_stated_need_stays_beside_its_estimate(desk: MoneyDesk) -> None:
    _sign(desk, *LINES)
    desk.enter(desk.need("7", "MRM-VER", starts_on=YEAR[0], ends_on=YEAR[1]))

    _estimate(desk)
    rows = {row.function: row.required for row in desk.rows(Grain.FUNCTION)}

    assert {"MRM-VER": 70_000, "REFER": 2_400_000_000} == rows


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"cost_per_post": Decimal(-1)}, "cost_per_post"),
        ({"cost_per_post": Decimal("NaN")}, "cost_per_post"),
        ({"cost_per_post": Decimal("0.00001")}, "cost_per_post"),
        ({"cost_per_post": Decimal(10) ** 13}, "amount"),
        ({"ends_on": date(2025, 1, 1)}, "ends_on"),
        ({"ends_on": date(9999, 12, 31)}, "ends_on"),
        ({"currency": "XXQ"}, "currency"),
        ({"currency": "HTG"}, "amount"),
        ({"source": " "}, "source"),
        ({"known_on": date(2126, 1, 1)}, "known_on"),
    ],
)
def test_what_cannot_be_used_is_said_once(
    desk: MoneyDesk, change: dict[str, Any], path: str
) -> None:
    _sign(desk, *LINES)
    with pytest.raises(Invalid) as refused:
        _estimate(desk, **change)

    assert 1 == [problem.path for problem in refused.value.problems].count(path)
    assert [] == _needs(desk)


def test_only_a_planner_estimates_from_a_signed_baseline(desk: MoneyDesk) -> None:
    with pytest.raises(Conflict):
        _estimate(desk)
    _sign(desk, *LINES)
    for actor in (desk.team, desk.plan.donor, desk.plan.steward):
        with pytest.raises(Forbidden):
            _estimate(desk, actor)

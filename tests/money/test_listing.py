"""Lines are listed as far as a reader sees them, with their names and all they ever said."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.factories.plans import noon
from tests.money.desks import MoneyDesk
from unbroken.kit.db import new_uid
from unbroken.kit.errors import Forbidden, NotFound
from unbroken.money.commands.amending import amend_contribution, withdraw_line
from unbroken.money.commands.orders import AmendContribution, WithdrawLine
from unbroken.money.queries.listing import (
    LineFilter,
    contributions,
    line_history,
    line_view,
    pools,
    requirements,
)
from unbroken.money.queries.views import ContributionView, HistoryView
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.people.rules import Actor


def test_a_line_tells_its_amount_its_rate_and_its_names(desk: MoneyDesk) -> None:
    desk.rate("EUR", "0.8", desk.clock.today())
    place = {"area": "minust-gao", "receiver": "unicef", "currency": "EUR", "title": "Referral"}
    desk.enter(desk.need("80.5", **place), desk.given(None, Stage.PLEDGED, **place))

    with desk.sessions.reading() as session:
        (need,) = requirements(session, "minust", actor=desk.plan.planner).items
        (money,) = contributions(session, "minust", actor=desk.plan.planner).items

    assert ("minust-gao", "UNICEF", "Referral") == (need.area, need.receiver_name, need.title)
    assert (Decimal("80.50"), Decimal("100.625")) == (need.money.amount, need.money.usd)
    assert (Decimal("1.25"), "UN") == (need.money.usd_rate, need.money.rate_source)
    assert ("sweden", "Sweden", False) == (money.donor, money.donor_name, money.is_pool)
    assert [(Stage.PLEDGED, None)] == [(each.stage, each.money.amount) for each in money.figures]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, 4),
        ({"function": "REFER"}, 2),
        ({"function": ""}, 1),
        ({"area": "minust-gao"}, 1),
        ({"area": ""}, 3),
        ({"receiver": "unicef"}, 1),
        ({"receiver": ""}, 3),
        ({"donor": "sweden"}, 3),
        ({"donor": ""}, 1),
        ({"pot": Pot.MISSION_BUDGET}, 1),
        ({"receiver": "nobody"}, 0),
    ],
)
def test_lists_are_narrowed(desk: MoneyDesk, wanted: dict[str, Any], found: int) -> None:
    desk.enter(
        desk.given("1", area="minust-gao"),
        desk.given("2", receiver="unicef"),
        desk.given("3", function=""),
        desk.given("4", function="MRM-CHAIR", donor=None, pot=Pot.MISSION_BUDGET),
    )

    with desk.sessions.reading() as session:
        page = contributions(
            session, "minust", actor=desk.plan.planner, wanted=LineFilter(**wanted)
        )

    assert found == len(page.items)


def test_estimates_are_told_apart(desk: MoneyDesk) -> None:
    desk.enter(desk.need("1"), desk.need("2", basis=Basis.BASELINE_POSTS))

    with desk.sessions.reading() as session:
        found = [
            requirements(
                session, "minust", actor=desk.plan.planner, wanted=LineFilter(estimates=wanted)
            ).items
            for wanted in (None, True, False)
        ]

    assert [2, 1, 1] == [len(items) for items in found]
    assert [False, True] == [item.is_estimate for item in found[0]]


def test_pages_follow_each_other_without_a_gap(desk: MoneyDesk) -> None:
    entered = desk.enter(*(desk.need(str(n)) for n in range(5)))

    seen: list[UUID] = []
    after: int | None = 0
    with desk.sessions.reading() as session:
        while after is not None:
            page = requirements(session, "minust", actor=desk.plan.planner, after=after, limit=2)
            seen += [item.uid for item in page.items]
            after = page.after

    assert entered == seen


def test_pools_stand_apart(desk: MoneyDesk) -> None:
    pool, _named = desk.enter(desk.given("9", function=""), desk.given("1"))

    with desk.sessions.reading() as session:
        found = pools(session, "minust", actor=desk.plan.planner)

    assert [(pool, True)] == [(each.uid, each.is_pool) for each in found]


def _seen(desk: MoneyDesk, actor: Actor) -> int:
    with desk.sessions.reading() as session:
        return len(contributions(session, "minust", actor=actor).items)


def test_who_sees_which_lines(desk: MoneyDesk) -> None:
    own, _open = desk.enter(desk.given("1", receiver="unicef"), desk.given("2"))

    for actor, lines in (
        (desk.plan.planner, 2),
        (desk.plan.observer, 2),
        (desk.plan.steward, 2),
        (desk.team, 2),
        (desk.other_team, 1),
    ):
        assert lines == _seen(desk, actor), actor.handle
    with pytest.raises(Forbidden) as refused:
        _seen(desk, desk.plan.donor)
    assert "/api/v1/money/cover" in refused.value.remedy
    with desk.sessions.reading() as session:
        for actor in (desk.other_team, desk.plan.outsider):
            with pytest.raises(NotFound):
                line_view(session, own, actor=actor)
        with pytest.raises(NotFound):
            contributions(session, "minust", actor=desk.plan.outsider)
        with pytest.raises(NotFound):
            line_view(session, new_uid(), actor=desk.plan.planner)


def _history(desk: MoneyDesk, line: UUID) -> HistoryView:
    with desk.sessions.reading() as session:
        return line_history(session, line, actor=desk.plan.planner)


def test_a_history_tells_what_was_restated_and_why_it_ended(desk: MoneyDesk) -> None:
    (line,) = desk.enter(desk.given("100", Stage.PLEDGED))
    (first,) = _history(desk, line).states
    order = AmendContribution(
        desk.plan.slug, line, 1, desk.given("40", Stage.PAID, ends_on=date(2026, 7, 31)), "Paid"
    )
    later = noon(desk.clock.today() + timedelta(days=3))
    amend_contribution(desk.sessions, order, actor=desk.plan.planner, clock=later)
    leaving = WithdrawLine(desk.plan.slug, line, 2, later.today(), "Gone")
    withdraw_line(desk.sessions, leaving, actor=desk.plan.planner, clock=later)

    told = _history(desk, line)
    changes = {each.field: (each.before, each.after) for each in told.states[1].restated}

    assert () == first.restated
    assert ("2026-08-31", "2026-07-31") == changes["ends_on"]
    assert ("100.00", None) == changes["figures/pledged/amount"]
    assert (None, "40.00") == changes["figures/paid/amount"]
    assert "Paid" == told.states[1].line.reason
    assert told.withdrawn is not None
    assert (later.today(), "Gone") == (told.withdrawn.gone_on, told.withdrawn.reason)


def test_a_withdrawn_line_is_shown_as_it_was_and_listed_no_more(desk: MoneyDesk) -> None:
    (line,) = desk.enter(desk.given("100"))
    leaving = WithdrawLine(desk.plan.slug, line, 1, desk.clock.today(), "Gone")
    withdraw_line(desk.sessions, leaving, actor=desk.plan.planner, clock=desk.clock)

    with desk.sessions.reading() as session:
        view = line_view(session, line, actor=desk.plan.planner)

    assert isinstance(view, ContributionView)
    assert (desk.clock.today(), 1) == (view.gone_on, view.number)
    assert 0 == _seen(desk, desk.plan.planner)


def test_a_team_sees_no_state_of_a_line_that_went_to_another_receiver(desk: MoneyDesk) -> None:
    (line,) = desk.enter(desk.given("100", receiver="unicef"))
    order = AmendContribution(desk.plan.slug, line, 1, desk.given("1", receiver="other"), "Moved")
    amend_contribution(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)

    with desk.sessions.reading() as session:
        with pytest.raises(NotFound):
            line_history(session, line, actor=desk.team)
        (state,) = line_history(session, line, actor=desk.other_team).states

    assert 2 == state.line.number
    assert replace(state, restated=()) == state

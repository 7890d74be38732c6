"""Money is put on record, amended and withdrawn; the cover follows, and nothing is overwritten."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from tests.factories.plans import noon
from tests.money.desks import FIRST, MoneyDesk
from unbroken.kit.errors import Forbidden, Invalid, NotFound, Stale
from unbroken.money.commands.amending import (
    amend_contribution,
    amend_requirement,
    extend_contribution,
    withdraw_line,
)
from unbroken.money.commands.orders import (
    AmendContribution,
    AmendRequirement,
    ExtendContribution,
    NewFigure,
    StatedRate,
    WithdrawLine,
)
from unbroken.money.models import Contribution, MoneyMonth
from unbroken.money.queries.cover import Grain
from unbroken.money.rules.words import Pot, Stage


def test_needs_and_money_make_the_cover(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184"), desk.given("92"))

    (row,) = desk.rows()
    months = desk.rows(Grain.MONTH)

    assert (1_840_000, 920_000, 920_000) == (row.required, row.covered, row.uncovered)
    assert [FIRST.replace(month=month) for month in range(3, 9)] == [each.period for each in months]
    assert 920_000 == sum(each.uncovered or 0 for each in months)


def test_what_is_not_stated_is_neither_nought_nor_a_gap(desk: MoneyDesk) -> None:
    desk.enter(desk.need(None), desk.given(None))

    (row,) = desk.rows()

    assert (None, None, 6, True) == (row.required, row.uncovered, row.unstated, row.at_most)


def test_a_pool_stands_beside(desk: MoneyDesk) -> None:
    desk.enter(desk.need("100"), desk.given("60", function=""))

    pool, need = desk.rows(Grain.FUNCTION)

    assert ("", None, 600_000) == (pool.function, pool.required, pool.voluntary)
    assert ("REFER", 1_000_000) == (need.function, need.uncovered)


def test_another_currency_is_converted_by_the_rate_of_its_day(desk: MoneyDesk) -> None:
    desk.rate("EUR", "0.8", desk.clock.today() - timedelta(days=10))
    stated = StatedRate(Decimal("0.5"), desk.clock.today(), "Bank")
    line = desk.given("80", currency="EUR")
    figure = replace(line.figures[0], rate=stated)
    desk.enter(desk.need("300"), line, replace(line, figures=(figure,)))

    (row,) = desk.rows()

    assert (1_000_000 + 1_600_000) == row.covered


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal("0.00001")}, "amount"),
        ({"amount": Decimal(10) ** 14}, "amount"),
        ({"currency": "HTG"}, "amount"),
        ({"currency": "XXQ"}, "currency"),
        ({"function": "NO-SUCH"}, "function"),
        ({"function": ""}, "function"),
        ({"ends_on": date(2026, 2, 28)}, "ends_on"),
        ({"ends_on": date(2062, 2, 28)}, "ends_on"),
        ({"known_on": date(2126, 1, 1)}, "known_on"),
        ({"source": " "}, "source"),
    ],
)
def test_a_need_that_cannot_be_used_says_where(
    desk: MoneyDesk, change: dict[str, Any], path: str
) -> None:
    with pytest.raises(Invalid) as refused:
        desk.enter(desk.need("5"), replace(desk.need("5"), **change))

    assert f"requirements/1/{path}" in [problem.path for problem in refused.value.problems]
    assert [] == desk.rows()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"figures": ()}, "figures"),
        ({"figures": (NewFigure(stage=Stage.PAID, amount=None),) * 2}, "figures/paid"),
        ({"pot": Pot.MISSION_BUDGET}, "figures/pledged"),
        (
            {"figures": (NewFigure(stage=Stage.PAID, amount=None, on=date(2126, 1, 1)),)},
            "figures/paid/on",
        ),
        (
            {"figures": (NewFigure(stage=Stage.PAID, amount=None, due_on=date(2026, 1, 1)),)},
            "figures/paid/due_on",
        ),
        ({"currency": "HTG"}, "figures/pledged/amount"),
    ],
)
def test_money_that_cannot_be_used_says_where(
    desk: MoneyDesk, change: dict[str, Any], path: str
) -> None:
    line = replace(desk.given("5", Stage.PLEDGED), **change)
    with pytest.raises(Invalid) as refused:
        desk.enter(line)

    assert f"contributions/0/{path}" in [problem.path for problem in refused.value.problems]


def test_a_receiver_enters_its_own_money_only(desk: MoneyDesk) -> None:
    own = desk.given("5", receiver="unicef")
    desk.enter(own, actor=desk.team)

    for actor, line in (
        (desk.other_team, own),
        (desk.team, desk.given("5")),
        (desk.plan.donor, own),
        (desk.plan.steward, own),
    ):
        with pytest.raises(Forbidden):
            desk.enter(line, actor=actor)


def test_an_amended_line_keeps_what_it_said(desk: MoneyDesk) -> None:
    (line,) = desk.enter(desk.need("100"))
    later = noon(desk.clock.today() + timedelta(days=3))
    order = AmendRequirement(desk.plan.slug, line, 1, desk.need("40"), "Costed anew")
    changed = amend_requirement(desk.sessions, order, actor=desk.plan.planner, clock=later)

    assert 2 == changed.number
    assert [400_000] == [row.required for row in desk.rows()]
    assert [1_000_000] == [row.required for row in desk.rows(on=desk.clock.today())]
    assert [400_000] == [row.required for row in desk.rows(on=later.today())]


def test_two_who_amend_the_same_state_do_not_overwrite_each_other(desk: MoneyDesk) -> None:
    (line,) = desk.enter(desk.given("100"))
    order = AmendContribution(desk.plan.slug, line, 1, desk.given("40", Stage.PAID), "Paid")
    amend_contribution(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)

    with pytest.raises(Stale):
        amend_contribution(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)


def test_a_no_cost_extension_moves_the_period_and_not_the_sum(desk: MoneyDesk) -> None:
    (line,) = desk.enter(desk.given("184"))
    end = date(2026, 11, 30)
    order = ExtendContribution(desk.plan.slug, line, 1, end, desk.clock.today(), "Late start")
    extend_contribution(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)

    months = desk.rows(Grain.MONTH)

    assert 9 == len(months)
    assert 1_840_000 == sum(row.voluntary for row in months)
    with pytest.raises(Invalid, match="faults"):
        extend_contribution(
            desk.sessions, replace(order, number_seen=2), actor=desk.plan.planner, clock=desk.clock
        )


def test_a_withdrawn_line_counts_no_more(desk: MoneyDesk) -> None:
    need, money = desk.enter(desk.need("100"), desk.given("100"))
    order = WithdrawLine(desk.plan.slug, money, 1, desk.clock.today(), "Cancelled by the donor")
    withdraw_line(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)

    assert [1_000_000] == [row.uncovered for row in desk.rows()]
    with pytest.raises(NotFound):
        withdraw_line(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)
    no_reason = replace(order, line=need, reason=" ")
    with pytest.raises(Invalid):
        withdraw_line(desk.sessions, no_reason, actor=desk.plan.planner, clock=desk.clock)


def test_passed_on_money_names_the_first_line(desk: MoneyDesk) -> None:
    (whole,) = desk.enter(desk.given("100", function="", receiver="unicef"))
    (part,) = desk.enter(desk.given("40", receiver="other", part_of=whole))

    assert 1_000_000 == sum(row.voluntary for row in desk.rows())
    with pytest.raises(Invalid):
        desk.enter(desk.given("10", part_of=part))
    with pytest.raises(NotFound):
        desk.enter(desk.given("10", part_of=desk.plan.planner.account_uid))


def test_only_rows_that_change_are_written_anew(desk: MoneyDesk) -> None:
    desk.enter(desk.need("100"))
    later = replace(desk, clock=noon(desk.clock.today() + timedelta(days=1)))
    later.enter(later.need("100", "MRM-CHAIR"))

    with desk.sessions.reading() as session:
        rows = session.exec(select(MoneyMonth)).all()
        lines = session.exec(select(Contribution)).all()

    assert 12 == len(rows)
    assert all(row.gone_on is None for row in rows)
    assert [] == list(lines)


def test_a_donor_sees_country_and_quarter_of_restricted_functions(desk: MoneyDesk) -> None:
    everything = (Grain.FUNCTION, Grain.AREA, Grain.RECEIVER, Grain.MONTH)
    place = {"area": "minust-gao", "receiver": "unicef"}
    desk.enter(desk.need("184", "MRM-VER", **place), desk.need("92", **place))

    seen = desk.rows(*everything, actor=desk.plan.donor)
    hidden = [row for row in seen if row.function == "MRM-VER"]
    shown = [row for row in seen if row.function == "REFER"]

    assert [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)] == [r.period for r in hidden]
    assert {("", "", True)} == {(r.area, r.receiver, r.by_quarter) for r in hidden}
    assert {("minust-gao", "unicef", False)} == {(r.area, r.receiver, r.by_quarter) for r in shown}
    planner = desk.rows(Grain.FUNCTION)
    assert [r.required for r in planner] == [
        r.required for r in desk.rows(Grain.FUNCTION, actor=desk.plan.donor)
    ]


def test_no_question_of_a_donor_narrows_what_is_hidden(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184", "MRM-VER", area="minust-gao"))
    donor = desk.plan.donor

    assert [] == desk.rows(actor=donor, areas=("minust-gao",))
    assert [] == desk.rows(actor=donor, first=date(2026, 8, 1), last=date(2026, 8, 31))
    (quarter,) = desk.rows(actor=donor, first=date(2026, 4, 1), last=date(2026, 4, 30))
    assert [910_000] == [quarter.required]


def test_who_sees_no_plan_sees_no_money(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184"))

    assert [] == desk.rows(actor=desk.plan.outsider)


def test_the_source_of_a_stated_rate_is_short_and_names_nobody(desk: MoneyDesk) -> None:
    for source in ("x" * 121, "call +223 20 22 55 55"):
        rate = StatedRate(Decimal("0.5"), desk.clock.today(), source)
        line = desk.given("5")
        figure = replace(line.figures[0], rate=rate)
        for said in (desk.need("5", rate=rate), replace(line, figures=(figure,))):
            with pytest.raises(Invalid) as refused:
                desk.enter(said)
            assert refused.value.problems[0].path.endswith("/rate/source")

"""What is odd about a plan's money is told with the lines that it rests on."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.money.desks import MoneyDesk
from unbroken.kit.errors import Forbidden
from unbroken.money.commands.orders import NewContribution, NewFigure
from unbroken.money.queries.claims import claims
from unbroken.money.queries.doubts import lapsed_views, overlap_views
from unbroken.money.queries.promises import PledgeView, pledge_views
from unbroken.money.queries.totals import TotalsView, totals
from unbroken.money.rules.overlaps import Doubt
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.people.rules import Actor


def test_lines_that_may_be_one_are_named(desk: MoneyDesk) -> None:
    entered = desk.enter(
        desk.given("60", title="First"), desk.given("60", title="Again"), desk.given("7")
    )

    with desk.sessions.reading() as session:
        (found,) = overlap_views(session, "minust", actor=desk.plan.planner)

    assert Doubt.SAME_AMOUNT is found.doubt
    assert entered[:2] == [line.uid for line in found.lines]
    assert ["First", "Again"] == [line.title for line in found.lines]
    assert {"Sweden"} == {line.donor_name for line in found.lines}


def test_a_team_is_not_told_of_lines_that_it_does_not_see(desk: MoneyDesk) -> None:
    desk.enter(desk.given("60", receiver="unicef"), desk.given("60"))

    with desk.sessions.reading() as session:
        assert [] == overlap_views(session, "minust", actor=desk.other_team)
        assert 1 == len(overlap_views(session, "minust", actor=desk.team))


def test_money_of_a_mission_that_ends_with_the_mandate_is_named(desk: MoneyDesk) -> None:
    ended, _kept = desk.enter(
        desk.given(
            "62", pot=Pot.MISSION_BUDGET, starts_on=date(2026, 12, 1), ends_on=date(2027, 1, 31)
        ),
        desk.given("62", pot=Pot.MISSION_BUDGET),
    )

    with desk.sessions.reading() as session:
        (found,) = lapsed_views(session, "minust", actor=desk.plan.planner)

    assert (ended, Decimal("31.00")) == (found.line.uid, found.lapsed_usd)
    assert date(2026, 12, 31) == found.mandate_ends_on


def _pledge(
    desk: MoneyDesk, amount: str | None, paid: str | None = None, **more: object
) -> NewContribution:
    day = desk.clock.today() - timedelta(days=int(str(more.pop("days_ago", 30))))
    due = more.pop("due_on", None)
    said = [(Stage.PLEDGED, amount), *([(Stage.PAID, paid)] if paid else [])]
    figures = tuple(
        NewFigure(
            stage=stage,
            amount=None if units is None else Decimal(units),
            on=day,
            due_on=due if stage is Stage.PLEDGED and isinstance(due, date) else None,
        )
        for stage, units in said
    )
    return replace(desk.given("0", **more), figures=figures)


def _pledges(desk: MoneyDesk, actor: Actor | None = None) -> list[PledgeView]:
    on = desk.clock.today()
    with desk.sessions.reading() as session:
        return pledge_views(session, "minust", actor=actor or desk.plan.planner, on=on)


def test_an_open_pledge_is_worth_what_its_donor_kept_of_earlier_ones(desk: MoneyDesk) -> None:
    desk.rate("EUR", "0.5", desk.clock.today() - timedelta(days=40))
    due = desk.clock.today() - timedelta(days=5)
    desk.enter(
        *(_pledge(desk, "100", "50", days_ago=400, title=f"Old {n}") for n in range(3)),
        _pledge(desk, "200", "20", currency="EUR", due_on=due, title="New"),
    )

    found = {each.line.title: each for each in _pledges(desk)}
    new = found["New"]

    assert 4 == len(found)
    assert (Decimal("180.00"), Decimal("360.00")) == (new.open_amount, new.open_usd)
    assert Decimal("180.00") == new.likely_usd
    assert new.record is not None
    assert (1, 3, Decimal("0.5000")) == (new.record.age, new.record.pledges, new.record.share)
    assert (due, 5) == (new.due_on, new.days_late)


def test_a_donor_without_a_record_says_nothing(desk: MoneyDesk) -> None:
    desk.enter(_pledge(desk, "200"), _pledge(desk, None), _pledge(desk, "10", "10"))

    plain, unsaid = _pledges(desk)

    assert (Decimal("200.00"), None) == (plain.open_usd, plain.likely_usd)
    assert (None, None, None) == (unsaid.open_amount, unsaid.open_usd, unsaid.likely_usd)


def test_what_is_passed_on_of_a_pledge_is_told_once(desk: MoneyDesk) -> None:
    (whole,) = desk.enter(_pledge(desk, "100", function=""))
    desk.enter(_pledge(desk, "40", part_of=whole))

    assert [Decimal("60.00"), Decimal("40.00")] == [each.open_amount for each in _pledges(desk)]


def _totals(desk: MoneyDesk, actor: Actor | None = None) -> TotalsView:
    with desk.sessions.reading() as session:
        return totals(session, "minust", actor=actor or desk.plan.planner)


def test_sums_are_by_currency_pot_and_stage(desk: MoneyDesk) -> None:
    desk.rate("EUR", "0.5", desk.clock.today())
    (pool,) = desk.enter(
        desk.need("5"),
        desk.need(None),
        desk.need("7", currency="EUR"),
        desk.need("1", basis=Basis.BASELINE_POSTS),
        desk.given("10"),
        desk.given("20", currency="EUR"),
        desk.given("30", Stage.PLEDGED),
        desk.given("40", pot=Pot.ASSESSED),
        desk.given(None),
        desk.given("50", function=""),
    )[-1:]
    desk.enter(desk.given("9", part_of=pool))

    found = _totals(desk)
    needs = [(n.currency, n.basis, n.lines, n.unstated, n.amount) for n in found.needs]
    usd = [(m.pot, m.stage, m.is_pool, m.lines, m.unstated, m.usd) for m in found.money_usd]

    assert [
        ("EUR", Basis.STATED, 1, 0, Decimal("7.00")),
        ("USD", Basis.STATED, 2, 1, Decimal("5.00")),
        ("USD", Basis.BASELINE_POSTS, 1, 0, Decimal("1.00")),
    ] == needs
    assert [Decimal("19.00"), Decimal("1.00")] == [n.usd for n in found.needs_usd]
    assert [
        (Pot.VOLUNTARY, Stage.PLEDGED, False, 1, 0, Decimal("30.00")),
        (Pot.VOLUNTARY, Stage.COMMITTED, False, 3, 1, Decimal("50.00")),
        (Pot.ASSESSED, Stage.COMMITTED, False, 1, 0, Decimal("40.00")),
        (Pot.VOLUNTARY, Stage.COMMITTED, True, 1, 0, Decimal("50.00")),
    ] == usd
    assert [("EUR", Decimal("20.00")), ("USD", Decimal("10.00"))] == [
        (m.currency, m.amount)
        for m in found.money
        if m.stage is Stage.COMMITTED and m.pot is Pot.VOLUNTARY and not m.is_pool
    ]
    assert 1 == found.passed_on


def test_a_team_that_sees_the_part_only_counts_the_part(desk: MoneyDesk) -> None:
    (whole,) = desk.enter(desk.given("100", function="", receiver="unicef"))
    desk.enter(desk.given("40", receiver="other", part_of=whole))

    found = _totals(desk, desk.other_team)

    assert ([Decimal("40.00")], 0) == ([m.amount for m in found.money], found.passed_on)


def test_nothing_entered_has_no_sums(desk: MoneyDesk) -> None:
    desk.enter(desk.given(None))

    assert [None] == [each.amount for each in _totals(desk).money]
    assert () == _totals(desk).needs


def test_donors_are_told_none_of_it(desk: MoneyDesk) -> None:
    donor, on = desk.plan.donor, desk.clock.today()
    with desk.sessions.reading() as session:
        for ask in (
            lambda: overlap_views(session, "minust", actor=donor),
            lambda: lapsed_views(session, "minust", actor=donor),
            lambda: pledge_views(session, "minust", actor=donor, on=on),
            lambda: totals(session, "minust", actor=donor),
            lambda: claims(session, "minust", actor=donor, on=on),
        ):
            with pytest.raises(Forbidden):
                ask()

"""What rules find in money, in words: each case is a portfolio and what a scan says of it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.money.desks import FIRST, LAST, MoneyDesk
from unbroken.gaps.queries.running import findings
from unbroken.gaps.rules import RULES, Finding, Found, Scope, Severity
from unbroken.gaps.rules.explain import why
from unbroken.gaps.rules.money import by_months_away
from unbroken.money.commands.deriving import derive_stale
from unbroken.money.commands.orders import NewContribution, NewFigure, NewRequirement
from unbroken.money.rules.words import Pot, Stage
from unbroken.plans.models import Area, Plan

MONEY_RULES = [RULES[code] for code in ("funding-gap", "funding-cliff", "pledge-slow")]
Lines = Callable[[MoneyDesk], list[NewRequirement | NewContribution]]
END_OF_MAY = date(2026, 5, 31)


def found(desk: MoneyDesk, on: date = FIRST, *, past: bool = False) -> list[Finding]:
    with desk.sessions.reading() as session:
        return findings(session, Scope(on=on, past=past), rules=MONEY_RULES)


CASES: tuple[tuple[str, Lines, set[str]], ...] = (
    ("nothing on record", lambda _d: [], set()),
    ("a need without money", lambda d: [d.need("184")], {"funding-gap"}),
    ("a need without an amount", lambda d: [d.need(None)], set()),
    ("nothing needed", lambda d: [d.need("0")], set()),
    ("paid for to the end", lambda d: [d.need("184"), d.given("184")], set()),
    (
        "paid for by half",
        lambda d: [d.need("184"), d.given("92")],
        {"funding-gap"},
    ),
    (
        "paid for until the end of May",
        lambda d: [d.need("184"), d.given("92", ends_on=END_OF_MAY)],
        {"funding-gap", "funding-cliff"},
    ),
    (
        "the rest is pledged",
        lambda d: [d.need("184"), d.given("184", Stage.PLEDGED)],
        {"funding-gap"},
    ),
    (
        "a pool covers nothing",
        lambda d: [d.need("184"), d.given("999", function="")],
        {"funding-gap"},
    ),
    (
        "an estimate is a need too",
        lambda d: [d.need("184")],
        {"funding-gap"},
    ),
    (
        "money of the mission's budget past its mandate",
        lambda d: [
            d.need("184", starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 30)),
            d.given(
                "9999",
                pot=Pot.MISSION_BUDGET,
                starts_on=date(2026, 7, 1),
                ends_on=date(2027, 6, 30),
            ),
        ],
        {"funding-gap"},
    ),
)


@pytest.mark.parametrize(
    ("lines", "rules"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_case(desk: MoneyDesk, lines: Lines, rules: set[str]) -> None:
    entered = lines(desk)
    if entered:
        desk.enter(*entered)

    assert rules == {each.rule for each in found(desk)}


def test_what_is_over_is_no_gap(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184"))

    assert {"funding-gap"} == {each.rule for each in found(desk, LAST)}
    assert [] == found(desk, LAST + timedelta(days=1))


def test_a_gap_tells_what_is_left_from_this_month_on(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184"), desk.given("92", ends_on=END_OF_MAY))
    gap, cliff = found(desk, date(2026, 6, 15))[:1][0], found(desk, date(2026, 4, 15))[1]

    assert 920_000 == gap.found.facts["uncovered_usd"]
    assert date(2026, 6, 1) == cliff.found.turns_on
    assert "USD 92.00" in why(RULES["funding-cliff"], cliff.found.facts, titles={})


@pytest.mark.parametrize(
    ("days", "tier", "severity"),
    [
        (-10, 1, Severity.CRITICAL),
        (60, 1, Severity.CRITICAL),
        (61, 1, Severity.HIGH),
        (180, 1, Severity.HIGH),
        (181, 1, Severity.MEDIUM),
        (60, 2, Severity.HIGH),
        (181, 2, Severity.LOW),
        (60, 4, Severity.LOW),
        (400, None, Severity.LOW),
    ],
)
def test_the_nearer_and_the_higher_the_tier_the_worse(
    days: int, tier: int | None, severity: Severity
) -> None:
    lack = Found(
        1, (), FIRST + timedelta(days=days), None, tier, None, None, restricted=False, facts={}
    )

    assert severity is by_months_away(lack, FIRST)


def test_a_late_pledge_is_told_with_its_donor(desk: MoneyDesk) -> None:
    due = date(2026, 3, 31)
    figures = (
        NewFigure(stage=Stage.PLEDGED, amount=Decimal(100), due_on=due),
        NewFigure(stage=Stage.PAID, amount=Decimal(30)),
    )
    desk.enter(desk.given("0", figures=figures))

    (late,) = found(desk, due + timedelta(days=1))

    assert [] == found(desk, due)
    told = why(RULES["pledge-slow"], late.found.facts, titles={})
    assert told.startswith("Sweden pledged USD 100.00, to be paid by 2026-03-31; USD 30.00")
    assert Severity.HIGH is found(desk, due + timedelta(days=120))[0].severity


def test_restricted_functions_make_restricted_gaps(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184", "MRM-VER"), desk.need("184"))

    assert {"MRM-VER": True, "REFER": False} == {
        str(each.found.facts["function"]): each.found.restricted for each in found(desk)
    }


def test_the_past_is_judged_by_what_was_known(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184"))
    before = desk.clock.today() - timedelta(days=1)

    assert [] == found(desk, before, past=True)
    assert 1 == len(found(desk, desk.clock.today(), past=True))


def test_an_area_that_is_veiled_later_makes_its_gap_restricted(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184", area="minust-gao"))
    (open_,) = found(desk)
    with desk.sessions.begin() as session:
        session.exec(
            update(Area).where(col(Area.slug) == "minust-gao").values(closings_public=False)
        )
    (veiled,) = found(desk)

    assert (False, True) == (open_.found.restricted, veiled.found.restricted)


def test_a_mandate_that_ends_earlier_is_derived_anew_by_the_next_scan(desk: MoneyDesk) -> None:
    desk.enter(desk.need("184"), desk.given("184", pot=Pot.MISSION_BUDGET))
    assert [] == found(desk)
    with desk.sessions.begin() as session:
        session.exec(update(Plan).values(mandate_ends_on=END_OF_MAY))

    derive_stale(desk.sessions, clock=desk.clock)

    assert {"funding-gap", "funding-cliff"} == {each.rule for each in found(desk)}

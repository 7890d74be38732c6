"""Rates are put on record once, by stewards, and never change under a figure."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.factories.people import actor_with
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Forbidden, Invalid
from unbroken.money.commands.rates import RateRow, RatesLoaded, load_rates
from unbroken.money.models import ExchangeRate
from unbroken.money.queries.rates import rate_book
from unbroken.people.rules import SYSTEM, Role
from unbroken.trail.queries import entries

DAY = date(2026, 1, 31)
EUR = RateRow("EUR", Decimal("0.8512"), DAY)
XOF = RateRow("XOF", Decimal("555.1"), DAY)


def _load(sessions: Sessions, clock: FixedClock, *rows: RateRow, source: str = "UN") -> RatesLoaded:
    steward = actor_with(Role.STEWARD)
    return load_rates(sessions, rows, source=source, actor=steward, clock=clock)


def test_the_same_rates_again_change_nothing(sessions: Sessions, clock: FixedClock) -> None:
    later = RateRow("EUR", Decimal("0.8600"), DAY + timedelta(days=28))

    assert RatesLoaded(2, 0) == _load(sessions, clock, EUR, XOF)
    assert RatesLoaded(0, 2) == _load(sessions, clock, EUR, XOF)
    assert RatesLoaded(1, 2) == _load(sessions, clock, EUR, XOF, later)
    with sessions.reading() as session:
        told = entries(session, plan_uid=None, limit=9)
        book = rate_book(session, ["EUR"], first=DAY, last=DAY)
    assert ["money:rates:loaded"] * 2 == [entry.action for entry in told]
    assert told[1].values is not None
    assert (2, "UN") == (told[1].values["added"], told[1].values["source"])
    assert Decimal("1.174812030075188") == book.conversion("EUR", DAY).usd_rate


def test_a_restated_rate_needs_a_name_that_says_so(sessions: Sessions, clock: FixedClock) -> None:
    _load(sessions, clock, EUR)
    restated = replace(EUR, per_usd=Decimal("0.9"))

    with pytest.raises(Invalid) as refused:
        _load(sessions, clock, restated, XOF)
    with pytest.raises(Invalid):
        _load(sessions, clock, XOF, replace(XOF, per_usd=Decimal(1)))
    (problem,) = refused.value.problems
    assert "0.8512" in problem.what
    assert RatesLoaded(1, 0) == _load(sessions, clock, restated, source="UN, restated")
    assert RatesLoaded(0, 1) == _load(sessions, clock, replace(EUR, per_usd=Decimal("0.85120")))
    with sessions.reading() as session:
        assert 2 == len(session.exec(select(ExchangeRate)).all())


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity", "1E-40", "1E+60"])
def test_what_is_no_rate_is_refused(sessions: Sessions, clock: FixedClock, rate: str) -> None:
    with pytest.raises(Invalid) as refused:
        _load(sessions, clock, EUR, replace(XOF, per_usd=Decimal(rate)))

    assert ["rates/2/per_usd"] == [problem.path for problem in refused.value.problems]


@pytest.mark.parametrize("source", ["", "  ", "x" * 121])
def test_rates_have_a_source(sessions: Sessions, clock: FixedClock, source: str) -> None:
    with pytest.raises(Invalid):
        _load(sessions, clock, EUR, source=source)


def test_the_dollar_and_old_currencies_are_passed_over(
    sessions: Sessions, clock: FixedClock
) -> None:
    rows = [replace(EUR, currency=code) for code in ("USD", "QQQ", "EUR")]

    assert RatesLoaded(1, 0, ("QQQ",)) == _load(sessions, clock, *rows)


def test_only_a_steward_loads_rates(sessions: Sessions, clock: FixedClock) -> None:
    with pytest.raises(Forbidden):
        load_rates(sessions, [EUR], source="UN", actor=actor_with(Role.PLANNER), clock=clock)
    assert 1 == load_rates(sessions, [EUR], source="UN", actor=SYSTEM, clock=clock).added

"""Money that tests of the API enter, beside the two lines that their world has already."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.web.api.conftest import NOW, World
from unbroken.kit.clock import FixedClock
from unbroken.money.commands.amending import withdraw_line
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.orders import (
    EnterMoney,
    NewContribution,
    NewFigure,
    NewRequirement,
    WithdrawLine,
)
from unbroken.money.rules.words import Stage
from unbroken.people.rules import Actor, Grant, Role

PERIOD: dict[str, Any] = {
    "starts_on": date(2026, 3, 1),
    "ends_on": date(2026, 8, 31),
    "known_on": NOW.date(),
    "source": "Funding overview (February 2026)",
}
PLANNER = Actor(None, "planner", None, (Grant(Role.PLANNER),))
CLOCK = FixedClock(NOW)


def need(amount: str | None, function: str = "REFER", **more: Any) -> NewRequirement:  # noqa: ANN401
    said = None if amount is None else Decimal(amount)
    return NewRequirement(function=function, amount=said, **{**PERIOD, **more})


def given(amount: str, function: str = "REFER", **more: Any) -> NewContribution:  # noqa: ANN401
    figure = NewFigure(stage=Stage.COMMITTED, amount=Decimal(amount))
    return NewContribution(function=function, figures=(figure,), **{**PERIOD, **more})


def enter(world: World, *lines: NewRequirement | NewContribution) -> None:
    needs = tuple(line for line in lines if isinstance(line, NewRequirement))
    money = tuple(line for line in lines if isinstance(line, NewContribution))
    order = EnterMoney("minust", needs, money)
    actor = replace(PLANNER, account_uid=account_of(world))
    enter_money(world.house.sessions, order, actor=actor, clock=CLOCK)


def account_of(world: World, by: str = "planner") -> UUID:
    return UUID(world.get("/me", by=by).json()["account"])


def without_lines(world: World) -> World:
    """Return the world with its own two lines of money withdrawn, so that sums are this test's."""
    actor = replace(PLANNER, account_uid=account_of(world))
    for line in (world.known["requirement"], world.known["contribution"]):
        order = WithdrawLine("minust", UUID(line), None, NOW.date(), "Not of this test.")
        withdraw_line(world.house.sessions, order, actor=actor, clock=CLOCK)
    return world

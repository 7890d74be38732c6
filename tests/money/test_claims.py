"""What receivers claim of their funding stands beside what the money covers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.factories.transfers import Scene, make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.orders import (
    EnterMoney,
    NewContribution,
    NewFigure,
    NewRequirement,
)
from unbroken.money.queries.claims import ClaimView, claims
from unbroken.money.rules.words import Stage
from unbroken.people.rules import Actor
from unbroken.transfers.commands.changing import StateFunding, state_funding

FIRST, HALF, CLAIMED = date(2026, 2, 1), date(2026, 4, 30), date(2026, 6, 30)
EVERY_MONTH = Decimal(30)


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    """Return a plan whose receiver claims to be funded until the end of June."""
    made = make_scene(sessions, clock)
    order = StateFunding(capacity_uid=made.offered(), funded_until_on=CLAIMED)
    state_funding(sessions, order, actor=made.receiver, clock=clock)
    return made


def _enter(
    scene: Scene, need: dict[str, Any] | None, money: dict[str, Any] | None, *, until: date = HALF
) -> None:
    common = {"starts_on": FIRST, "known_on": scene.clock.today(), "source": "Budget (2026)"}
    needs = [
        NewRequirement(
            **{"function": "MRM-VER", "amount": EVERY_MONTH, "ends_on": CLAIMED, **common, **said}
        )
        for said in (need,)
        if said is not None
    ]
    figures = (NewFigure(stage=Stage.PAID, amount=EVERY_MONTH),)
    given = [
        NewContribution(
            **{"function": "MRM-VER", "figures": figures, "ends_on": until, **common, **said}
        )
        for said in (money,)
        if said is not None
    ]
    order = EnterMoney(scene.plan_uid, tuple(needs), tuple(given))
    enter_money(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def _claims(scene: Scene, actor: Actor | None = None) -> list[ClaimView]:
    on = scene.clock.today()
    with scene.sessions.reading() as session:
        return claims(session, scene.plan_uid, actor=actor or scene.planner, on=on)


def test_a_claim_beyond_the_money_is_told_with_its_days(scene: Scene) -> None:
    _enter(scene, {}, {})

    (found,) = _claims(scene)

    assert ("MRM-VER", CLAIMED, HALF, 61) == (
        found.function,
        found.claimed_until_on,
        found.covered_until_on,
        found.days_beyond,
    )


def test_a_claim_that_the_money_bears_out_is_not_told(scene: Scene) -> None:
    _enter(scene, {}, {}, until=CLAIMED)

    assert [] == _claims(scene)


def test_money_that_reaches_further_is_told_too(scene: Scene) -> None:
    end = date(2026, 7, 31)
    _enter(scene, {"ends_on": end}, {}, until=end)

    (found,) = _claims(scene)

    assert (end, -31) == (found.covered_until_on, found.days_beyond)


@pytest.mark.parametrize("need", [None, {"amount": None}, {"function": "DIG-REP"}])
def test_where_no_need_is_stated_nothing_is_known(
    scene: Scene, need: dict[str, Any] | None
) -> None:
    _enter(scene, need, {})

    (found,) = _claims(scene)

    assert (None, None) == (found.covered_until_on, found.days_beyond)


def test_the_need_of_another_receiver_does_not_count(scene: Scene) -> None:
    _enter(scene, {"receiver": scene.other_agency}, None)

    (found,) = _claims(scene)

    assert found.covered_until_on is None


def test_a_team_sees_the_claims_that_concern_it(scene: Scene) -> None:
    _enter(scene, {}, {})

    assert 1 == len(_claims(scene, scene.receiver))
    assert [] == _claims(scene, scene.custodian)

"""A plan with money on it: who acts, and short ways to say what is needed and given."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.factories.people import actor_with, make_organisation
from tests.factories.plans import PlanScene, make_plan
from tests.scenes import kept
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, new_uid
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.orders import EnterMoney, NewContribution, NewFigure, NewRequirement
from unbroken.money.models import ExchangeRate
from unbroken.money.queries.cover import CoverAsk, CoverRow, Grain, cover
from unbroken.money.rules.words import Stage
from unbroken.people.rules import Actor, OrganisationKind, Role

SOURCE = "Funding overview (February 2026)"
FIRST, LAST = date(2026, 3, 1), date(2026, 8, 31)


@dataclass(frozen=True, slots=True)
class MoneyDesk:
    """An open plan in Mali, organisations ``unicef`` and ``sweden``, and a receiver's account."""

    plan: PlanScene
    sessions: Sessions
    clock: FixedClock
    team: Actor
    other_team: Actor

    def need(self, amount: str | None, function: str = "REFER", **more: object) -> NewRequirement:
        said = {"function": function, "amount": None if amount is None else Decimal(amount)}
        return NewRequirement(**self._common(said | more))

    def given(
        self, amount: str | None, stage: Stage = Stage.COMMITTED, **more: object
    ) -> NewContribution:
        figure = NewFigure(stage=stage, amount=None if amount is None else Decimal(amount))
        said = {"function": "REFER", "figures": (figure,), "donor": "sweden"}
        return NewContribution(**self._common(said | more))

    def _common(self, said: dict[str, object]) -> dict[str, Any]:
        period = {"starts_on": FIRST, "ends_on": LAST}
        return {**period, "known_on": self.clock.today(), "source": SOURCE, **said}

    def enter(
        self, *lines: NewRequirement | NewContribution, actor: Actor | None = None
    ) -> list[UUID]:
        order = EnterMoney(
            self.plan.slug,
            tuple(line for line in lines if isinstance(line, NewRequirement)),
            tuple(line for line in lines if isinstance(line, NewContribution)),
        )
        acting = actor or self.plan.planner
        made = enter_money(self.sessions, order, actor=acting, clock=self.clock)
        return [each.uid for each in made]

    def rows(
        self, *by: Grain, actor: Actor | None = None, on: date | None = None, **ask: object
    ) -> list[CoverRow]:
        wanted: dict[str, Any] = {"by": by, **ask}
        with self.sessions.reading() as session:
            return cover(session, CoverAsk(**wanted), actor=actor or self.plan.planner, on=on)

    def rate(self, currency: str, per_usd: str, on: date, source: str = "UN") -> None:
        row = ExchangeRate(
            currency=currency, per_usd=per_usd, on_day=on, source=source, loaded_at=self.clock.now()
        )
        with self.sessions.begin() as session:
            session.add(row)


@kept
def make_desk(sessions: Sessions, clock: FixedClock) -> MoneyDesk:
    plan = make_plan(sessions, clock)
    with sessions.begin() as session:
        unicef = make_organisation(session, name="UNICEF").uid
        make_organisation(session, name="Sweden", kind=OrganisationKind.DONOR)
        other = make_organisation(session, name="Other").uid
    team = actor_with(Role.COUNTRY_TEAM, country_iso3="MLI")
    return MoneyDesk(plan, sessions, clock, _of(team, unicef), _of(team, other))


def _of(actor: Actor, organisation: UUID) -> Actor:
    return Actor(new_uid(), actor.handle, organisation, actor.grants)

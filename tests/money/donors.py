"""Donors, receivers and planners with accounts of their own around a plan with money on it."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from tests.factories.people import make_account, make_organisation
from tests.factories.plans import noon
from tests.money.desks import MoneyDesk, make_desk
from tests.scans.stage import TERMS
from tests.scenes import kept
from unbroken.gaps.rules import RULES
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.money.commands.interests import InterestChanged, RegisterInterest, register_interest
from unbroken.money.commands.watching import MakeWatch, make_watch
from unbroken.money.models_interest import Told
from unbroken.money.rules.watching import Filters
from unbroken.outbox.models import Message
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Grant, OrganisationKind, Role, Signing
from unbroken.scans.run import scan_by_hand

MONEY_RULES = tuple(RULES[code] for code in ("funding-gap", "funding-cliff"))
MALI = "MLI"
GRANTS = {
    "donor": ("norad", Grant(Role.DONOR)),
    "other donor": ("japan", Grant(Role.DONOR)),
    "unicef": ("unicef", Grant(Role.COUNTRY_TEAM, Signing.SIGNS, MALI)),
    "unicef elsewhere": ("unicef", Grant(Role.COUNTRY_TEAM, Signing.SIGNS, "HTI")),
    "other": ("other", Grant(Role.COUNTRY_TEAM, Signing.SIGNS, MALI)),
    "planner": ("mission", Grant(Role.PLANNER, country_iso3=MALI)),
    "observer": ("office", Grant(Role.OBSERVER)),
    "co-chair": ("office", Grant(Role.CO_CHAIR, country_iso3=MALI)),
    "foreign": ("mission", Grant(Role.PLANNER, country_iso3="HTI")),
}


@dataclass(frozen=True, slots=True)
class DonorDesk:
    """A money desk and an actor with an account for each name of ``GRANTS``."""

    desk: MoneyDesk
    actors: dict[str, Actor]

    @property
    def sessions(self) -> Sessions:
        return self.desk.sessions

    def register(
        self, function: str = "REFER", *, by: str = "donor", **more: object
    ) -> InterestChanged:
        said: dict[str, Any] = {"plan": self.desk.plan.slug, "function": function, **more}
        order = RegisterInterest(**said)
        return register_interest(self.sessions, order, actor=self.actors[by], clock=self.desk.clock)

    def watch(
        self, *, by: str = "donor", least: str = "0", by_mail: bool = True, **filters: object
    ) -> UUID:
        asked: dict[str, Any] = filters
        order = MakeWatch(filters=Filters(**asked), least=Decimal(least), by_mail=by_mail)
        return make_watch(self.sessions, order, actor=self.actors[by], clock=self.desk.clock)

    def scan(self) -> None:
        outcome = scan_by_hand(self.sessions, clock=self.desk.clock, terms=TERMS, rules=MONEY_RULES)
        assert outcome.problems == ()

    def later(self, days: int) -> "DonorDesk":
        """Return the same desk some days later."""
        moved = noon(self.desk.clock.today() + timedelta(days=days))
        return replace(self, desk=replace(self.desk, clock=moved))

    def letters(self, topic: str) -> list[Message]:
        """Return the letters of a topic in the order in which they were put."""
        query = select(Message).where(Message.topic == topic).order_by(col(Message.id))
        with self.sessions.reading() as session:
            return list(session.exec(query))

    def told(self) -> list[Told]:
        with self.sessions.reading() as session:
            return list(session.exec(select(Told).order_by(col(Told.id))))


@kept
def make_donor_desk(sessions: Sessions, clock: FixedClock) -> DonorDesk:
    desk = make_desk(sessions, clock)
    with sessions.begin() as session:
        bodies = {row.slug: row for row in session.exec(select(Organisation))}
        for name, kind in (
            ("Norad", OrganisationKind.DONOR),
            ("Japan", OrganisationKind.DONOR),
            ("Mission", OrganisationKind.MISSION),
            ("Office", OrganisationKind.SECRETARIAT),
        ):
            bodies[name.lower()] = make_organisation(session, name=name, kind=kind)
        made = {
            called: make_account(
                session,
                grants=(grant,),
                organisation=bodies[slug],
                handle=called.replace(" ", "-"),
                password=None,
            ).actor
            for called, (slug, grant) in GRANTS.items()
        }
    return DonorDesk(desk, made)


def text_of(messages: list[Message]) -> str:
    """Return all that letters say, and to whom, as one text to be searched."""
    return json.dumps([[each.recipient, each.body] for each in messages])

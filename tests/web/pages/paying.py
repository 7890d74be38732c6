"""A site with a plan that has money on it, and who enters it."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import unescape
from uuid import UUID

from httpx2 import Response
from sqlmodel import select

from tests.factories.people import PASSWORD, make_account
from tests.money.desks import MoneyDesk
from tests.web.conftest import Site, Visitor
from unbroken.money.commands.orders import NewFigure
from unbroken.money.queries.listing import contributions, requirements
from unbroken.money.queries.views import ContributionView, RequirementView
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
MOST_BYTES = 60_000
NEED = {
    "function": "REFER",
    "area": "",
    "receiver": "",
    "starts_on": "2026-03-01",
    "ends_on": "2026-08-31",
    "currency": "USD",
    "amount": "1 250 000,50",
    "basis": "stated",
    "title": "",
    "source": "Plan of needs (January 2026)",
    "known_on": "2026-03-01",
}
MONEY = {key: value for key, value in NEED.items() if key not in {"amount", "basis"}} | {
    "donor": "sweden",
    "pot": "voluntary",
    "pledged": "500",
    "pledged-on": "2026-02-01",
    "pledged-due_on": "2026-06-01",
    "paid-unstated": "yes",
}


@dataclass(frozen=True, slots=True)
class Bench:
    """A site with a plan whose money is on record, and who visits it."""

    site: Site
    desk: MoneyDesk

    @property
    def base(self) -> str:
        return f"/plans/{self.desk.plan.slug}/money"

    def enter(self, role: Role, organisation: str = "") -> Visitor:
        with self.site.house.sessions.begin() as session:
            query = select(Organisation).where(Organisation.slug == organisation)
            known = make_account(
                session, grants=(Grant(role),), organisation=session.exec(query).first()
            )
            handle = known.account.handle
        visitor = self.site.anyone()
        visitor.form("/sign-in", {"login": handle, "password": PASSWORD})
        return visitor

    def planner(self) -> Visitor:
        return self.enter(Role.PLANNER)

    def send(self, visitor: Visitor, path: str, **typed: str) -> Response:
        page = visitor.get(path).text
        form = page[page.index('class="form"') :]
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(form)}
        return visitor.client.post(path, data=hidden | typed)

    def needs(self) -> list[RequirementView]:
        with self.desk.sessions.reading() as session:
            found = requirements(session, self.desk.plan.slug, actor=self.desk.plan.planner)
        return list(found.items)

    def money(self) -> list[ContributionView]:
        with self.desk.sessions.reading() as session:
            found = contributions(session, self.desk.plan.slug, actor=self.desk.plan.planner)
        return list(found.items)


def stock(desk: MoneyDesk) -> list[UUID]:
    """Put lines of every kind on record; the first is a requirement, the last a pool."""
    pledge = NewFigure(
        stage=Stage.PLEDGED, amount=Decimal(100), on=date(2026, 1, 2), due_on=date(2026, 2, 1)
    )
    late = desk.given("1")
    return desk.enter(
        desk.need("1000", illustrative=True),
        desk.need(None, function="MRM-VER"),
        desk.need("600", function="MRM-CHAIR", basis=Basis.BASELINE_POSTS),
        desk.given("300", ends_on=date(2026, 5, 31)),
        desk.given("300", ends_on=date(2026, 5, 31)),
        desk.given("50", pot=Pot.MISSION_BUDGET, ends_on=date(2030, 12, 31)),
        type(late)(
            **{name: getattr(late, name) for name in late.__slots__} | {"figures": (pledge,)}
        ),
        desk.given("70", function=""),
    )


def text_of(answer: Response) -> str:
    """Return what a page says, without its tags."""
    bare = re.sub(r"</?(bdi|time|q|span)[^>]*>", "", answer.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())

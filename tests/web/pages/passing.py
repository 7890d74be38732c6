"""A site with a plan whose functions pass, and browsers signed in for each side."""

import re
from dataclasses import dataclass
from uuid import UUID

from httpx2 import Response
from sqlmodel import select

from tests.factories.people import PASSWORD, make_account
from tests.factories.transfers import Scene, make_scene
from tests.web.conftest import Site, Visitor, csrf_of
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role, Signing
from unbroken.plans.models import Plan
from unbroken.transfers.rules.words import Act

HIDDEN = re.compile(r'name="(version|key|seen|content_hash|account)" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Stage:
    """A site, its plan, and who may visit it."""

    site: Site
    scene: Scene
    slug: str

    def enter(
        self, role: Role, organisation: UUID | None = None, *, signing: Signing = Signing.NONE
    ) -> Visitor:
        """Return a browser signed in with one role everywhere, of this organisation."""
        with self.scene.sessions.begin() as session:
            body = None
            if organisation is not None:
                query = select(Organisation).where(Organisation.uid == organisation)
                body = session.exec(query).one()
            known = make_account(session, grants=(Grant(role, signing),), organisation=body)
            handle = known.account.handle
        visitor = self.site.anyone()
        visitor.form("/sign-in", {"login": handle, "password": PASSWORD})
        return visitor

    def receiver(self) -> Visitor:
        """Return a browser of who signs for the receiving agency."""
        return self.enter(Role.COUNTRY_TEAM, self.scene.agency, signing=Signing.SIGNS)

    def field(self) -> Visitor:
        """Return a browser of the receiver's field office, which recommends."""
        return self.enter(Role.COUNTRY_TEAM, self.scene.agency, signing=Signing.RECOMMENDS)

    def planner(self) -> Visitor:
        """Return a browser of the mission's planner."""
        return self.enter(Role.PLANNER, self.scene.mission)


def make_stage(site: Site) -> Stage:
    """Return a stage over a fresh site."""
    scene = make_scene(site.house.sessions, site.house.clock)  # type: ignore[arg-type]
    with scene.sessions.reading() as session:
        slug = session.exec(select(Plan.slug).where(Plan.uid == scene.plan_uid)).one()
    return Stage(site, scene, slug)


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form of one act as a browser has it open; it can be sent more than once."""

    visitor: Visitor
    path: str
    sent: dict[str, str | list[str]]

    def send(self, **typed: str | list[str]) -> Response:
        """Send it with what was typed."""
        return self.visitor.client.post(self.path, data=self.sent | typed)


def act_form(visitor: Visitor, capacity: UUID, act: Act) -> OpenForm:
    """Open a capacity's page and return the form of ``act`` with everything hidden in it."""
    html = visitor.get(f"/capacities/{capacity}").text
    forms = html.split("<form ")
    found = [form for form in forms if f'name="act" value="{act.value}"' in form]
    hidden = {name: value.replace("&amp;", "&") for name, value in HIDDEN.findall("".join(found))}
    sent: dict[str, str | list[str]] = {"act": act.value, "csrf": csrf_of(html), **hidden}
    return OpenForm(visitor, f"/capacities/{capacity}/acts", sent)

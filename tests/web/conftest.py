"""A site over a fresh database of each kind, and clients that are signed in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.apps import app_over
from tests.factories.people import CHEAP, PASSWORD, Known, make_account
from tests.scenes import kept
from tests.web import probe
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import Languages, load_languages
from unbroken.kit.settings import Settings
from unbroken.people.commands.tokens import NewToken, make_token
from unbroken.people.rules import Grant, Role
from unbroken.web.app import API_ROUTERS, PAGE_ROUTERS
from unbroken.web.dependencies import House

FIELD = re.compile(r'name="csrf" value="([^"]+)"')
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


def csrf_of(html: str) -> str:
    """Return the token in the first form of a page."""
    found = FIELD.search(html)
    assert found, "no form with a token on this page"
    return found[1]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser: it keeps cookies and follows no redirect by itself."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Response:
        """Open a page; header names are written with underscores."""
        return self.client.get(path, headers=_dashed(headers))

    def form(self, path: str, sent: dict[str, str], *, on: str = "/sign-in") -> Response:
        """Open the page ``on`` and send a form with its token."""
        token = csrf_of(self.client.get(on).text)
        return self.client.post(path, data=sent | {"csrf": token})

    def bare(self, path: str, sent: dict[str, str]) -> Response:
        """Send a form as another site would: without the token."""
        return self.client.post(path, data=sent)


@dataclass(frozen=True, slots=True)
class Site:
    """The application and what a test needs to visit it."""

    app: FastAPI
    house: House

    def anyone(self) -> Visitor:
        """Return a browser that nobody has signed in with."""
        return Visitor(TestClient(self.app, follow_redirects=False))

    def account(self, role: Role, *, handle: str = "") -> Known:
        """Store an account with one role that holds everywhere."""
        with self.house.sessions.begin() as session:
            return make_account(session, handle=handle, grants=(Grant(role),))

    def as_(self, role: Role) -> Visitor:
        """Return a browser that a new account of this role has signed in with."""
        known, visitor = self.account(role), self.anyone()
        sent = {"login": known.account.handle, "password": PASSWORD}
        assert visitor.form("/sign-in", sent).status_code == 303
        return visitor

    def bearer(self, role: Role) -> dict[str, str]:
        """Return the header with a token of a new account of this role."""
        token = make_token(
            self.house.sessions,
            NewToken("tests", timedelta(days=1)),
            actor=self.account(role).actor,
            clock=self.house.machine_clock,
        )
        return {"Authorization": f"Bearer {token.secret}"}


@pytest.fixture(scope="session")
def languages() -> Languages:
    return load_languages()


@kept
def prepare(sessions: Sessions, *, is_demonstration: bool) -> None:
    """Store what this installation is."""
    with sessions.begin() as session:
        create_instance(session, is_demonstration=is_demonstration, at=MADE_AT)


def make_site(
    sessions: Sessions, clock: FixedClock, languages: Languages, *, is_demonstration: bool
) -> Site:
    """Return the application over a prepared database, started by whoever enters a client."""
    prepare(sessions, is_demonstration=is_demonstration)
    house = House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False, upload_limit_kb=64),
        languages=languages,
        machine_clock=clock,
        passwords=CHEAP,
    )
    app = app_over(house, api=(*API_ROUTERS, probe.api), pages=(*PAGE_ROUTERS, probe.pages))
    return Site(app, house)


@pytest.fixture
def site(sessions: Sessions, clock: FixedClock, languages: Languages) -> Iterator[Site]:
    made = make_site(sessions, clock, languages, is_demonstration=False)
    with TestClient(made.app):
        yield made


@pytest.fixture
def demonstration(sessions: Sessions, clock: FixedClock, languages: Languages) -> Iterator[Site]:
    made = make_site(sessions, clock, languages, is_demonstration=True)
    with TestClient(made.app):
        yield made


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}

"""A plan with transfers behind the API, and a caller with a token for each role."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.apps import app_over
from tests.factories.people import CHEAP, make_account, make_organisation
from tests.factories.plans import make_plan_in_force, small_edition
from tests.forms.desk import propose
from tests.scenes import kept
from unbroken.functions.commands import load_edition
from unbroken.functions.rules import Edition, assemble
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import Languages, load_languages
from unbroken.kit.settings import Settings
from unbroken.people.commands.tokens import NewToken, make_token
from unbroken.people.rules import SYSTEM, Grant, OrganisationKind, Role, Signing
from unbroken.web.dependencies import House

API = "/api/v1"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEAM = Role.COUNTRY_TEAM
CALLERS: Mapping[str, tuple[str, Grant]] = {
    "planner": ("minust", Grant(Role.PLANNER, country_iso3="MLI")),
    "foreign planner": ("minujusth", Grant(Role.PLANNER, country_iso3="HTI")),
    "signer": ("unicef-mali", Grant(TEAM, Signing.SIGNS, country_iso3="MLI")),
    "field": ("unicef-mali", Grant(TEAM, Signing.RECOMMENDS, country_iso3="MLI")),
    "other team": ("unhcr-mali", Grant(TEAM, Signing.SIGNS, country_iso3="MLI")),
    "co-chair": ("task-force", Grant(Role.CO_CHAIR, country_iso3="MLI")),
    "donor": ("funder", Grant(Role.DONOR)),
    "observer": ("office", Grant(Role.OBSERVER)),
    "steward": ("office", Grant(Role.STEWARD)),
}
BODIES = {
    "MINUST": OrganisationKind.MISSION,
    "MINUJUSTH": OrganisationKind.MISSION,
    "UNICEF Mali": OrganisationKind.AGENCY,
    "UNHCR Mali": OrganisationKind.AGENCY,
    "Task force": OrganisationKind.TASK_FORCE,
    "Funder": OrganisationKind.DONOR,
    "Office": OrganisationKind.SECRETARIAT,
}


@dataclass(frozen=True, slots=True)
class World:
    """The API over the plan ``minust``; ``known`` are the UUIDs of what the planner has made."""

    client: TestClient
    house: House
    tokens: Mapping[str, str]
    known: dict[str, str] = field(default_factory=dict)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        by: str = "planner",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request with the token of a caller; ``nobody`` has none."""
        sent = dict(headers or {})
        if by != "nobody":
            sent["Authorization"] = f"Bearer {self.tokens[by]}"
        return self.client.request(method, API + path, json=body, headers=sent)

    def get(self, path: str, *, by: str = "planner") -> Response:
        """Read."""
        return self.call("GET", path, by=by)

    def items(self, path: str, *, by: str = "planner") -> list[dict[str, object]]:
        """Return the items of a list; fails where it is refused."""
        answer = self.get(path, by=by)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, object]] = answer.json()["items"]
        return found

    def post(
        self, path: str, body: object = None, *, by: str = "planner", **headers: str
    ) -> Response:
        """Write; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", path, body, by=by, headers=sent)

    def sign(self, uid: str, *, by: str, **body: object) -> Response:
        """Sign an act on a capacity in its present version."""
        etag = self.get(f"/capacities/{uid}").headers["etag"]
        return self.post(f"/capacities/{uid}/receipts", body, by=by, if_match=etag)

    def capacity(self, transfer: str, dimension: str = "posts") -> str:
        """Return the UUID of a capacity of a transfer that the world knows by name."""
        detail = self.get(f"/transfers/{self.known[transfer]}").json()
        return str(next(c["uid"] for c in detail["capacities"] if c["dimension"] == dimension))


@dataclass(frozen=True, slots=True)
class Filled:
    """The secrets of the callers and the UUIDs of what was made in a filled database."""

    tokens: Mapping[str, str]
    known: Mapping[str, str]


@pytest.fixture
def world(sessions: Sessions, languages: Languages) -> Iterator[World]:
    """Yield the API over a filled database; the test runs once on each kind."""
    made = _world(sessions, languages, fill(sessions))
    with made.client:
        yield made


@kept
def fill(sessions: Sessions) -> Filled:
    """Store a plan in force, callers and three transfers, two of them offered; scan once."""
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=NOW)
    make_plan_in_force(sessions, FixedClock(NOW))
    languages = load_languages()
    world = _world(sessions, languages, Filled(_tokens(_house(sessions, languages)), {}))
    with world.client:
        _fill(world)
    return Filled(world.tokens, world.known)


def _world(sessions: Sessions, languages: Languages, filled: Filled) -> World:
    house = _house(sessions, languages)
    return World(TestClient(app_over(house)), house, filled.tokens, dict(filled.known))


def _house(sessions: Sessions, languages: Languages) -> House:
    clock = FixedClock(NOW)
    return House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False, secret_signing="made up for these tests, 1234567"),
        languages=languages,
        machine_clock=clock,
        passwords=CHEAP,
        resolve=lambda _host, _port: ["8.8.8.8"],
    )


def _tokens(house: House) -> dict[str, str]:
    with house.sessions.begin() as session:
        rows = {
            row.slug: row
            for row in (
                make_organisation(session, name=name, kind=kind) for name, kind in BODIES.items()
            )
        }
        accounts = {
            caller: make_account(
                session,
                grants=(grant,),
                organisation=rows[slug],
                handle=caller.replace(" ", "-"),
            )
            for caller, (slug, grant) in CALLERS.items()
        }
    order = NewToken("tests", timedelta(days=1))
    return {
        caller: make_token(
            house.sessions, order, actor=known.actor, clock=house.machine_clock
        ).secret
        for caller, known in accounts.items()
    }


def _fill(world: World) -> None:
    for code, area, receiver in (
        ("MRM-VER", "gao", "unicef-mali"),
        ("REFER", "gao", "unicef-mali"),
        ("REFER", "kidal", "unhcr-mali"),
    ):
        world.known[f"{code} {area}"] = _transfer(world, code, f"minust-{area}", receiver)
    for name in ("MRM-VER gao", "REFER gao"):
        assert world.sign(world.capacity(name), by="planner", act="offer").status_code == 201
    world.known["capacity"] = world.capacity("REFER gao")
    world.known["item"] = str(world.items(f"/items?transfer={world.known['REFER gao']}")[0]["uid"])
    _fill_items(world)
    world.known["proposal"] = str(propose(world.house.sessions, UUID(world.known["capacity"])))
    world.known["agreement"] = world.post("/plans/minust/agreements", AGREEMENT).json()["uid"]
    world.known["post"] = world.post("/plans/minust/posts", POSTS).json()["items"][0]["uid"]
    area = world.get("/plans/minust/areas/minust-kidal").json()
    world.known["claim"] = area["claims"][0]["uid"]
    needed = world.post("/plans/minust/requirements", {"lines": [NEED]}).json()
    world.known["requirement"] = needed["items"][0]["uid"]
    given = world.post("/plans/minust/contributions", {"lines": [MONEY]}).json()
    world.known["contribution"] = given["items"][0]["uid"]
    assert world.call("PUT", "/plans/minust/baseline", BASELINE).status_code == 200
    assert world.post("/plans/minust/revisions", {}).status_code == 201
    assert world.post("/scans").status_code == 201
    world.known["gap"] = str(world.items("/gaps")[0]["uid"])
    said = world.post(f"/gaps/{world.known['gap']}/comments", {"text": "Ask in May."})
    world.known["gap comment"] = said.json()["uid"]
    _fill_donor(world)
    world.known["channel"] = world.post("/channels", CHANNEL).json()["uid"]
    world.known["feed"] = world.post("/feeds", {"kind": "calendar"}).json()["feed"]
    issued = world.post("/plans/minust/certificates", {"audience": "public"})
    world.known["certificate"] = issued.json()["code"]


def _fill_donor(world: World) -> None:
    """Register what a donor would pay for, and let it watch."""
    wish = {"plan": "minust", "function": "REFER", "amount": "250000.00", "currency": "USD"}
    made = world.post("/money/interests", wish, by="donor")
    assert made.status_code == 201, made.text
    world.known["interest"] = made.json()["uid"]
    watch = world.post("/money/watches", {"countries": ["MLI"]}, by="donor")
    assert watch.status_code == 201, watch.text
    world.known["watch"] = watch.json()["uid"]
    world.known["message"] = str(world.items("/outbox", by="steward")[0]["uid"])


def _fill_items(world: World) -> None:
    """Ask that a line be set aside, say something about another, and load a newer edition."""
    lines = world.items(f"/items?transfer={world.known['REFER gao']}")
    world.known["waiting"] = str(lines[1]["uid"])
    path = f"/items/{world.known['waiting']}"
    etag = world.get(path).headers["etag"]
    asked = world.post(f"{path}/set-aside", {"reason": "Nobody asks."}, if_match=etag)
    assert asked.json()["waits"], asked.text
    said = world.post(f"/items/{world.known['item']}/comments", {"text": "Ask in May."})
    world.known["comment"] = said.json()["uid"]
    clock = FixedClock(NOW)
    load_edition(world.house.sessions, edition=next_edition(), actor=SYSTEM, clock=clock)


def next_edition() -> Edition:
    """Return a newer edition in which one line of referral is worded anew."""
    old = small_edition("small.2")
    refer = old.functions["REFER"]
    lines = (replace(refer.items[0], text="Do it otherwise."), *refer.items[1:])
    functions = {**old.functions, "REFER": replace(refer, items=lines)}
    return assemble("small.2", functions.values())


def _transfer(world: World, code: str, area: str, receiver: str) -> str:
    functions = world.items("/plans/minust/functions")
    there = next(f for f in functions if (f["function_code"], f["area"]) == (code, area))
    body = {
        "plan": "minust",
        "function_area_uid": there["uid"],
        "receiver": receiver,
        "giver": "minust",
        "quantities": {"posts": 4},
    }
    answer = world.post("/transfers", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["uid"])


AGREEMENT = {
    "kind": "handover-protocol",
    "title": "Handover protocol, 2014",
    "names_mission": True,
    "known_on": "2026-02-01",
    "source": "Report of the Secretary-General (January 2026)",
    "signatories": {"government": 1},
}
CHANNEL = {
    "kind": "webhook",
    "name": "Dashboard",
    "address": "https://hooks.example.org/unbroken",
    "plan": "minust",
}
BASELINE = {
    "lines": [
        {"function": "MRM-VER", "area": "minust-gao", "posts": 4},
        {"function": "REFER", "area": "minust-kidal"},
    ]
}
POSTS = {
    "posts": [
        {
            "side": "giver",
            "organisation": "minust",
            "reference": "CPA-Gao",
            "functions": ["MRM-VER"],
            "numbers": {"authorised": 4, "filled": 3},
            "known_on": "2026-02-01",
            "area": "minust-gao",
            "source": "Report of the Secretary-General (January 2026)",
        }
    ]
}
SAID = {
    "starts_on": "2026-03-01",
    "ends_on": "2026-08-31",
    "known_on": "2026-02-01",
    "source": "Report of the Secretary-General (January 2026)",
}
NEED = {"function": "REFER", "amount": "184000.50", "area": "minust-gao", **SAID}
MONEY = {
    "function": "REFER",
    "donor": "funder",
    "receiver": "unicef-mali",
    "figures": [
        {"stage": "pledged", "amount": "92000", "due_on": "2026-06-30"},
        {"stage": "paid", "amount": "2000"},
    ],
    **SAID,
}

"""A country team answers an offer in a browser, on a phone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from tests.browser.conftest import NOW, Look, looking, serving
from tests.factories.people import CHEAP, make_account
from tests.factories.transfers import make_scene
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role, Signing
from unbroken.plans.models import Plan
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.models import Item
from unbroken.transfers.rules.words import Act
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

PHONE = Look("phone", "en", "light")


@dataclass(frozen=True, slots=True)
class Place:
    """A served demonstration with a function being passed; ``names`` fill the paths."""

    address: str
    names: dict[str, str]

    def enter(self, page: Page, handle: str) -> None:
        """Sign in as one of its accounts."""
        page.goto("/sign-in")
        own = page.locator(f'form:has(input[value="{handle}"])')
        own.locator("button").click()


@pytest.fixture(scope="module")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    file = tmp_path_factory.mktemp("transfers") / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions, clock = Sessions(f"sqlite:///{file}"), FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
    names = _fill(sessions, clock)
    house = House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        machine_clock=clock,
        passwords=CHEAP,
    )
    with serving(create_app(house)) as address:
        yield Place(address, names)
    sessions.close()


def _fill(sessions: Sessions, clock: FixedClock) -> dict[str, str]:
    scene = make_scene(sessions, clock)
    named = scene.named()
    posts, skills = named.capacities[Dimension.POSTS], named.capacities[Dimension.SKILLS]
    for uid in (posts, skills):
        scene.act(scene.planner, SignOrder(act=Act.OFFER, capacity_uid=uid))
    scene.act(
        scene.field, SignOrder(act=Act.RECOMMEND, capacity_uid=skills, reason="The team is there.")
    )
    with sessions.begin() as session:
        bodies = {each.uid: each for each in session.exec(select(Organisation))}
        team = Grant(Role.COUNTRY_TEAM, Signing.SIGNS)
        for handle, grant, body in (
            ("planner", Grant(Role.PLANNER), scene.mission),
            ("receiver", team, scene.agency),
            ("steward", Grant(Role.STEWARD), scene.other_agency),
        ):
            make_account(session, handle=handle, grants=(grant,), organisation=bodies[body])
        plan = session.exec(select(Plan.slug)).one()
        item = session.exec(select(Item.uid)).first()
    found = {"posts": posts, "skills": skills, "transfer": named.transfer_uid, "item": item}
    return {"plan": plan, **{name: str(uid) for name, uid in found.items()}}


def test_a_country_team_confirms_parts_on_a_phone(browser: Browser, place: Place) -> None:
    with looking(browser, place.address, PHONE) as seen:
        place.enter(seen.page, "receiver")
        seen.page.goto("/inbox")
        seen.page.get_by_role("link", name="Skills: Function MRM-VER").click()
        seen.page.get_by_text("Confirm a part").click()
        seen.page.get_by_label("Abduction").check()
        seen.page.get_by_role("button", name="Confirm this part").click()

        expect(seen.page.get_by_role("status")).to_contain_text("Signed.")
        expect(seen.page.get_by_role("heading", name="Taken in parts")).to_be_visible()

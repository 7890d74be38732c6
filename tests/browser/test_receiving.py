"""An offer goes back and forth on a phone of 320 pixels, in Arabic, without any JavaScript.

The planner offers; the receiver confirms in part and disputes another; the co-chair resolves the
dispute, so that it is offered again; the receiver confirms. Elements are found by addresses, names
of fields and values, never by Arabic words.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize
from sqlmodel import select

from tests.browser.conftest import MOST_BYTES, NOW, Seen, serving
from tests.factories.people import CHEAP, make_account
from tests.factories.transfers import Scene, make_scene
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role, Signing
from unbroken.transfers.rules.words import Act
from unbroken.transfers.rules.words import CapacityState as S
from unbroken.web.app import create_app
from unbroken.web.dependencies import LANGUAGE_COOKIE, House

NARROW = ViewportSize(width=320, height=640)
SHOTS = "UNBROKEN_SHOTS"


@dataclass(slots=True)
class Story:
    """One browser that signs in as one office after the other, and keeps a picture of each step."""

    seen: Seen
    scene: Scene
    folder: Path
    steps: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.seen.page

    def enter(self, handle: str) -> None:
        """Sign in as one of the offices of the demonstration."""
        self.page.goto("/sign-in")
        self.page.locator(f'form:has(input[value="{handle}"]) button').click()

    def form(self, uid: UUID, act: Act) -> Locator:
        """Open a capacity and unfold the form of one act."""
        self.page.goto(f"/capacities/{uid}")
        form = self.page.locator(f'form:has(input[name="act"][value="{act.value}"])')
        folded = self.page.locator("details:not([open])", has=form)
        if folded.count():
            folded.locator("summary").first.click()
        return form

    def sign(self, uid: UUID, act: Act, **typed: str) -> None:
        """Fill the form of an act by the names of its fields, and send it."""
        form = self.form(uid, act)
        for name, value in typed.items():
            form.locator(f'[name="{name}"]').fill(value)
        self.keep(f"{act.value}-form")
        form.locator('button[type="submit"]').click()
        self.page.locator('[role="status"]').wait_for()
        self.keep(f"{act.value}-signed")

    def keep(self, name: str) -> None:
        """Keep a picture of the page, and see that it is narrow and light."""
        self.steps.append(name)
        file = self.folder / f"{len(self.steps):02}-{name}.png"
        self.page.screenshot(path=file, full_page=True)
        assert self.seen.sideways() == 0, f"{name} is wider than the phone"
        if self.seen.documents:  # the bodies of pages that were left are gone
            assert len(self.seen.documents[-1].body()) < MOST_BYTES, f"{name} is heavy"
            self.seen.documents.clear()

    def state(self, uid: UUID) -> S:
        """Return the state of a capacity."""
        return self.scene.capacity(uid).state


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Return where pictures are kept: the folder that the environment names, else a passing one."""
    folder = Path(os.environ.get(SHOTS) or tmp_path / "shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def story(browser: Browser, sqlite_template: Path, tmp_path: Path, shots: Path) -> Iterator[Story]:
    file = tmp_path / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions, clock = Sessions(f"sqlite:///{file}"), FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
    scene = make_scene(sessions, clock)
    _offices(scene)
    house = House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        machine_clock=clock,
        passwords=CHEAP,
    )
    with serving(create_app(house)) as address:
        context = browser.new_context(
            base_url=address, viewport=NARROW, java_script_enabled=False, reduced_motion="reduce"
        )
        context.add_cookies([{"name": LANGUAGE_COOKIE, "value": "ar", "url": address}])
        seen = Seen(context.new_page())
        seen.watch()
        yield Story(seen, scene, shots)
        context.close()
    sessions.close()


def _offices(scene: Scene) -> None:
    team = Grant(Role.COUNTRY_TEAM, Signing.SIGNS)
    with scene.sessions.begin() as session:
        bodies = {each.uid: each for each in session.exec(select(Organisation))}
        for handle, grant, body in (
            ("planner", Grant(Role.PLANNER), scene.mission),
            ("receiver", team, scene.agency),
            ("co-chair", Grant(Role.CO_CHAIR), scene.other_agency),
        ):
            make_account(session, handle=handle, grants=(grant,), organisation=bodies[body])


def test_an_offer_goes_back_and_forth_and_is_confirmed(story: Story) -> None:
    named = story.scene.named("DIG-REP").capacities
    posts, skills = named[Dimension.POSTS], named[Dimension.SKILLS]
    planner_offers(story, posts, skills)
    rest = receiver_confirms_in_part(story, posts)
    receiver_disputes(story, skills)
    co_chair_resolves(story, skills)
    planner_offers(story, rest)
    receiver_confirms(story, skills, rest)

    assert story.page.locator("html").get_attribute("dir") == "rtl"
    assert [S.CONFIRMED] * 3 == [story.state(uid) for uid in (posts, skills, rest)]
    assert not story.seen.said


def planner_offers(story: Story, *uids: UUID) -> None:
    """Offer as the mission's planner."""
    story.enter("planner")
    for uid in uids:
        has_cost = len(uids) > 1 and uid == uids[0]
        typed = {"cost": "120000", "currency": "USD"} if has_cost else {}
        story.sign(uid, Act.OFFER, **typed)
        assert story.state(uid) is S.OFFERED


def receiver_confirms_in_part(story: Story, uid: UUID) -> UUID:
    """Confirm four of ten posts out of the inbox, and return what stays with the giver."""
    story.enter("receiver")
    story.page.goto("/inbox")
    story.keep("inbox")
    story.page.locator(f'a[href="/capacities/{uid}"]').first.click()
    story.sign(uid, Act.CONFIRM_PART, quantity="4")
    rest = story.page.locator('#receipts a[href^="/capacities/"]').first.get_attribute("href")
    assert rest is not None
    assert story.state(uid) is S.CONFIRMED
    return UUID(rest.rsplit("/", maxsplit=1)[1])


def receiver_disputes(story: Story, uid: UUID) -> None:
    """Dispute what was offered."""
    story.sign(uid, Act.DISPUTE, reason="The trainers named there have left.")
    assert story.state(uid) is S.DISPUTED


def co_chair_resolves(story: Story, uid: UUID) -> None:
    """Resolve the dispute as the co-chair: settled, it is offered again."""
    story.enter("co-chair")
    story.sign(uid, Act.RESOLVE, reason="Other trainers were named.")
    assert story.state(uid) is S.OFFERED


def receiver_confirms(story: Story, *uids: UUID) -> None:
    """Confirm what is on offer with one signature, after the summary."""
    story.enter("receiver")
    story.page.goto("/inbox")
    story.page.locator('a[href^="/inbox/summary?plan="]').first.click()
    story.keep("summary")
    story.page.locator('main a[href^="/inbox/package?plan="]').first.click()
    story.keep("package")
    assert {str(uid) for uid in uids} == {
        value.partition(".")[0]
        for each in story.page.locator('input[name="capacity"]').all()
        if (value := each.get_attribute("value"))
    }
    story.page.locator('form[action="/inbox/package"][method="post"] button').click()
    story.page.locator('[role="status"]').wait_for()
    story.keep("confirmed")

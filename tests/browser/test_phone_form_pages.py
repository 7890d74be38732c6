"""What phones propose, in a browser: widths, directions and schemes, and one decision."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from tests.browser.conftest import LOOKS, MOST_BYTES, NOW, Look, looking, serving
from tests.factories.people import CHEAP, make_account
from tests.factories.transfers import make_scene
from tests.forms.desk import Scripted, offer_all, submission, with_source
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role, Signing
from unbroken.sources.ports import Validation
from unbroken.transfers.commands.changing import StateQuantity, state_quantity
from unbroken.transfers.commands.deciding import Acceptance, accept_proposal
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

PHONE = Look("phone", "en", "light")
PAGES = (
    ("receiver", "/inbox"),
    ("receiver", "/proposals/{part}"),
    ("receiver", "/proposals/{stale}"),
    ("receiver", "/proposals/{waiting}"),
    ("receiver", "/proposals/{accepted}"),
    ("planner", "/plans/{plan}/phone-form"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A served demonstration to which phones have proposed; ``names`` fill the paths."""

    address: str
    names: dict[str, str]

    def enter(self, page: Page, handle: str) -> None:
        """Sign in as one of its accounts."""
        page.goto("/sign-in")
        page.locator(f'form:has(input[value="{handle}"])').locator("button").click()


@pytest.fixture(scope="module")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    file = tmp_path_factory.mktemp("forms") / "unbroken.sqlite3"
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
    desk = with_source(scene, Scripted())
    first, second = offer_all(scene), offer_all(scene, "REL-DDR")
    scene.offered("MRM-VER")
    skills = first[Dimension.SKILLS]
    told = "Two of the three are funded until June."
    part = desk.answers(
        skills, "confirm_part", parts=f"{skills}--use {skills}--abduction", reason=told
    )
    posts, data = first[Dimension.POSTS], second[Dimension.DATA]
    declined = desk.answers(posts, "decline", reason="Ask on +223 70 00 99 99 about it")
    kept = submission(desk.answers(data), "4")
    waiting = desk.answers(second[Dimension.POSTS])
    others = (
        submission(part, "1"),
        submission(declined, "2"),
        submission(waiting, "3", validation=Validation.WAITING),
    )
    desk.scripted.hold(*others, kept)
    desk.pull()
    rows = {row.submission: row for row in desk.proposals()}
    accepting = Acceptance(proposal_uid=rows["4"].uid)
    accept_proposal(sessions, accepting, actor=scene.receiver, clock=clock)
    later = desk.answers(data, "dispute", reason="The archive never came.")
    desk.scripted.hold(*others, submission(later, "4"))
    desk.pull()
    less = StateQuantity(capacity_uid=posts, quantity=7)
    state_quantity(sessions, less, actor=scene.planner, clock=clock)
    with sessions.begin() as session:
        for handle, uid, grant in (
            ("planner", scene.mission, Grant(Role.PLANNER)),
            ("receiver", scene.agency, Grant(Role.COUNTRY_TEAM, Signing.SIGNS)),
        ):
            body = session.exec(select(Organisation).where(Organisation.uid == uid)).one()
            make_account(session, handle=handle, grants=(grant,), organisation=body)
    uids = {row.submission: str(row.uid) for row in desk.proposals()}
    names = {"part": "1", "stale": "2", "waiting": "3", "accepted": "4"}
    return {"plan": desk.plan, **{name: uids[number] for name, number in names.items()}}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_accessible_fits_and_is_light(
    browser: Browser, place: Place, look: Look
) -> None:
    found: dict[str, object] = {}
    with looking(browser, place.address, look) as seen:
        for handle in ("planner", "receiver"):
            place.enter(seen.page, handle)
            for path in (path for who, path in PAGES if who == handle):
                seen.documents.clear()
                seen.page.goto(path.format(**place.names))
                is_light = seen.weight() < MOST_BYTES
                seen.page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
                found[path] = (seen.faults(), seen.sideways(), is_light)
        said = seen.said

    assert dict.fromkeys(found, ([], 0, True)) == found
    assert said == []


def test_a_proposal_is_accepted_from_the_inbox(browser: Browser, place: Place) -> None:
    with looking(browser, place.address, PHONE) as seen:
        place.enter(seen.page, "receiver")
        seen.page.goto("/inbox")
        seen.page.locator(f'a[href="/proposals/{place.names["part"]}"]').click()
        expect(seen.page.get_by_role("heading", name="What the phone says")).to_be_visible()
        seen.page.get_by_role("button", name="Accept and sign").click()

        expect(seen.page.get_by_text("Your receipt is below")).to_be_visible()

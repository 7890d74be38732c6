"""Checklists in a browser: accessible, light with thousands of items, and without a mouse."""

import gzip
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Response, expect
from sqlmodel import select

from tests.browser.conftest import LOOKS, MOST_BYTES, NOW, Look, Seen, looking, serving
from tests.factories.checklists import SLUG, plant_checklist
from tests.factories.people import CHEAP, make_account
from tests.factories.transfers import Scene, make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role, Signing
from unbroken.plans.models import Plan
from unbroken.transfers.commands.item_changes import ChangeItems, change_items
from unbroken.transfers.models import Item, Transfer
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.words import ItemState
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

MANY = 5000
DESKTOP = Look("desktop", "en", "light")
DONE: Changes = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: NOW.date()}
ASIDE: Changes = {ItemField.STATE: ItemState.NOT_APPLICABLE, ItemField.REASON: "Not here."}
OVERDUE = f"/plans/{SLUG}/checklist?view=overdue"


@dataclass(frozen=True, slots=True)
class Desk:
    """A served demonstration; ``names`` fill the paths of pages."""

    address: str
    scene: Scene | None = None
    names: dict[str, str] = field(default_factory=dict)

    def enter(self, page: Page, handle: str = "planner") -> None:
        """Sign in as one of its accounts."""
        page.goto("/sign-in")
        page.locator(f'form:has(input[value="{handle}"])').locator("button").click()

    def change(self, item_id: str, changes: Changes) -> None:
        """Change an item as the receiver does."""
        assert self.scene is not None
        with self.scene.sessions.reading() as session:
            uid = session.exec(select(Item.uid).where(Item.item_id == item_id)).one()
        order = ChangeItems(
            plan=self.scene.plan_uid, items=(ItemChange(item_uid=uid, changes=changes),)
        )
        change_items(self.scene.sessions, order, actor=self.scene.receiver, clock=self.scene.clock)


def _house(sessions: Sessions, clock: FixedClock) -> House:
    return House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        machine_clock=clock,
        passwords=CHEAP,
    )


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """Yield a plan with six items in every state there is, freshly made."""
    file = tmp_path / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions, clock = Sessions(f"sqlite:///{file}"), FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
    scene = make_scene(sessions, clock)
    for code in ("MRM-VER", "DIG-REP"):
        scene.named(code)
    with sessions.begin() as session:
        bodies = {each.uid: each for each in session.exec(select(Organisation))}
        team = Grant(Role.COUNTRY_TEAM, Signing.SIGNS)
        for handle, grant, body in (
            ("planner", Grant(Role.PLANNER), scene.mission),
            ("receiver", team, scene.agency),
        ):
            make_account(session, handle=handle, grants=(grant,), organisation=bodies[body])
        names = {"plan": session.exec(select(Plan.slug)).one()}
        items = {each.item_id: str(each.uid) for each in session.exec(select(Item))}
        names |= {"asked": items["MRM-VER-01"], "done": items["DIG-REP-01"]}
        names["transfer"] = str(session.exec(select(Transfer.uid)).first())
    with serving(create_app(_house(sessions, clock))) as address:
        made = Desk(address, scene, names)
        made.change("MRM-VER-01", ASIDE)
        made.change("DIG-REP-01", DONE)
        made.change("DIG-REP-02", ASIDE)
        yield made
    sessions.close()


@pytest.fixture(scope="module")
def crowd(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yield a plan with five thousand items in the words of the catalogue."""
    file = tmp_path_factory.mktemp("crowd") / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions, clock = Sessions(f"sqlite:///{file}"), FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
    planted = plant_checklist(sessions, clock, items=MANY)
    assert planted >= MANY
    with sessions.begin() as session:
        body = session.exec(select(Organisation).where(Organisation.id == 1)).one()
        planner = (Grant(Role.PLANNER),)
        make_account(session, handle="planner", grants=planner, organisation=body)
    with serving(create_app(_house(sessions, clock))) as address:
        yield Desk(address)
    sessions.close()


PAGES = (
    ("planner", "/plans/{plan}/checklist"),
    ("planner", "/plans/{plan}/checklist?view=open&group=capacity&sort=state"),
    ("planner", "/plans/{plan}/checklist?view=history"),
    ("planner", "/items/{asked}"),
    ("planner", "/items/{done}"),
    ("planner", "/transfers/{transfer}"),
    ("planner", "/transfers/{transfer}/items/new"),
    ("planner", "/plans/{plan}/record"),
    ("receiver", "/items/{asked}"),
    ("receiver", "/checklist/mine"),
)


def _looked_at(seen: Seen) -> tuple[list[str], int, bool]:
    is_light = len(seen.documents[-1].body()) < MOST_BYTES
    seen.page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
    return seen.faults(), seen.sideways(), is_light


# Here for items in every state; each page by itself is looked at in test_every_page.py.
@pytest.mark.parametrize("look", LOOKS[1:2], ids=str)
def test_the_pages_are_accessible_light_and_quiet(browser: Browser, desk: Desk, look: Look) -> None:
    found: dict[tuple[str, str], object] = {}
    with looking(browser, desk.address, look) as seen:
        for handle in ("planner", "receiver"):
            desk.enter(seen.page, handle)
            for path in (path for who, path in PAGES if who == handle):
                seen.documents.clear()
                seen.page.goto(path.format(**desk.names))
                found[handle, path] = _looked_at(seen)
        said = seen.said

    assert dict.fromkeys(found, ([], 0, True)) == found
    assert said == []


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_previews_and_choices_are_accessible_too(browser: Browser, desk: Desk, look: Look) -> None:
    found: dict[str, object] = {}
    with looking(browser, desk.address, look) as seen:
        page = seen.page
        desk.enter(page)
        for act in ("done", "assign", "unassign", "open", "aside"):
            page.goto(f"/plans/{desk.names['plan']}/checklist?ticked=page")
            page.locator(f'.bulk button[value="{act}"]').click()
            found[act] = _looked_at(seen)
        page.goto(f"/plans/{desk.names['plan']}/checklist?ticked=page")
        desk.change("DIG-REP-03", {**DONE, ItemField.DONE_ON: NOW.date().replace(day=1)})
        page.locator('.bulk button[value="done"]').click()
        expect(page.locator(".stale")).to_be_visible()
        found["stale"] = _looked_at(seen)
        page.locator('form[action$="/change"] button').click()
        found["undo"] = _looked_at(seen)
        page.goto(f"/items/{desk.names['done']}")
        desk.change("DIG-REP-01", {ItemField.DONE_ON: NOW.date().replace(day=1)})
        page.locator('form[action$="/done"]').evaluate(
            "form => form.closest('details').open = true"
        )
        page.locator('form[action$="/done"] [type=submit]').click()
        found["choose"] = _looked_at(seen)

    assert dict.fromkeys(found, ([], 0, True)) == found


@pytest.mark.parametrize("width", [320, 640])
def test_the_pages_fit_a_narrow_window_and_one_magnified_twice(
    browser: Browser, desk: Desk, width: int
) -> None:
    with looking(browser, desk.address, DESKTOP) as seen:
        desk.enter(seen.page)
        seen.page.set_viewport_size({"width": width, "height": 480})
        found = {}
        for path in (path for who, path in PAGES if who == "planner"):
            seen.page.goto(path.format(**desk.names))
            found[path] = seen.sideways()

    assert dict.fromkeys(found, 0) == found


def test_items_are_ticked_changed_and_undone_without_a_mouse(browser: Browser, desk: Desk) -> None:
    with looking(browser, desk.address, DESKTOP) as seen:
        page = seen.page
        desk.enter(page)
        page.goto(f"/plans/{desk.names['plan']}/checklist?view=open&function=DIG-REP")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="To the content")).to_be_focused()
        page.keyboard.press("Enter")
        _tab_to(page, "input[name=item]")
        page.keyboard.press("Space")
        _tab_to(page, '.bulk button[value="done"]')
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="One item would change")).to_be_visible()
        _tab_to(page, 'form[action$="/change"] button')
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Recorded")
        _tab_to(page, ".last button")
        page.keyboard.press("Enter")

        expect(page.get_by_role("status")).to_contain_text("Undone")


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is asked for has the focus, as somebody without a mouse does."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"
            return
    pytest.fail(f"{selector} cannot be reached by the keyboard")


def _bodies(page: Page, path: str) -> tuple[Response, list[bytes]]:
    """Open a page and return its document and all that was loaded with it."""
    page.wait_for_load_state("networkidle")
    loaded: list[Response] = []
    page.on("response", lambda each: loaded.append(each))  # noqa: PLW0108 - it wants a function
    document = page.goto(path, wait_until="networkidle")
    assert document is not None
    return document, [each.body() for each in loaded]


@pytest.mark.parametrize("language", ["en", "ar-XB"])
def test_the_first_page_of_five_thousand_items_is_light(
    browser: Browser, crowd: Desk, language: str
) -> None:
    with looking(browser, crowd.address, Look("phone", language, "light")) as seen:
        crowd.enter(seen.page)
        document, bodies = _bodies(seen.page, f"/plans/{SLUG}/checklist")
        packed = sum(len(gzip.compress(each)) for each in bodies)

        expect(seen.page.locator(".check tbody tr")).to_have_count(50)
        weight = len(document.body())

    assert weight < MOST_BYTES
    assert packed < MOST_BYTES


def _asked(page: Page) -> list[Request]:
    """Return the requests for documents, which grow while the page is used."""
    asked: list[Request] = []
    page.on("request", lambda each: asked.append(each) if each.is_navigation_request() else None)
    return asked


def test_a_filter_is_one_request(browser: Browser, crowd: Desk) -> None:
    with looking(browser, crowd.address, DESKTOP) as seen:
        crowd.enter(seen.page)
        seen.page.goto(f"/plans/{SLUG}/checklist")
        asked = _asked(seen.page)
        seen.page.get_by_text("Filter, sort and group").click()
        seen.page.get_by_label("Tier").select_option("1")
        seen.page.get_by_label("Group by").select_option("function")
        seen.page.get_by_role("button", name="Show").click()
        expect(seen.page.locator("tr.group").first).to_be_visible()

        assert ["GET"] == [each.method for each in asked]


def test_five_hundred_items_are_changed_in_one_request(browser: Browser, crowd: Desk) -> None:
    with looking(browser, crowd.address, DESKTOP) as seen:
        page = seen.page
        crowd.enter(page)
        page.goto(f"{OVERDUE}&sort=function")
        count = int(page.locator(".views [aria-current] b").inner_text().replace(",", ""))
        assert 400 < count <= 500
        page.get_by_label("not only the ticked ones").check()
        asked = _asked(page)
        page.locator('.bulk button[value="done"]').click()
        page.get_by_role("button", name=f"Change all {count}").click()
        expect(page.get_by_role("status")).to_contain_text("Recorded")

        assert [("POST", "edit"), ("POST", "change"), ("GET", "checklist")] == [
            (each.method, each.url.split("?")[0].rsplit("/", maxsplit=1)[1]) for each in asked
        ]
        expect(page.locator(".last")).to_contain_text(f"{count} items")

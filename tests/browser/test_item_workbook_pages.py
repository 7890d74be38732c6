"""A plan's checklists as a workbook in a real browser: each page accessible, light and quiet."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from tests.browser.conftest import LOOKS, MOST_BYTES, NOW, Look, Seen, looking, serving
from tests.factories.capacities import TODAY
from tests.factories.items import change, later, many_items
from tests.factories.people import CHEAP, make_account
from tests.factories.transfers import Scene, make_scene
from tests.workbooks.item_files import SHEET, edited, uids
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.people.models import Organisation
from unbroken.people.rules import Grant, Role
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import plan_row
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.words import ItemState
from unbroken.web.app import create_app
from unbroken.web.dependencies import House
from unbroken.workbooks.item_export import export_items
from unbroken.workbooks.readers import Reading

DESKTOP = Look("desktop", "en", "light")
ITEMS = 240
THEIRS: Changes = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: TODAY}


@dataclass(frozen=True, slots=True)
class Place:
    """A served demonstration with a plan, and its workbook as it was before somebody else acted."""

    address: str
    base: str
    exported: bytes

    def many(self, at: Path, *, blocked: bool = False) -> Path:
        """Return a file in which much was changed: all that can stand on a preview."""
        rows = range(2, ITEMS)
        edits: dict[tuple[int, str], object] = {}
        for row in rows:
            edits |= {(row, "State"): "Done", (row, "Done on"): TODAY.replace(day=1)}
        edits |= {(5, "Evidence: title"): "Handover note", (5, "Evidence: date"): TODAY}
        edits |= {(7, "Due"): TODAY}
        edits |= {(row, "State"): "perhaps" for row in rows} if blocked else {}
        at.write_bytes(edited(self.exported, edits))
        return at

    def one(self, at: Path, *, comment: str) -> Path:
        """Return a file with a comment that nobody has made yet."""
        at.write_bytes(edited(self.exported, {(8, "New comment"): comment}))
        return at


@pytest.fixture(scope="module")
def place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    file = tmp_path_factory.mktemp("items") / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions, clock = Sessions(f"sqlite:///{file}"), FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
    scene = make_scene(sessions, clock)
    many_items(scene, scene.named().capacities[Dimension.POSTS], ITEMS)
    raw = _exported(scene)
    change(later(scene, 5), THEIRS, uids(raw)[1])
    with sessions.begin() as session:
        body = session.exec(select(Organisation).where(Organisation.uid == scene.mission)).one()
        make_account(session, handle="planner", grants=(Grant(Role.PLANNER),), organisation=body)
        slug = session.exec(select(Plan.slug)).one()
    house = House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        machine_clock=clock,
        passwords=CHEAP,
    )
    with serving(create_app(house)) as address:
        yield Place(address, f"/plans/{slug}/checklist", raw)
    sessions.close()


def _exported(scene: Scene) -> bytes:
    reader = load_languages().translator("en")
    reading = Reading(scene.planner, reader, TODAY, scene.clock.now())
    with scene.sessions.reading() as session:
        plan: Plan = plan_row(session, scene.plan_uid)
        return export_items(session, plan.uid, reading)


def sign_in(page: Page) -> None:
    """Sign in as the planner, as a demonstration lets one."""
    page.goto("/sign-in")
    page.locator('form:has(input[value="planner"]) button').click()


def send(page: Page, place: Place, file: Path) -> None:
    """Choose a file and have it shown."""
    page.goto(f"{place.base}/import")
    page.set_input_files("#f-file", file)
    page.locator("main button.primary").click()
    expect(page.locator(".stages [aria-current]")).to_have_count(1)


def look_at(seen: Seen) -> tuple[list[str], int, bool]:
    """Return what axe finds, how far the page goes sideways, and whether it is light."""
    light = len(seen.page.content().encode()) < MOST_BYTES
    return seen.faults(), seen.sideways(), light


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_each_page_is_accessible_light_and_quiet(
    browser: Browser, place: Place, look: Look, tmp_path: Path
) -> None:
    with looking(browser, place.address, look) as seen:
        sign_in(seen.page)
        seen.page.goto(f"{place.base}/import")
        found = [look_at(seen)]
        send(seen.page, place, place.many(tmp_path / "many.xlsx"))
        expect(seen.page.locator("#conflicts")).to_be_visible()
        found.append(look_at(seen))
        send(seen.page, place, place.one(tmp_path / "one.xlsx", comment=f"Seen: {look}."))
        seen.page.locator("main button.primary").click()
        expect(seen.page.locator(".stages li").nth(2)).to_have_attribute("aria-current", "step")
        found.append(look_at(seen))
        said = seen.said

    assert [([], 0, True)] * 3 == found
    assert [] == said


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_what_keeps_a_file_out_is_listed_accessibly(
    browser: Browser, place: Place, look: Look, tmp_path: Path
) -> None:
    with looking(browser, place.address, look) as seen:
        sign_in(seen.page)
        send(seen.page, place, place.many(tmp_path / "blocked.xlsx", blocked=True))
        expect(seen.page.locator("#refused")).to_be_visible()
        found = look_at(seen)

    assert ([], 0, True) == found


def test_nothing_goes_sideways_at_320_pixels(
    browser: Browser, place: Place, tmp_path: Path
) -> None:
    with looking(browser, place.address, DESKTOP) as seen:
        seen.page.set_viewport_size({"width": 320, "height": 700})
        sign_in(seen.page)
        send(seen.page, place, place.many(tmp_path / "many.xlsx"))

        assert 0 == seen.sideways()


def test_a_workbook_goes_out_and_comes_back_with_verdicts_by_keyboard(
    browser: Browser, place: Place, tmp_path: Path
) -> None:
    with looking(browser, place.address, DESKTOP) as seen:
        sign_in(seen.page)
        seen.page.goto(f"{place.base}/import")
        with seen.page.expect_download() as taken:
            seen.page.get_by_role("link", name="Workbook (XLSX)").press("Enter")
        taken.value.save_as(tmp_path / "out.xlsx")
        seen.page.set_input_files("#f-file", tmp_path / "out.xlsx")
        with seen.page.expect_download() as given:
            seen.page.get_by_role("button", name="with a verdict").press("Enter")
        book = openpyxl.load_workbook(io.BytesIO(given.value.path().read_bytes()))

    assert {"unchanged"} == {row[-1].value for row in book[SHEET].iter_rows(2, ITEMS)}

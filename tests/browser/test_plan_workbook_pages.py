"""A plan out of a workbook in a real browser: three steps, each accessible, light and quiet."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LOOKS, MOST_BYTES, NOW, Look, Seen, looking, serving
from tests.factories.people import CHEAP, make_account, make_organisation
from tests.factories.plans import make_plan_in_force
from tests.workbooks.plan_files import ugly, workbook
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.people.rules import Grant, Role
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

PATH = "/plans/minust/record/workbook"
DESKTOP = Look("desktop", "en", "light")
FILE = "#f-file"


@pytest.fixture(scope="module")
def address(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a demonstration with one plan in force and somebody who plans."""
    file = tmp_path_factory.mktemp("workbooks") / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions, clock = Sessions(f"sqlite:///{file}"), FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
        body = make_organisation(session, name="MINUST")
        make_account(session, handle="planner", grants=(Grant(Role.PLANNER),), organisation=body)
    make_plan_in_force(sessions, clock)
    house = House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        machine_clock=clock,
        passwords=CHEAP,
    )
    with serving(create_app(house)) as found:
        yield found
    sessions.close()


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    """Return the file of a planner, with everything that is usual in one."""
    at = tmp_path / "tracker.xlsx"
    at.write_bytes(ugly())
    return at


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a file with a cell that cannot be read."""
    at = tmp_path / "broken.xlsx"
    at.write_bytes(workbook({"Bases": [["Area", "Closing date"], ["Gao", "soon"]]}))
    return at


def sign_in(page: Page) -> None:
    """Sign in as the planner, as a demonstration lets one."""
    page.goto("/sign-in?to=/about")
    page.locator("li", has_text="planner").get_by_role("button").first.click()
    expect(page.locator(".handle")).to_have_text("planner")


def go_on(page: Page, step: int) -> None:
    """Send the form of a step and wait for the next one."""
    page.locator("main button.primary").click()
    expect(page.locator(".stages li").nth(step)).to_have_attribute("aria-current", "step")


def look_at(seen: Seen) -> tuple[list[str], int, bool]:
    """Return what axe finds, how far the page goes sideways, and whether it is light."""
    light = len(seen.page.content().encode()) < MOST_BYTES
    return seen.faults(), seen.sideways(), light


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_each_step_is_accessible_light_and_quiet(
    browser: Browser, address: str, look: Look, tracker: Path
) -> None:
    with looking(browser, address, look) as seen:
        sign_in(seen.page)
        seen.page.goto(PATH)
        found = [look_at(seen)]
        seen.page.set_input_files(FILE, tracker)
        for step in (1, 2):
            go_on(seen.page, step)
            found.append(look_at(seen))
        said = seen.said

    assert [([], 0, True)] * 3 == found
    assert [] == said


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_what_cannot_be_read_is_listed_accessibly(
    browser: Browser, address: str, look: Look, broken: Path
) -> None:
    with looking(browser, address, look) as seen:
        sign_in(seen.page)
        seen.page.goto(PATH)
        seen.page.set_input_files(FILE, broken)
        go_on(seen.page, 1)
        go_on(seen.page, 2)
        expect(seen.page.locator("main table")).to_contain_text("Bases!B2")
        found = look_at(seen)

    assert ([], 0, True) == found


def test_return_in_a_field_shows_what_would_change(
    browser: Browser, address: str, tracker: Path
) -> None:
    with looking(browser, address, DESKTOP) as seen:
        sign_in(seen.page)
        seen.page.goto(PATH)
        seen.page.set_input_files(FILE, tracker)
        go_on(seen.page, 1)

        seen.page.get_by_label("Source", exact=True).press("Enter")

        expect(seen.page.locator(".stages [aria-current]")).to_have_text("What would change")


def test_a_workbook_is_put_on_record_by_keyboard(
    browser: Browser, address: str, tracker: Path
) -> None:
    with looking(browser, address, DESKTOP) as seen:
        sign_in(seen.page)
        seen.page.goto("/plans/minust/record")
        seen.page.get_by_role("link", name="From a workbook").press("Enter")
        seen.page.set_input_files(FILE, tracker)
        seen.page.get_by_role("button", name="Read the headings").press("Enter")
        seen.page.get_by_role("button", name="Show what would change").press("Enter")
        seen.page.get_by_role("button", name="Put all of it on record").press("Enter")

        expect(seen.page.get_by_role("status")).to_contain_text("as the workbook says")
        expect(seen.page.locator("#minust-gao")).to_contain_text("September 2026")

"""The record of a plan in a browser: what was typed wrong is found and mended by keyboard."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NOW, Look, looking, serving
from tests.factories.people import CHEAP, make_account, make_organisation
from tests.factories.plans import a_claim, make_plan_in_force
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.people.rules import Grant, Role
from unbroken.plans.commands import add_claim
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

RECORD = "/plans/minust/record"
DESKTOP = Look("desktop", "en", "light")


@pytest.fixture(scope="module")
def address(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a demonstration with one plan in force and somebody who plans."""
    file = tmp_path_factory.mktemp("plans") / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions, clock = Sessions(f"sqlite:///{file}"), FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
        body = make_organisation(session, name="Mission body")
        make_account(session, handle="planner", grants=(Grant(Role.PLANNER),), organisation=body)
    scene = make_plan_in_force(sessions, clock)
    other = a_claim(closes="2026-11", precision=None, source="Another letter")
    add_claim(sessions, "minust", other, actor=scene.planner, clock=clock)
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


def sign_in(page: Page) -> None:
    """Sign in as the planner, as a demonstration lets one."""
    page.goto("/sign-in?to=/about")
    page.locator("li", has_text="planner").get_by_role("button").first.click()
    expect(page.locator(".handle")).to_have_text("planner")


def test_a_claim_is_recorded_and_the_fault_is_found_by_keyboard(
    browser: Browser, address: str
) -> None:
    with looking(browser, address, DESKTOP) as seen:
        sign_in(seen.page)
        seen.page.goto(f"{RECORD}/areas/minust-gao/claims/new")
        seen.page.get_by_label("Last day", exact=False).fill("2026-06-31")
        seen.page.get_by_label("Source").fill("Letter of 1 March 2026")
        seen.page.get_by_role("button", name="Put on record").click()
        expect(seen.page.get_by_role("alert")).to_contain_text("01 to 30")
        expect(seen.page.get_by_label("Source")).to_have_value("Letter of 1 March 2026")

        seen.page.get_by_label("Last day", exact=False).fill("2026-06")
        seen.page.get_by_role("button", name="Put on record").click()

        expect(seen.page.get_by_role("status")).to_contain_text("It is on record.")
        expect(seen.page.locator("#minust-gao")).to_contain_text("June 2026")

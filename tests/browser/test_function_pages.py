"""The catalogue and what is signed, read in Arabic in a real browser."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import NOW, Look, looking, serving
from tests.factories.people import CHEAP, make_account
from tests.factories.transfers import make_scene
from unbroken.functions.commands import load_bundled_translations, load_edition
from unbroken.functions.queries import edition_folder, read_edition
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.people.rules import SYSTEM, Grant, Role
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

EDITION = "2026.2"
FUNCTION = "/functions/MRM-VER"
TITLE = "رصد الانتهاكات الجسيمة والتحقق منها"
ARABIC = Look("phone", "ar", "light")


@dataclass(frozen=True, slots=True)
class Library:
    """A served demonstration with the catalogue that is shipped, in all its languages."""

    address: str
    capacity: str


@pytest.fixture(scope="module")
def library(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    file = tmp_path_factory.mktemp("catalogue") / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions, clock = Sessions(f"sqlite:///{file}"), FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
        make_account(session, handle="observer", grants=(Grant(Role.OBSERVER),))
    scene = make_scene(sessions, clock)
    offered = scene.offered(dimension=Dimension.SKILLS)
    shipped = read_edition(edition_folder(EDITION))
    load_edition(sessions, edition=shipped, actor=SYSTEM, clock=clock)
    load_bundled_translations(sessions, actor=SYSTEM, clock=clock)
    house = House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        machine_clock=clock,
        passwords=CHEAP,
    )
    with serving(create_app(house)) as address:
        yield Library(address, f"/capacities/{offered}")
    sessions.close()


def test_a_function_is_read_in_arabic_from_the_right(browser: Browser, library: Library) -> None:
    with looking(browser, library.address, ARABIC) as seen:
        seen.page.goto(f"{FUNCTION}?edition={EDITION}")
        title = seen.page.get_by_role("heading", level=1)

        expect(title).to_have_text(TITLE)
        expect(title).to_have_css("direction", "rtl")


def test_a_code_in_arabic_text_runs_from_the_left(browser: Browser, library: Library) -> None:
    with looking(browser, library.address, ARABIC) as seen:
        seen.page.goto(f"{FUNCTION}?edition={EDITION}")
        code = seen.page.locator("#checklist .code").first

        expect(code).to_have_css("direction", "ltr")
        expect(code).to_have_css("unicode-bidi", "isolate")

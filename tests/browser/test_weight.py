"""What every page weighs with all that comes with it, on a first visit with nothing kept.

Counted on the line, as bytes that reach Chromium: compressed bodies and heads, the worker and the
pages that it keeps included.
"""

import re
import shutil
from collections.abc import Container, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.bad_line import BadLine, bad_line
from tests.browser.conftest import MOST_BYTES, serving
from tests.factories.people import CHEAP
from unbroken.demo import play
from unbroken.functions.queries import read_edition
from unbroken.kit.bundled import bundled
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

DAY = date(2023, 7, 1)
VARIES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/plans/)[^/]+|(?<=/areas/)[^/]+|[0-9]+|[A-Z-]{3,}"
)
NO_PAGE = re.compile(r"^/(api|static|language|docs)|\.(csv|xlsx|ics|json)|/workbook(\?|$)")
HANDLES = ("", "planner", "country-team", "co-chair", "donor", "observer", "steward")
WITH_WORKER = ("planner", "country-team", "co-chair")
FEWEST_PAGES = 8
TABS = 6
SERVER_FAULT = 500


@pytest.fixture(scope="module")
def lines(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sequence[BadLine]]:
    """Yield lines to the whole demonstration as it stood when MINUSMA's mandate had ended."""
    file = tmp_path_factory.mktemp("weight") / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions = Sessions(f"sqlite:///{file}")
    edition = read_edition(bundled("checklists") / "2026.1")
    play(sessions, today=DAY, edition=edition, log=lambda _line: None)
    house = House(
        sessions=sessions,
        clock=FixedClock(datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)),
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        passwords=CHEAP,
    )
    with serving(create_app(house)) as address, ExitStack() as held:
        yield [held.enter_context(bad_line(address)) for _tab in range(TABS)]
    sessions.close()


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab with a line of its own, so that what comes to it is counted apart."""

    line: BadLine
    page: Page

    def clear(self) -> int:
        """Leave the page that is open, and return what the line has carried until now."""
        self.page.goto("about:blank")
        return self.line.came

    def go(self, path: str) -> None:
        """Open a page without waiting for what comes with it."""
        answer = self.page.goto(f"{self.line.address}{path}", wait_until="commit")
        assert answer is not None
        assert answer.status < SERVER_FAULT, path

    def came_after(self, before: int) -> int:
        """Return what has come since ``before``, once nothing has been asked for any more."""
        self.page.wait_for_load_state("networkidle")
        return self.line.came - before


def _tabs(lines: Sequence[BadLine], context: BrowserContext, handle: str) -> list[Tab]:
    """Return tabs of somebody who is signed in (cookies know no ports), which keep nothing."""
    tabs = [Tab(line, context.new_page()) for line in lines]
    first = tabs[0]
    first.go("/sign-in")
    if handle:
        first.page.locator(f'form:has(input[value="{handle}"]) button').click()
        first.page.wait_for_load_state("networkidle")
    for tab in tabs:
        session = context.new_cdp_session(tab.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return tabs


def _weighed(tabs: Sequence[Tab], paths: Sequence[str]) -> list[int]:
    """Return the weights of pages that are opened side by side: waiting is what takes the time."""
    pairs = list(zip(tabs, paths, strict=False))
    before = [tab.clear() for tab, _path in pairs]
    for tab, path in pairs:
        tab.go(path)
    return [tab.came_after(each) for (tab, _path), each in zip(pairs, before, strict=True)]


def _links(page: Page) -> list[str]:
    found = page.locator('a[href^="/"]').evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return [str(each).split("#")[0] for each in found if not NO_PAGE.search(str(each))]


def _next_kinds(ways: list[str], known: Container[str]) -> dict[str, str]:
    """Take from ``ways`` as many pages as there are tabs, by kind, each of a kind not ``known``."""
    taken: dict[str, str] = {}
    while ways and len(taken) < TABS:
        path = ways.pop(0)
        kind = VARIES.sub("*", path.split("?")[0])
        if kind not in known:
            taken.setdefault(kind, path)
    return taken


def _walked(lines: Sequence[BadLine], browser: Browser, handle: str) -> dict[str, int]:
    """Return the weight of one page of each kind that links lead to, without its worker."""
    context = browser.new_context(service_workers="block")
    tabs = _tabs(lines, context, handle)
    weights: dict[str, int] = {}
    ways = ["/", "/inbox", "/inbox/waiting", "/plans/minusma", "/plans/minusma/checklist"]
    while taken := _next_kinds(ways, weights):
        weights |= zip(taken, _weighed(tabs, list(taken.values())), strict=True)
        for tab, _kind in zip(tabs, taken, strict=False):
            ways += _links(tab.page)
    context.close()
    return weights


def _of_the_worker(line: BadLine, browser: Browser, handle: str) -> int:
    """Return what the worker of a first visit asks for by itself: its script, what it keeps."""
    weights = []
    for workers in ("allow", "block"):
        context = browser.new_context(base_url=line.address, service_workers=workers)
        page = context.new_page()
        page.goto("/sign-in?to=/inbox")
        button = page.locator(f'form:has(input[value="{handle}"]) button')
        before = line.came
        button.click()
        page.wait_for_load_state("networkidle")
        if workers == "allow":
            page.wait_for_function("Waiting.note('kept').then(Boolean)")
        weights.append(line.came - before)
        context.close()
    return weights[0] - weights[1]


@pytest.mark.parametrize("handle", HANDLES)
def test_every_page_is_light_with_everything_that_comes_with_it(
    browser: Browser, lines: Sequence[BadLine], handle: str
) -> None:
    weights = _walked(lines, browser, handle)
    worker = _of_the_worker(lines[0], browser, handle) if handle in WITH_WORKER else 0
    heaviest = sorted(((each + worker, path) for path, each in weights.items()), reverse=True)
    print(f"{handle or 'nobody'}: worker {worker}; {heaviest[:5]} of {len(heaviest)}")  # noqa: T201

    assert len(weights) >= FEWEST_PAGES
    assert [each for each in heaviest if each[0] > MOST_BYTES] == []

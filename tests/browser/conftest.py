"""A real browser on a real server of this machine: Debian's Chromium, without any network."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
import uvicorn
from axe_playwright_python.base import AXE_SCRIPT
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Playwright, Response, sync_playwright

from tests.factories.people import CHEAP, make_account, make_organisation
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.people.rules import Grant, Role
from unbroken.web.app import create_app
from unbroken.web.dependencies import LANGUAGE_COOKIE, House

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOST_BYTES = 60_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
# Only what comes back from here has its elements looked for in the browser and carried over.
VIOLATIONS = """rules => axe.run(document, {...rules, resultTypes: ['violations']}).then(
  found => found.violations.map(
    each => `${each.id}: ${each.nodes.slice(0, 4).map(node => node.target).join(' | ')}`))"""
Scheme = Literal["light", "dark"]
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


@dataclass(frozen=True, slots=True)
class Look:
    """How a reader looks at a page."""

    size: str
    language: str
    scheme: Scheme

    def __str__(self) -> str:
        return f"{self.size}-{self.language}-{self.scheme}"


# Every width, direction and scheme meets every other once.
LOOKS = [
    Look("phone", "en", "light"),
    Look("phone", "ar-XB", "dark"),
    Look("desktop", "en", "dark"),
    Look("desktop", "ar-XB", "light"),
]


@dataclass(slots=True)
class Seen:
    """What a page did while it was looked at."""

    page: Page
    said: list[str] = field(default_factory=list)
    documents: list[Response] = field(default_factory=list)

    def watch(self) -> None:
        """Collect errors, refusals of the content policy and the weight of documents."""
        self.page.on("console", lambda m: self.said.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("response", lambda answer: self.documents.extend(_document(answer)))

    def faults(self) -> list[str]:
        """Return what axe finds on the open page, one a line; empty when it is accessible."""
        return axe(self.page, RULES)

    def sideways(self) -> int:
        """Return by how many pixels the page is wider than the window; nought is right."""
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(width))

    def weight(self) -> int:
        """Return the bytes of the heaviest document that was opened."""
        return max(len(each.body()) for each in self.documents)


def _document(answer: Response) -> list[Response]:
    is_redirect = 300 <= answer.status < 400
    is_document = answer.request.resource_type == "document"
    return [answer] if is_document and not is_redirect else []


def axe(page: Page, rules: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what axe finds by ``rules``, one a line; axe goes into a page once."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(VIOLATIONS, rules))


def chromium() -> str:
    """Return where the browser is; without one the tests fail and say how to get it."""
    there = (shutil.which(name) for name in ("chromium-headless-shell", "chromium"))
    found = os.environ.get("CHROMIUM") or next(filter(None, there), None)
    if not found:
        pytest.fail(
            "No Chromium: run apt-get install chromium-headless-shell, or set CHROMIUM to its path."
        )
    return found


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve ``app`` on a free port of this machine in a thread, and yield its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # whoever comes before the server waits for it
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    started = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def demonstration_address(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Yield the address of a demonstration with an account for each role."""
    file = tmp_path_factory.mktemp("browser") / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions = Sessions(f"sqlite:///{file}")
    clock = FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
        for role in Role:
            body = make_organisation(session, name=f"Organisation of the {role.value}")
            make_account(
                session, handle=f"{role.value}-office", grants=(Grant(role),), organisation=body
            )
    house = House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        machine_clock=clock,
        passwords=CHEAP,
    )
    with serving(create_app(house)) as address:
        yield address
    sessions.close()


@contextmanager
def looking(browser: Browser, address: str, look: Look) -> Iterator[Seen]:
    """Yield a page of a fresh reader who has chosen a language."""
    width, height = SIZES[look.size]
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=look.scheme,
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": LANGUAGE_COOKIE, "value": look.language, "url": address}])
    seen = Seen(context.new_page())
    seen.watch()
    yield seen
    context.close()

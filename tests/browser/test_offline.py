"""Acts without a network: kept, sent once when it is back, or shown with both states."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.browser.bad_line import BadLine, bad_line
from tests.browser.conftest import ARGUMENTS, NOW, chromium, serving
from tests.factories.many_offers import (
    ManyOffers,
    make_many_offers,
    make_offices,
)
from tests.factories.people import CHEAP
from tests.factories.transfers import Scene, make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.kit.settings import Settings
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.rules.words import Act
from unbroken.web.app import create_app
from unbroken.web.dependencies import House

QUEUED, CHANGED = 20, 5
PATIENCE = 60_000
DUMP = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const each of await cache.keys()) {
      found.push(each.url, await (await cache.match(each)).text());
    }
  }
  const base = await new Promise((give) => {
    const asked = indexedDB.open("unbroken");
    asked.onsuccess = () => give(asked.result);
  });
  for (const store of base.objectStoreNames) {
    found.push(JSON.stringify(await new Promise((give) => {
      const asked = base.transaction(store).objectStore(store).getAll();
      asked.onsuccess = () => give(asked.result);
    })));
  }
  return found;
}"""
KEPT_ALL = """async () => {
  const kept = await Waiting.note("kept");
  return Boolean(kept && kept.next === "");
}"""


@dataclass(slots=True)
class Post:
    """A field office: its browser, the line, and what is offered to it."""

    driver: Playwright
    line: BadLine
    scene: Scene
    offers: ManyOffers
    profile: Path
    context: BrowserContext | None = None

    def open(self) -> Page:
        """Start the browser on this device, with what it kept of before."""
        self.context = self.driver.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=chromium(),
            args=ARGUMENTS,
            base_url=self.line.address,
            viewport={"width": 390, "height": 844},
        )
        return self.context.pages[0]

    def kill(self) -> None:
        """End the browser as a dead battery does."""
        profile = f"--user-data-dir={self.profile}".encode()
        for at in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if profile in at.read_bytes().split(b"\0"):
                    os.kill(int(at.parent.name), signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """Let go of the browser, dead or alive."""
        if self.context is not None:
            with suppress(Error):
                self.context.close()

    def enter(self, page: Page, handle: str = "receiver") -> None:
        """Sign in, open the inbox and wait until the device keeps all that it may."""
        page.goto("/sign-in?to=/inbox")
        page.locator(f'form:has(input[value="{handle}"]) button').click()
        page.wait_for_url("**/inbox")
        self.keep(page)

    def keep(self, page: Page) -> None:
        """Open the inbox until everything that fits is kept."""
        for _load in range(10):
            page.wait_for_timeout(700)
            if page.evaluate(KEPT_ALL):
                return
            page.goto("/inbox")
        pytest.fail("the device did not keep the inbox")


@pytest.fixture
def post(sessions: Sessions, driver: Playwright, tmp_path: Path) -> Iterator[Post]:
    with _post(sessions, driver, tmp_path / "profile") as made:
        yield made


@contextmanager
def _post(sessions: Sessions, driver: Playwright, profile: Path) -> Iterator[Post]:
    clock = FixedClock(NOW)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=True, at=NOW)
    scene = make_scene(sessions, clock)
    offers = make_many_offers(scene, areas=7)
    make_offices(scene)
    house = House(
        sessions=sessions,
        clock=clock,
        settings=Settings(secure_cookies=False),
        languages=load_languages(),
        machine_clock=clock,
        passwords=CHEAP,
    )
    with serving(create_app(house)) as address, bad_line(address) as line:
        made = Post(driver, line, scene, offers, profile)
        try:
            yield made
        finally:
            made.close()


def _confirm(page: Page, uid: UUID) -> None:
    """Confirm a capacity on its page, whether it comes from the network or from the device."""
    page.goto(f"/capacities/{uid}")
    page.get_by_role("button", name="Confirm all").click()
    page.wait_for_url("**/inbox/waiting")


def test_twenty_acts_wait_and_each_counts_once_or_is_shown_in_both_states(post: Post) -> None:
    post.enter(post.open())
    post.close()  # a browser writes its cookies only now and then
    page = post.open()
    page.goto("/inbox")
    uids, handled = post.offers.public[:QUEUED], post.offers.public[:CHANGED]
    post.line.down()
    for uid in uids:
        _confirm(page, uid)
    expect(page.locator('[data-list="waiting"] .act')).to_have_count(QUEUED)
    for uid in handled:
        withdraw = SignOrder(act=Act.WITHDRAW, capacity_uid=uid, reason="The plan changed.")
        post.scene.act(post.scene.planner, withdraw)
    post.kill()

    page = post.open()
    page.goto("/inbox/waiting")
    expect(page.locator('[data-list="waiting"] .act')).to_have_count(QUEUED)
    post.line.drops_at = {4, 9}
    for _network_is_back in range(3):
        post.line.up()
        page.get_by_role("button", name="Send now").click()
        page.wait_for_timeout(1500)
    expect(page.locator('[data-list="waiting"] .act')).to_have_count(0, timeout=PATIENCE)

    expect(page.locator('[data-list="applied"] .act')).to_have_count(QUEUED - CHANGED)
    changed = page.locator('[data-list="changed"] .act')
    expect(changed).to_have_count(CHANGED)
    for at in range(CHANGED):
        state = changed.nth(at).locator("tbody tr").first
        assert state.locator("td").all_inner_texts() == ["Offered", "Withdrawn"]
    signed = [[each.act for each in post.scene.receipts(uid)] for uid in uids]
    assert signed == [
        *([[Act.OFFER, Act.WITHDRAW]] * CHANGED),
        *([[Act.OFFER, Act.CONFIRM]] * (QUEUED - CHANGED)),
    ]
    assert post.line.acts > QUEUED

"""Acts without a network: kept, sent once when it is back, or shown with both states."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.browser.bad_line import BadLine, bad_line
from tests.browser.conftest import ARGUMENTS, LOOKS, NOW, SIZES, Seen, chromium, serving
from tests.factories.many_offers import (
    HIDDEN_AREA,
    RESTRICTED,
    SECRET_AREA,
    SECRET_REASON,
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
from unbroken.web.dependencies import LANGUAGE_COOKIE, House

QUEUED, CHANGED = 20, 5
ROUNDS = 40
TYPED = "The lorry waits at the well."
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

KEPT_NONE = """async () => !(await caches.has("pages"))"""


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
def post(sqlite_template: Path, driver: Playwright, tmp_path: Path) -> Iterator[Post]:
    file = tmp_path / "unbroken.sqlite3"
    shutil.copyfile(sqlite_template, file)
    sessions = Sessions(f"sqlite:///{file}")
    with _post(sessions, driver, tmp_path / "profile") as made:
        yield made
    sessions.close()


@pytest.fixture
def post_on_each(sessions: Sessions, driver: Playwright, tmp_path: Path) -> Iterator[Post]:
    """Yield the same on each kind of database."""
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


def test_twenty_acts_wait_and_each_counts_once_or_is_shown_in_both_states(
    post_on_each: Post,
) -> None:
    post = post_on_each
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
    for _network_is_back in range(ROUNDS):
        if page.locator('[data-list="waiting"] .act').count() == 0:
            break
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
    # each of the two answers that were dropped was asked for once more, and nothing else was
    assert post.line.acts == QUEUED + 2


def test_nothing_restricted_is_ever_stored_on_the_device(post: Post) -> None:
    page = post.open()
    post.enter(page)
    for uid in (post.offers.restricted, post.offers.unpublished, post.offers.public[0]):
        page.goto(f"/capacities/{uid}")
    page.goto(f"/capacities/{post.offers.restricted}")
    expect(page.get_by_text(SECRET_REASON).first).to_be_visible()
    post.line.down()
    page.get_by_text("Decline", exact=True).first.click()
    reason = page.locator('form:has(input[value="decline"]) textarea')
    reason.fill(TYPED)
    page.get_by_role("button", name="Decline").click()

    expect(page.locator(".needs-network:visible")).to_have_count(1)
    expect(reason).to_have_value(TYPED)
    stored = "".join(page.evaluate(DUMP))
    assert f"/capacities/{post.offers.public[0]}" in stored
    for secret in (RESTRICTED, SECRET_AREA, SECRET_REASON, HIDDEN_AREA, TYPED):
        assert secret not in stored
    page.goto(f"/capacities/{post.offers.restricted}")
    expect(page.get_by_role("heading", name="The network does not answer")).to_be_visible()


def test_kept_pages_go_with_the_account_and_waiting_acts_stay_its_own(post: Post) -> None:
    page = post.open()
    post.enter(page)
    post.line.down()
    uid = post.offers.public[0]
    _confirm(page, uid)
    assert post.context is not None
    post.context.clear_cookies()  # the sign-in has run out
    post.line.up()
    page.goto("/sign-in?to=/inbox")
    page.wait_for_function(KEPT_NONE)
    page.locator('form:has(input[value="colleague"]) button').click()
    post.keep(page)
    page.goto("/inbox/waiting")

    expect(page.locator('[data-list="none"]')).to_be_visible()
    assert [Act.OFFER] == [each.act for each in post.scene.receipts(uid)]
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.wait_for_function(KEPT_NONE)
    post.enter(page)
    page.goto("/inbox/waiting")
    expect(page.locator('[data-list="applied"] .act')).to_have_count(1, timeout=PATIENCE)
    assert [each.act for each in post.scene.receipts(uid)] == [Act.OFFER, Act.CONFIRM]


def test_an_answer_cut_off_half_way_counts_once(post: Post) -> None:
    page = post.open()
    post.enter(page)
    uid = post.offers.public[0]
    page.goto(f"/capacities/{uid}")
    post.line.drops_at = {1}
    page.get_by_role("button", name="Confirm all").click()
    page.wait_for_url("**/inbox/waiting")
    expect(page.locator('[data-list="waiting"] .act')).to_have_count(1)
    post.line.up()
    page.get_by_role("button", name="Send now").click()

    expect(page.locator('[data-list="applied"] .act')).to_have_count(1, timeout=PATIENCE)
    expect(page.get_by_text("This had been sent before; it counted once.")).to_be_visible()
    assert [each.act for each in post.scene.receipts(uid)] == [Act.OFFER, Act.CONFIRM]


def test_two_windows_send_each_act_once(post: Post) -> None:
    page = post.open()
    post.enter(page)
    post.line.down()
    uids = post.offers.public[:4]
    for uid in uids:
        _confirm(page, uid)
    assert post.context is not None
    other = post.context.new_page()
    other.goto("/inbox/waiting")
    before = post.line.acts
    post.line.up()
    for each in (page, other, page, other):
        each.evaluate("navigator.serviceWorker.controller.postMessage('send')")

    for each in (page, other):
        expect(each.locator('[data-list="applied"] .act')).to_have_count(4, timeout=PATIENCE)
    assert post.line.acts - before == len(uids)
    assert [2] * 4 == [len(post.scene.receipts(uid)) for uid in uids]


def test_without_room_on_the_device_a_form_goes_the_ordinary_way(post: Post) -> None:
    page = post.open()
    post.enter(page)
    assert post.context is not None
    page.goto(f"/capacities/{post.offers.public[0]}")
    limit = {"origin": post.line.address, "quotaSize": 1}
    post.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", limit)
    page.get_by_role("button", name="Confirm all").click()

    expect(page.get_by_role("status").filter(has_text="Signed.")).to_be_visible()
    assert 2 == len(post.scene.receipts(post.offers.public[0]))


def test_an_act_can_be_taken_back_while_it_waits_and_refused_ones_say_why(post: Post) -> None:
    page = post.open()
    post.enter(page)
    post.line.down()
    for uid in post.offers.public[:2]:
        page.goto(f"/capacities/{uid}")
        page.get_by_text("Decline", exact=True).first.click()
        page.locator('form:has(input[value="decline"]) textarea').fill(
            "Ask Mr Diallo: +223 76 12 34 56"
        )
        page.get_by_role("button", name="Decline").click()
        page.wait_for_url("**/inbox/waiting")
    page.get_by_role("button", name="Do not send this").first.click()
    expect(page.locator('[data-list="waiting"] .act')).to_have_count(1)
    post.line.up()
    page.get_by_role("button", name="Send now").click()
    refused = page.locator('[data-list="refused"] .act')
    expect(refused).to_have_count(1, timeout=PATIENCE)

    expect(refused.locator(".faults li")).not_to_have_count(0)
    expect(refused.locator(".typed")).to_contain_text("Ask Mr Diallo")
    expect(page.locator("#waits")).to_contain_text("Not signed, look again: 1")
    refused.get_by_role("button", name="Remove from this list").click()
    expect(page.locator('[data-list="none"]')).to_be_visible()
    assert [1, 1] == [len(post.scene.receipts(uid)) for uid in post.offers.public[:2]]


def test_the_page_of_what_waits_is_accessible_in_every_look(post: Post) -> None:
    found: dict[str, object] = {}
    page = post.open()
    post.enter(page)
    assert post.context is not None
    post.line.down()
    for uid in post.offers.public[:3]:
        _confirm(page, uid)
    withdraw = SignOrder(act=Act.WITHDRAW, capacity_uid=post.offers.public[0], reason="It changed.")
    post.scene.act(post.scene.planner, withdraw)
    seen = Seen(page)
    seen.watch()
    found["off line"] = (seen.faults(), seen.sideways())
    post.line.up()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator('[data-list="applied"] .act')).to_have_count(2, timeout=PATIENCE)
    for look in LOOKS:
        width, height = SIZES[look.size]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=look.scheme)
        cookie = {"name": LANGUAGE_COOKIE, "value": look.language, "url": post.line.address}
        post.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto("/inbox/waiting")
        expect(page.locator('[data-list="changed"] .act')).to_have_count(1)
        found[str(look)] = (seen.faults(), seen.sideways())

    assert dict.fromkeys(found, ([], 0)) == found

"""Every page, in every language, light and dark: for eyes, ears, fingers and small windows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import MOST_BYTES, RULES, Seen, axe
from tests.browser.every_page import NO_PAGE, PAGES, ROLES, Whole, pages_of, whole_site
from unbroken.kit.languages import LANGUAGES
from unbroken.web.app import PAGE_ROUTERS
from unbroken.web.dependencies import LANGUAGE_COOKIE

DESKTOP, HALF, SMALL = (1280, 900), (640, 450), (320, 700)
# Only colours differ between the themes, and only these rules look at them.
FIELDS = "input:not([type=hidden], [type=radio], [type=checkbox])"
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
BEST = {"runOnly": [*RULES["runOnly"], "best-practice"]}
OPEN_ALL = "for (const e of document.querySelectorAll('details')) e.open = true"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MOVING = """[...document.querySelectorAll('*')].filter(e => {
  const style = getComputedStyle(e);
  return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
}).map(e => e.outerHTML.slice(0, 80))"""
# Cut off inside their box, where the window itself does not scroll.
CUT = """[...document.querySelectorAll('h1, h2, h3, p, li, dt, dd, label, .button, .badge')].filter(
  e => getComputedStyle(e).overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1
    && !e.classList.contains('hidden')
).map(e => e.outerHTML.slice(0, 80))"""
# Everything that the Tab key must reach; of a group of radio buttons one.
REACHABLE = """() => {
  const all = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')];
  const seen = new Set();
  return all.filter(e => e.checkVisibility() && !e.disabled).filter(e => {
    if (e.type !== 'radio') return true;
    const key = e.form + e.name;
    return !seen.has(key) && seen.add(key);
  }).length;
}"""
FOCUSED = """() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  window.reached = window.reached || new Set();
  const isNew = !window.reached.has(e);
  const isPart = window.last === e;
  window.last = e;
  window.reached.add(e);
  return {
    isNew,
    isPart,
    tag: e.tagName + '.' + e.className,
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    shown: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.fixture(scope="module")
def whole(
    browser: Browser, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("whole")
    with whole_site(browser, sqlite_template, folder) as site:
        yield site


def test_no_page_is_forgotten() -> None:
    routes = {
        route.path
        for router in PAGE_ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }

    assert routes - NO_PAGE.keys() == PAGES.keys(), "give each page a line in every_page.py"
    assert {who for lines in PAGES.values() for who, _path in lines} == set(ROLES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_and_fits_in_both_themes(
    browser: Browser, whole: Whole, language: str
) -> None:
    found: dict[str, object] = {}
    for role in ROLES:
        with reading(browser, whole, role, language) as seen:
            for status, path in pages_of(role):
                told = _faults_of(seen, path.format(**whole.names), status=status)
                if told:
                    found[f"{role} {path}"] = told

    assert found == {}


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("", "/style-guide"),
        ("country-team", "/inbox"),
        ("country-team", "/capacities/{offered}"),
        ("planner", "/plans/{plan}"),
        ("planner", "/plans/{plan}/checklist"),
        ("planner", "/plans"),
        ("donor", "/money"),
    ],
)
def test_all_of_a_page_is_reached_by_keyboard_with_a_visible_ring(
    browser: Browser, whole: Whole, role: str, path: str
) -> None:
    with reading(browser, whole, role, "en") as seen:
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        seen.page.goto(path.format(**whole.names))
        wanted = int(seen.page.evaluate(REACHABLE))
        reached = _tab_through(seen.page, at_most=wanted + 20)

    assert wanted > 8
    assert wanted == len(reached)
    assert [each for each in reached if not each["ring"] or not each["shown"]] == []


def test_nothing_is_told_by_colour_alone_where_colours_are_forced(
    browser: Browser, whole: Whole
) -> None:
    edge = "all => all.filter(e => parseFloat(getComputedStyle(e).borderTopWidth) < 1).length"
    with reading(browser, whole, "", "en") as seen:
        seen.page.emulate_media(forced_colors="active")
        seen.page.goto("/style-guide")
        bare = {
            kind: seen.page.locator(kind).evaluate_all(edge)
            for kind in (".badge", ".notice", ".button", FIELDS, ".heat td")
        }
        shapes = seen.page.locator(".badge .shape")
        painted = "all => new Set(all.map(e => getComputedStyle(e).color)).size"

        assert set(bare.values()) == {0}, bare
        assert shapes.count() > 20
        assert shapes.evaluate_all(painted) == 1


def test_more_contrast_is_given_where_it_is_asked_for(browser: Browser, whole: Whole) -> None:
    faults = {}
    with reading(browser, whole, "country-team", "en") as seen:
        for theme in ("light", "dark"):
            seen.page.emulate_media(color_scheme=theme, contrast="more")
            seen.page.goto("/capacities/{offered}".format(**whole.names))
            faults[theme] = axe(seen.page, {"runOnly": ["color-contrast-enhanced"]})

    assert faults == {"light": [], "dark": []}


def test_the_first_steps_are_hidden_and_found_again(browser: Browser, whole: Whole) -> None:
    with reading(browser, whole, "country-team", "en") as seen:
        page = seen.page
        page.goto("/plans")
        panel = page.get_by_role("region", name="First steps")
        expect(panel.get_by_role("listitem")).to_have_count(4)
        panel.get_by_role("button", name="Hide this").click()
        expect(page.locator('.notice[role="status"]')).to_contain_text("hidden")
        expect(panel).to_have_count(0)
        page.goto("/account")
        page.get_by_role("link", name="First steps").click()
        expect(page.get_by_role("link", name="Open an offer")).to_be_visible()
        page.get_by_role("button", name="Show them on the first page again").click()

        expect(panel).to_be_visible()


class reading:  # noqa: N801 - used as a block
    """A page of somebody who is signed in already, as ``role``, in one language."""

    def __init__(self, browser: Browser, whole: Whole, role: str, language: str) -> None:
        """Prepare a browser context with the cookies of the role."""
        self._context = browser.new_context(
            base_url=whole.address, storage_state=whole.cookies[role], reduced_motion="reduce"
        )
        self._context.add_cookies(
            [{"name": LANGUAGE_COOKIE, "value": language, "url": whole.address}]
        )

    def __enter__(self) -> Seen:
        """Return the page, watched."""
        seen = Seen(self._context.new_page())
        seen.watch()
        return seen

    def __exit__(self, *_unused: object) -> None:
        """Close it."""
        self._context.close()


def _faults_of(seen: Seen, path: str, *, status: int) -> list[str]:
    """Return all that is wrong with one page; empty when it is sound."""
    page, told = seen.page, []
    _look(page, DESKTOP, "light")
    seen.said.clear()
    answer = page.goto(path)
    assert answer is not None
    if answer.status != status:
        return [f"answered {answer.status}"]
    if len(answer.body()) >= MOST_BYTES:
        told.append(f"weighs {len(answer.body())} bytes")
    page.evaluate(OPEN_ALL)
    told += [f"light {fault}" for fault in axe(page, BEST)]
    told += [f"moves {each}" for each in page.evaluate(MOVING)]
    for size in (HALF, SMALL):
        _look(page, size, "dark")
        too_wide = int(page.evaluate(SIDEWAYS))
        told += [f"{size[0]} px: {too_wide} px too wide"] if too_wide else []
        told += [f"{size[0]} px cut off: {each}" for each in page.evaluate(CUT)]
    told += [f"dark {fault}" for fault in axe(page, COLOURS)]
    return told + [said for said in seen.said if status == 200 or "status of" not in said]


def _look(page: Page, size: tuple[int, int], theme: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")


def _tab_through(page: Page, *, at_most: int) -> list[dict[str, object]]:
    """Return what the Tab key reaches until it comes round; each once, a date with its parts."""
    reached = []
    for _press in range(at_most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["isNew"] and not str(focused["tag"]).startswith("BODY"):
            reached.append(focused)
        elif not focused["isPart"]:
            break
    return reached

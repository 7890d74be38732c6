"""Pages of the catalogue in the reader's language: drafts, what stays English, and editions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from tests.factories.plans import small_edition, small_function
from tests.factories.translations import ARABIC, REVIEWED, translate
from tests.web.conftest import Site, Visitor
from unbroken.functions.commands import load_edition
from unbroken.functions.rules import Dependency, Edition, assemble
from unbroken.kit.clock import FixedClock
from unbroken.kit.languages import load_languages
from unbroken.people.rules import SYSTEM, Role
from unbroken.web.dependencies import LANGUAGE_COOKIE

FRENCH = load_languages().translator("fr")
DRAFT = FRENCH.gettext("Draft translation, not yet reviewed")
MARK = f'<small class="quiet">{FRENCH.gettext("English")}</small>'
WHY = "Nobody verifies where nobody is referred."
LAYERED = "small.1+acme"


def tied_edition(name: str = "small.1") -> Edition:
    """Return an edition in which verification needs referral."""
    tie = Dependency("REFER", "agreement-signed", "confirm:posts", WHY, "Paris Principles (2007)")
    verification = replace(
        small_function("MRM-VER"), depends_on=(tie,), failure_seen="It was lost once."
    )
    return assemble(name, [verification, small_function("REFER", tier=2)])


@pytest.fixture
def edition(site: Site, clock: FixedClock) -> Edition:
    made = tied_edition()
    load_edition(site.house.sessions, edition=made, actor=SYSTEM, clock=clock)
    return made


def reader(site: Site, language: str = "fr") -> Visitor:
    """Return an observer's browser in one language."""
    visitor = site.as_(Role.OBSERVER)
    visitor.client.cookies.set(LANGUAGE_COOKIE, language)
    return visitor


@contextmanager
def counted(site: Site, table: str) -> Iterator[list[str]]:
    """Yield the statements inside that read a table."""
    found: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        found.extend([statement] if f"FROM {table}" in statement else [])

    with site.house.sessions.reading() as session:
        engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_every_text_of_a_function_is_shown_in_the_readers_language(
    site: Site, clock: FixedClock, edition: Edition
) -> None:
    translate(site.house.sessions, clock, edition)
    page = reader(site).get("/functions/MRM-VER").text
    texts = (
        *("Function MRM-VER", "Children are heard.", "what moves", "UNICEF", "post", "Do it."),
        *("A dated note.", "It was lost once.", "Function REFER"),
    )

    assert [text for text in texts if f"Fr: {text}" not in page] == []


def test_the_list_of_functions_is_shown_in_the_readers_language(
    site: Site, clock: FixedClock, edition: Edition
) -> None:
    translate(site.house.sessions, clock, edition)
    page = reader(site).get("/functions").text

    assert "Fr: Function REFER" in page
    assert "Fr: Children are heard." in page


@pytest.mark.parametrize("path", ["/functions", "/functions/MRM-VER"])
def test_a_draft_is_said_to_be_one_once_a_page(
    site: Site, clock: FixedClock, edition: Edition, path: str
) -> None:
    translate(site.house.sessions, clock, edition)

    assert reader(site).get(path).text.count(DRAFT) == 1


def test_a_reviewed_translation_is_not_said_to_be_a_draft(
    site: Site, clock: FixedClock, edition: Edition
) -> None:
    translate(site.house.sessions, clock, edition, status=REVIEWED)

    assert DRAFT not in reader(site).get("/functions/MRM-VER").text


@pytest.mark.parametrize("path", ["/functions", "/functions/MRM-VER"])
def test_without_a_translation_english_is_shown_and_said_to_be_english(
    site: Site, edition: Edition, path: str
) -> None:
    page = reader(site).get(path).text

    assert edition.name in page
    assert f'<span lang="en" dir="ltr">Function MRM-VER</span> {MARK}' in page
    assert DRAFT not in page


def test_what_is_not_translated_yet_stands_in_english_beside_what_is(
    site: Site, clock: FixedClock, edition: Edition
) -> None:
    translate(site.house.sessions, clock, edition, only=frozenset({"MRM-VER"}))
    page = reader(site).get("/functions").text

    assert "Fr: Function MRM-VER" in page
    assert f'<span lang="en" dir="ltr">Function REFER</span> {MARK}' in page


def test_english_readers_see_no_mark_and_no_note(
    site: Site, clock: FixedClock, edition: Edition
) -> None:
    translate(site.house.sessions, clock, edition)
    page = reader(site, "en").get("/functions/MRM-VER").text

    assert 'lang="en" dir="ltr">Function' not in page
    assert MARK not in page
    assert DRAFT not in page


def test_sources_stay_as_they_are_cited(site: Site, clock: FixedClock, edition: Edition) -> None:
    translate(site.house.sessions, clock, edition)
    page = reader(site).get("/functions/MRM-VER").text

    assert '<span lang="en" dir="ltr">Resolution 2764 (2024)</span>' in page
    assert f"Resolution 2764 (2024)</span> {MARK}" not in page


def test_a_page_in_arabic_runs_from_the_right_with_codes_held(
    site: Site, clock: FixedClock, edition: Edition
) -> None:
    translate(site.house.sessions, clock, edition, language=ARABIC)
    page = reader(site, "ar").get("/functions/MRM-VER").text

    assert '<html lang="ar" dir="rtl">' in page
    assert "<h1>نص عربي: Function MRM-VER</h1>" in page
    assert '<bdi dir="ltr" class="code">MRM-VER-01</bdi>' in page


def test_a_function_tells_what_it_needs_and_why(site: Site, edition: Edition) -> None:
    page = reader(site, "en").get("/functions/MRM-VER").text
    needs = page.split('id="needs"')[1].split("</section>")[0]

    assert edition.functions["REFER"].title in needs
    assert "There: Agreement signed. Needed here for: Posts confirmed." in needs
    assert WHY in needs
    assert "Paris Principles (2007)" in needs
    assert 'id="needed-by"' not in page


def test_a_function_tells_what_needs_it(site: Site, edition: Edition) -> None:
    page = reader(site, "en").get("/functions/REFER").text
    needed = page.split('id="needed-by"')[1].split("</section>")[0]

    assert edition.functions["MRM-VER"].title in needed
    assert "Here: Agreement signed. Needed there for: Posts confirmed." in needed
    assert WHY in needed
    assert 'id="needs"' not in page


@pytest.mark.parametrize("path", ["/functions", "/functions/MRM-VER"])
def test_a_page_reads_its_translations_in_one_statement(
    site: Site, clock: FixedClock, edition: Edition, path: str
) -> None:
    translate(site.house.sessions, clock, edition)
    visitor = reader(site)
    with counted(site, "text_translation") as statements:
        assert visitor.get(path).status_code == 200

    assert len(statements) == 1


def test_a_layered_edition_is_opened_by_its_link(
    site: Site, clock: FixedClock, edition: Edition
) -> None:
    layered = tied_edition(LAYERED)
    load_edition(site.house.sessions, edition=layered, actor=SYSTEM, clock=clock)
    load_edition(site.house.sessions, edition=small_edition("z.9"), actor=SYSTEM, clock=clock)
    visitor = reader(site, "en")
    link = "/functions?edition=small.1%2Bacme"

    assert edition.name != layered.name
    assert f'href="{link}"' in visitor.get("/functions").text
    assert 'href="/functions/MRM-VER?edition=small.1%2Bacme"' in visitor.get(link).text


@pytest.mark.parametrize("typed", ["small.1%2Bacme", "small.1+acme"])
def test_a_layered_edition_is_found_however_its_plus_arrives(
    site: Site, clock: FixedClock, typed: str
) -> None:
    load_edition(site.house.sessions, edition=tied_edition(LAYERED), actor=SYSTEM, clock=clock)
    page = reader(site, "en").get(f"/functions/MRM-VER?edition={typed}")

    assert page.status_code == 200
    assert f'class="code">{LAYERED}</bdi>' in page.text


def test_a_function_keeps_to_the_edition_it_is_read_in(
    site: Site, clock: FixedClock, edition: Edition
) -> None:
    load_edition(site.house.sessions, edition=small_edition("z.9"), actor=SYSTEM, clock=clock)
    page = reader(site, "en").get(f"/functions/MRM-VER?edition={edition.name}").text

    assert 'href="/functions/REFER?edition=small.1"' in page

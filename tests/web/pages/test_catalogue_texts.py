"""Titles, parts and items on the pages of a plan: in one's own language, but signed in English."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from tests.factories.plans import make_plan, make_plan_in_force
from tests.factories.plans import small_edition as edition_of_plan
from tests.factories.transfers import small_edition
from tests.factories.translations import translate
from tests.web.conftest import Site, Visitor
from tests.web.pages.passing import Stage, act_form, make_stage
from tests.web.pages.test_functions import DRAFT, FRENCH, MARK, counted
from tests.web.pages.test_portfolio import TERMS
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import Role
from unbroken.scans.run import scan_by_hand
from unbroken.transfers.commands.adding import AddItem, add_item
from unbroken.transfers.rules.words import Act
from unbroken.web.dependencies import LANGUAGE_COOKIE

TITLE = "Function MRM-VER"
PART = '<span lang="en" dir="ltr">Abduction</span>'
UNSIGNED = f"({FRENCH.gettext('draft translation, not signed')})"
BESIDE = f"<bdi>Fr: Abduction</bdi> <small>{UNSIGNED}</small>"
HALF_A_YEAR = timedelta(days=182)
BINDING = FRENCH.gettext(
    "English is what is signed. The translation beside it helps to read and is not signed."
)


@pytest.fixture
def stage(site: Site) -> Stage:
    return make_stage(site)


def in_french(visitor: Visitor) -> Visitor:
    """Return the same browser, whose reader chose French."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "fr")
    return visitor


def translated(stage: Stage) -> None:
    """Remember a draft of every text in French."""
    translate(stage.scene.sessions, stage.scene.clock, small_edition())


def paths(stage: Stage) -> Mapping[str, str]:
    """Return a page of each kind that names a function being passed."""
    uid = stage.scene.offered(dimension=Dimension.SKILLS)
    transfer = stage.receiver().get(f"/capacities/{uid}").text
    own = transfer.split('href="/transfers/')[1].split('"')[0]
    return {
        "board": f"/plans/{stage.slug}/transfers",
        "transfer": f"/transfers/{own}",
        "capacity": f"/capacities/{uid}",
        "inbox": "/inbox",
        "package": f"/inbox/package?capacity={uid}",
    }


def test_a_function_is_named_in_the_readers_language_wherever_it_is_passed(stage: Stage) -> None:
    where = paths(stage)
    translated(stage)
    visitor = in_french(stage.receiver())

    assert {(kind, True) for kind in where} == {
        (kind, f"Fr: {TITLE}" in visitor.get(path).text) for kind, path in where.items()
    }


def test_a_draft_is_said_to_be_one_where_nothing_is_signed(stage: Stage) -> None:
    where = paths(stage)
    translated(stage)
    visitor = in_french(stage.receiver())

    assert {"board": 1, "transfer": 1, "inbox": 1} == {
        kind: visitor.get(where[kind]).text.count(DRAFT) for kind in ("board", "transfer", "inbox")
    }


def test_without_a_translation_a_function_is_named_in_english(stage: Stage) -> None:
    where = paths(stage)
    visitor = in_french(stage.receiver())

    assert {(kind, True) for kind in where} == {
        (kind, f'<span lang="en" dir="ltr">{TITLE}</span> {MARK}' in visitor.get(path).text)
        for kind, path in where.items()
    }


def test_each_page_reads_its_translations_in_one_statement(stage: Stage) -> None:
    where = paths(stage)
    visitor = in_french(stage.receiver())
    found = {}
    for kind, path in where.items():
        with counted(stage.site, "text_translation") as statements:
            visitor.get(path)
        found[kind] = len(statements)

    assert dict.fromkeys(where, 1) == found


@pytest.mark.parametrize("kind", ["capacity", "package"])
def test_what_is_signed_stands_in_english_with_the_draft_beside_it(stage: Stage, kind: str) -> None:
    where = paths(stage)
    translated(stage)
    page = in_french(stage.receiver()).get(where[kind]).text

    assert PART in page
    assert "Fr: Abduction" in page
    assert UNSIGNED in page
    assert BINDING in page


def test_each_part_that_can_be_taken_stands_in_english_with_the_draft_beside_it(
    stage: Stage,
) -> None:
    where = paths(stage)
    translated(stage)
    page = in_french(stage.receiver()).get(where["capacity"]).text

    assert f'checkbox" name="parts" value="abduction"> <span>{PART}<br>' in page
    assert BESIDE in page


def test_the_items_that_a_signature_covers_stand_in_english(stage: Stage) -> None:
    where = paths(stage)
    translated(stage)
    page = in_french(stage.receiver()).get(where["capacity"]).text

    assert '<span lang="en" dir="ltr">Do thing 2 of MRM-VER.</span></a><br>' in page
    assert "<bdi>Fr: Do thing 2 of MRM-VER.</bdi>" in page


def test_the_unit_that_is_signed_stands_in_english(stage: Stage) -> None:
    uid = stage.scene.offered()
    translated(stage)
    page = in_french(stage.receiver()).get(f"/capacities/{uid}").text

    assert '× <span lang="en" dir="ltr">post</span><br>' in page
    assert "<bdi>Fr: post</bdi>" in page


def test_a_receipt_tells_its_parts_as_they_were_signed(stage: Stage) -> None:
    uid = stage.scene.offered(dimension=Dimension.SKILLS)
    translated(stage)
    visitor = in_french(stage.receiver())
    act_form(visitor, uid, Act.CONFIRM_PART).send(parts=["abduction"])
    page = visitor.get(f"/capacities/{uid}").text.split('id="receipts"')[1]

    assert PART in page
    assert "Fr: Abduction" not in page


def test_english_readers_see_what_is_signed_without_any_mark(stage: Stage) -> None:
    where = paths(stage)
    translated(stage)
    page = stage.receiver().get(where["capacity"]).text

    assert "<li>Abduction</li>" in page
    assert BINDING not in page


def test_a_transfer_shows_parts_and_items_in_the_readers_language(stage: Stage) -> None:
    where = paths(stage)
    translated(stage)
    page = in_french(stage.receiver()).get(where["transfer"]).text

    assert "Fr: Abduction, Fr: Maiming, Fr: Use" in page
    assert ">Fr: Do thing 1 of MRM-VER.</a>" in page


def test_an_item_that_a_planner_added_stays_in_its_authors_words(stage: Stage) -> None:
    uid = stage.scene.named().capacities[Dimension.POSTS]
    order = AddItem(
        capacity_uid=uid,
        text="Ecrire la note.",
        wanted_evidence="Une note.",
        due_on=date(2026, 5, 4),
    )
    add_item(stage.scene.sessions, order, actor=stage.scene.planner, clock=stage.scene.clock)
    translated(stage)
    page = in_french(stage.receiver()).get(f"/capacities/{uid}").text

    assert '<span dir="auto">Ecrire la note.</span>' in page


def test_the_form_that_names_a_receiver_speaks_the_readers_language(stage: Stage) -> None:
    translated(stage)
    path = f"/plans/{stage.slug}/transfers/new?function=MRM-VER"
    page = in_french(stage.planner()).get(path).text

    assert f'<option value="MRM-VER" selected>MRM-VER Fr: {TITLE}</option>' in page
    assert f"<h2>Fr: {TITLE}</h2>" in page
    assert "Fr: Abduction, Fr: Maiming, Fr: Use" in page
    assert FRENCH.gettext("Counted in: %(unit)s") % {"unit": "Fr: post"} in page


def test_an_option_without_translation_says_its_language(stage: Stage) -> None:
    page = in_french(stage.planner()).get(f"/plans/{stage.slug}/transfers/new").text

    assert f'<option value="MRM-VER" lang="en">MRM-VER {TITLE}</option>' in page


@pytest.mark.parametrize(
    "path",
    ["/plans/minust", "/plans/minust/revisions/1", "/plans/minust/record/baseline/minust-gao"],
)
def test_the_pages_of_a_plan_name_functions_in_the_readers_language(
    site: Site, clock: FixedClock, path: str
) -> None:
    scene = make_plan_in_force(site.house.sessions, clock)
    translate(scene.sessions, clock, edition_of_plan())
    visitor = in_french(site.as_(Role.PLANNER))
    with counted(site, "text_translation") as statements:
        page = visitor.get(path).text

    assert f"Fr: {TITLE}" in page
    assert page.count(DRAFT) == 1
    assert len(statements) == 1


@pytest.mark.parametrize("path", ["/gaps", "/plans/minust", "/plans/minust/elements"])
def test_the_reason_of_a_gap_names_its_function_in_the_readers_language(
    site: Site, clock: FixedClock, path: str
) -> None:
    scene = make_plan_in_force(site.house.sessions, clock)
    scan_by_hand(scene.sessions, clock=FixedClock(clock.at + HALF_A_YEAR), terms=TERMS)
    translate(scene.sessions, clock, edition_of_plan())
    visitor = in_french(site.as_(Role.PLANNER))
    with counted(site, "text_translation") as statements:
        page = visitor.get(path).text

    assert f"<bdi>Fr: {TITLE}</bdi>" in page
    assert len(statements) == 1


def test_the_reason_of_a_gap_marks_a_title_that_stays_english(
    site: Site, clock: FixedClock
) -> None:
    scene = make_plan_in_force(site.house.sessions, clock)
    scan_by_hand(scene.sessions, clock=FixedClock(clock.at + HALF_A_YEAR), terms=TERMS)
    page = in_french(site.as_(Role.PLANNER)).get("/gaps").text

    assert f'<bdi><span lang="en" dir="ltr">{TITLE}</span></bdi>' in page


def test_the_functions_to_save_first_are_named_in_the_readers_language(
    site: Site, clock: FixedClock
) -> None:
    scene = make_plan(site.house.sessions, FixedClock(clock.at - timedelta(days=31)))
    scan_by_hand(scene.sessions, clock=clock, terms=TERMS)
    translate(scene.sessions, clock, edition_of_plan())
    page = in_french(site.as_(Role.OBSERVER)).get("/plans/minust").text

    assert f"<li>Fr: {TITLE} <span" in page


def test_a_country_team_sees_on_the_board_only_what_concerns_it(stage: Stage) -> None:
    stage.scene.offered()
    path = f"/plans/{stage.slug}/transfers"
    other = stage.enter(Role.COUNTRY_TEAM, stage.scene.other_agency)

    assert "<h2>Function MRM-VER" in stage.receiver().get(path).text
    assert "<h2>Function MRM-VER" not in other.get(path).text

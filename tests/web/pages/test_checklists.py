"""The checklist of a plan on pages: views, filters, and changing many items in one act."""

import pytest
from sqlmodel import select

from tests.factories.capacities import TODAY
from tests.factories.plans import make_plan_in_force
from tests.web.conftest import Site
from tests.web.pages.passing import Stage, make_stage
from tests.web.pages.working import changed, checklist, item_uid
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import row_id
from unbroken.people.rules import Role
from unbroken.plans.models import Revision, TimetableStep
from unbroken.transfers.models import Item
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.words import ItemState
from unbroken.web.static import FOLDER

DONE: Changes = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: TODAY}


@pytest.fixture
def stage(site: Site) -> Stage:
    """Return a site with six items: three of MRM-VER (tier 1), three of DIG-REP (tier 3)."""
    made = make_stage(site)
    made.scene.named("MRM-VER")
    made.scene.named("DIG-REP")
    return made


def test_a_checklist_shows_its_items_with_links_and_a_figure(stage: Stage) -> None:
    changed(stage, "MRM-VER-01", DONE)
    html = checklist(stage.planner(), stage).text

    assert "<h1>Checklist</h1>" in html
    assert f'href="/items/{item_uid(stage, "DIG-REP-01")}">Do thing 1 of DIG-REP.</a>' in html
    assert "<bdi>1</bdi> of <bdi>6</bdi> done, <bdi>0</bdi> not applicable" in html


def test_not_applicable_stands_beside_what_is_done(stage: Stage) -> None:
    aside: Changes = {ItemField.STATE: ItemState.NOT_APPLICABLE, ItemField.REASON: "Not here."}
    changed(stage, "DIG-REP-01", aside)
    changed(stage, "MRM-VER-01", aside)
    html = checklist(stage.planner(), stage).text

    assert "<bdi>0</bdi> of <bdi>5</bdi> done, <bdi>1</bdi> not applicable" in html
    assert "(<bdi>1</bdi> more asked for, not countersigned)" in html


def test_each_view_is_a_link_with_its_number(stage: Stage) -> None:
    changed(stage, "MRM-VER-01", DONE)
    html = checklist(stage.planner(), stage, "view=done").text

    assert '?view=open">To do <b><bdi>5</bdi></b></a>' in html
    assert '?view=done" aria-current="page">Done <b><bdi>1</bdi></b></a>' in html
    assert "Do thing 2" not in html


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("function=MRM-VER", "Function MRM-VER"),
        ("area=nowhere", "nowhere"),
        ("view=nonsense&tier=9&sort=up&group=x&page=-3&capacity=none", "Checklist"),
    ],
)
def test_a_checklist_is_narrowed_by_its_address(stage: Stage, query: str, heading: str) -> None:
    assert f"<h1>{heading}</h1>" in checklist(stage.planner(), stage, query).text


def test_groups_have_a_heading_with_their_own_figure(stage: Stage) -> None:
    changed(stage, "MRM-VER-01", DONE)
    html = checklist(stage.planner(), stage, "group=function").text

    assert '<th scope="rowgroup" colspan="6"><span>Function DIG-REP</span>' in html
    assert "<bdi>1</bdi> of <bdi>3</bdi> done" in html


def test_what_is_late_says_so_in_words(stage: Stage) -> None:
    with stage.scene.sessions.begin() as session:
        item = session.exec(select(Item).where(Item.item_id == "MRM-VER-01")).one()
        late = TODAY.replace(day=1)
        revision = session.exec(select(Revision)).one()
        step = TimetableStep(
            revision_id=row_id(revision),
            function_area_id=item.function_area_id,
            step=item.step,
            due_on=late,
            latest_start_on=late,
            cannot_be_met=False,
        )
        session.add(step)

    assert '<strong class="late">overdue</strong>' in checklist(stage.planner(), stage).text


def test_an_observer_reads_and_ticks_nothing(stage: Stage) -> None:
    sheet = checklist(stage.enter(Role.OBSERVER), stage)

    assert "Do thing 1 of MRM-VER." in sheet.text
    assert [] == sheet.ticks
    assert "/checklist/edit" not in sheet.text


def test_a_donor_sees_only_what_is_not_restricted(stage: Stage) -> None:
    html = checklist(stage.enter(Role.DONOR), stage).text

    assert "Do thing 1 of DIG-REP." in html
    assert "MRM-VER" not in html


def test_a_plan_that_is_not_seen_has_no_checklist(stage: Stage) -> None:
    assert stage.planner().get("/plans/nowhere/checklist").status_code == 404


def test_nothing_to_show_says_what_to_do(stage: Stage) -> None:
    html = checklist(stage.planner(), stage, "view=added").text

    assert "No item fits what you chose." in html


def test_all_on_the_page_are_ticked_by_a_link(stage: Stage) -> None:
    html = checklist(stage.planner(), stage, "ticked=page").text

    assert 6 == html.count(" checked>")


def test_what_is_assigned_to_me_stands_on_one_page_for_all_plans(stage: Stage) -> None:
    visitor = stage.receiver()
    sheet = checklist(stage.planner(), stage, "tier=3")
    html = sheet.then(sheet.send("/edit", act="assign", item=sheet.ticks[:1])).text
    slug = "agency-" + html.split('<option value="agency-')[1].split('"', maxsplit=1)[0]
    typed = {"act": "assign", "step": "typed", "assign": slug}
    sheet = sheet.then(sheet.send("/edit", item=sheet.ticks[:1], **typed))
    sheet.send("/change")
    html = visitor.get("/checklist/mine").text

    assert 1 == html.count("Do thing 1 of DIG-REP.")
    assert "Do thing 2 of DIG-REP." not in html


def test_nothing_assigned_says_how_it_is_done(stage: Stage) -> None:
    assert "Nothing is assigned to you" in stage.receiver().get("/checklist/mine").text


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("/plans/{plan}/transfers", "?function=DIG-REP"),
        ("/plans/{plan}/record", "?area={plan}-north"),
    ],
)
def test_lists_of_a_plan_lead_to_its_checklist(stage: Stage, page: str, query: str) -> None:
    html = stage.planner().get(page.format(plan=stage.slug)).text

    assert f'href="/plans/{stage.slug}/checklist{query.format(plan=stage.slug)}"' in html


def test_a_plan_leads_to_its_checklist(site: Site, clock: FixedClock) -> None:
    make_plan_in_force(site.house.sessions, clock)
    html = site.as_(Role.OBSERVER).get("/plans/minust").text

    assert 'href="/plans/minust/checklist">Checklist</a>' in html


def test_the_style_sheet_of_these_pages_is_light_and_names_no_side() -> None:
    text = (FOLDER / "checklists.css").read_text(encoding="utf-8")
    sides = ("margin-left", "margin-right", "padding-left", "padding-right", " left:", " right:")

    assert len(text.encode()) < 6_000
    assert [side for side in sides if side in text] == []

"""The page of one gap: who sees to it, where it is mended, its life as a picture and a table."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from tests.factories.plans import PlanScene, make_plan
from tests.web.conftest import Site
from tests.web.pages.working import Sheet, open_sheet
from unbroken.gaps.queries import GapFilter, find_gap, gap_list
from unbroken.gaps.rules import GapState
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import Role
from unbroken.scans.run import Terms, scan_by_hand

TERMS = Terms(owner="tests", lease=timedelta(minutes=5), every=timedelta(days=1))
NOTE = "The first revision comes in May."
MAILBOX = re.compile(r'<optgroup label="[^"]+"><option value="([^"]+)"')
MEND = "/plans/minust/revisions/new"


@pytest.fixture
def late(site: Site, clock: FixedClock) -> PlanScene:
    """Return a plan that was due a month ago and has no revision, scanned."""
    scene = make_plan(site.house.sessions, FixedClock(clock.at - timedelta(days=31)))
    scan_by_hand(scene.sessions, clock=clock, terms=TERMS)
    return scene


@pytest.fixture
def gap(late: PlanScene) -> UUID:
    with late.sessions.reading() as session:
        return gap_list(session, actor=late.observer, wanted=GapFilter(rule="late-plan"))[0].uid


def _mailbox(sheet: Sheet) -> str:
    found = MAILBOX.search(sheet.text)
    assert found, "no mailbox is offered"
    return found[1]


def test_gap_is_seen_to_by_those_who_work_on_the_plan_and_stays_open(
    site: Site, late: PlanScene, gap: UUID
) -> None:
    sheet = open_sheet(site.as_(Role.PLANNER), f"/gaps/{gap}")
    sheet = sheet.then(sheet.send("/acknowledge", note=NOTE))
    sheet = sheet.then(sheet.send("/assign", assigned_to=_mailbox(sheet)))
    sheet = sheet.then(sheet.send("/comment", comment="Ask in May."))
    sheet = sheet.then(sheet.send("/waive", until_on="2030-04-01", reason="It waits for May."))

    told = (NOTE, "Ask in May.", "It waits for May.", "Acknowledged by", "Assigned to")
    assert [] == [each for each in told if each not in sheet.text]
    assert "Waiver asked until" in sheet.text
    assert "/acknowledge" not in re.findall(r'action="[^"]*(/acknowledge)"', sheet.text)
    for act in ("/end-acknowledgement", "/unassign", "/end-waiver", "/withdraw"):
        sheet = sheet.then(sheet.send(act))
    assert [] == [each for each in told if each in sheet.text.partition('id="history"')[0]]
    with late.sessions.reading() as session:
        assert GapState.OPEN is find_gap(session, gap, actor=late.observer).state


def test_refused_form_keeps_what_was_typed(site: Site, gap: UUID) -> None:
    sheet = open_sheet(site.as_(Role.PLANNER), f"/gaps/{gap}")
    answer = sheet.send("/acknowledge", note="Call +223 76 12 34 56")
    missing = sheet.send("/waive", reason="It waits for May.")

    assert (422, True) == (answer.status_code, "Call +223 76 12 34 56" in answer.text)
    assert (422, True) == (missing.status_code, "It waits for May." in missing.text)
    # who read it before somebody else acted is told so
    open_sheet(sheet.visitor, f"/gaps/{gap}").send("/acknowledge", note=NOTE)
    assert 412 == sheet.send("/assign", assigned_to=_mailbox(sheet)).status_code


@pytest.mark.parametrize("role", [Role.PLANNER, Role.OBSERVER, Role.DONOR])
def test_page_says_where_it_is_mended_and_who_can(site: Site, gap: UUID, role: Role) -> None:
    text = site.as_(role).get(f"/gaps/{gap}").text
    works = role is Role.PLANNER

    assert f'class="button {"primary" if works else ""}" href="{MEND}"' in text
    assert works is ("A planner of this plan can." not in text)
    assert works is ('id="acts"' in text) is ('id="comment"' in text)
    assert "It closes by itself" in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_life_is_a_picture_with_a_table_that_says_the_same(
    site: Site, gap: UUID, language: str
) -> None:
    visitor = site.as_(Role.PLANNER)
    open_sheet(visitor, f"/gaps/{gap}").send("/acknowledge", note=NOTE)
    visitor.client.cookies.set("unbroken-language", language)
    text = visitor.get(f"/gaps/{gap}").text
    history = text.partition('id="history"')[2]

    # two things happened: two marks, two rows
    assert (2, 2) == (history.count('<path class="pin'), history.count('<th scope="row"'))
    assert 'role="img"' in history
    assert (language == "ar") is ('dir="rtl"' in text)
    assert len(text.encode()) < 60_000


def test_list_puts_gaps_of_one_cause_together_and_leads_to_ones_own(site: Site, gap: UUID) -> None:
    visitor = site.as_(Role.PLANNER)
    text = visitor.get("/gaps?plan=minust").text
    sheet = open_sheet(visitor, f"/gaps/{gap}")
    handle = visitor.get("/account").text
    mailbox = next(
        box for box in re.findall(r'<option value="([^"]+)"', sheet.text) if box in handle
    )
    sheet.send("/assign", assigned_to=mailbox)

    assert 'href="/gaps?plan=minust&amp;each=yes"' in text
    assert f'href="/gaps/{gap}"' in visitor.get("/gaps?assigned=me").text
    assert f'href="/gaps/{gap}"' not in site.as_(Role.PLANNER).get("/gaps?assigned=me").text

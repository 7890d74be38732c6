"""Pages of a plan's record, revisions, elements and the catalogue, and what planners do there."""

from datetime import date

import pytest

from tests.factories.people import make_organisation
from tests.factories.plans import PlanScene, a_claim, make_plan_in_force
from tests.web.conftest import Site, Visitor
from tests.web.pages.test_plan_forms import (
    AREA,
    AREAS,
    CLAIM,
    DECISION,
    DRAFT,
    FACT,
    MEETING,
    PLAN,
    POST,
)
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import Role
from unbroken.plans.commands import EditArea, add_claim, edit_area

RECORD = "/plans/minust/record"
REVISIONS = "/plans/minust/revisions"
READ = (
    RECORD,
    f"{RECORD}/baseline",
    REVISIONS,
    f"{REVISIONS}/1",
    "/plans/minust/elements",
    "/functions",
    "/functions/MRM-VER",
)
FORMS = (
    "/plans/new",
    "/missions/new",
    "/plans/minust/edit",
    "/plans/minust/state",
    f"{AREAS}/minust-gao/edit",
    f"{AREAS}/minust-gao/claims/new",
    f"{RECORD}/baseline/minust-gao",
    f"{REVISIONS}/new",
    *(
        f"{RECORD}/{register}/new"
        for register in ("areas", "decisions", "posts", "facts", "assessments", "meetings")
    ),
)


@pytest.fixture
def scene(site: Site, clock: FixedClock) -> PlanScene:
    with site.house.sessions.begin() as session:
        make_organisation(session, name="Mission body")
    return make_plan_in_force(site.house.sessions, clock)


@pytest.fixture
def planner(site: Site, scene: PlanScene) -> Visitor:
    assert scene.slug == "minust"
    return site.as_(Role.PLANNER)


@pytest.fixture
def observer(site: Site, scene: PlanScene) -> Visitor:
    assert scene.slug == "minust"
    return site.as_(Role.OBSERVER)


@pytest.fixture
def donor(site: Site, scene: PlanScene) -> Visitor:
    assert scene.slug == "minust"
    return site.as_(Role.DONOR)


def sent(visitor: Visitor, path: str, answers: dict[str, str]) -> str:
    """Send a form from its own page and return where it leads."""
    answer = visitor.form(path, answers, on=path)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def pressed(visitor: Visitor, path: str, answers: dict[str, str], *, on: str) -> str:
    """Press a button of a page and return where it leads."""
    answer = visitor.form(path, answers, on=on)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_every_reader_opens_every_page(observer: Visitor, donor: Visitor) -> None:
    statuses = {(path, who.get(path).status_code) for path in READ for who in (observer, donor)}

    assert {(path, 200) for path in READ} == statuses


def test_a_planner_opens_every_form(planner: Visitor) -> None:
    assert {(path, 200) for path in FORMS} == {
        (path, planner.get(path).status_code) for path in FORMS
    }


def test_nobody_else_opens_a_form(observer: Visitor) -> None:
    assert {403} == {observer.get(path).status_code for path in FORMS}


def test_readers_are_shown_no_form(observer: Visitor) -> None:
    pages = [observer.get(path).text for path in READ]

    assert [page for page in pages if f"{RECORD}/areas/new" in page or "/in-force" in page] == []


def test_a_plan_out_of_sight_is_not_there(planner: Visitor) -> None:
    assert planner.get("/plans/unknown/record").status_code == 404


def test_a_claim_beside_the_one_that_counts_is_kept_and_told(
    scene: PlanScene, observer: Visitor
) -> None:
    other = a_claim(closes="2026-11", precision=None, source="Another letter")
    add_claim(scene.sessions, "minust", other, actor=scene.planner, clock=scene.clock)

    page = observer.get(RECORD).text

    assert "Sources differ." in page
    assert "One other claim" in page
    assert "November 2026" in page


def test_another_claim_is_chosen_with_one_press(scene: PlanScene, planner: Visitor) -> None:
    other = a_claim(closes=date(2026, 9, 1), source="Another letter")
    made = add_claim(scene.sessions, "minust", other, actor=scene.planner, clock=scene.clock)

    path = f"{RECORD}/claims/{made.claims[0]}/choose"
    assert pressed(planner, path, {}, on=RECORD) == f"{RECORD}#minust-kidal"

    changed = planner.get(f"{REVISIONS}/2").text
    assert "44</bdi> days earlier" in changed


def test_a_closing_that_is_not_public_is_hidden_from_a_donor(
    scene: PlanScene, donor: Visitor, observer: Visitor
) -> None:
    hidden = EditArea("minust", "minust-kidal", 1, None, None, closings_public=False)
    edit_area(scene.sessions, hidden, actor=scene.planner, clock=scene.clock)

    assert "15 Oct 2026" in observer.get(RECORD).text
    assert "15 Oct 2026" not in donor.get(RECORD).text
    assert "not shown to your role" in donor.get(RECORD).text


def test_a_donor_sees_restricted_functions_by_quarter_only(donor: Visitor) -> None:
    page = donor.get(f"{REVISIONS}/1").text

    assert "2026-Q4" in page
    assert "quarter only" in page


def test_a_donor_sees_no_posts_and_no_changes(donor: Visitor) -> None:
    assert "Your role does not see posts" in donor.get(RECORD).text
    assert "What changed" not in donor.get(f"{REVISIONS}/1").text


def test_the_timetable_is_filtered_by_area_and_tier(observer: Visitor) -> None:
    page = observer.get(f"{REVISIONS}/1?area=minust-kidal&tier=2").text

    assert "Function REFER" in page
    assert "Function MRM-VER" not in page
    assert "1</bdi> in all" in page


@pytest.mark.parametrize(
    ("register", "answers", "shows"),
    [
        ("areas", AREA, "Mopti"),
        ("posts", POST, "CP-01"),
        ("decisions", DECISION, "S/2026/1"),
        ("facts", FACT, "Annex of the annual report (2025)"),
        ("meetings", MEETING, "Note of the meeting"),
    ],
)
def test_what_a_planner_records_stands_on_the_record(
    planner: Visitor, register: str, answers: dict[str, str], shows: str
) -> None:
    sent(planner, f"{RECORD}/{register}/new", answers)

    assert shows in planner.get(RECORD).text


def test_a_claim_of_a_month_is_shown_as_a_month(planner: Visitor) -> None:
    sent(planner, f"{AREAS}/minust-gao/claims/new", CLAIM)

    assert "September 2026" in planner.get(RECORD).text


def test_posts_are_changed_where_they_are_shown(planner: Visitor) -> None:
    sent(planner, f"{RECORD}/posts/new", POST)
    path = planner.get(RECORD).text.partition(f'href="{RECORD}/posts/')[2].partition('"')[0]

    numbers = {"authorised": "7", "filled": "3", "known_on": "2026-03-01", "version": "1"}
    sent(planner, f"{RECORD}/posts/{path}", numbers)

    assert "<bdi>3</bdi> / <bdi>7</bdi>" in planner.get(RECORD).text


def test_a_mission_and_its_plan_are_opened_one_after_the_other(planner: Visitor) -> None:
    mission = {
        "acronym": "MINUTEST",
        "name": "A mission",
        "kind": "peacekeeping",
        "country_iso3": "hti",
    }
    next_step = sent(planner, "/missions/new", mission)
    assert next_step == "/plans/new?mission=minutest"
    assert '<option value="minutest" selected>' in planner.get(next_step).text

    assert sent(planner, "/plans/new", PLAN | {"mission": "minutest"}) == "/plans/another/record"

    assert "MINUTEST" in planner.get("/plans/another/record").text


def test_a_plan_is_paused_resumed_and_cancelled_with_its_reason(planner: Visitor) -> None:
    path = "/plans/minust/state"

    sent(planner, path, {"turn": "pause", "reason": "", "version": _version(planner, path)})
    assert "Paused" in planner.get(RECORD).text
    sent(planner, path, {"turn": "resume", "reason": "", "version": _version(planner, path)})
    last = {"turn": "cancel", "reason": "The mandate was renewed."}
    sent(planner, path, last | {"version": _version(planner, path)})

    assert "Cancelled" in planner.get(RECORD).text
    assert "/areas/new" not in planner.get(RECORD).text


def test_a_draft_shows_what_it_would_change_and_comes_into_force(planner: Visitor) -> None:
    earlier = DRAFT | {"phases-0-drops": "REFER", "phases-0-starts_on": "2026-06-01"}

    draft = sent(planner, f"{REVISIONS}/new", earlier)
    page = planner.get(draft).text
    assert "What would change" in page
    assert "days earlier" in page

    pressed(planner, f"{draft}/in-force", {"version": "1"}, on=draft)
    after = planner.get(draft).text
    assert "In force" in after
    assert "A phase drops it" in after


def test_another_phase_is_asked_for_without_losing_what_was_typed(planner: Visitor) -> None:
    asked = DRAFT | {"more": "yes", "phases-0-name": "Hand over"}

    answer = planner.form(f"{REVISIONS}/new", asked, on=f"{REVISIONS}/new")

    assert answer.status_code == 200
    assert 'value="Hand over"' in answer.text
    assert 'name="phases-1-name"' in answer.text


def test_a_draft_is_edited_and_a_phase_taken_out(planner: Visitor) -> None:
    two = DRAFT | {key.replace("-0-", "-1-"): value for key, value in DRAFT.items() if "-0-" in key}
    draft = sent(planner, f"{REVISIONS}/new", two | {"count": "2", "phases-1-name": "Leave"})
    assert "Leave" in planner.get(draft).text

    changed = two | {"count": "2", "version": "1", "phases-1-out": "yes"}
    sent(planner, f"{draft}/edit", changed)

    assert "Leave" not in planner.get(draft).text


def test_a_draft_changed_meanwhile_is_not_written_over(planner: Visitor) -> None:
    draft = sent(planner, f"{REVISIONS}/new", DRAFT)
    sent(planner, f"{draft}/edit", DRAFT | {"version": "1", "title": "Theirs"})

    answer = planner.form(
        f"{draft}/edit", DRAFT | {"version": "1", "title": "Mine"}, on=f"{draft}/edit"
    )

    assert answer.status_code == 412
    assert 'value="Mine"' in answer.text
    assert 'name="version" value="1"' not in answer.text


def test_a_baseline_is_drafted_area_by_area_and_signed(planner: Visitor) -> None:
    at = f"{RECORD}/baseline"
    lines = {"source": "Staffing table (2025)", "line-MRM-VER": "yes", "posts-MRM-VER": "4"}
    for path in (f"{at}/minust-gao", f"{at}/minust-kidal"):
        sent(planner, path, lines | {"version": _version(planner, path)})
    assert planner.get(at).text.count("4 posts") == 2

    pressed(planner, f"{at}/sign", {"version": _version(planner, at)}, on=at)

    assert "Signed" in planner.get(at).text


def test_the_elements_are_all_answered(observer: Visitor) -> None:
    page = observer.get("/plans/minust/elements").text

    assert 15 == page.count('id="element-')


def test_a_function_is_told_with_its_checklist(observer: Visitor) -> None:
    page = observer.get("/functions/MRM-VER").text

    assert "Children are heard." in page
    assert "MRM-VER-02" in page
    assert "A dated note." in page
    assert observer.get("/functions/NO-SUCH").status_code == 404


def _version(visitor: Visitor, path: str) -> str:
    page = visitor.get(path).text
    return page.partition('name="version" value="')[2].partition('"')[0]

"""The portfolio, one plan at a glance, and gaps with the reason why."""

from datetime import timedelta

import pytest

from tests.factories.plans import PlanScene, make_plan, make_plan_in_force
from tests.web.conftest import Site
from unbroken.gaps.queries import GapFilter, gap_list
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import Role
from unbroken.scans.run import Terms, scan_by_hand

TERMS = Terms(owner="tests", lease=timedelta(minutes=5), every=timedelta(days=1))
MONTH = timedelta(days=31)


def _scan(scene: PlanScene, clock: FixedClock) -> None:
    scan_by_hand(scene.sessions, clock=clock, terms=TERMS)


@pytest.fixture
def late(site: Site, clock: FixedClock) -> PlanScene:
    """Return a plan that was due a month ago and has no revision, scanned."""
    scene = make_plan(site.house.sessions, FixedClock(clock.at - MONTH))
    _scan(scene, clock)
    return scene


@pytest.fixture
def running(site: Site, clock: FixedClock) -> PlanScene:
    """Return a plan with a revision in force, scanned."""
    scene = make_plan_in_force(site.house.sessions, clock)
    _scan(scene, clock)
    return scene


def test_portfolio_leads_to_each_plan_with_its_days_left(site: Site, running: PlanScene) -> None:
    html = site.as_(Role.OBSERVER).get("/plans").text

    assert f'href="/plans/{running.slug}"' in html


def test_only_a_planner_is_offered_to_open_a_plan(site: Site, running: PlanScene) -> None:
    assert running.slug == "minust"
    offers = {
        role: "/plans/new" in site.as_(role).get("/plans").text
        for role in (Role.PLANNER, Role.OBSERVER, Role.DONOR)
    }

    assert offers == {Role.PLANNER: True, Role.OBSERVER: False, Role.DONOR: False}


def test_whoever_has_not_signed_in_is_led_to_what_this_is(site: Site) -> None:
    answer = site.anyone().get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/about")


def test_late_plan_shows_one_headline_and_no_wall_of_red(site: Site, late: PlanScene) -> None:
    html = site.as_(Role.OBSERVER).get(f"/plans/{late.slug}").text

    assert (html.count("Decided, and no plan in force"), html.count('class="gap-head"')) == (1, 0)


def test_late_plan_names_the_functions_to_save_first(site: Site, late: PlanScene) -> None:
    html = site.as_(Role.OBSERVER).get(f"/plans/{late.slug}").text

    assert "Save these first" in html


def test_plan_with_nothing_confirmed_is_unknown_and_never_covered(
    site: Site, running: PlanScene
) -> None:
    html = site.as_(Role.OBSERVER).get(f"/plans/{running.slug}").text

    assert ("Unknown" in html, "Covered" in html) == (True, False)


def test_gap_page_says_why_what_it_means_and_what_to_do(site: Site, late: PlanScene) -> None:
    with late.sessions.reading() as session:
        gap = gap_list(session, actor=late.observer, wanted=GapFilter(rule="late-plan"))[0]
    html = site.as_(Role.OBSERVER).get(f"/gaps/{gap.uid}").text

    for part in ("What it means for children", "What to do", "Why it is here", "What happened"):
        assert part in html


def test_gap_that_is_not_there_is_a_calm_404(site: Site) -> None:
    answer = site.as_(Role.OBSERVER).get("/gaps/00000000-0000-0000-0000-000000000000")

    assert answer.status_code == 404


def test_unknown_rule_or_severity_in_a_filter_filters_nothing(site: Site, late: PlanScene) -> None:
    assert late.slug == "minust"
    html = site.as_(Role.OBSERVER).get("/gaps?rule=nonsense&severity=odd").text

    assert html.count('class="gap-head"') == 1


@pytest.mark.parametrize("path", ["/plans", "/plans/minust", "/gaps"])
def test_page_stays_under_sixty_kilobytes(site: Site, running: PlanScene, path: str) -> None:
    assert running.slug == "minust"
    answer = site.as_(Role.OBSERVER).get(path)

    assert (answer.status_code, len(answer.content) < 60_000) == (200, True)

"""The first steps: shown to each role until it hides them, ticked by what is really there."""

import re

import pytest

from tests.factories.transfers import make_scene
from tests.web.conftest import Site, Visitor
from unbroken.people.commands.tours import hide_tour
from unbroken.people.rules import Role
from unbroken.web.first_steps import STEPS, Around

PANEL = "first-steps"


def test_every_role_has_three_to_five_steps() -> None:
    counts = {role: len(steps(Around())) for role, steps in STEPS.items()}

    assert set(Role) == set(counts)
    assert all(3 <= count <= 5 for count in counts.values()), counts


@pytest.mark.parametrize("role", Role)
def test_each_step_leads_to_a_place_that_the_role_may_open(site: Site, role: Role) -> None:
    visitor = site.as_(role)
    paths = [step.path for step in STEPS[role](Around())]

    assert {path: visitor.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_they_stand_on_the_first_page_until_they_are_hidden(site: Site) -> None:
    visitor = site.as_(Role.OBSERVER)
    assert PANEL in visitor.get("/plans").text
    visitor.form("/start/hide", {}, on="/plans")
    visitor.form("/start/hide", {}, on="/account")
    assert PANEL not in visitor.get("/plans").text
    assert "Read why a gap is open" in visitor.get("/start").text
    visitor.form("/start/show", {}, on="/start")

    assert PANEL in visitor.get("/plans").text


def test_one_account_hides_them_for_itself_alone(site: Site) -> None:
    one, other = site.as_(Role.DONOR), site.as_(Role.DONOR)
    one.form("/start/hide", {}, on="/plans")

    assert PANEL not in one.get("/plans").text
    assert PANEL in other.get("/plans").text


def test_hiding_leaves_nothing_in_the_trail(site: Site) -> None:
    known, steward = site.account(Role.DONOR), site.as_(Role.STEWARD)
    before = _entries(steward)
    hide_tour(site.house.sessions, actor=known.actor, clock=site.house.clock)

    assert before == _entries(steward)


def test_nobody_signed_in_hides_nothing(demonstration: Site) -> None:
    visitor = demonstration.anyone()
    assert PANEL not in visitor.get("/plans").text
    answer = visitor.form("/start/hide", {}, on="/sign-in")

    assert answer.status_code == 401


def test_whoever_comes_reads_the_steps_of_every_role(site: Site) -> None:
    told = site.anyone().get("/start").text

    assert all(title in told for title in ("Open a plan", "Open an offer", "Invite the offices"))


def test_what_is_there_is_ticked(site: Site) -> None:
    scene = make_scene(site.house.sessions, site.house.clock)  # type: ignore[arg-type]
    planner = site.as_(Role.PLANNER)
    named_before = _ticked(planner)
    offered = scene.offered()
    named_after = _ticked(planner)

    assert named_before == ["Put a plan in force"]
    assert named_after == ["Put a plan in force", "Name who takes over", "Offer what they need"]
    assert f"/capacities/{offered}" not in planner.get("/plans").text


def test_a_steward_alone_is_told_to_invite_others(site: Site) -> None:
    steward = site.as_(Role.STEWARD)
    alone = _ticked(steward)
    site.account(Role.STEWARD)

    assert alone == []
    assert _ticked(steward) == ["Invite the offices", "Have a second steward"]


def _ticked(visitor: Visitor) -> list[str]:
    lines = re.findall(r'<li class="done"><p><a[^>]*>([^<]*)', visitor.get("/plans").text)
    return [str(line) for line in lines]


def _entries(steward: Visitor) -> int:
    return steward.get("/trail").text.count("<tr")

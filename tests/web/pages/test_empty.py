"""Where there is nothing yet, each role is told what to do next, or who does it."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from tests.factories.transfers import make_scene
from tests.web.conftest import Site, Visitor
from unbroken.people.rules import Role
from unbroken.plans.models import Plan

EMPTY = re.compile(r'<div class="empty">(.*?)</div>\s*(?:</div>)?', re.DOTALL)
BARE = ("/plans", "/gaps", "/functions", "/start", "/account")
ACTING = ("/inbox", "/checklist/mine")
OF_A_PLAN = (
    "",
    "/transfers",
    "/checklist",
    "/revisions",
    "/record",
    "/record/baseline",
    "/elements",
)
MORE: dict[Role, tuple[str, ...]] = {
    Role.PLANNER: ACTING,
    Role.COUNTRY_TEAM: ACTING,
    Role.CO_CHAIR: ACTING,
    Role.STEWARD: ("/trail", "/people", "/people/invite"),
    Role.OBSERVER: ("/trail",),
}


def _helpless(visitor: Visitor, paths: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what an empty list on these pages says where it leads nowhere and names nobody."""
    for path in paths:
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        for said in EMPTY.findall(answer.text):
            leads = 'class="actions"' in said and ("href=" in said or said.count("<p>") > 1)
            if not leads:
                yield path, said


@pytest.mark.parametrize("role", Role)
def test_an_instance_without_anything_says_how_to_begin(site: Site, role: Role) -> None:
    visitor = site.as_(role)

    assert list(_helpless(visitor, (*BARE, *MORE.get(role, ())))) == []


@pytest.mark.parametrize("role", [Role.PLANNER, Role.OBSERVER, Role.DONOR])
def test_a_plan_without_anything_says_how_to_go_on(site: Site, role: Role) -> None:
    make_scene(site.house.sessions, site.house.clock, last_day_on=None)  # type: ignore[arg-type]
    with site.house.sessions.reading() as session:
        slug = session.exec(select(Plan.slug)).one()
    visitor = site.as_(role)

    assert list(_helpless(visitor, tuple(f"/plans/{slug}{path}" for path in OF_A_PLAN))) == []


def test_who_may_not_act_is_told_who_does(site: Site) -> None:
    planner, observer = site.as_(Role.PLANNER), site.as_(Role.OBSERVER)

    assert 'href="/plans/new"' in planner.get("/plans").text
    assert 'href="/plans/new"' not in observer.get("/plans").text
    assert "A planner opens them." in observer.get("/plans").text

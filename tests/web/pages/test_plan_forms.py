"""Forms of a plan's record: what cannot be used is told beside its field, and nothing changes."""

from dataclasses import dataclass

import pytest

from tests.factories.people import make_organisation
from tests.factories.plans import make_plan_in_force
from tests.plans.everything import digest_of_all_rows
from tests.web.conftest import Site, Visitor
from unbroken.kit.clock import FixedClock
from unbroken.people.rules import Role

AREAS = "/plans/minust/record/areas"
CLAIM = {
    "kind": "planned",
    "closes": "2026-09",
    "precision": "as-written",
    "known_on": "2026-03-01",
    "source": "Letter of 1 March 2026",
    "counts": "yes",
}
AREA = {"name": "Mopti", "kind": "region", "reachable": "unknown", "known_on": "2026-03-01"}
POST = {
    "side": "giver",
    "organisation": "mission-body",
    "reference": "CP-01",
    "functions": "MRM-VER",
    "authorised": "2",
    "known_on": "2026-03-01",
}
DECISION = {
    "kind": "letter",
    "symbol": "S/2026/1",
    "decided_on": "2026-02-20",
    "source": "Letter of 20 February 2026",
}
FACT = {
    "fact": "mrm-active",
    "holds": "yes",
    "from_on": "2026-01-01",
    "known_on": "2026-03-01",
    "source": "Annex of the annual report (2025)",
}
MEETING = {
    "held_on": "2026-02-20",
    "known_on": "2026-03-01",
    "source": "Note of the meeting",
    "task_force": "yes",
    "authorities": "yes",
}
DRAFT = {
    "version": "0",
    "count": "1",
    "title": "Sooner",
    "reason": "",
    "phases-0-name": "Operations",
    "phases-0-kind": "operations",
    "phases-0-starts_on": "2026-01-05",
    "phases-0-ends_on": "2026-12-31",
    "phases-0-drops": "",
}
PLAN = {
    "mission": "minust",
    "title": "Another plan",
    "kind": "drawdown",
    "scope": "whole",
    "slug": "another",
    "trigger-kind": "resolution",
    "trigger-symbol": "S/RES/9998 (2026)",
    "trigger-decided_on": "2026-02-01",
    "trigger-source": "Record of the meeting",
    "mandate_ends_on": "2026-12-31",
    "time_zone": "Africa/Bamako",
    "edition": "small.1",
}


@dataclass(frozen=True, slots=True)
class Bad:
    """An answer that cannot be used: the form, what is right in it, what is wrong, and where."""

    path: str
    right: dict[str, str]
    wrong: dict[str, str]
    beside: str
    says: str = ""

    def __str__(self) -> str:
        """Return a name for the test's report."""
        return f"{self.path.rpartition('record/')[2] or self.path}:{self.wrong}"


BAD = (
    Bad(f"{AREAS}/new", AREA, {"name": ""}, "name"),
    Bad(f"{AREAS}/new", AREA, {"name": "Gao"}, "name", "already"),
    Bad(f"{AREAS}/new", AREA, {"kind": "site", "parent": ""}, "parent"),
    Bad(f"{AREAS}/new", AREA, {"known_on": "2027-01-01"}, "known_on", "after today"),
    Bad(f"{AREAS}/new", AREA, {"mandate_ends_on": "2026-06-31"}, "mandate_ends_on", "calendar"),
    Bad(f"{AREAS}/minust-gao/claims/new", CLAIM, {"source": ""}, "source", "is missing"),
    Bad(f"{AREAS}/minust-gao/claims/new", CLAIM, {"closes": "2026-06-31"}, "closes", "01 to 30"),
    Bad(f"{AREAS}/minust-gao/claims/new", CLAIM, {"closes": "soon"}, "closes", "no date"),
    Bad(f"{AREAS}/minust-gao/claims/new", CLAIM, {"closes": "2025-06"}, "closes", "trigger"),
    Bad(f"{AREAS}/minust-gao/claims/new", CLAIM, {"kind": "reported"}, "closes", "reported"),
    Bad(f"{AREAS}/minust-gao/claims/new", CLAIM, {"note": "Amina, aged 12"}, "note", "looks like"),
    Bad("/plans/minust/record/posts/new", POST, {"functions": "NO-SUCH"}, "functions", "NO-SUCH"),
    Bad("/plans/minust/record/posts/new", POST, {"authorised": "two"}, "authorised", "two"),
    Bad("/plans/minust/record/posts/new", POST, {"reference": ""}, "reference"),
    Bad("/plans/minust/record/posts/new", POST, {"side": ""}, "side", "not chosen"),
    Bad("/plans/minust/record/decisions/new", DECISION, {"symbol": ""}, "symbol"),
    Bad("/plans/minust/record/decisions/new", DECISION, {"source": " "}, "source"),
    Bad("/plans/minust/record/decisions/new", DECISION, {"known_on": "2026-01-01"}, "known_on"),
    Bad("/plans/minust/record/facts/new", FACT, {"holds": ""}, "holds"),
    Bad("/plans/minust/record/facts/new", FACT, {"from_on": "2026-02-30"}, "from_on"),
    Bad("/plans/minust/record/meetings/new", MEETING, {"held_on": "2026-03-02"}, "held_on"),
    Bad(
        "/plans/minust/revisions/new", DRAFT, {"phases-0-drops": "REFER, NO-SUCH"}, "phases-0-drops"
    ),
    Bad(
        "/plans/minust/revisions/new", DRAFT, {"phases-0-ends_on": "2026-01-01"}, "phases-0-ends_on"
    ),
    Bad(
        "/plans/minust/revisions/new", DRAFT, {"phases-0-ends_on": "2026-06-31"}, "phases-0-ends_on"
    ),
    Bad("/plans/minust/revisions/new", DRAFT, {"phases-0-name": ""}, "phases-0-name"),
    Bad("/plans/minust/revisions/new", DRAFT, {"reason": "Ask Moussa, 14 years old"}, "reason"),
    Bad("/plans/new", PLAN, {"trigger-source": ""}, "trigger-source"),
    Bad("/plans/new", PLAN, {"mandate_ends_on": "2026-06-31"}, "mandate_ends_on"),
    Bad("/plans/new", PLAN, {"time_zone": "Mali"}, "time_zone"),
    Bad("/plans/new", PLAN, {"title": ""}, "title"),
    Bad("/plans/minust/state", {"version": "1", "reason": ""}, {"turn": "cancel"}, "reason"),
    Bad(
        "/missions/new", {"kind": "peacekeeping", "country_iso3": "MLI"}, {"acronym": ""}, "acronym"
    ),
)


@pytest.fixture
def planner(site: Site, clock: FixedClock) -> Visitor:
    make_plan_in_force(site.house.sessions, clock)
    with site.house.sessions.begin() as session:
        make_organisation(session, name="Mission body")
    return site.as_(Role.PLANNER)


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_bad_answer_stands_beside_its_fault_and_changes_nothing(
    site: Site, planner: Visitor, bad: Bad
) -> None:
    before = digest_of_all_rows(site.house.sessions)
    sent = {**bad.right, **bad.wrong}

    answer = planner.form(bad.path, sent, on=bad.path)

    assert answer.status_code == 422
    assert f'id="e-{bad.beside}"' in answer.text
    assert bad.says in answer.text
    assert [text for text in sent.values() if text not in answer.text] == []
    assert before == digest_of_all_rows(site.house.sessions)


def test_a_phase_may_not_begin_after_an_area_is_planned_to_close(
    site: Site, planner: Visitor
) -> None:
    late = DRAFT | {"phases-0-starts_on": "2026-11-01"}
    before = digest_of_all_rows(site.house.sessions)

    answer = planner.form("/plans/minust/revisions/new", late, on="/plans/minust/revisions/new")

    assert answer.status_code == 422
    assert "is planned to close before its first phase begins" in answer.text
    assert 'value="2026-11-01"' in answer.text
    assert before == digest_of_all_rows(site.house.sessions)


def test_a_fault_stands_in_its_own_phase_where_one_before_is_blank(planner: Visitor) -> None:
    second = {key.replace("-0-", "-1-"): value for key, value in DRAFT.items()}
    blank = {key: "" for key in DRAFT if "-0-" in key}
    sent = blank | second | {"count": "2", "phases-1-drops": "NO-SUCH"}

    answer = planner.form("/plans/minust/revisions/new", sent, on="/plans/minust/revisions/new")

    assert 'id="e-phases-1-drops"' in answer.text


def test_an_area_somebody_changed_meanwhile_is_shown_as_it_is_now(
    site: Site, planner: Visitor
) -> None:
    path = f"{AREAS}/minust-gao/edit"
    first = {"reachable": "no", "closings_public": "yes", "version": "1"}
    assert planner.form(path, first, on=path).status_code == 303
    before = digest_of_all_rows(site.house.sessions)

    answer = planner.form(path, first | {"reachable": "yes"}, on=path)

    assert answer.status_code == 412
    assert 'name="version" value="2"' in answer.text
    assert before == digest_of_all_rows(site.house.sessions)


def test_a_donor_does_not_reach_a_planner_s_form(site: Site, planner: Visitor) -> None:
    assert planner.get(f"{AREAS}/new").status_code == 200
    statuses = [
        site.as_(role).get(f"{AREAS}/new").status_code for role in (Role.DONOR, Role.OBSERVER)
    ]

    assert statuses == [403, 403]

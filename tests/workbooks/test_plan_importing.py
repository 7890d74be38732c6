"""A planner's workbook changes a plan as a whole or not at all, and says where it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select

from tests.factories.people import make_account, make_organisation
from tests.factories.plans import KIDAL_CLOSES_ON, PlanScene, make_plan, make_plan_in_force
from tests.plans.everything import digest_of_all_rows
from tests.workbooks.plan_files import (
    CLOSINGS,
    Rows,
    counted_from_1904,
    ugly,
    with_formula,
    workbook,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Forbidden, Invalid
from unbroken.people.rules import Actor, Grant, Role, sight_of
from unbroken.plans.commands.importing import PlanImported
from unbroken.plans.queries import areas_of, find_plan, posts_of, revision_view
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.models import HeadingMapping
from unbroken.workbooks.plan_importing import ReadWorkbook, read_into_plan
from unbroken.workbooks.plan_lines import Given
from unbroken.workbooks.plan_memory import memory_of
from unbroken.workbooks.plan_sheets import find_tables, with_mapping
from unbroken.workbooks.reading import read_workbook

GIVEN = Given("Tracker of 1 March 2026", date(2026, 3, 1), "mission-body")
HEAD = """\
format: 1
mission:
  {slug: minust, acronym: MINUST, name: Stabilization Mission MINUST, kind: peacekeeping,
   country: MLI}
plan: {slug: second, title: Second, edition: small.1, mandate_ends_on: 2026-12-31}
decisions:
  - {symbol: S/RES/9998 (2026), kind: resolution, decided_on: 2026-02-01, source: Record,
     trigger: true}
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A plan, and a planner who reads workbooks into it."""

    scene: PlanScene
    planner: Actor
    wanted: Mapping[str, str] = field(default_factory=dict)

    def read(
        self,
        raw: bytes,
        *,
        actor: Actor | None = None,
        dry_run: bool = False,
        plan: str = "minust",
        head: str = "",
    ) -> PlanImported:
        who = actor or self.planner
        with self.scene.sessions.reading() as session:
            memory = memory_of(session, who)
        found = find_tables(read_workbook(raw, PackageLimits()), memory)
        choices = with_mapping(found.choices, self.wanted)
        order = ReadWorkbook(plan, choices, GIVEN, "tracker.xlsx", dry_run, head.encode())
        return read_into_plan(self.scene.sessions, order, actor=who, clock=self.scene.clock)

    def faults(self, raw: bytes) -> list[tuple[str, str]]:
        """Return (cell, what) of every fault; nothing was stored, which is checked."""
        before = digest_of_all_rows(self.scene.sessions)
        with pytest.raises(Invalid) as refusal:
            self.read(raw)
        assert before == digest_of_all_rows(self.scene.sessions)
        return [(each.path, each.what) for each in refusal.value.problems]

    def sheet(self, rows: Rows, name: str = "Plan") -> PlanImported:
        return self.read(workbook({name: rows}))

    def uid(self) -> UUID:
        with self.scene.sessions.reading() as session:
            return find_plan(session, "minust", sight=sight_of(self.planner)).uid

    def closings(self) -> dict[str, str]:
        """Return what counts as the closing of each area."""
        with self.scene.sessions.reading() as session:
            areas = areas_of(session, self.uid(), actor=self.planner)
        return {area.name: area.closing.text for area in areas if area.closing}


def a_planner(sessions: Sessions) -> Actor:
    with sessions.begin() as session:
        body = make_organisation(session, name="Mission body")
        return make_account(session, grants=(Grant(Role.PLANNER),), organisation=body).actor


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> Desk:
    return Desk(make_plan(sessions, clock), a_planner(sessions))


def test_closings_are_claims_that_count_from_the_day_they_were_known(desk: Desk) -> None:
    desk.sheet(CLOSINGS)

    assert {"Gao": "2026-09-30", "Kidal": "2026-10"} == desk.closings()


def test_a_claim_keeps_the_source_that_holds_for_every_row(desk: Desk) -> None:
    desk.sheet(CLOSINGS)
    with desk.scene.sessions.reading() as session:
        areas = areas_of(session, desk.uid(), actor=desk.planner)
    sources = {area.closing.source for area in areas if area.closing}

    assert {"Tracker of 1 March 2026"} == sources


def test_the_same_workbook_twice_changes_nothing(desk: Desk) -> None:
    desk.sheet(CLOSINGS)

    assert () == desk.sheet(CLOSINGS).changes


def test_a_closing_that_counts_already_under_another_source_is_not_told_again(
    sessions: Sessions, clock: FixedClock
) -> None:
    desk = Desk(make_plan_in_force(sessions, clock), a_planner(sessions))

    done = desk.sheet([["Area", "Closing date"], ["Kidal", KIDAL_CLOSES_ON]])

    assert () == done.changes


def test_a_dry_run_stores_nothing(desk: Desk) -> None:
    before = digest_of_all_rows(desk.scene.sessions)

    done = desk.read(workbook({"Plan": CLOSINGS}), dry_run=True)

    assert ["closings", "closings"] == [change.group for change in done.changes]
    assert before == digest_of_all_rows(desk.scene.sessions)


def test_twelve_ugly_things_in_one_file_are_read(desk: Desk) -> None:
    desk.read(ugly())

    assert {
        "Gao": "2026-09",
        "Ansongo": "2026-08-31",
        "Labbézanga": "<=2026-06-30",
        "Kidal": "2026-10-15",
        "Ménaka": "2026-Q4",
    } == desk.closings()


def test_posts_of_an_ugly_file_are_counted(desk: Desk) -> None:
    desk.read(ugly())
    with desk.scene.sessions.reading() as session:
        posts = posts_of(session, desk.uid(), actor=desk.planner)

    assert {
        ("Conseiller, P-4, Gao", 1200, 1100, ("MRM-VER", "REFER")),
        ("Chef, P-5", 1, 1, ("MRM-CHAIR",)),
    } == {(each.reference, each.authorised, each.filled, each.functions) for each in posts}


def test_days_counted_from_1904_are_the_days_people_see(desk: Desk) -> None:
    desk.read(counted_from_1904(date(2026, 9, 30)))

    assert {"Gao": "2026-09-30"} == desk.closings()


def test_a_column_of_first_days_of_months_says_months(desk: Desk) -> None:
    rows: Rows = [
        ["Area", "Closing date"],
        ["Gao", date(2026, 9, 1)],
        ["Kidal", date(2026, 10, 1)],
    ]
    desk.sheet(rows)

    assert {"Gao": "2026-09", "Kidal": "2026-10"} == desk.closings()


def test_how_exact_a_closing_is_may_stand_in_a_column_of_its_own(desk: Desk) -> None:
    rows: Rows = [
        ["Area", "Closing date", "Precision"],
        ["Gao", date(2026, 9, 15), "environ"],
        ["Kidal", date(2026, 10, 15), "jour"],
    ]
    desk.sheet(rows)

    assert {"Gao": "~2026-09-15", "Kidal": "2026-10-15"} == desk.closings()


def test_a_formula_counts_by_its_value(desk: Desk) -> None:
    desk.read(with_formula("=1+2", 3))
    with desk.scene.sessions.reading() as session:
        posts = posts_of(session, desk.uid(), actor=desk.planner)

    assert [("Adviser", 3)] == [(each.reference, each.authorised) for each in posts]


def test_a_failed_formula_is_refused_with_its_cell(desk: Desk) -> None:
    assert [("Posts!B2", "A formula failed in this cell.")] == desk.faults(
        with_formula("=1/0", "#DIV/0!")
    )


def test_every_cell_that_cannot_be_read_is_named_and_nothing_is_stored(desk: Desk) -> None:
    raw = workbook(
        {
            "Bases": [["Area", "Closing date"], ["Gao", "soon"], [None, "May 2026"]],
            "Posts": [["Title", "Functions", "Posts"], ["Adviser", "NO-SUCH", "many"]],
        }
    )

    assert [
        ("Bases!A3", "Area is blank"),
        ("Bases!B2", "This is not a date."),
        ("Posts!B2", "NO-SUCH is no function of the plan's edition"),
        ("Posts!C2", "This is not a number."),
    ] == sorted(desk.faults(raw))


def test_what_the_plan_itself_refuses_is_told_by_its_cell(desk: Desk) -> None:
    raw = workbook({"Bases": [["Area", "Closing date"], ["Gao", date(2025, 6, 1)]]})

    assert [("Bases!B2", "2025-06-01 lies before the plan's trigger, 2026-01-05")] == desk.faults(
        raw
    )


def test_a_post_in_an_area_that_is_not_there_is_told_by_its_cell(desk: Desk) -> None:
    raw = workbook({"Posts": [["Title", "Area"], ["Adviser", "Goa"]]})

    assert [("Posts!B2", "Goa is no area of the plan")] == desk.faults(raw)


def test_text_that_must_not_be_stored_is_told_by_its_cell(desk: Desk) -> None:
    raw = workbook(
        {"Bases": [["Area", "Closing date", "Notes"], ["Gao", "May 2026", "Amina, aged 12"]]}
    )

    assert ["Bases!C2"] == [cell for cell, _what in desk.faults(raw)]


def test_two_rows_of_one_area_that_contradict_each_other_are_refused(desk: Desk) -> None:
    raw = workbook({"Bases": [["Area", "Closing date"], ["Gao", "May 2026"], ["GAO", "June 2026"]]})

    assert [("Bases!A3", "Gao stands in Bases!A2 already, with another closing")] == desk.faults(
        raw
    )


def test_a_table_without_what_it_needs_is_refused_by_its_headings(desk: Desk) -> None:
    raw = workbook({"Bases": [["Area", "Date", "Date"], ["Gao", "May 2026", "June 2026"]]})

    assert [
        (
            "Bases!A1",
            "no heading says which column holds: Planned closing or Closed on, as reported",
        )
    ] == desk.faults(raw)


def test_phases_make_a_revision_that_is_in_force(desk: Desk) -> None:
    rows: Rows = [
        ["Phase", "Du", "Au", "Zones", "Fonctions supprimées"],
        ["Opérations", "1er janvier 2026", "30 juin 2026", "toutes", None],
        ["Retrait", "1er juillet 2026", "fin décembre 2026", "Gao; Kidal", "REFER"],
    ]
    done = desk.sheet(rows)
    with desk.scene.sessions.reading() as session:
        shown = revision_view(session, desk.uid(), done.revision or 0, actor=desk.planner)

    assert [
        ("Opérations", date(2026, 1, 1), date(2026, 6, 30)),
        ("Retrait", date(2026, 7, 1), date(2026, 12, 31)),
    ] == [(each.name, each.starts_on, each.ends_on) for each in shown.content.phases]


def test_a_baseline_comes_in_as_a_draft_that_somebody_signs(desk: Desk) -> None:
    rows: Rows = [["Function", "Area", "Posts"], ["REFER", "Gao", 2], ["MRM-CHAIR", "mission", 1]]

    assert [("baselines", "draft")] == [
        (change.group, change.label) for change in desk.sheet(rows).changes
    ]


def test_a_plan_that_is_not_there_yet_is_made_with_a_head(desk: Desk) -> None:
    done = desk.read(workbook({"Plan": CLOSINGS}), plan="second", head=HEAD)

    assert (True, "second") == (done.created, done.slug)


def test_a_head_of_another_plan_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.read(workbook({"Plan": CLOSINGS}), plan="third", head=HEAD)


def test_headings_are_remembered_for_the_next_workbook(desk: Desk) -> None:
    first: Rows = [["Wo", "Wann"], ["Gao", "May 2026"]]
    told = replace(desk, wanted={"Wo": "area", "Wann": "closes"})
    told.sheet(first)

    desk.sheet([["Wo", "Wann"], ["Kidal", "June 2026"]])

    assert {"Gao": "2026-05", "Kidal": "2026-06"} == desk.closings()


def test_headings_are_remembered_once_and_the_newest_choice_holds(desk: Desk) -> None:
    rows: Rows = [["Area", "Wann", "Dann"], ["Gao", "May 2026", "June 2026"]]
    replace(desk, wanted={"Wann": "closes"}).sheet(rows)
    replace(desk, wanted={"Wann": "", "Dann": "closes"}).sheet(rows)
    with desk.scene.sessions.reading() as session:
        kept = {row.heading: row.slot for row in session.exec(select(HeadingMapping))}

    assert {"area": "area", "wann": "", "dann": "closes"} == kept


def test_another_organisation_remembers_nothing_of_it(desk: Desk) -> None:
    replace(desk, wanted={"Wann": "closes"}).sheet([["Area", "Wann"], ["Gao", "May 2026"]])
    with desk.scene.sessions.begin() as session:
        other = make_account(session, grants=(Grant(Role.PLANNER),)).actor
    with desk.scene.sessions.reading() as session:
        assert {} == memory_of(session, other)


@pytest.mark.parametrize("role", [Role.DONOR, Role.OBSERVER, Role.COUNTRY_TEAM, Role.STEWARD])
def test_only_a_planner_reads_workbooks_into_a_plan(desk: Desk, role: Role) -> None:
    with desk.scene.sessions.begin() as session:
        other = make_account(session, grants=(Grant(role),)).actor
    before = digest_of_all_rows(desk.scene.sessions)

    with pytest.raises(Forbidden):
        desk.read(workbook({"Plan": CLOSINGS}), actor=other)

    assert before == digest_of_all_rows(desk.scene.sessions)

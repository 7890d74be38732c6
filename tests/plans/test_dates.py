"""The dates of a plan follow from what is known, and from nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories.plans import (
    KIDAL_CLOSES_ON,
    MANDATE_ENDS_ON,
    OPERATIONS,
    TRANSFER,
    TRIGGER,
    PlanScene,
    a_claim,
    a_report,
    make_plan_in_force,
)
from tests.plans.everything import digest_of_all_rows
from tests.plans.revising import claim, draft, force, plan, row, said, table
from unbroken.functions.rules import Fact
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid
from unbroken.plans.commands import (
    AddDecision,
    AddFact,
    add_decision,
    add_fact,
)
from unbroken.plans.queries import (
    content_known_on,
)
from unbroken.plans.queries.rows import plan_row
from unbroken.plans.rules import LastDayReason


def test_a_revision_in_force_stores_its_timetable(in_force: PlanScene) -> None:
    kidal = row(in_force)

    assert (kidal.last_day_on, kidal.last_day_reason, kidal.title) == (
        KIDAL_CLOSES_ON,
        LastDayReason.CLOSING,
        "Function REFER",
    )


def test_a_revision_in_force_makes_every_function_in_every_area(in_force: PlanScene) -> None:
    found = {(each.function_code, each.area) for each in table(in_force).rows}

    assert found == {
        ("MRM-CHAIR", "minust-mission"),
        ("MRM-VER", "minust-gao"),
        ("MRM-VER", "minust-kidal"),
        ("REFER", "minust-gao"),
        ("REFER", "minust-kidal"),
    }


def test_a_later_closing_moves_the_dates(in_force: PlanScene) -> None:
    before = row(in_force)
    later = a_claim(
        closes=date(2026, 11, 30), known_on=date(2026, 3, 20), chosen_on=date(2026, 3, 20)
    )
    claim(in_force, later, on=date(2026, 3, 20))
    after = row(in_force)

    assert (after.last_day_on, after.receiver_by > before.receiver_by) == (date(2026, 11, 30), True)


def test_a_report_earlier_than_planned_derives_the_timetable_anew(in_force: PlanScene) -> None:
    made = claim(in_force, a_report(date(2026, 5, 3)), on=date(2026, 5, 4))
    kidal = row(in_force)

    assert (made.revision, kidal.last_day_on, kidal.check_3_on) == (
        2,
        date(2026, 5, 3),
        date(2026, 8, 3),
    )


def test_a_revision_made_by_a_report_cites_it_and_keeps_the_phases(in_force: PlanScene) -> None:
    claim(in_force, a_report(date(2026, 5, 3)), on=date(2026, 5, 4))
    made = said(in_force)

    assert made.line.reason.startswith("Kidal: closed 2026-05-03 (reported; Report of")
    assert made.content.phases == (OPERATIONS, TRANSFER)


def test_a_decision_that_moves_the_mandate_makes_a_revision(in_force: PlanScene) -> None:
    decision = replace(TRIGGER, symbol="S/RES/9998 (2026)", decided_on=date(2026, 2, 20))
    order = AddDecision(in_force.slug, decision, mandate_ends_on=date(2026, 9, 30))
    made = add_decision(in_force.sessions, order, actor=in_force.planner, clock=in_force.clock)

    assert (made.revision, row(in_force).last_day_on) == (2, date(2026, 9, 30))


def test_the_old_timetable_stays_as_it_was(in_force: PlanScene) -> None:
    before = table(in_force, 1)
    claim(in_force, a_report(date(2026, 5, 3)), on=date(2026, 5, 4))

    assert table(in_force, 1) == before


def test_a_report_against_nothing_in_force_makes_no_revision(scene: PlanScene) -> None:
    assert claim(scene, a_report(date(2026, 5, 3)), on=date(2026, 5, 4)).revision is None


def test_a_phase_that_drops_a_function_ends_it_the_day_before(in_force: PlanScene) -> None:
    force(in_force, draft(in_force, OPERATIONS, replace(TRANSFER, drops=("REFER",))))

    assert (row(in_force).last_day_on, row(in_force).last_day_reason) == (
        date(2026, 6, 30),
        LastDayReason.PHASE,
    )


def test_restricted_functions_are_told_to_donors_by_quarter_only(in_force: PlanScene) -> None:
    found = table(in_force, actor=in_force.donor)

    assert {each.function_code for each in found.rows} == {"MRM-CHAIR", "REFER"}
    assert [(each.function_code, each.quarter) for each in found.veiled] == [("MRM-VER", "2026-Q4")]


def test_a_revision_in_force_sets_until_when_silence_is_no_worry(in_force: PlanScene) -> None:
    found = plan(in_force)

    assert found.silent_after_on is not None
    assert found.touched_on < found.silent_after_on < date(2026, 4, 2)


def test_work_on_a_plan_moves_the_day_of_silence_and_not_its_version(
    in_force: PlanScene,
) -> None:
    before = plan(in_force)
    claim(in_force, a_claim(closes=date(2026, 11, 1)), on=date(2026, 3, 9))
    after = plan(in_force)

    assert (after.touched_on, after.version) == (date(2026, 3, 9), before.version)
    assert after.silent_after_on is not None
    assert before.silent_after_on is not None
    assert (after.silent_after_on - before.silent_after_on).days == 7


def test_a_country_fact_enters_with_the_next_revision(in_force: PlanScene) -> None:
    day = date(2026, 2, 2)
    fact = AddFact(in_force.slug, Fact.MRM_ACTIVE, True, day, day, "Annual report")  # noqa: FBT003
    add_fact(in_force.sessions, fact, actor=in_force.planner, clock=in_force.clock)
    claim(in_force, a_report(date(2026, 5, 3)), on=date(2026, 5, 4))
    between = said(in_force).content.facts[Fact.MRM_ACTIVE]
    force(in_force, draft(in_force), on=date(2026, 5, 5))

    assert (between, said(in_force).content.facts[Fact.MRM_ACTIVE]) == (None, True)


def test_a_closing_before_every_phase_in_force_is_refused(
    sessions: Sessions, clock: FixedClock
) -> None:
    late = replace(TRANSFER, starts_on=date(2026, 8, 1), ends_on=MANDATE_ENDS_ON)
    scene = make_plan_in_force(sessions, clock, phases=(late,))
    before = digest_of_all_rows(sessions)
    day = date(2026, 3, 2)

    with pytest.raises(Invalid) as refused:
        claim(scene, a_claim(closes=date(2026, 7, 1), known_on=day, chosen_on=day), on=day)

    assert [problem.path for problem in refused.value.problems] == ["areas/2/closing"]
    assert digest_of_all_rows(sessions) == before


def test_what_was_known_on_a_day_makes_the_content_of_that_day(in_force: PlanScene) -> None:
    claim(in_force, a_report(date(2026, 5, 3)), on=date(2026, 5, 4))

    with in_force.sessions.reading() as session:
        found = [
            content_known_on(session, plan_row(session, in_force.slug), on=day).areas[2].closing
            for day in (date(2026, 2, 1), date(2026, 5, 2), date(2026, 5, 3))
        ]
    assert [closing and str(closing.date) for closing in found] == [
        None,
        "2026-10-15",
        "2026-05-03",
    ]

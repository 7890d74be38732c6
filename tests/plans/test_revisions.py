"""Revisions are drafted, come into force, never change after, and follow what becomes known."""

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
from unbroken.functions.rules import Fact
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, NotFound, Stale
from unbroken.people.rules import Actor, sight_of
from unbroken.plans.commands import (
    AddClaims,
    AddDecision,
    AddFact,
    BringIntoForce,
    ChangeState,
    ClaimsChanged,
    DraftRevision,
    EditDraft,
    MakeScenario,
    NewClaim,
    RevisionChanged,
    add_claims,
    add_decision,
    add_fact,
    bring_into_force,
    draft_revision,
    edit_draft,
    make_scenario,
    pause_plan,
)
from unbroken.plans.models import RevisionState
from unbroken.plans.queries import (
    PlanView,
    RevisionLine,
    RevisionView,
    TimetableRow,
    TimetableView,
    difference_between,
    find_plan,
    revision_on,
    revision_view,
    revisions_of,
    timetable_of,
)
from unbroken.plans.rules import LastDayReason, Phase, VagueDate, in_words


def plan(scene: PlanScene) -> PlanView:
    with scene.sessions.reading() as session:
        return find_plan(session, scene.slug, sight=sight_of(scene.planner))


def draft(scene: PlanScene, *phases: Phase) -> RevisionChanged:
    order = DraftRevision(scene.slug, phases or (OPERATIONS, TRANSFER), title="Next")
    return draft_revision(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def force(scene: PlanScene, made: RevisionChanged, *, on: date | None = None) -> RevisionChanged:
    clock = scene.clock if on is None else scene.later(on)
    order = BringIntoForce(scene.slug, made.number, made.version)
    return bring_into_force(scene.sessions, order, actor=scene.planner, clock=clock)


def claim(scene: PlanScene, *claims: NewClaim, on: date) -> ClaimsChanged:
    order = AddClaims(scene.slug, claims)
    return add_claims(scene.sessions, order, actor=scene.planner, clock=scene.later(on))


def table(
    scene: PlanScene, number: int | None = None, *, actor: Actor | None = None
) -> TimetableView:
    uid = plan(scene).uid
    with scene.sessions.reading() as session:
        return timetable_of(session, uid, number, actor=actor or scene.planner)


def row(
    scene: PlanScene, number: int | None = None, *, code: str = "REFER", area: str = "minust-kidal"
) -> TimetableRow:
    found = table(scene, number).rows
    return next(each for each in found if (each.function_code, each.area) == (code, area))


def lines(scene: PlanScene, *, actor: Actor | None = None) -> list[tuple[int, str]]:
    uid = plan(scene).uid
    with scene.sessions.reading() as session:
        found = revisions_of(session, uid, actor=actor or scene.planner)
    return [(each.number, each.state.value) for each in found]


def said(scene: PlanScene, number: int | None = None) -> RevisionView:
    uid = plan(scene).uid
    with scene.sessions.reading() as session:
        return revision_view(session, uid, number, actor=scene.planner)


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


def test_the_old_revision_is_superseded_on_the_day_the_new_one_comes(
    in_force: PlanScene,
) -> None:
    force(in_force, draft(in_force), on=date(2026, 4, 1))
    old, new = said(in_force, 1).line, said(in_force).line

    assert (old.state, old.superseded_on, new.in_force_on) == (
        RevisionState.SUPERSEDED,
        date(2026, 4, 1),
        date(2026, 4, 1),
    )


def test_the_old_timetable_stays_as_it_was(in_force: PlanScene) -> None:
    before = table(in_force, 1)
    claim(in_force, a_report(date(2026, 5, 3)), on=date(2026, 5, 4))

    assert table(in_force, 1) == before


def test_on_a_day_the_revision_of_that_day_was_in_force(in_force: PlanScene) -> None:
    claim(in_force, a_report(date(2026, 5, 3)), on=date(2026, 5, 4))
    uid = plan(in_force).uid
    days = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 5, 3), date(2026, 5, 4))

    with in_force.sessions.reading() as session:
        found = [revision_on(session, uid, on=day) for day in days]
    assert [each and each.number for each in found] == [None, 1, 1, 2]


def test_two_revisions_of_one_day_leave_the_last_in_force(in_force: PlanScene) -> None:
    force(in_force, draft(in_force))
    uid = plan(in_force).uid

    with in_force.sessions.reading() as session:
        found = revision_on(session, uid, on=date(2026, 3, 2))
    assert isinstance(found, RevisionLine)
    assert found.number == 2


@pytest.mark.parametrize("number", [1, 2])
def test_a_revision_that_was_in_force_never_changes(in_force: PlanScene, number: int) -> None:
    force(in_force, draft(in_force))
    before = digest_of_all_rows(in_force.sessions)

    with pytest.raises(Conflict):
        edit_draft(
            in_force.sessions,
            EditDraft(in_force.slug, number, None, (TRANSFER,)),
            actor=in_force.planner,
            clock=in_force.clock,
        )
    with pytest.raises(Conflict):
        bring_into_force(
            in_force.sessions,
            BringIntoForce(in_force.slug, number),
            actor=in_force.planner,
            clock=in_force.clock,
        )
    assert digest_of_all_rows(in_force.sessions) == before


def test_of_two_editors_of_a_draft_the_second_loses_visibly(in_force: PlanScene) -> None:
    made = draft(in_force)
    edit = EditDraft(in_force.slug, made.number, made.version, (TRANSFER,), title="First")
    edit_draft(in_force.sessions, edit, actor=in_force.planner, clock=in_force.clock)

    with pytest.raises(Stale):
        edit_draft(
            in_force.sessions,
            replace(edit, title="Second"),
            actor=in_force.planner,
            clock=in_force.clock,
        )
    assert said(in_force, made.number).line.title == "First"


def test_a_draft_takes_in_what_became_known_before_it_comes_into_force(
    in_force: PlanScene,
) -> None:
    made = draft(in_force)
    claim(in_force, a_report(date(2026, 5, 3)), on=date(2026, 5, 4))
    force(in_force, made, on=date(2026, 5, 5))

    assert row(in_force).last_day_on == date(2026, 5, 3)


def test_a_report_against_nothing_in_force_makes_no_revision(scene: PlanScene) -> None:
    assert claim(scene, a_report(date(2026, 5, 3)), on=date(2026, 5, 4)).revision is None


def test_a_phase_that_drops_a_function_ends_it_the_day_before(in_force: PlanScene) -> None:
    force(in_force, draft(in_force, OPERATIONS, replace(TRANSFER, drops=("REFER",))))

    assert (row(in_force).last_day_on, row(in_force).last_day_reason) == (
        date(2026, 6, 30),
        LastDayReason.PHASE,
    )


def test_a_scenario_has_dates_of_its_own_and_is_never_in_force(in_force: PlanScene) -> None:
    closings = {"minust-kidal": VagueDate(date(2026, 4, 30))}
    order = MakeScenario(in_force.slug, "Kidal is lost in April", closings=closings)
    made = make_scenario(in_force.sessions, order, actor=in_force.planner, clock=in_force.clock)

    dates = [row(in_force, number).last_day_on for number in (made.number, None)]
    assert dates == [date(2026, 4, 30), KIDAL_CLOSES_ON]
    with pytest.raises(Conflict):
        force(in_force, made)


def test_scenarios_and_drafts_are_for_readers_of_detail(in_force: PlanScene) -> None:
    draft(in_force)

    assert (lines(in_force), lines(in_force, actor=in_force.donor)) == (
        [(2, "draft"), (1, "in-force")],
        [(1, "in-force")],
    )
    with in_force.sessions.reading() as session, pytest.raises(NotFound):
        revision_view(session, plan(in_force).uid, 2, actor=in_force.donor)


def test_restricted_functions_are_told_to_donors_by_quarter_only(in_force: PlanScene) -> None:
    found = table(in_force, actor=in_force.donor)

    assert {each.function_code for each in found.rows} == {"MRM-CHAIR", "REFER"}
    assert [(each.function_code, each.quarter) for each in found.veiled] == [("MRM-VER", "2026-Q4")]


def test_what_changed_between_two_revisions_is_said_in_words(in_force: PlanScene) -> None:
    claim(in_force, a_report(date(2026, 10, 5)), on=date(2026, 10, 6))

    with in_force.sessions.reading() as session:
        changes = difference_between(session, plan(in_force).uid, 1, 2, actor=in_force.planner)
    template, facts = in_words(changes[0])
    assert template.format(**facts) == (
        "The closing of Kidal moved 10 days earlier: 2026-10-15 → 2026-10-05"
    )


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


def test_a_paused_plan_can_still_be_revised(in_force: PlanScene) -> None:
    order = ChangeState(in_force.slug, None)
    pause_plan(in_force.sessions, order, actor=in_force.planner, clock=in_force.clock)

    assert force(in_force, draft(in_force)).state is RevisionState.IN_FORCE

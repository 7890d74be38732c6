"""Revisions are drafted, come into force and never change after."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from tests.factories.plans import (
    KIDAL_CLOSES_ON,
    OPERATIONS,
    TRANSFER,
    PlanScene,
    a_report,
)
from tests.plans.everything import digest_of_all_rows
from tests.plans.revising import claim, draft, force, lines, plan, row, said
from unbroken.kit.errors import Conflict, NotFound, Stale
from unbroken.plans.commands import (
    BringIntoForce,
    ChangeState,
    EditDraft,
    MakeScenario,
    bring_into_force,
    edit_draft,
    make_scenario,
    pause_plan,
)
from unbroken.plans.models import RevisionState
from unbroken.plans.queries import (
    RevisionLine,
    derived_timetable,
    difference_between,
    revision_on,
    revision_view,
)
from unbroken.plans.rules import VagueDate, in_words


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


def test_what_changed_between_two_revisions_is_said_in_words(in_force: PlanScene) -> None:
    claim(in_force, a_report(date(2026, 10, 5)), on=date(2026, 10, 6))

    with in_force.sessions.reading() as session:
        changes = difference_between(session, plan(in_force).uid, 1, 2, actor=in_force.planner)
    template, facts = in_words(changes[0])
    assert template.format(**facts) == (
        "The closing of Kidal moved 10 days earlier: 2026-10-15 → 2026-10-05"
    )


def test_a_draft_shows_the_dates_that_would_follow(in_force: PlanScene) -> None:
    made = draft(in_force, OPERATIONS, replace(TRANSFER, drops=("REFER",)))

    with in_force.sessions.reading() as session:
        uid, planner = plan(in_force).uid, in_force.planner
        found = derived_timetable(session, uid, made.number, actor=planner)
    assert {each.last_day_on for each in found if each.function_code == "REFER"} == {
        date(2026, 6, 30)
    }


def test_two_planners_at_once_follow_each_other(in_force: PlanScene) -> None:
    def report(area: str) -> int | None:
        return claim(in_force, a_report(date(2026, 5, 3), area=area), on=date(2026, 5, 4)).revision

    with ThreadPoolExecutor(2) as planners:
        made = list(planners.map(report, ("minust-kidal", "minust-ansongo")))

    assert (sorted(made, key=str), lines(in_force)[0]) == ([2, 3], (3, "in-force"))


def test_a_paused_plan_can_still_be_revised(in_force: PlanScene) -> None:
    order = ChangeState(in_force.slug, None)
    pause_plan(in_force.sessions, order, actor=in_force.planner, clock=in_force.clock)

    assert force(in_force, draft(in_force)).state is RevisionState.IN_FORCE

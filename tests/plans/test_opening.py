"""Missions are added and plans opened, paused, completed and cancelled."""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories.plans import (
    MANDATE_ENDS_ON,
    TRIGGER,
    TRIGGERED_ON,
    PlanScene,
    a_mission,
    a_plan,
)
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded, Stale
from unbroken.people.rules import NOBODY, sight_of
from unbroken.plans.commands import (
    AddArea,
    AddDecision,
    BringIntoForce,
    ChangeState,
    DraftRevision,
    EditPlan,
    add_area_in,
    add_decision,
    add_mission,
    add_mission_in,
    bring_into_force_in,
    by_opening,
    cancel_plan,
    complete_plan,
    draft_revision_in,
    edit_plan,
    open_plan,
    open_plan_in,
    pause_plan,
    resume_plan,
)
from unbroken.plans.models import AreaKind, PlanScope, PlanState
from unbroken.plans.queries import PlanView, areas_of, find_plan, mission_chain, missions, plan_list
from unbroken.plans.queries.plans import decisions_of


def seen(scene: PlanScene, slug: str = "minust") -> PlanView:
    with scene.sessions.reading() as session:
        return find_plan(session, slug, sight=sight_of(scene.planner))


def test_a_plan_has_its_dates_from_its_first_minute(scene: PlanScene) -> None:
    plan = seen(scene)

    found = (plan.triggered_on, plan.mandate_ends_on, plan.plan_due_on, plan.revision)
    assert found == (TRIGGERED_ON, MANDATE_ENDS_ON, date(2026, 1, 19), None)


def test_notice_counts_from_the_trigger_to_the_end_of_the_mandate(scene: PlanScene) -> None:
    assert seen(scene).notice_days == 360


def test_a_plan_for_the_whole_mission_has_the_missions_area(scene: PlanScene) -> None:
    with scene.sessions.reading() as session:
        areas = areas_of(session, seen(scene).uid, actor=scene.planner)

    assert [area.slug for area in areas] == [
        "minust-mission",
        "minust-gao",
        "minust-kidal",
        "minust-ansongo",
    ]


def test_a_plan_for_some_areas_has_no_area_of_the_whole_mission(scene: PlanScene) -> None:
    order = a_plan(slug="minust-north", scope=PlanScope.AREAS)
    made = open_plan(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    with scene.sessions.reading() as session:
        assert areas_of(session, made.uid, actor=scene.planner) == ()


def test_missions_stand_in_the_order_in_which_they_followed_each_other(scene: PlanScene) -> None:
    for acronym, before in (("MINUSTB", "minust"), ("MINUSTC", "minustb")):
        order = a_mission(acronym, predecessor=before)
        add_mission(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    with scene.sessions.reading() as session:
        chain = mission_chain(session, "minustb", sight=sight_of(scene.planner))

    assert [each.slug for each in chain] == ["minust", "minustb", "minustc"]


def test_missions_come_page_by_page_with_their_plans(scene: PlanScene) -> None:
    add_mission(scene.sessions, a_mission("MINUSTB"), actor=scene.steward, clock=scene.clock)

    with scene.sessions.reading() as session:
        first = missions(session, sight=sight_of(scene.planner), limit=1)
        second = missions(session, sight=sight_of(scene.planner), limit=1, after="minust")

    assert [(each.slug, each.notice_days) for each in (*first, *second)] == [
        ("minust", 360),
        ("minustb", None),
    ]


def test_who_plans_elsewhere_sees_neither_mission_nor_plan(scene: PlanScene) -> None:
    with scene.sessions.reading() as session:
        sight = sight_of(scene.outsider)

        assert (missions(session, sight=sight), plan_list(session, sight=sight)) == ((), ())
        with pytest.raises(NotFound):
            find_plan(session, "minust", sight=sight)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("steward", Forbidden),
        ("donor", Forbidden),
        ("observer", Forbidden),
        ("country_team", Forbidden),
        ("outsider", NotFound),
    ],
)
def test_only_a_planner_of_the_place_changes_a_plan(
    scene: PlanScene, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        edit_plan(
            scene.sessions,
            EditPlan("minust", None, title="Mine"),
            actor=getattr(scene, who),
            clock=scene.clock,
        )


def test_nobody_changes_a_plan_without_signing_in(scene: PlanScene) -> None:
    with pytest.raises(SignInNeeded):
        edit_plan(
            scene.sessions, EditPlan("minust", None, title="x"), actor=NOBODY, clock=scene.clock
        )


@pytest.mark.parametrize("who", ["donor", "observer", "country_team", "outsider"])
def test_only_planners_of_the_country_and_stewards_add_missions(scene: PlanScene, who: str) -> None:
    with pytest.raises(Forbidden):
        add_mission(
            scene.sessions, a_mission("OTHER"), actor=getattr(scene, who), clock=scene.clock
        )


def test_of_two_editors_the_second_learns_that_the_plan_has_changed(scene: PlanScene) -> None:
    version = seen(scene).version
    first = EditPlan("minust", version, title="First")
    edit_plan(scene.sessions, first, actor=scene.planner, clock=scene.clock)

    with pytest.raises(Stale):
        edit_plan(
            scene.sessions,
            EditPlan("minust", version, title="Second"),
            actor=scene.planner,
            clock=scene.clock,
        )
    assert seen(scene).title == "First"


def test_a_later_decision_moves_the_end_of_the_mandate(scene: PlanScene) -> None:
    decision = replace(TRIGGER, symbol="S/RES/9998 (2026)", decided_on=date(2026, 2, 20))
    order = AddDecision("minust", decision, mandate_ends_on=date(2026, 9, 30))
    add_decision(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    plan = seen(scene)
    assert (plan.mandate_ends_on, plan.triggered_on, plan.notice_days) == (
        date(2026, 9, 30),
        TRIGGERED_ON,
        268,
    )


def test_a_mission_its_plan_and_areas_can_be_made_in_one_transaction(scene: PlanScene) -> None:
    order = a_plan("minustb")
    now = scene.clock.now()
    with scene.sessions.begin() as session:
        by = by_opening(session, order.uid, "MLI", actor=scene.planner, at=now)
        add_mission_in(session, a_mission("MINUSTB", predecessor="minust"), by=by)
        open_plan_in(session, order, by=by)
        add_area_in(session, AddArea("minustb", "Gao", AreaKind.REGION), by=by)
        made = draft_revision_in(session, DraftRevision("minustb"), by=by)
        bring_into_force_in(session, BringIntoForce("minustb", made.number), by=by)

    assert seen(scene, "minustb").revision == 1


def test_a_plan_has_one_trigger(scene: PlanScene) -> None:
    with pytest.raises(Conflict):
        add_decision(
            scene.sessions,
            AddDecision("minust", TRIGGER, is_trigger=True),
            actor=scene.planner,
            clock=scene.clock,
        )


def test_decisions_stand_as_they_were_taken(scene: PlanScene) -> None:
    decision = replace(TRIGGER, symbol="S/2026/1", decided_on=date(2026, 2, 20))
    add_decision(
        scene.sessions, AddDecision("minust", decision), actor=scene.planner, clock=scene.clock
    )

    with scene.sessions.reading() as session:
        found = decisions_of(session, seen(scene).uid)

    assert [(each.symbol, each.is_trigger) for each in found] == [
        ("S/RES/9999 (2026)", True),
        ("S/2026/1", False),
    ]


def test_a_paused_plan_is_resumed(scene: PlanScene) -> None:
    act = {"actor": scene.planner, "clock": scene.clock}
    paused = pause_plan(scene.sessions, ChangeState("minust", None), **act)  # type: ignore[arg-type]
    order = ChangeState("minust", paused.version)
    resumed = resume_plan(scene.sessions, order, **act)  # type: ignore[arg-type]

    assert (paused.state, resumed.state) == (PlanState.PAUSED, PlanState.OPEN)


def test_a_plan_is_not_completed_while_a_last_day_lies_ahead(in_force: PlanScene) -> None:
    with pytest.raises(Conflict) as refused:
        complete_plan(
            in_force.sessions,
            ChangeState("minust", None),
            actor=in_force.planner,
            clock=in_force.clock,
        )

    assert refused.value.facts["last"] == "2026-12-31"


def test_a_plan_is_completed_after_its_last_day(in_force: PlanScene) -> None:
    done = complete_plan(
        in_force.sessions,
        ChangeState("minust", None),
        actor=in_force.planner,
        clock=in_force.later(date(2027, 1, 1)),
    )

    assert (done.state, seen(in_force).finished_on) == (PlanState.COMPLETED, date(2027, 1, 1))


def test_cancelling_needs_a_reason(scene: PlanScene) -> None:
    with pytest.raises(Invalid) as refused:
        cancel_plan(
            scene.sessions, ChangeState("minust", None), actor=scene.planner, clock=scene.clock
        )

    assert [problem.path for problem in refused.value.problems] == ["reason"]


def test_a_cancelled_plan_does_not_change_any_more(scene: PlanScene) -> None:
    order = ChangeState("minust", None, reason="The mandate was renewed.")
    cancel_plan(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    with pytest.raises(Conflict):
        edit_plan(
            scene.sessions,
            EditPlan("minust", None, title="Again"),
            actor=scene.planner,
            clock=scene.clock,
        )

"""Reading takes few statements however large a plan is, and every act is in the trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import perf_counter

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from tests.factories.plans import TRIGGER, PlanScene, a_claim, a_report, small_function
from unbroken.functions.commands import load_edition
from unbroken.functions.rules import CODES, assemble
from unbroken.people.rules import SYSTEM, sight_of
from unbroken.plans.commands import (
    AddArea,
    AddClaims,
    BringIntoForce,
    ChangeState,
    DraftRevision,
    OpenPlan,
    acting_on,
    add_claims,
    bring_into_force,
    draft_revision,
    open_plan,
    pause_plan,
)
from unbroken.plans.commands.areas import add_area_in
from unbroken.plans.models import AreaKind
from unbroken.plans.queries import (
    areas_of,
    cannot_be_met_of,
    due_soon,
    find_plan,
    missions,
    plan_list,
    steps_of,
    timetable_of,
)
from unbroken.trail.models import Chain, Entry

AREAS = 10
FUNCTIONS = 30
FASTEST_OF = 5


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Yield the statements that are run inside."""
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def large(scene: PlanScene) -> PlanScene:
    """Return the scene with another plan ``large``: 30 functions in 10 areas, in force."""
    functions = [small_function(code) for code in CODES[:FUNCTIONS]]
    edition = assemble("large.1", functions)
    act = {"actor": scene.planner, "clock": scene.clock}
    load_edition(scene.sessions, edition=edition, actor=SYSTEM, clock=scene.clock)
    open_plan(scene.sessions, _large_plan(), **act)  # type: ignore[arg-type]
    with acting_on(scene.sessions, "large", **act) as (session, by):  # type: ignore[arg-type]
        for number in range(AREAS):
            order = AddArea("large", f"Region {number}", AreaKind.REGION)
            add_area_in(session, order, by=by)
    made = draft_revision(scene.sessions, DraftRevision("large"), **act)  # type: ignore[arg-type]
    bring_into_force(scene.sessions, BringIntoForce("large", made.number), **act)  # type: ignore[arg-type]
    return scene


def _large_plan() -> OpenPlan:
    return OpenPlan(
        mission="minust",
        title="Large",
        trigger=TRIGGER,
        mandate_ends_on=date(2026, 3, 31),
        edition="large.1",
        slug="large",
    )


def test_a_timetable_of_three_hundred_rows_is_read_in_few_statements_and_fast(
    large: PlanScene,
) -> None:
    with large.sessions.reading() as session:
        uid = find_plan(session, "large", sight=sight_of(large.planner)).uid
        with counted(session) as statements:
            rows = timetable_of(session, uid, actor=large.planner).rows
        seconds = []
        for _ in range(FASTEST_OF):
            started = perf_counter()
            timetable_of(session, uid, actor=large.planner)
            seconds.append(perf_counter() - started)

    assert (len(rows), len(statements)) == (AREAS * FUNCTIONS, 4)
    assert min(seconds) < 0.1  # a busy machine; 20 ms on a quiet one


def test_what_cannot_be_met_stands_first_by_tier(large: PlanScene) -> None:
    with large.sessions.reading() as session:
        uid = find_plan(session, "large", sight=sight_of(large.planner)).uid
        found = cannot_be_met_of(session, uid, actor=large.planner)

    assert len(found) == AREAS * FUNCTIONS  # 85 days and a minimum of three months


def test_missions_and_plans_are_read_in_few_statements(large: PlanScene) -> None:
    with large.sessions.reading() as session:
        sight = sight_of(large.planner)
        with counted(session) as statements:
            missions(session, sight=sight)
            plans = plan_list(session, sight=sight)

    assert ([each.slug for each in plans], len(statements)) == (["large", "minust"], 4)


def test_areas_with_their_claims_are_read_in_few_statements(large: PlanScene) -> None:
    with large.sessions.reading() as session:
        uid = find_plan(session, "large", sight=sight_of(large.planner)).uid
        with counted(session) as statements:
            areas_of(session, uid, actor=large.planner)

    assert len(statements) == 3


def test_what_is_due_soon_stands_by_day_both_ends_included(in_force: PlanScene) -> None:
    with in_force.sessions.reading() as session:
        uid = find_plan(session, in_force.slug, sight=sight_of(in_force.planner)).uid
        row = timetable_of(session, uid, actor=in_force.planner).rows[0]
        day = row.receiver_by
        found = due_soon(session, uid, actor=in_force.planner, on=day, until=day)

    assert {each.due_on for each in found} == {day}
    assert "receiver-named" in {each.step for each in found}


def test_restricted_steps_are_for_readers_of_detail(in_force: PlanScene) -> None:
    with in_force.sessions.reading() as session:
        uid = find_plan(session, in_force.slug, sight=sight_of(in_force.planner)).uid
        rows = timetable_of(session, uid, actor=in_force.planner).rows
        restricted = next(each for each in rows if each.restricted)
        seen = [
            bool(steps_of(session, restricted.function_area_uid, actor=reader))
            for reader in (in_force.planner, in_force.donor)
        ]
        whole = due_soon(session, uid, actor=in_force.donor, on=date.min, until=date.max, limit=500)

    assert seen == [True, False]
    assert "MRM-VER" not in {each.function_code for each in whole}


def test_every_act_is_in_the_trail_of_its_plan(in_force: PlanScene) -> None:
    reports = AddClaims(in_force.slug, (a_report(date(2026, 2, 20)), a_claim()))
    add_claims(in_force.sessions, reports, actor=in_force.planner, clock=in_force.clock)
    order = ChangeState(in_force.slug, None)
    pause_plan(in_force.sessions, order, actor=in_force.planner, clock=in_force.clock)

    assert _actions(in_force) == [
        "plans:plan:opened",
        "plans:area:added",
        "plans:area:added",
        "plans:area:added",
        "plans:claim:added",
        "plans:revision:drafted",
        "plans:revision:brought-into-force",
        "plans:claim:added",
        "plans:claim:added",
        "plans:revision:brought-into-force",
        "plans:plan:paused",
    ]


def test_a_mission_is_in_the_trail_of_the_instance(scene: PlanScene) -> None:
    with scene.sessions.reading() as session:
        query = select(Entry.action).join(Chain).where(col(Chain.plan_uid).is_(None))

        assert "plans:mission:added" in session.exec(query).all()


def _actions(scene: PlanScene) -> list[str]:
    with scene.sessions.reading() as session:
        uid = find_plan(session, scene.slug, sight=sight_of(scene.planner)).uid
        query = select(Entry.action).join(Chain).where(Chain.plan_uid == uid)
        return list(session.exec(query.order_by(col(Entry.position))))

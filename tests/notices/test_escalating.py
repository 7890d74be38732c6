"""Steps of escalation are taken once, caught up after any downtime, and seen before they come."""

from datetime import date

import pytest
from sqlmodel import col, select

from tests.notices.stage import DAY, Stage, make_stage
from unbroken.gaps.rules.words import Happening, Severity
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, NotFound, Refused
from unbroken.notices.commands.digesting import put_digests, welcome_readers
from unbroken.notices.commands.escalating import escalate
from unbroken.notices.commands.gathering import gather
from unbroken.notices.commands.offices import (
    NameHolder,
    SetLadder,
    end_holder,
    name_holder,
    set_ladder,
)
from unbroken.notices.models import Notice
from unbroken.notices.queries.escalation import ahead, holders_of, ladder_of
from unbroken.notices.rules.escalation import LADDER, Office, Step
from unbroken.notices.rules.words import News
from unbroken.people.rules import Grant, Role

EVERYBODY = {
    "planner": (Grant(Role.PLANNER),),
    "head": (Grant(Role.PLANNER),),
    "coordinator": (Grant(Role.COUNTRY_TEAM),),
    "observer": (Grant(Role.OBSERVER),),
}
HEAD, COORDINATOR = Office.HEAD_OF_COMPONENT, Office.RESIDENT_COORDINATOR


def steps(sessions: Sessions) -> list[str]:
    with sessions.reading() as session:
        found = select(Notice).where(Notice.kind == News.GAP_ESCALATED).order_by(col(Notice.id))
        return [str(each.office) for each in session.exec(found)]


def named(stage: Stage, office: Office, handle: str) -> None:
    order = NameHolder(stage.plan_uid(), office, handle)
    name_holder(stage.sessions, order, actor=stage.known["planner"].actor, clock=stage.clock)


def test_each_step_is_taken_once_on_its_day(sessions: Sessions) -> None:
    stage = make_stage(sessions, grants=EVERYBODY)
    named(stage, HEAD, "head")
    named(stage, COORDINATOR, "coordinator")
    stage.happen(Happening.OPENED, "one", severity=Severity.CRITICAL)

    taken = [(n, escalate(sessions, clock=stage.later(n * DAY).clock)) for n in range(20)]
    again = [escalate(sessions, clock=stage.later(n * DAY).clock) for n in (19, 20)]

    assert [(1, 1), (3, 1), (7, 1), (14, 1)] == [each for each in taken if each[1]]
    assert [0, 0] == again
    assert ["planner", HEAD, COORDINATOR, "observer"] == steps(sessions)


def test_after_an_outage_every_overdue_step_is_taken_once(sessions: Sessions) -> None:
    stage = make_stage(sessions, grants=EVERYBODY)
    stage.happen(Happening.OPENED, "one", "two", severity=Severity.CRITICAL)

    assert 8 == escalate(sessions, clock=stage.later(40 * DAY).clock)
    # a clock that is set back finds nothing new
    assert 0 == escalate(sessions, clock=stage.later(39 * DAY).clock)
    assert 0 == escalate(sessions, clock=stage.later(41 * DAY).clock)
    # nobody was named for the two offices between, so the planners were told in their place
    assert ["planner"] * 6 + ["observer"] * 2 == sorted(steps(sessions), reverse=True)


def test_an_answer_ends_the_climb_and_getting_worse_begins_it_anew(sessions: Sessions) -> None:
    stage = make_stage(sessions, grants=EVERYBODY)
    stage.happen(Happening.OPENED, "one", severity=Severity.HIGH)
    stage.change_gap("one", acknowledged_at=stage.clock.at + DAY)
    assert 0 == escalate(sessions, clock=stage.later(40 * DAY).clock)

    worse = stage.later(41 * DAY)
    worse.happen(Happening.WORSENED, "one", severity=Severity.CRITICAL)
    assert 0 == escalate(sessions, clock=worse.clock)
    assert 1 == escalate(sessions, clock=worse.later(DAY).clock)


def test_who_holds_an_office_is_told_and_nobody_else(sessions: Sessions) -> None:
    stage = make_stage(sessions, grants=EVERYBODY, welcomed=False)
    named(stage, COORDINATOR, "coordinator")
    stage.happen(Happening.OPENED, "one", severity=Severity.CRITICAL)
    gather(sessions)
    welcome_readers(sessions, now=stage.clock.now())
    for day in (7, 8):
        escalate(sessions, clock=stage.later(day * DAY).clock)
    put_digests(sessions, clock=stage.later(8 * DAY).clock)

    counted = {who: body["by_kind"] for who, (body,) in stage.letters().items()}
    assert {"gap-escalated": 1} == counted["coordinator"]
    # the steps meant for an office that nobody holds, and their own, are one gap in one letter
    assert {"gap-escalated": 1} == counted["planner"] == counted["head"]
    assert "observer" not in counted


def test_what_lies_ahead_is_seen_before_it_happens(sessions: Sessions) -> None:
    stage = make_stage(sessions, grants=EVERYBODY)
    named(stage, HEAD, "head")
    stage.happen(Happening.OPENED, "one", severity=Severity.CRITICAL)
    today = stage.later(2 * DAY).clock.today()

    with sessions.reading() as session:
        seen = ahead(session, 1, today=today)
    told = [(each.step.due_on, each.step.office, [h.handle for h in each.holders]) for each in seen]
    planners = ["head", "planner"]
    assert [
        (date(2026, 3, 5), HEAD, ["head"]),
        (date(2026, 3, 9), COORDINATOR, planners),
        (date(2026, 3, 16), Office.OBSERVER, ["observer"]),
    ] == told

    escalate(sessions, clock=stage.later(20 * DAY).clock)
    assert 4 == len(steps(sessions))
    stage.change_gap("one", acknowledged_at=stage.clock.at)
    with sessions.reading() as session:
        assert [] == ahead(session, 1, today=today)


def test_offices_are_named_by_planners_for_who_sees_the_plan(sessions: Sessions) -> None:
    stage = make_stage(sessions, grants=EVERYBODY | {"stranger": (Grant(Role.DONOR),)})
    planner = stage.known["planner"].actor
    order = NameHolder(stage.plan_uid(), HEAD, "head")
    name_holder(sessions, order, actor=planner, clock=stage.clock)
    name_holder(sessions, order, actor=planner, clock=stage.clock)
    with sessions.reading() as session:
        assert ["head"] == [each.handle for each in holders_of(session, 1)[HEAD]]

    refused: list[tuple[NameHolder, str, type[Refused]]] = [
        (NameHolder(stage.plan_uid(), Office.OBSERVER, "head"), "planner", Invalid),
        (NameHolder(stage.plan_uid(), HEAD, "nobody"), "planner", NotFound),
        (order, "observer", Refused),
    ]
    for wrong, handle, kind in refused:
        with pytest.raises(kind):
            name_holder(sessions, wrong, actor=stage.known[handle].actor, clock=stage.clock)

    end_holder(sessions, order, actor=planner, clock=stage.clock)
    with pytest.raises(NotFound):
        end_holder(sessions, order, actor=planner, clock=stage.clock)


def test_a_plan_has_steps_of_its_own_until_it_takes_the_common_ones_back(
    sessions: Sessions,
) -> None:
    stage = make_stage(sessions)
    planner, plan = stage.known["planner"].actor, stage.plan_uid()
    short = (Step(Severity.CRITICAL, 2, Office.OBSERVER),)

    version = set_ladder(sessions, SetLadder(plan, short, 0), actor=planner, clock=stage.clock)
    with sessions.reading() as session:
        assert short == ladder_of(session, 1)
    with pytest.raises(Refused):
        set_ladder(sessions, SetLadder(plan, LADDER, version + 7), actor=planner, clock=stage.clock)
    wrong = SetLadder(plan, (Step(Severity.LOW, 0, Office.PLANNER),))
    with pytest.raises(Invalid):
        set_ladder(sessions, wrong, actor=planner, clock=stage.clock)
    set_ladder(sessions, SetLadder(plan, LADDER, version), actor=planner, clock=stage.clock)
    with sessions.reading() as session:
        assert LADDER == ladder_of(session, 1)

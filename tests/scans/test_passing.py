"""Looks between scans: once, whoever looks at the same time, and only where something calls."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.scans.stage import (
    DAY,
    MISSPELT,
    NOTED,
    TERMS,
    ActingClock,
    Killed,
    change_plan,
    die,
    events,
    nothing,
    once_before,
    open_keys,
    plant_plans,
)
from unbroken.gaps.rules.scope import plan
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, table
from unbroken.scans.passing import look_again
from unbroken.scans.run import scan_by_hand
from unbroken.scans.writing import SCANNER
from unbroken.trail.commands import open_trail

BOTH = ["noted 1", "noted 2"]


def acting(sessions: Sessions, number: int, **values: object) -> Callable[[], None]:
    """Return an act that changes a plan and is recorded in its trail."""

    def act() -> None:
        with sessions.begin() as session:
            uid = session.scalars(select(plan.c.uid).where(plan.c.id == number)).one()
            trail = open_trail(session, author=SCANNER, at=datetime.now(UTC), plans=[uid])
            changed = plan.update().where(plan.c.id == number).values(**values)
            session.connection().execute(changed)
            trail.record("planner:plan:mended", kind="plan", subject=uid, values={})

    return act


def versions(sessions: Sessions) -> list[int]:
    last = table("plan_look")
    with sessions.reading() as session:
        return list(session.scalars(select(last.c.version).order_by(last.c.plan_id)))


def test_a_plan_is_looked_at_once_and_then_only_when_touched(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 2)
    first = look_again(sessions, clock=clock, rules=(NOTED,))
    idle = look_again(sessions, clock=clock, rules=(NOTED,))
    acting(sessions, 2, note="")()
    third = look_again(sessions, clock=clock, rules=(NOTED,))

    assert [2, 0, 1] == [first.plans, idle.plans, third.plans]
    assert (["noted 1"], 3, [1, 2]) == (open_keys(sessions), events(sessions), versions(sessions))


def test_after_a_full_scan_nothing_calls(sessions: Sessions, clock: FixedClock) -> None:
    plant_plans(sessions, 2)
    change_plan(sessions, 2, note="")
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(NOTED,))

    assert 0 == look_again(sessions, clock=clock, rules=(NOTED,)).plans


def test_of_two_that_look_at_once_one_writes(sessions: Sessions, clock: FixedClock) -> None:
    plant_plans(sessions, 2)

    def other() -> None:
        look_again(sessions, clock=clock, rules=(NOTED,))

    look_again(sessions, clock=clock, rules=(once_before(other),))

    assert (BOTH, 2) == (open_keys(sessions), events(sessions))


def test_what_is_mended_while_somebody_looks_is_told_by_the_next_look(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 2)
    mend = acting(sessions, 1, note="")
    look_again(sessions, clock=clock, rules=(NOTED, once_before(mend, then=NOTED)))
    then = open_keys(sessions)
    look_again(sessions, clock=clock, rules=(NOTED,))

    assert (["noted 2"], ["noted 2"]) == (then, open_keys(sessions))


def test_a_look_killed_between_two_plans_is_made_good_by_the_next(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 2)
    with pytest.raises(Killed):
        # it asks once before it looks, and once before it writes each plan
        look_again(sessions, clock=ActingClock([nothing, nothing, die]), rules=(NOTED,))
    then = open_keys(sessions)
    look_again(sessions, clock=clock, rules=(NOTED,))

    assert (["noted 1"], BOTH, 2) == (then, open_keys(sessions), events(sessions))


def test_a_clock_that_went_back_calls_for_a_look_and_a_paused_plan_for_none(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 2)
    look_again(sessions, clock=clock, rules=(NOTED,))
    change_plan(sessions, 1, note="")  # no act of anybody: nothing calls
    change_plan(sessions, 2, note="", state="paused")
    earlier = FixedClock(clock.at - timedelta(days=1))
    looked = [look_again(sessions, clock=each, rules=(NOTED,)).plans for each in (clock, earlier)]

    assert ([0, 1], ["noted 2"]) == (looked, open_keys(sessions))


def test_a_rule_that_breaks_leaves_its_gaps_alone_and_is_tried_again_tomorrow(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 1)
    broken = look_again(sessions, clock=clock, rules=(MISSPELT, NOTED))
    again = look_again(sessions, clock=clock, rules=(NOTED,))
    tomorrow = look_again(sessions, clock=FixedClock(clock.at + DAY), rules=(NOTED,))

    assert ("rule misspelt: OperationalError" in broken.problems) == sessions.is_sqlite
    assert (1, ["noted 1"]) == (len(broken.problems), open_keys(sessions))
    assert (0, 1) == (again.plans, tomorrow.plans)

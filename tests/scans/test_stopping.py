"""Told to end, a process writes the plan in hand and leaves the rest to the next, at once."""

from dataclasses import replace

import pytest

from tests.scans.stage import (
    MISSPELT,
    NOTED,
    OTHER,
    TERMS,
    ActingClock,
    events,
    gaps,
    nothing,
    once_before,
    plant_plans,
    scans,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.stopping import Stop, Stopped
from unbroken.scans.models import ScanState
from unbroken.scans.run import tick


def test_the_plan_in_hand_is_written_and_another_goes_on_without_waiting(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 3)
    stop = Stop()
    # asked while the first plan is being written
    busy = ActingClock([nothing, stop.ask])
    ran = tick(sessions, clock=busy, terms=TERMS, rules=(NOTED,), stop=stop)
    left = scans(sessions)[0]
    once = replace(OTHER, attempts=1)  # being put down is no failed attempt
    (outcome,) = tick(sessions, clock=clock, terms=once, rules=(NOTED,))

    assert ([], ScanState.RUNNING, "", 1) == (ran, left.state, left.owner, left.cursor)
    assert (left.uid, 3, 3) == (outcome.scan, outcome.opened, events(sessions))
    done = scans(sessions)[0]
    assert (ScanState.DONE, "second", 1) == (done.state, done.owner, done.epoch)
    assert {1} == {times for _, _, times in gaps(sessions).values()}


def test_what_broke_before_the_end_is_tried_again_by_the_next(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 2)
    stop = Stop()
    busy = ActingClock([nothing, stop.ask])
    tick(sessions, clock=busy, terms=TERMS, rules=(NOTED, MISSPELT), stop=stop)
    left = scans(sessions)[0]

    assert (0, "rule misspelt: OperationalError") == (
        left.cursor,
        left.error.replace("ProgrammingError", "OperationalError"),
    )
    (outcome,) = tick(sessions, clock=clock, terms=OTHER, rules=(NOTED,))
    assert (2, ()) == (outcome.opened, outcome.problems)


def test_between_two_rules_nothing_more_is_looked_for(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 1)
    stop = Stop()
    rules = (once_before(stop.ask), NOTED)

    assert [] == tick(sessions, clock=clock, terms=TERMS, rules=rules, stop=stop)
    assert (0, ["", ""]) == (events(sessions), [scans(sessions)[0].owner, scans(sessions)[0].error])


def test_nothing_is_begun_once_asked(sessions: Sessions, clock: FixedClock) -> None:
    stop = Stop()
    stop.ask()

    assert [] == tick(sessions, clock=clock, terms=TERMS, rules=(), stop=stop)
    assert [] == scans(sessions)
    with pytest.raises(Stopped):
        stop.sleep(60)

"""What breaks stays where it is: one plan, one rule, one attempt; and its reason is kept."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.scans.stage import (
    MISSPELT,
    NOTED,
    OTHER,
    TERMS,
    UNWRITABLE,
    ActingClock,
    Killed,
    change_plan,
    die,
    events,
    expire,
    gaps,
    nothing,
    open_keys,
    plant_plans,
    rule,
    scans,
)
from unbroken.gaps.rules.scope import plan
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.scans.models import ScanState
from unbroken.scans.run import scan_by_hand, tick

LATE = rule("late-plan", NOTED.build)
LATE_BROKEN = rule("late-plan", MISSPELT.build)


def test_a_scan_killed_between_two_plans_is_finished_by_another_with_all_its_counts(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 3)
    with pytest.raises(Killed):
        tick(sessions, clock=ActingClock([nothing, nothing, die]), terms=TERMS, rules=(NOTED,))
    left = scans(sessions)[0]
    expire(sessions)
    (outcome,) = tick(sessions, clock=clock, terms=OTHER, rules=(NOTED,))

    none = dict.fromkeys(("worsened", "eased", "closed", "set-aside"), 0)
    assert (ScanState.RUNNING, 1, {"opened": 1, **none}) == (
        left.state,
        left.cursor,
        left.counts,
    )
    assert (left.uid, 3, 3) == (outcome.scan, outcome.opened, events(sessions))
    assert (ScanState.DONE, 2) == (scans(sessions)[0].state, scans(sessions)[0].epoch)


def test_a_plan_that_breaks_while_it_is_written_is_left_untouched(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 3)
    change_plan(sessions, 2, note="broken")
    # of the two gaps of plan 2 only one cannot be written: neither may be
    tick(sessions, clock=clock, terms=TERMS, rules=(NOTED, UNWRITABLE))

    assert ["noted 1", "noted 3", "unwritable 1", "unwritable 3"] == open_keys(sessions)


def test_a_scan_with_a_broken_plan_stays_unfinished_and_says_why(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 3)
    change_plan(sessions, 2, note="broken")
    tick(sessions, clock=clock, terms=TERMS, rules=(UNWRITABLE,))

    row = scans(sessions)[0]
    with sessions.reading() as session:
        uid = session.scalars(select(plan.c.uid).where(plan.c.id == 2)).one()
    assert (ScanState.RUNNING, f"plan {uid}: IntegrityError") == (row.state, row.error)


def test_a_broken_plan_that_was_mended_is_written_at_the_next_attempt(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 3)
    change_plan(sessions, 2, note="broken")
    tick(sessions, clock=clock, terms=TERMS, rules=(UNWRITABLE,))
    change_plan(sessions, 2, note="wrong")
    expire(sessions)
    (outcome,) = tick(sessions, clock=clock, terms=OTHER, rules=(UNWRITABLE,))

    row = scans(sessions)[0]
    assert (3, ScanState.DONE, "") == (outcome.opened, row.state, row.error)


def test_a_scan_that_breaks_at_every_attempt_has_failed(
    sessions: Sessions, clock: FixedClock
) -> None:
    terms = replace(TERMS, attempts=3)
    plant_plans(sessions, 1)
    states = []
    for _ in range(4):
        tick(sessions, clock=clock, terms=terms, rules=(MISSPELT,))
        states.append(scans(sessions)[0].state)
        expire(sessions)

    row = scans(sessions)[0]
    assert ["running", "running", "failed", "failed"] == states
    assert (3, True) == (row.epoch, row.error.startswith("rule misspelt: "))


def test_a_broken_rule_stops_no_other_rule(sessions: Sessions, clock: FixedClock) -> None:
    plant_plans(sessions, 2)
    outcome = scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(MISSPELT, NOTED))

    assert (2, ["noted 1", "noted 2"]) == (outcome.opened, open_keys(sessions))


def test_gaps_of_a_broken_rule_stay_open(sessions: Sessions, clock: FixedClock) -> None:
    plant_plans(sessions, 1)
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(NOTED,))
    broken = rule("noted", MISSPELT.build)
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(broken,))

    assert {"noted 1": (1, "open", 1)} == gaps(sessions)


def test_a_broken_headline_goes_on_holding_back_what_follows_from_it(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 2)
    change_plan(sessions, 2, note="")
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(LATE, NOTED))
    change_plan(sessions, 2, note="wrong")
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(LATE_BROKEN, NOTED))

    assert ["late-plan 1", "noted 2"] == open_keys(sessions)


def test_a_scan_by_hand_that_broke_has_failed_at_once(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 1)
    outcome = scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(MISSPELT,))

    assert (1, ScanState.FAILED) == (len(outcome.problems), scans(sessions)[0].state)


def test_a_scan_that_failed_does_not_stop_the_others_of_the_same_ring(
    sessions: Sessions,
) -> None:
    plant_plans(sessions, 1)
    for _ in range(2):
        with pytest.raises(Killed):
            scan_by_hand(sessions, clock=ActingClock([die]), terms=TERMS, rules=())
    expire(sessions)
    ran = tick(sessions, clock=ActingClock([_break_off]), terms=OTHER, rules=(NOTED,))

    assert 2 == len(ran)
    assert ["done", "done", "running"] == [row.state for row in scans(sessions)]
    assert ["", "", "LookupError"] == [row.error for row in scans(sessions)]


def _break_off() -> None:
    raise LookupError

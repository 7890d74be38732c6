"""One scan has one owner at a time; who lost it writes nothing; no tick is lost or doubled."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.scans.stage import (
    DAY,
    NOTED,
    OTHER,
    TERMS,
    ActingClock,
    add_scan,
    expire,
    gaps,
    nothing,
    now_of,
    once_before,
    open_keys,
    plant_plans,
    rule,
    scans,
    until,
)
from unbroken.gaps.rules import Scope
from unbroken.gaps.rules.scope import Statement, plan
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.scans.claiming import (
    Claim,
    LeaseLost,
    claim_by_hand,
    claim_due,
    fenced,
    holding,
    renew,
    take_over,
)
from unbroken.scans.models import ScanState
from unbroken.scans.run import scan_by_hand, tick
from unbroken.scans.schedule import tick_of

EIGHT = 8
SHORT = replace(TERMS, lease=timedelta(seconds=0.3))
ON = FixedClock(ActingClock().at).today()


def claimed(sessions: Sessions) -> Claim:
    claim = claim_due(sessions, on=ON, terms=TERMS)
    assert claim is not None
    return claim


def taken_over(sessions: Sessions) -> Claim:
    expire(sessions)
    claim = take_over(sessions, on=ON, terms=OTHER)
    assert claim is not None
    return claim


def test_a_due_tick_is_run_by_one_of_eight(
    database_url: str, sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 1)
    each = [Sessions(database_url) for _ in range(EIGHT)]
    together = threading.Barrier(EIGHT)

    def ring(number: int) -> int:
        together.wait(timeout=20)
        terms = replace(TERMS, owner=f"owner {number}")
        return len(tick(each[number], clock=clock, terms=terms, rules=(NOTED,)))

    with ThreadPoolExecutor(EIGHT) as pool:
        ran = sum(pool.map(ring, range(EIGHT)))
    for one in each:
        one.close()

    assert (1, [ScanState.DONE], {"noted 1": (1, "open", 1)}) == (
        ran,
        [row.state for row in scans(sessions)],
        gaps(sessions),
    )


def test_a_tick_is_run_once_by_one_process_too(sessions: Sessions, clock: FixedClock) -> None:
    first = tick(sessions, clock=clock, terms=TERMS, rules=())
    second = tick(sessions, clock=clock, terms=TERMS, rules=())

    assert (1, 0) == (len(first), len(second))


def test_a_held_scan_is_not_taken_over(sessions: Sessions) -> None:
    claimed(sessions)

    assert take_over(sessions, on=ON, terms=OTHER) is None


def test_an_ended_lease_is_taken_over_with_a_higher_epoch(sessions: Sessions) -> None:
    old = claimed(sessions)
    new = taken_over(sessions)

    assert (old.uid, old.epoch + 1, "second") == (new.uid, new.epoch, new.owner)


def test_one_of_eight_takes_a_scan_over(sessions: Sessions) -> None:
    claimed(sessions)
    expire(sessions)

    with ThreadPoolExecutor(EIGHT) as pool:
        got = list(pool.map(lambda _: take_over(sessions, on=ON, terms=OTHER), range(EIGHT)))

    assert [2] == [claim.epoch for claim in got if claim]


def test_only_one_of_several_abandoned_scans_is_taken_at_a_time(sessions: Sessions) -> None:
    for _ in range(3):
        claim_by_hand(sessions, on=ON, terms=TERMS)
    taken_over(sessions)

    assert [2, 1, 1] == [row.epoch for row in scans(sessions)]


def test_a_scan_taken_over_looks_at_the_day_it_is_then(sessions: Sessions) -> None:
    claimed(sessions)
    expire(sessions)
    new = take_over(sessions, on=ON + DAY, terms=OTHER)

    assert new is not None
    assert (ON + DAY, ON + DAY) == (new.on, scans(sessions)[0].scanned_on)


def test_the_old_owner_can_neither_renew_nor_write(sessions: Sessions) -> None:
    old = claimed(sessions)
    taken_over(sessions)

    with pytest.raises(LeaseLost):
        renew(sessions, old, terms=TERMS)
    with pytest.raises(LeaseLost), sessions.begin() as session:
        fenced(session, old, cursor=99)
    assert [0] == [row.cursor for row in scans(sessions)]


def test_a_scan_tried_too_often_is_given_up(sessions: Sessions) -> None:
    once = replace(OTHER, attempts=1)
    claimed(sessions)
    expire(sessions)

    assert take_over(sessions, on=ON, terms=once) is None
    row = scans(sessions)[0]
    assert (ScanState.FAILED, "its processes ended before it did") == (row.state, row.error)
    assert row.finished_at is not None


def test_a_lease_given_before_the_clock_was_set_back_ten_years_is_taken_over(
    sessions: Sessions,
) -> None:
    ahead = now_of(sessions) + 3653 * DAY
    add_scan(sessions, due_at=ahead, started_at=ahead, lease_until=ahead, state="running")

    assert take_over(sessions, on=ON, terms=OTHER) is not None


def test_the_lease_is_renewed_while_rules_are_still_looking(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 1)

    def wait_for_two_renewals() -> None:
        first = scans(sessions)[0].lease_until
        until(lambda: scans(sessions)[0].lease_until > first + SHORT.lease / 2)

    outcome = tick(sessions, clock=clock, terms=SHORT, rules=(once_before(wait_for_two_renewals),))

    assert [1] == [one.opened for one in outcome]


def test_a_lease_that_cannot_be_renewed_stops_the_run_before_its_next_rule(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 1)
    later: list[str] = []

    def lose_it() -> None:
        taken_over(sessions)
        until(lambda: "scan-lease" not in {thread.name for thread in threading.enumerate()})

    def never(scope: Scope) -> Statement:
        later.append("ran")
        return scope.of_plans(plan.c.plan_due_on)

    rules = (once_before(lose_it), rule("never", never))

    assert ([], []) == (tick(sessions, clock=clock, terms=SHORT, rules=rules), later)


def test_a_hold_ends_with_its_block(sessions: Sessions) -> None:
    claim = claimed(sessions)
    with holding(sessions, claim, terms=SHORT) as hold:
        hold.check()

    assert "scan-lease" not in {thread.name for thread in threading.enumerate()}


def test_who_wakes_between_two_plans_after_a_take_over_writes_nothing_more(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 3)
    others = []

    def sleep_past_the_lease() -> None:
        expire(sessions)
        others.extend(tick(sessions, clock=clock, terms=OTHER, rules=(NOTED,)))

    sleeper = ActingClock([nothing, nothing, sleep_past_the_lease])
    own = tick(sessions, clock=sleeper, terms=TERMS, rules=(NOTED,))

    # the first plan was the sleeper's; who took over counts it and went on behind the cursor
    assert ([], [3]) == (own, [outcome.opened for outcome in others])
    assert dict.fromkeys(["noted 1", "noted 2", "noted 3"], 1) == {
        key: times for key, (_, _, times) in gaps(sessions).items()
    }


def test_a_scan_by_hand_takes_no_ticks_key(sessions: Sessions, clock: FixedClock) -> None:
    for _ in range(2):
        scan_by_hand(sessions, clock=clock, terms=TERMS, rules=())
    tick(sessions, clock=clock, terms=TERMS, rules=())

    rows = scans(sessions)
    assert ["by-hand", "by-hand", "daily"] == [row.kind for row in rows]
    assert [True, True, False] == [row.due_at is None for row in rows]


def test_a_scan_by_hand_runs_while_the_tick_is_held(sessions: Sessions, clock: FixedClock) -> None:
    plant_plans(sessions, 1)
    claimed(sessions)
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(NOTED,))

    assert ["noted 1"] == open_keys(sessions)


DOWNTIMES = {
    "three hours, a tick an hour": (timedelta(hours=1), 3),
    "three days, a tick a day": (DAY, 3),
    "forty days, a tick a day": (DAY, 40),
}


@pytest.mark.parametrize("downtime", DOWNTIMES)
def test_after_downtime_one_scan_runs_and_tells_how_many_ticks_were_passed_over(
    sessions: Sessions, clock: FixedClock, downtime: str
) -> None:
    every, missed = DOWNTIMES[downtime]
    newest = tick_of(now_of(sessions), every=every)
    add_scan(sessions, due_at=newest - (missed + 1) * every)

    ran = tick(sessions, clock=clock, terms=replace(TERMS, every=every), rules=())

    row = scans(sessions)[-1]
    assert (1, newest, missed) == (len(ran), row.due_at, row.skipped_ticks)


def test_a_clock_that_was_ten_years_ahead_for_a_moment_does_not_silence_the_years(
    sessions: Sessions, clock: FixedClock
) -> None:
    newest = tick_of(now_of(sessions), every=DAY)
    add_scan(sessions, due_at=newest - DAY)
    add_scan(sessions, due_at=newest + 3653 * DAY)

    ran = tick(sessions, clock=clock, terms=TERMS, rules=())

    assert (1, newest, 0) == (
        len(ran),
        scans(sessions)[-1].due_at,
        scans(sessions)[-1].skipped_ticks,
    )


@pytest.mark.parametrize("every", [timedelta(hours=1), DAY], ids=["an hour", "a day"])
def test_a_clock_set_back_runs_no_tick_twice(
    sessions: Sessions, clock: FixedClock, every: timedelta
) -> None:
    newest = tick_of(now_of(sessions), every=every)
    for due_at in (newest, newest + every):
        add_scan(sessions, due_at=due_at)

    assert [] == tick(sessions, clock=clock, terms=replace(TERMS, every=every), rules=())


def test_a_clock_set_ten_years_ahead_runs_one_tick(sessions: Sessions, clock: FixedClock) -> None:
    add_scan(sessions, due_at=tick_of(now_of(sessions), every=DAY) - 3653 * DAY)

    ran = [len(tick(sessions, clock=clock, terms=TERMS, rules=())) for _ in range(2)]

    assert ([1, 0], 3652) == (ran, scans(sessions)[-1].skipped_ticks)

"""Who is told of what, once: gathering news and putting letters, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest

from tests.factories.transfers import make_scene
from tests.notices.stage import DAY, HOUR, MONDAY, TOLD_DAILY, Stage
from unbroken.gaps.rules import Severity
from unbroken.gaps.rules.words import GapState, Happening
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.notices.commands.gathering import add_notices, gather, hold_notices
from unbroken.notices.queries.unread import Happened
from unbroken.notices.rules.words import News

OPENED, CLOSED = Happening.OPENED, Happening.CLOSED
STEP = timedelta(minutes=15)
MANY = 10_000


def test_those_who_work_here_are_told_daily_observers_weekly_others_never(stage: Stage) -> None:
    stage.happen(OPENED, "one", "two")
    same_day = stage.tell()
    next_day = stage.later(DAY).tell()
    told_daily = sorted(stage.letters())
    next_week = stage.later(7 * DAY).tell()

    assert (0, 3, 1) == (same_day, next_day, next_week)
    assert TOLD_DAILY == told_daily
    assert ["co-chair", "observer", "planner", "team"] == sorted(stage.letters())
    (body,) = stage.letters()["team"]
    assert (2, {"high": 2}, 2) == (body["count"], body["by_severity"], body["open"])
    assert 0 == stage.later(8 * DAY).tell()


def test_only_what_is_critical_does_not_wait_and_it_goes_once_an_hour(stage: Stage) -> None:
    stage.happen(OPENED, "one")
    stage.happen(OPENED, "two", severity=Severity.CRITICAL)
    at_once = stage.tell()
    stage.happen(OPENED, "three", severity=Severity.CRITICAL)
    within_the_hour, after_it = stage.later(HOUR - STEP).tell(), stage.later(HOUR).tell()

    assert (3, 0, 3) == (at_once, within_the_hour, after_it)
    assert [2, 1] == [body["count"] for body in stage.letters()["planner"]]


def test_what_was_answered_or_has_closed_meanwhile_is_told_to_nobody(stage: Stage) -> None:
    keys = ("acknowledged", "waived", "closed", "left")
    stage.happen(OPENED, *keys)
    gather(stage.sessions)
    stage.change_gap("acknowledged", acknowledged_at=MONDAY, acknowledged_by_uid=uuid4())
    stage.change_gap("waived", waived_by_uid=uuid4(), waived_until_on=MONDAY.date())
    stage.change_gap("closed", state=GapState.CLOSED, closed_on=MONDAY.date())
    stage.later(DAY).tell()

    (body,) = stage.letters()["planner"]
    assert [stage.gap("left").uid.hex[:8]] == [line["number"] for line in lines_of(body)]
    stage.happen(Happening.WORSENED, "acknowledged", severity=Severity.HIGH)
    assert 4 == gather(stage.sessions) + len(stage.notices())  # a quiet gap is no news


def test_a_plan_of_another_country_is_never_told(stage: Stage) -> None:
    stage.happen(OPENED, "here", severity=Severity.CRITICAL)
    stage.tell()
    stage.later(40 * DAY).tell()

    assert not {"foreign", "donor", "steward", "roleless"} & set(stage.letters())


def test_whoever_acted_is_not_told_and_what_is_for_one_goes_to_that_one(stage: Stage) -> None:
    offered, given = uuid4(), uuid4()
    with stage.sessions.begin() as session:
        hold_notices(session)
        acted = Happened(
            "entry:1", News.DISPUTED, offered, MONDAY, by_account_uid=stage.uid("team")
        )
        add_notices(session, 1, [acted])
        add_notices(session, 1, [Happened("step:1", News.GAP_ASSIGNED, given, MONDAY)])
    for_one = stage.notices()[-1]
    with stage.sessions.begin() as session:
        for_one.for_account_uid = stage.uid("planner")
        session.add(for_one)
    stage.later(DAY).tell()

    told = {who: [line["number"] for line in lines_of(b[0])] for who, b in stage.letters().items()}
    assert {"co-chair": [offered.hex[:8]], "planner": [given.hex[:8], offered.hex[:8]]} == told


def test_an_offer_is_news_for_the_receiver_and_only_once(
    sessions: Sessions, clock: FixedClock
) -> None:
    uid = make_scene(sessions, clock).offered()
    first, second = gather(sessions), gather(sessions)
    found = Stage(sessions, {}).notices()

    assert (1, 0) == (first, second)
    assert [(News.OFFERED, uid)] == [(each.kind, each.subject_uid) for each in found]
    assert found[0].by_account_uid is not None
    assert found[0].function_area_id is not None


def test_eight_who_gather_and_put_at_once_tell_each_thing_once(stage: Stage) -> None:
    for number in range(6):
        stage.happen(OPENED, f"gap {number}", plan=1 + number % 2)
    tomorrow = stage.later(DAY)
    with ThreadPoolExecutor(8) as pool:
        put = sum(pool.map(lambda _n: tomorrow.tell(), range(8)))
    put += tomorrow.tell() + stage.later(2 * DAY).tell()

    assert 6 == len(stage.notices())
    counted = {who: [b["count"] for b in bodies] for who, bodies in stage.letters().items()}
    assert put == sum(len(counts) for counts in counted.values())
    assert dict.fromkeys(TOLD_DAILY, 6) == {who: sum(map(whole, c)) for who, c in counted.items()}


def test_a_notice_that_is_added_later_never_has_a_lower_number(stage: Stage) -> None:
    began, may_end = Event(), Event()

    def add(source: str, *, slowly: bool) -> None:
        with stage.sessions.begin() as session:
            hold_notices(session)
            add_notices(session, 1, [Happened(source, News.REVISED, uuid4(), MONDAY)])
            if slowly:
                session.flush()
                began.set()
                may_end.wait(10)

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(add, "slow", slowly=True)
        began.wait(10)
        fast = pool.submit(add, "fast", slowly=False)
        overtook = fast.done()
        may_end.set()
        slow.result(), fast.result()

    assert not overtook
    assert ["slow", "fast"] == [each.source for each in stage.notices()]


def test_what_toggles_with_every_scan_of_a_day_is_one_gap_and_two_letters_at_most(
    stage: Stage,
) -> None:
    for scan in range(96):
        now = stage.later(scan * STEP)
        now.happen(OPENED if scan % 2 == 0 else CLOSED, "flaps", severity=Severity.CRITICAL)
        now.tell()

    assert 48 == stage.gap("flaps").times_opened
    assert len(stage.notices()) <= 2
    assert all(len(bodies) <= 2 for bodies in stage.letters().values())


def test_ten_thousand_gaps_of_one_scan_are_one_letter_for_each(stage: Stage) -> None:
    stage.happen(OPENED, *(f"gap {number}" for number in range(MANY)), severity=Severity.CRITICAL)
    put = stage.tell()

    assert 3 == put
    for (body,) in stage.letters().values():
        assert (MANY, 20, MANY - 20) == (body["count"], len(lines_of(body)), body["rest"])
    assert 0 == stage.later(DAY).tell()


@pytest.mark.parametrize("moved", [timedelta(hours=3), 3 * DAY, 40 * DAY, 3650 * DAY])
def test_after_an_outage_there_is_one_letter(stage: Stage, moved: timedelta) -> None:
    stage.happen(OPENED, "one")
    back = stage.later(moved)
    back.happen(OPENED, "two")
    put = [back.later(step * STEP).tell() for step in range(3)]

    assert [0, 0] == put[1:]
    told = {who: [body["count"] for body in bodies] for who, bodies in stage.letters().items()}
    due = [] if moved < DAY else [*TOLD_DAILY, *(["observer"] if moved > 7 * DAY else [])]
    assert {who: [2] for who in due} == told


def test_a_clock_set_back_tells_nothing_twice(stage: Stage) -> None:
    stage.happen(OPENED, "one", severity=Severity.CRITICAL)
    stage.later(DAY).tell()
    for moved in (DAY - HOUR, timedelta(), -DAY, -3650 * DAY):
        stage.later(moved).tell()
    stage.later(2 * DAY).tell()

    assert {1} == {len(bodies) for bodies in stage.letters().values()}


def lines_of(body: dict[str, object]) -> list[dict[str, object]]:
    found = body["lines"]
    assert isinstance(found, list)
    return found


def whole(value: object) -> int:
    assert isinstance(value, int)
    return value

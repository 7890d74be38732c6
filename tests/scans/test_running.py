"""What a scan writes: what is true when it writes it, once, and nothing where nothing changed."""

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from tests.bench.plant import Size, plant
from tests.reliability.ticker import flapping
from tests.scans.stage import (
    NOTED,
    OTHER,
    TERMS,
    add_scan,
    change_plan,
    events,
    gaps,
    now_of,
    once_before,
    open_keys,
    plant_plans,
    rule,
    scans,
)
from unbroken.gaps.models import GapEvent
from unbroken.gaps.rules.scope import plan
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.scans.models import ScanState
from unbroken.scans.run import last_finished, look, scan_by_hand, tick
from unbroken.scans.writing import SCANNER
from unbroken.trail.commands import open_trail
from unbroken.trail.queries import entries, verify

FLAPPING = rule("flapping", flapping)


def test_a_scan_records_what_it_changed_in_the_plans_trail(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 1)
    outcome = scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(NOTED,))

    with sessions.reading() as session:
        uid = session.scalars(select(plan.c.uid)).one()
        found = entries(session, plan_uid=uid, limit=9)
        assert all(report.is_intact for report in verify(session))
    assert [("scans:gaps:changed", outcome.scan, {"opened": [f"noted:{uid.hex}"]})] == [
        (entry.action, entry.subject_uid, entry.values) for entry in found
    ]


def test_a_second_scan_of_the_same_day_changes_nothing(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant(sessions, Size(plans=2, transfers_a_plan=5))
    first = scan_by_hand(sessions, clock=clock, terms=TERMS)
    before = events(sessions)
    second = scan_by_hand(sessions, clock=clock, terms=TERMS)

    assert first.opened > 0
    assert (0, 0, 0, 0) == (second.opened, second.worsened, second.eased, second.closed)
    assert (first.open, before) == (second.open, events(sessions))


def test_looking_writes_nothing(sessions: Sessions, clock: FixedClock) -> None:
    plant(sessions, Size(plans=1, transfers_a_plan=5))
    with sessions.reading() as session:
        found = look(session, on=clock.today(), today=clock.today())

    assert found
    assert ([], {}) == (scans(sessions), gaps(sessions))


def test_gaps_of_a_completed_plan_close_at_the_next_scan(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 2)
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(NOTED,))
    change_plan(sessions, 1, state="completed", finished_on=clock.today())
    outcome = scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(NOTED,))

    assert (1, 1, ["noted 2"]) == (outcome.closed, outcome.open, open_keys(sessions))


def test_a_gap_that_comes_back_is_the_same_gap(sessions: Sessions, clock: FixedClock) -> None:
    plant_plans(sessions, 1)
    for note in ("wrong", "", "wrong"):
        change_plan(sessions, 1, note=note)
        scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(NOTED,))

    assert {"noted 1": (1, "open", 2)} == gaps(sessions)


def test_two_scans_at_once_open_a_gap_once(sessions: Sessions, clock: FixedClock) -> None:
    plant_plans(sessions, 2)

    def other_scan() -> None:
        scan_by_hand(sessions, clock=clock, terms=OTHER, rules=(NOTED,))

    slow = scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(once_before(other_scan),))

    assert (0, 2) == (slow.opened, events(sessions))
    assert {"noted 1": (1, "open", 1), "noted 2": (2, "open", 1)} == gaps(sessions)


def test_what_a_person_mends_while_a_scan_looks_is_not_reported(
    sessions: Sessions, clock: FixedClock
) -> None:
    plant_plans(sessions, 2)

    def mend() -> None:
        with sessions.begin() as session:
            uid = session.scalars(select(plan.c.uid).where(plan.c.id == 1)).one()
            trail = open_trail(session, author=SCANNER, at=clock.now(), plans=[uid])
            session.connection().execute(plan.update().where(plan.c.id == 1).values(note=""))
            trail.record("planner:plan:mended", kind="plan", subject=uid, values={})

    # the scan has taken its picture by then, in which the plan is still wrong
    rules = (NOTED, once_before(mend, then=NOTED))
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=rules)

    assert ["noted 2"] == open_keys(sessions)


def test_each_plan_is_looked_at_on_its_own_day(sessions: Sessions) -> None:
    late = FixedClock(datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    plant_plans(sessions, 3)
    change_plan(sessions, 2, time_zone="Pacific/Kiritimati")
    change_plan(sessions, 3, time_zone="Pacific/Pago_Pago")
    scan_by_hand(sessions, clock=late, terms=TERMS, rules=(NOTED,))

    with sessions.reading() as session:
        days = session.scalars(select(col(GapEvent.on)).order_by(col(GapEvent.gap_id))).all()
    assert [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 2)] == days


def test_where_clocks_change_each_scan_has_one_effect_on_the_plans_own_day(
    sessions: Sessions,
) -> None:
    plant_plans(sessions, 3)
    zones = ("Europe/Berlin", "America/Port-au-Prince", "Africa/Cairo")
    for number, zone in enumerate(zones, 1):
        change_plan(sessions, number, time_zone=zone)
    instants = [
        datetime(2026, 3, 8, 6, 59, tzinfo=UTC),  # Port-au-Prince goes forward a minute later
        datetime(2026, 3, 29, 22, 30, tzinfo=UTC),  # Berlin has gone forward: a day begins early
        datetime(2026, 4, 23, 22, 30, tzinfo=UTC),  # Cairo has left midnight out
        datetime(2026, 10, 25, 22, 30, tzinfo=UTC),  # Berlin has gone back: the day is longer
        datetime(2026, 10, 29, 21, 30, tzinfo=UTC),  # Cairo has half past eleven a second time
        datetime(2026, 11, 1, 4, 30, tzinfo=UTC),  # Port-au-Prince goes back soon
    ]
    for at in instants:
        scan_by_hand(sessions, clock=FixedClock(at), terms=TERMS, rules=(FLAPPING,))

    with sessions.reading() as session:
        rows = session.execute(select(col(GapEvent.gap_id), col(GapEvent.on)).order_by("id")).all()
    days = [[on.isoformat()[5:] for gap, on in rows if gap == number] for number in (1, 2, 3)]
    assert [
        ["03-08", "03-30", "04-24", "10-25", "10-29", "11-01"],
        ["03-08", "03-29", "04-23", "10-25", "10-29", "11-01"],
        ["03-08", "03-30", "04-24", "10-26", "10-29", "11-01"],
    ] == days


def test_a_plan_ahead_of_utc_sees_what_is_known_there_today(sessions: Sessions) -> None:
    late = FixedClock(datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    plant_plans(sessions, 2)
    change_plan(sessions, 1, time_zone="Africa/Bangui", ends_known_on=date(2026, 3, 3))
    change_plan(sessions, 2, ends_known_on=date(2026, 3, 3))
    scan_by_hand(sessions, clock=late, terms=TERMS, rules=(NOTED,))

    assert ["noted 1"] == open_keys(sessions)


def test_nothing_was_finished_before_the_first_scan(sessions: Sessions) -> None:
    with sessions.reading() as session:
        assert last_finished(session) is None


def test_the_last_finished_scan_is_the_newest_that_is_done(
    sessions: Sessions, clock: FixedClock
) -> None:
    (done,) = tick(sessions, clock=clock, terms=TERMS, rules=())
    add_scan(sessions, due_at=None, state=ScanState.FAILED)
    add_scan(sessions, due_at=None, state=ScanState.RUNNING)

    assert done.scan == _last_finished(sessions)


def test_a_scan_is_finished_at_the_databases_time(sessions: Sessions, clock: FixedClock) -> None:
    before = now_of(sessions)
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=())

    finished = scans(sessions)[0].finished_at
    assert finished is not None
    assert before <= finished <= now_of(sessions)


def _last_finished(sessions: Sessions) -> UUID | None:
    with sessions.reading() as session:
        found = last_finished(session)
        return found.uid if found else None

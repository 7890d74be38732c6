"""What is told of how the service runs, and to whom."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from tests.scans.stage import DAY, NOTED, TERMS, add_scan, now_of, plant_plans
from tests.web.conftest import Site
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.outbox.commands import Draft, claim, fail, put
from unbroken.scans.health import standing
from unbroken.scans.models import ScanState
from unbroken.scans.run import scan_by_hand
from unbroken.scans.schedule import tick_of
from unbroken.web.dependencies import House

HERE, ELSEWHERE = "127.0.0.1", "203.0.113.9"
TOKEN = "a-token-of-the-tests"
FORWARDED = "x-forwarded-for"
# the other end, the proxies announced, the headers; and whether it is let in
CALLERS = {
    "this machine": (HERE, 0, {}, True),
    "this machine by IPv6": ("::1", 0, {}, True),
    "this machine by IPv4 in IPv6": ("::ffff:127.0.0.1", 0, {}, True),
    "another machine": (ELSEWHERE, 0, {}, False),
    "no address": ("testclient", 0, {}, False),
    "through a proxy here that nobody announced": (HERE, 0, {FORWARDED: ELSEWHERE}, False),
    "through a proxy here": (HERE, 1, {FORWARDED: ELSEWHERE}, False),
    "a proxy here that names nobody": (HERE, 1, {}, False),
    "from here through a proxy here": (HERE, 1, {FORWARDED: HERE}, True),
    "who says to be here": (HERE, 1, {FORWARDED: f"{HERE}, {ELSEWHERE}"}, False),
    "who says so with a proxy too many announced": (
        HERE,
        2,
        {FORWARDED: f"{HERE}, {ELSEWHERE}"},
        False,
    ),
    "named in another header": (HERE, 0, {"x-real-ip": ELSEWHERE}, False),
    "named in the standard header": (HERE, 0, {"forwarded": "for=127.0.0.1"}, False),
    "who says to be here from elsewhere": (ELSEWHERE, 0, {FORWARDED: HERE}, False),
    "with the token": (ELSEWHERE, 0, {"authorization": f"Bearer {TOKEN}"}, True),
    "with the token through a proxy": (
        HERE,
        1,
        {FORWARDED: ELSEWHERE, "authorization": f"bearer {TOKEN}"},
        True,
    ),
    "with another token": (ELSEWHERE, 0, {"authorization": "Bearer wrong"}, False),
    "with an empty token": (ELSEWHERE, 0, {"authorization": "Bearer "}, False),
    "with a token beyond ASCII": (ELSEWHERE, 0, {"authorization": "Bearer \xe9"}, False),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_measures_are_for_this_machine_and_for_the_token(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNBROKEN_SECRET_METRICS", TOKEN)
    let_in = {}
    for name, (peer, hops, headers, _) in CALLERS.items():
        site.app.state.house = _with_hops(site.house, hops)
        client = TestClient(site.app, client=(peer, 5000))
        sent = {key.encode(): told.encode("latin-1") for key, told in headers.items()}
        answer = client.get("/metrics", headers=sent)
        let_in[name] = answer.status_code == 200
        if not let_in[name]:
            assert (401, "application/problem+json") == (
                answer.status_code,
                answer.headers["content-type"],
            )
            assert "Bearer" == answer.headers["www-authenticate"]

    assert {name: case[-1] for name, case in CALLERS.items()} == let_in
    monkeypatch.delenv("UNBROKEN_SECRET_METRICS")
    site.app.state.house = site.house
    stranger = TestClient(site.app, client=(ELSEWHERE, 5000))
    for told in (TOKEN, ""):
        answer = stranger.get("/metrics", headers={"authorization": f"Bearer {told}"})
        assert 401 == answer.status_code


def _with_hops(house: House, hops: int) -> House:
    return replace(house, settings=house.settings.model_copy(update={"forwarded_hops": hops}))


def _tell_much(sessions: Sessions, clock: FixedClock) -> None:
    plant_plans(sessions, 2)
    newest = tick_of(now_of(sessions), every=DAY)
    add_scan(sessions, due_at=newest - 4 * DAY, skipped_ticks=2)
    add_scan(sessions, due_at=newest - 3 * DAY, state=ScanState.FAILED)
    owner = "machine:77:0a1b2c3d"
    add_scan(sessions, due_at=newest, state=ScanState.RUNNING, owner=owner, finished_at=None)
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=(NOTED,))
    with sessions.begin() as session:
        for key in ("first", "second", "third"):
            put(session, Draft("digest", key, "someone@example.org", {}))
    for message in claim(sessions, owner="a", lease_seconds=60, limit=1):
        fail(sessions, message, error="gone", retry_in=None)


def test_measures_and_health_tell_what_is_finished_late_waiting_and_dead(
    site: Site, clock: FixedClock
) -> None:
    sessions = site.house.sessions
    _tell_much(sessions, clock)
    client = TestClient(site.app, client=(HERE, 5000))
    client.get("/sign-in/nobody-knows-this")
    told = client.get("/metrics").text
    health, stranger = client.get("/health").json(), site.anyone().get("/health").json()
    lines = dict(line.rsplit(" ", 1) for line in told.splitlines() if not line.startswith("#"))

    newest = tick_of(now_of(sessions), every=DAY)
    finished = (newest - 4 * DAY).timestamp()
    assert finished == float(lines["unbroken_last_finished_tick_timestamp_seconds"])
    assert 3 * DAY.total_seconds() <= float(lines["unbroken_tick_lag_seconds"])
    owner = 'unbroken_running_scan_age_seconds{kind="daily",owner="machine:77:0a1b2c3d"}'
    assert owner in lines
    expected = {
        "unbroken_database_up": 1,
        'unbroken_scans_total{kind="daily",outcome="done"}': 1,
        'unbroken_scans_total{kind="daily",outcome="failed"}': 1,
        'unbroken_scans_total{kind="by-hand",outcome="done"}': 1,
        "unbroken_skipped_ticks_total": 2,
        "unbroken_outbox_waiting": 2,
        "unbroken_outbox_dead_letters": 1,
        'unbroken_outbox_recent_messages{state="failed",topic="digest"}': 1,
        'unbroken_open_gaps{severity="high"}': 2,
        'unbroken_open_gaps{severity="critical"}': 0,
        'unbroken_jobs{state="waiting"}': 0,
        'unbroken_watchdog_calls_total{outcome="failed"}': 0,
        'unbroken_request_seconds_count{method="GET",route="",status="404"}': 1,
    }
    assert expected == {name: float(lines[name]) for name in expected}
    assert "nobody-knows-this" not in told
    assert ("ok", 2, 1) == (
        health["status"],
        health["work"]["outbox"]["waiting"],
        health["work"]["outbox"]["dead_letters"],
    )
    assert newest - 4 * DAY == _instant(health["work"]["last_finished_tick"]["due_at"])
    assert ["machine:77:0a1b2c3d"] == [each["owner"] for each in health["work"]["running_scans"]]
    assert ["0a1b2c3d"] == [each["owner"] for each in stranger["work"]["running_scans"]]


def _instant(told: str) -> datetime:
    return datetime.fromisoformat(told)


def test_nothing_is_late_once_the_newest_tick_is_finished(sessions: Sessions) -> None:
    newest, lags = tick_of(now_of(sessions), every=DAY), []
    for due_at in (None, newest - 2 * DAY, newest, newest + 3653 * DAY):
        if due_at is not None:
            add_scan(sessions, due_at=due_at)
        with sessions.reading() as session:
            lags.append(standing(session, every=DAY).lag)

    # before the first, the newest tick is the one that waits
    assert [True, True, False, False] == [lag > timedelta() for lag in lags]
    assert lags[1] >= DAY

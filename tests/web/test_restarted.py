"""The database is restarted: requests say so at once and go on by themselves, as scans do."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tests.postgres import Server
from tests.scans.stage import NOTED, TERMS, plant_plans, scans, until
from tests.web.conftest import Site
from unbroken.kit.clock import FixedClock, SystemClock
from unbroken.kit.db import Sessions, is_out_of_reach
from unbroken.outbox.commands import Draft, claim, put, settle
from unbroken.people.rules import Role
from unbroken.scans.alarm import alarm
from unbroken.scans.run import tick

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
BRIEF = replace(TERMS, lease=timedelta(seconds=1))
PATHS = ("/api/v1/plans", "/plans", "/health")


def _cut(sessions: Sessions, begun: threading.Event, *, writing: bool) -> SQLAlchemyError | None:
    """Have a statement in flight, or a transaction open, until the server ends; return how."""
    try:
        with sessions.begin() if writing else sessions.reading() as session:
            session.connection().execute(text("SELECT 1"))
            begun.set()
            session.connection().execute(text("SELECT pg_sleep(60)"))
    except SQLAlchemyError as error:
        return error
    return None


@contextmanager
def _away(postgres: Server) -> Iterator[None]:
    postgres.stop()
    try:
        yield
    finally:
        postgres.start()


def test_requests_say_503_while_the_database_is_away_and_recover_by_themselves(
    site: Site, postgres: Server, clock: FixedClock
) -> None:
    sessions, bearer = site.house.sessions, site.bearer(Role.PLANNER)
    visitor, key = site.as_(Role.PLANNER).client, bearer | {"Idempotency-Key": "a"}
    watcher = TestClient(site.app, client=("127.0.0.1", 5000))
    plant_plans(sessions, 1)

    def ring() -> None:
        tick(sessions, clock=clock, terms=BRIEF, rules=(NOTED,))

    begun = [threading.Event(), threading.Event()]
    with ThreadPoolExecutor(2) as pool:
        cut = [pool.submit(_cut, sessions, each, writing=n == 0) for n, each in enumerate(begun)]
        assert all(each.wait(20) for each in begun)
        with alarm(ring, every_seconds=0.1, first_at=SystemClock().now()):
            with _away(postgres):
                errors = [each.result(20) for each in cut]
                away = [visitor.get(path, headers=bearer) for path in PATHS]
                sent = visitor.post("/api/v1/scans", headers=key)
                measures = watcher.get("/metrics").text
            until(lambda: "done" in {row.state for row in scans(sessions)})
    back = [visitor.get(path, headers=bearer).status_code for path in PATHS]
    again = visitor.post("/api/v1/scans", headers=key)

    assert [True, True] == [error is not None and is_out_of_reach(error) for error in errors]
    assert [503] * 4 == [answer.status_code for answer in (*away, sent)]
    problems = (away[0], sent)
    assert ["application/problem+json"] * 2 == [a.headers["content-type"] for a in problems]
    assert ["unavailable"] * 2 == [answer.json()["code"] for answer in problems]
    assert ["5"] * 3 == [answer.headers["retry-after"] for answer in (*away[:2], sent)]
    assert "text/html" in away[1].headers["content-type"]
    assert "unbroken_database_up 0.0" in measures
    assert [200, 200, 200] == back
    assert 201 == again.status_code
    assert ("daily", "done") == (scans(sessions)[0].kind, scans(sessions)[0].state)


def test_a_message_that_was_being_sent_meanwhile_is_settled_afterwards(
    sessions: Sessions, postgres: Server
) -> None:
    with sessions.begin() as session:
        put(session, Draft("digest", "one", "a@example.org", {}))
    (mine,) = claim(sessions, owner="a", lease_seconds=60, limit=1)
    postgres.stop()
    with pytest.raises(SQLAlchemyError) as away:
        settle(sessions, mine)
    postgres.start()

    assert is_out_of_reach(away.value)
    assert settle(sessions, mine)

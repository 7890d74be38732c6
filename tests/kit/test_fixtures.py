"""What the shared fixtures promise to every other test."""

import socket

import pytest
from sqlalchemy import text

from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions


def test_a_session_reaches_its_database(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert session.connection().scalar(text("SELECT 1")) == 1


def test_each_test_has_a_database_of_its_own(sessions: Sessions, clock: FixedClock) -> None:
    with sessions.begin() as session:
        session.connection().execute(text("CREATE TABLE seen (id INTEGER)"))

    assert clock.today().isoformat() == "2026-03-02"


def test_a_test_cannot_reach_the_outside() -> None:
    with pytest.raises(RuntimeError, match="only this machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)

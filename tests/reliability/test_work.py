"""``unbroken work`` and ``unbroken serve`` run what is due and end in order when told to."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.reliability import instance
from tests.reliability.instance import Orders
from tests.reliability.processes import family
from tests.scans.stage import plant_plans, scans, until
from unbroken.kit.db import Sessions

WORK = "import sys; from unbroken.cli.main import app; sys.argv[1:] = ['work']; app()"


def test_work_scans_and_ends_well_when_told_to(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    plant_plans(sessions, 1)
    settings = {"UNBROKEN_DATABASE_URL": database_url, "UNBROKEN_DATA": str(tmp_path)}
    with (
        (tmp_path / "said").open("wb") as said,
        subprocess.Popen(
            [sys.executable, "-c", WORK], env={**os.environ, **settings}, stderr=said
        ) as work,
    ):
        try:
            until(lambda: "done" in {row.state for row in scans(sessions)}, seconds=60)
            work.terminate()
            ended = work.wait(10)
        finally:
            work.kill()

    assert (0, "working; stop with Ctrl-C\n") == (ended, (tmp_path / "said").read_text("utf-8"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize(
    ("database_url", "number"),
    [("sqlite", signal.SIGTERM), ("postgresql", signal.SIGINT)],
    indirect=["database_url"],
)
def test_serve_scans_and_ends_well_when_told_to(
    sessions: Sessions, tmp_path: Path, number: signal.Signals
) -> None:
    plant_plans(sessions, 1)
    orders = Orders(sessions.url, tmp_path, tick_seconds=3600, lease_seconds=60, port=free_port())
    with family() as members:
        serve = members.start(instance.run, orders)
        serve.heard()
        until(lambda: _is_up(orders.port))
        until(lambda: "done" in {row.state for row in scans(sessions)})
        serve.send(number)

        assert 0 == serve.ended()


def _stuck(tmp_path: Path, url: str, *, stop_seconds: float) -> Orders:
    return Orders(url, tmp_path, 3600, 60, stop_seconds=stop_seconds, never_ends=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_does_not_come_to_an_end_is_left_in_bounded_time_or_at_a_second_signal(
    sessions: Sessions, tmp_path: Path
) -> None:
    plant_plans(sessions, 1)
    with family() as members:
        patient = members.start(instance.run, _stuck(tmp_path, sessions.url, stop_seconds=0.3))
        assert "looking" == [patient.heard(), patient.heard()][-1]
        patient.send(signal.SIGTERM)
        first = patient.ended()
        with sessions.begin() as session:
            session.connection().exec_driver_sql("UPDATE scan SET lease_until = '2020-01-01'")
        other = members.start(instance.run, _stuck(tmp_path, sessions.url, stop_seconds=600))
        assert "looking" == [other.heard(), other.heard()][-1]
        other.send(signal.SIGTERM)
        other.send(signal.SIGTERM)
        second = other.ended()
        while second is None:  # both signals may have come as one
            other.send(signal.SIGTERM)
            second = other.ended(seconds=1)

    assert (0, -signal.SIGTERM) == (first, second)
    assert ["running"] == [row.state for row in scans(sessions)]

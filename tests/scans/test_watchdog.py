"""The outside watchdog is called once after each finished tick, whoever looks."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import update

from tests.scans.stage import DAY, TERMS, add_scan, now_of, plant_plans
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.reaching import Bounds, Reach
from unbroken.scans.health import Calls, watchdog_calls
from unbroken.scans.models import ScanState
from unbroken.scans.run import scan_by_hand
from unbroken.scans.watchdog import Monitor, tell_watchdog, watchdog

EIGHT = 8
HERE = frozenset({"127.0.0.1"})


@dataclass
class Ears:
    """What hears the calls; it answers with ``status``."""

    heard: list[str] = field(default_factory=list)
    status: int = 200
    address: str = ""

    def monitor(self, *, hosts: frozenset[str] = HERE) -> Monitor:
        bounds = Bounds(tries=1, apart_seconds=0, private_hosts=hosts, takes_any_success=True)
        return Monitor(f"{self.address}/ping?key=1", "/fail", partial(Reach, bounds))


@pytest.fixture
def ears() -> Iterator[Ears]:
    made = Ears()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.heard.append(self.path)
            self.send_response(made.status)
            self.send_header("location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def calls(sessions: Sessions) -> Calls:
    with sessions.reading() as session:
        return watchdog_calls(session)


def end_pause(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.connection().execute(update(watchdog).values(lease_until=None))


def test_each_finished_tick_is_told_once_whoever_looks(sessions: Sessions, ears: Ears) -> None:
    add_scan(sessions, due_at=now_of(sessions) - DAY)
    add_scan(sessions, state=ScanState.RUNNING, finished_at=None)
    look: Callable[[int], bool | None] = lambda _: tell_watchdog(sessions, ears.monitor())  # noqa: E731
    with ThreadPoolExecutor(EIGHT) as pool:
        told = list(pool.map(look, range(EIGHT)))

    assert [True] == [each for each in told if each is not None]
    assert (["/ping?key=1"], Calls(1, 0)) == (ears.heard, calls(sessions))


def test_a_tick_that_failed_is_told_as_such(sessions: Sessions, ears: Ears) -> None:
    add_scan(sessions, state=ScanState.FAILED)
    ears.status = 204

    assert tell_watchdog(sessions, ears.monitor())
    assert ["/ping/fail?key=1"] == ears.heard


def test_a_call_without_an_answer_is_counted_and_made_again_after_a_pause(
    sessions: Sessions, ears: Ears
) -> None:
    add_scan(sessions)
    ears.status = 500
    told = [tell_watchdog(sessions, ears.monitor()) for _ in range(2)]
    ears.status = 200
    end_pause(sessions)
    told.append(tell_watchdog(sessions, ears.monitor()))

    assert ([False, None, True], 2, Calls(1, 1)) == (told, len(ears.heard), calls(sessions))


@pytest.mark.parametrize("status", [302, 200], ids=["a redirect", "a host that is not named"])
def test_no_way_leads_elsewhere(sessions: Sessions, ears: Ears, status: int) -> None:
    add_scan(sessions)
    ears.status = status
    monitor = ears.monitor(hosts=HERE if status != 200 else frozenset())

    assert tell_watchdog(sessions, monitor) is False
    assert "/elsewhere" not in ears.heard
    assert "ping" not in repr(monitor)


def test_nothing_is_called_for_scans_by_hand_nor_without_an_address(
    sessions: Sessions, clock: FixedClock, ears: Ears
) -> None:
    plant_plans(sessions, 1)
    scan_by_hand(sessions, clock=clock, terms=TERMS, rules=())
    assert tell_watchdog(sessions, ears.monitor()) is None
    add_scan(sessions)
    assert tell_watchdog(sessions, Monitor("", "/fail", Reach)) is None
    assert ([], Calls(0, 0)) == (ears.heard, calls(sessions))

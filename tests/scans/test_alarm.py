"""The alarm rings whatever the clock does and whatever a ring does."""

import threading
from datetime import timedelta

import pytest

from tests.scans.stage import until
from unbroken.kit.clock import SystemClock
from unbroken.scans.alarm import alarm

SOON = 0.05


def test_the_alarm_rings_at_once_and_goes_on() -> None:
    rings: list[int] = []
    with alarm(lambda: rings.append(1), every_seconds=SOON, first_at=SystemClock().now()):
        until(lambda: len(rings) >= 3)

    assert len(rings) >= 3


def test_a_ring_that_fails_does_not_stop_the_next() -> None:
    rings: list[int] = []

    def fail() -> None:
        rings.append(1)
        raise LookupError

    with alarm(fail, every_seconds=SOON, first_at=SystemClock().now()):
        until(lambda: len(rings) >= 3)

    assert len(rings) >= 3


def test_leaving_waits_for_the_ring_in_progress() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def ring() -> None:
        begun.set()
        go_on.wait(20)
        ended.set()

    with alarm(ring, every_seconds=SOON, first_at=SystemClock().now()):
        assert begun.wait(20)
        # the ring can only end once the block is being left
        threading.Timer(SOON, go_on.set).start()

    assert ended.is_set()


def test_a_ring_at_work_is_not_called_again() -> None:
    rings: list[int] = []
    go_on = threading.Event()

    def ring() -> None:
        rings.append(1)
        go_on.wait(20)

    with alarm(ring, every_seconds=SOON, first_at=SystemClock().now()):
        until(lambda: rings)
        threading.Timer(4 * SOON, go_on.set).start()
        go_on.wait(20)
        before = len(rings)

    assert 1 == before


CLOCKS = {
    "set back an hour": timedelta(hours=1),
    "set back a day": timedelta(days=1),
    "set ten years ahead": timedelta(days=-3653),
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_alarm_goes_on_after_the_clock_was(clock: str) -> None:
    """A next ring that lies a day ahead, or years behind, is what such a clock leaves."""
    rings: list[int] = []
    first_at = SystemClock().now() + CLOCKS[clock]
    with alarm(lambda: rings.append(1), every_seconds=SOON, first_at=first_at):
        until(lambda: len(rings) >= 2)

    assert len(rings) >= 2

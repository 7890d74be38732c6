"""The alarm clock: APScheduler rings, and nothing more. What is due stands in the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger(__name__)


@contextmanager
def alarm(ring: Callable[[], object], *, every_seconds: float, first_at: datetime) -> Iterator[None]:
    """Call ``ring`` in a thread at ``first_at`` and then every so often, until the block is left.

    A ring that is still at work is not called again; leaving the block waits for it to end.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    trigger = IntervalTrigger(seconds=max(1, round(every_seconds)), timezone=UTC)
    scheduler.add_job(_heard(ring), trigger, id="ring", next_run_time=first_at)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def _heard(ring: Callable[[], object]) -> Callable[[], None]:
    def call() -> None:
        try:
            ring()
        except Exception:
            # the clock must go on ringing: the lease lets another process finish what broke here
            log.exception("the ring failed", action="scans:ring:failed")

    return call

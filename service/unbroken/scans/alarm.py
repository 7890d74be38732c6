"""The alarm clock: APScheduler rings, and nothing more. What is due stands in the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from sqlalchemy.exc import SQLAlchemyError

from unbroken.kit.clock import SystemClock
from unbroken.kit.db import is_out_of_reach

log = structlog.get_logger(__name__)


class _After(BaseTrigger):  # type: ignore[misc]  # APScheduler carries no types
    """Fires one length after it was asked.

    Its own interval trigger lists every ring that was missed: after a clock set ten years ahead
    those are millions, and the process hangs (agronholm/apscheduler#1066).
    """

    def __init__(self, length: timedelta) -> None:
        self.length = length

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return the instant one length after ``now``."""
        return now + self.length


class _Steady(BackgroundScheduler):  # type: ignore[misc]  # APScheduler carries no types
    """Looks again after one length at the latest.

    A clock set back by a day would else keep it silent for a day (agronholm/apscheduler#351).
    """

    def _process_jobs(self) -> float | None:
        now, waits = SystemClock().now(), []
        for job in self.get_jobs():
            length = job.trigger.length
            waits.append(length.total_seconds())
            if job.next_run_time - now > length:
                job.modify(next_run_time=now)
        wait = super()._process_jobs()
        return min(waits if wait is None else [wait, *waits], default=None)


@contextmanager
def alarm(
    ring: Callable[[], object], *, every_seconds: float, first_at: datetime
) -> Iterator[None]:
    """Call ``ring`` in a thread at ``first_at`` and then every so often, until the block is left.

    ``first_at`` lies at most one length ahead. A ring that is still at work is not called again;
    leaving the block waits for it to end. A ring that fails does not stop the next.
    """
    scheduler = _Steady(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    trigger = _After(timedelta(seconds=every_seconds))
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
        except SQLAlchemyError as error:
            _tell(error)
        except Exception:
            # the clock must go on ringing: the lease lets another process finish what broke here
            log.exception("the ring failed", action="scans:ring:failed")

    return call


def _tell(error: SQLAlchemyError) -> None:
    """Log a fault of the database: in one line where it is only away, for it will be back."""
    if is_out_of_reach(error):
        log.warning("database out of reach", action="database-out-of-reach")
    else:
        log.error("the ring failed", action="scans:ring:failed", exc_info=error)

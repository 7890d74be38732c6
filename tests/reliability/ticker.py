"""One process that runs due scans, for the tests of many.

Its one rule finds a plan exactly when the plan has no open gap, so that every scan has one effect
on each plan.
"""

import signal
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import exists

from tests.scans.stage import rule
from unbroken.gaps import models as gaps_models
from unbroken.gaps.rules import Scope
from unbroken.gaps.rules.scope import Statement, plan
from unbroken.kit.clock import SystemClock
from unbroken.kit.db import Sessions, table
from unbroken.kit.logs import configure_logging
from unbroken.scans.alarm import alarm
from unbroken.scans.run import Terms, tick

_LOADED = gaps_models
RING_SECONDS = 0.15
WORK_SECONDS = 0.06
MANY = 1000  # a scan that is killed again and again must not be given up here


@dataclass(frozen=True)
class Pace:
    """How long ticks and leases are, and where warnings go."""

    tick: timedelta
    lease: timedelta
    log: Path


class BusyClock:
    """The machine's clock, which takes its time: so that a scan is often caught at work."""

    def now(self) -> datetime:
        threading.Event().wait(WORK_SECONDS)
        return SystemClock().now()

    def today(self, zone: str = "UTC") -> date:
        return SystemClock().today(zone)


def flapping(scope: Scope) -> Statement:
    gap = table("gap")
    is_open = exists().where(gap.c.plan_id == plan.c.id, gap.c.state == "open")
    return scope.of_plans(plan.c.plan_due_on).where(~is_open)


def run(line: Connection, url: str, name: str, pace: Pace) -> None:
    """Run what is due until told to end, or until nobody holds the other end of ``line``."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    sessions, rules = Sessions(url), (rule("flapping", flapping),)
    terms = Terms(owner=name, lease=pace.lease, every=pace.tick, attempts=MANY)

    def ring() -> None:
        tick(sessions, clock=BusyClock(), terms=terms, rules=rules)

    def listen() -> None:
        with suppress(EOFError, OSError):
            line.recv()
        stopped.set()

    with (
        pace.log.open("a", encoding="utf-8") as stream,
        alarm(ring, every_seconds=RING_SECONDS, first_at=SystemClock().now()),
    ):
        configure_logging(form="json", level="ERROR", stream=stream)
        line.send("ready")
        threading.Thread(target=listen, daemon=True).start()
        stopped.wait()
    sessions.close()

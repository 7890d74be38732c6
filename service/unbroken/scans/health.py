"""How the scans stand, for whoever watches from outside: what was finished, what is late, who runs.

All instants are the database's, so that every process tells the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session

from unbroken.kit.db import database_now, table
from unbroken.scans import models
from unbroken.scans.claiming import DAILY
from unbroken.scans.models import ScanState
from unbroken.scans.schedule import tick_of

_LOADED = models  # its import fills the metadata
NEVER_LATE = timedelta()
scan, watchdog = table("scan"), table("watchdog")


@dataclass(frozen=True, slots=True)
class Running:
    """A scan at work; ``owner`` is empty while it waits for somebody to go on with it."""

    kind: str
    owner: str
    age: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """How the scans stand at one moment.

    ``tick_at`` is the newest tick that was finished and ``finished_at`` when; ``None`` before the
    first. ``lag`` is how long ago the first tick fell due that nobody has finished yet; zero while
    there is none. ``running`` begins with the oldest. ``ended`` counts all scans that ended, by
    kind and state; ``passed_over`` the ticks that nobody was there for.
    """

    tick_at: datetime | None
    finished_at: datetime | None
    lag: timedelta
    running: tuple[Running, ...]
    ended: Mapping[tuple[str, str], int]
    passed_over: int


@dataclass(frozen=True, slots=True)
class Calls:
    """How many calls of the outside watchdog were answered and how many were not."""

    answered: int
    failed: int


def standing(session: Session, *, every: timedelta) -> Standing:
    """Return how the scans stand where a tick is ``every`` long."""
    now = database_now(session)
    last = session.connection().execute(_finished(now)).first()
    return Standing(
        tick_at=last.due_at if last else None,
        finished_at=last.finished_at if last else None,
        lag=_lag(session, last.due_at if last else None, now, every=every),
        running=_running(session, now),
        ended=_ended(session),
        passed_over=_passed_over(session),
    )


def watchdog_calls(session: Session) -> Calls:
    """Return how the calls of the watchdog went, of all processes together."""
    row = session.connection().execute(select(watchdog.c.told_count, watchdog.c.failed_count))
    return Calls(*(row.first() or (0, 0)))


def _finished(now: datetime) -> Select[*tuple[Any, ...]]:
    # ticks that lie ahead were finished while the clock was wrong
    return (
        select(scan.c.due_at, scan.c.finished_at)
        .where(scan.c.kind == DAILY, scan.c.state == ScanState.DONE, scan.c.due_at <= now)
        .order_by(scan.c.due_at.desc())
        .limit(1)
    )


def _lag(
    session: Session, finished: datetime | None, now: datetime, *, every: timedelta
) -> timedelta:
    newest = tick_of(now, every=every)
    if finished is not None:
        return now - (finished + every) if finished < newest else NEVER_LATE
    taken = select(func.min(scan.c.due_at)).where(scan.c.kind == DAILY, scan.c.due_at <= now)
    return now - (session.scalars(taken).first() or newest)


def _running(session: Session, now: datetime) -> tuple[Running, ...]:
    statement = (
        select(scan.c.kind, scan.c.owner, scan.c.started_at)
        .where(scan.c.state == ScanState.RUNNING)
        .order_by(scan.c.started_at)
    )
    rows = session.connection().execute(statement)
    return tuple(Running(row.kind, row.owner, now - row.started_at) for row in rows)


def _ended(session: Session) -> dict[tuple[str, str], int]:
    statement = (
        select(scan.c.kind, scan.c.state, func.count())
        .where(scan.c.state != ScanState.RUNNING)
        .group_by(scan.c.kind, scan.c.state)
    )
    return {
        (kind, ScanState(state).value): count
        for kind, state, count in session.connection().execute(statement)
    }


def _passed_over(session: Session) -> int:
    return int(session.scalars(select(func.coalesce(func.sum(scan.c.skipped_ticks), 0))).one())

"""Who runs a scan: a row with a lease and an epoch, and the fence before every write.

A process that slept past its lease finds a higher epoch on the row and changes nothing. The same
statements run on SQLite and PostgreSQL; leases are in the database's time.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, case, func, insert, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from unbroken.kit.db import Sessions, database_now, new_uid, rows_changed, table
from unbroken.kit.stopping import Stop
from unbroken.scans import models
from unbroken.scans.models import ERROR_LENGTH, ScanState
from unbroken.scans.schedule import Due, due

_LOADED = models  # its import fills the metadata
DAILY, BY_HAND = "daily", "by-hand"
NOBODY_FINISHED = "its processes ended before it did"
NOBODY = ""
"""Owner of a scan that was put down by a process told to end: whoever comes next takes it up."""
# no lease is this long: one that ends later was given before the clock was set back
UNBELIEVABLE = timedelta(days=1)
scan = table("scan")
_CLAIM = (scan.c.id, scan.c.uid, scan.c.epoch, scan.c.owner, scan.c.cursor, scan.c.scanned_on)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Terms:
    """Who runs scans, how long a claim is held, how long a tick is, and how often one is tried."""

    owner: str
    lease: timedelta
    every: timedelta
    attempts: int = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """A scan that this process may run until its lease ends; ``epoch`` proves that it still may."""

    id: int
    uid: UUID
    epoch: int
    owner: str
    cursor: int
    on: date


class LeaseLost(Exception):
    """Another process has taken this scan over; nothing more is written."""


def claim_by_hand(sessions: Sessions, *, on: date, terms: Terms) -> Claim:
    """Add a scan that takes no tick's place and return the claim on it."""
    with sessions.begin() as session:
        values = _fresh(database_now(session), on=on, terms=terms) | {"kind": BY_HAND}
        statement = insert(scan).values(values).returning(*_CLAIM)
        return Claim(*session.connection().execute(statement).one())


def claim_due(sessions: Sessions, *, on: date, terms: Terms) -> Claim | None:
    """Take the newest due tick, those passed over counted on it; ``None`` when somebody has it."""
    with sessions.reading() as session:
        newest = _newest_due(session, every=terms.every)
    if newest is None:
        return None
    of_tick = {"kind": DAILY, "due_at": newest.at, "skipped_ticks": newest.skipped}
    with sessions.begin() as session:
        values = _fresh(database_now(session), on=on, terms=terms) | of_tick
        adding = sqlite.insert(scan) if sessions.is_sqlite else postgresql.insert(scan)
        statement = adding.values(values).on_conflict_do_nothing().returning(*_CLAIM)
        row = session.connection().execute(statement).first()
    return Claim(*row) if row else None


def take_over(
    sessions: Sessions, *, on: date, terms: Terms, but: Collection[int] = ()
) -> Claim | None:
    """Take the oldest scan whose owner let its lease end, with a higher epoch.

    ``None``: there is none but those in ``but``. It looks at the day ``on`` from here: looking at
    the day it was due would undo what newer scans found. A scan that was tried too often is ended
    as failed, for it may be what kills the processes that run it; one that was put down keeps its
    epoch, for nothing went wrong with it: its new owner is what fences the old one off.
    """
    with sessions.begin() as session:
        now = database_now(session)
        _give_up(session, now, attempts=terms.attempts)
        oldest = (
            select(scan.c.id)
            .where(_abandoned(now), _may_be_tried(terms.attempts), scan.c.id.notin_(but))
            .order_by(scan.c.started_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        # "=", not "IN": PostgreSQL may run a subquery behind IN, and so its LIMIT, more than once
        taken = (
            update(scan)
            .where(scan.c.id == oldest.scalar_subquery())
            .values(
                owner=terms.owner,
                epoch=case((scan.c.owner == NOBODY, scan.c.epoch), else_=scan.c.epoch + 1),
                lease_until=now + terms.lease,
                scanned_on=on,
            )
            .returning(*_CLAIM)
        )
        row = session.connection().execute(taken).first()
    return Claim(*row) if row else None


def fenced(session: Session, claim: Claim, **values: object) -> None:
    """Change the scan's row only while this process still holds it; first in every transaction.

    Raises:
        LeaseLost: another process has it, or it is finished.
    """
    statement = (
        update(scan)
        .where(
            scan.c.id == claim.id,
            scan.c.owner == claim.owner,
            scan.c.epoch == claim.epoch,
            scan.c.state == ScanState.RUNNING,
        )
        .values(**values)
    )
    if rows_changed(session, statement) != 1:
        raise LeaseLost


def renew(sessions: Sessions, claim: Claim, *, terms: Terms) -> None:
    """Prolong the lease from now.

    Raises:
        LeaseLost: as ``fenced``.
    """
    with sessions.begin() as session:
        fenced(session, claim, lease_until=database_now(session) + terms.lease)


def put_down(sessions: Sessions, claim: Claim, *, problems: Sequence[str] = ()) -> None:
    """Let go of a scan at once, so that another process goes on with it and waits for no lease.

    With ``problems`` it is begun from the first plan again, for what broke would not be told.

    Raises:
        LeaseLost: as ``fenced``.
    """
    again = {"cursor": 0, "error": "; ".join(problems)[:ERROR_LENGTH]} if problems else {}
    with sessions.begin() as session:
        fenced(session, claim, owner=NOBODY, lease_until=database_now(session), **again)


class Hold:
    """Whether the lease is being renewed beside the work, and nobody asked the process to end."""

    def __init__(self, stop: Stop) -> None:
        """Hold until told otherwise."""
        self._lost = threading.Event()
        self._stop = stop

    def check(self) -> None:
        """Return while the lease is held and the work may go on.

        Raises:
            LeaseLost: it could not be renewed.
            Stopped: the process was asked to end.
        """
        if self._lost.is_set():
            raise LeaseLost
        self._stop.check()

    def lose(self) -> None:
        """Stop the work at its next check."""
        self._lost.set()


@contextmanager
def holding(
    sessions: Sessions, claim: Claim, *, terms: Terms, stop: Stop | None = None
) -> Iterator[Hold]:
    """Renew the lease at every third of its length, from the start until the block is left.

    Computing what the rules find may take longer than a lease, and nothing is written meanwhile.
    """
    hold, left = Hold(stop or Stop()), threading.Event()

    def keep() -> None:
        while not left.wait(terms.lease.total_seconds() / 3):
            try:
                renew(sessions, claim, terms=terms)
            except Exception:
                # lost or out of reach: either way somebody else may have it, so the work must stop
                log.exception("lease not renewed", action="scan:lease:lost", scan=str(claim.uid))
                hold.lose()
                return

    keeper = threading.Thread(target=keep, name="scan-lease", daemon=True)
    keeper.start()
    try:
        yield hold
    finally:
        left.set()
        keeper.join()


def _newest_due(session: Session, *, every: timedelta) -> Due | None:
    now = database_now(session)
    # Ticks that lie ahead were taken while the clock was wrong: they must not silence the years
    # until then.
    taken = select(func.max(scan.c.due_at)).where(scan.c.kind == DAILY, scan.c.due_at <= now)
    return due(session.scalars(taken).first(), now, every=every)


def _fresh(now: datetime, *, on: date, terms: Terms) -> dict[str, object]:
    return {
        "uid": new_uid(),
        "due_at": None,
        "scanned_on": on,
        "state": ScanState.RUNNING,
        "owner": terms.owner,
        "epoch": 1,
        "lease_until": now + terms.lease,
        "cursor": 0,
        "skipped_ticks": 0,
        "counts": {},
        "started_at": now,
        "error": "",
    }


def _abandoned(now: datetime) -> ColumnElement[bool]:
    ended = or_(scan.c.lease_until <= now, scan.c.lease_until > now + UNBELIEVABLE)
    return (scan.c.state == ScanState.RUNNING) & ended


def _may_be_tried(attempts: int) -> ColumnElement[bool]:
    return or_(scan.c.epoch < attempts, scan.c.owner == NOBODY)


def _give_up(session: Session, now: datetime, *, attempts: int) -> None:
    error = func.coalesce(func.nullif(scan.c.error, ""), NOBODY_FINISHED)
    statement = (
        update(scan)
        .where(_abandoned(now), not_(_may_be_tried(attempts)))
        .values(state=ScanState.FAILED, error=error, finished_at=now)
    )
    if given_up := rows_changed(session, statement):
        log.error("scans given up", action="scan:given-up", scans=given_up)

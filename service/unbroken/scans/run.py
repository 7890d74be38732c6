"""One scan from start to end: claim, run the rules, write each plan's changes, finish.

The claim is a row with a lease and an epoch. Every write first checks the epoch and moves the
cursor, so a
process that slept past its lease changes nothing. The same statements run on SQLite and PostgreSQL.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from unbroken.gaps.changes import Changes, changes
from unbroken.gaps.commands import Scanned, apply_changes
from unbroken.gaps.queries import findings, open_gaps
from unbroken.gaps.rules import Finding, Scope
from unbroken.gaps.rules.words import GapState, Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, database_now, new_uid, rows_changed, table
from unbroken.plans.models import PlanState
from unbroken.scans.models import Scan, ScanState
from unbroken.scans.schedule import due
from unbroken.trail.commands import open_trail
from unbroken.trail.rules import Action, Author

DAILY = "daily"
BY_HAND = "by-hand"
COUNTED = (Happening.OPENED, Happening.WORSENED, Happening.EASED, Happening.CLOSED)
NOBODY = UUID(int=0)
SCANNER = Author(account_uid=NOBODY, organisation_uid=NOBODY, role="scan")
scan, gap, plan = table("scan"), table("gap"), table("plan")
_CLAIM = (scan.c.id, scan.c.uid, scan.c.epoch, scan.c.owner, scan.c.cursor, scan.c.scanned_on)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A scan that this process may run until its lease ends."""

    id: int
    uid: UUID
    epoch: int
    owner: str
    cursor: int
    on: date


@dataclass(frozen=True, slots=True)
class Terms:
    """Who runs scans, how long a claim is held, and how long a tick is."""

    owner: str
    lease: timedelta
    every: timedelta


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one scan changed and how many gaps are open after it."""

    scan: UUID
    on: date
    opened: int
    worsened: int
    eased: int
    closed: int
    open: int


class ScanAction(Action):
    """What a scan records."""

    CHANGED = "scans:gaps:changed"


class LeaseLost(Exception):
    """Another process has taken this scan over; nothing more is written."""


def scan_by_hand(sessions: Sessions, *, clock: Clock, terms: Terms) -> Outcome:
    """Run all rules now and return what changed. It always runs and takes no tick's place."""
    claim = _start(sessions, kind=BY_HAND, due_at=None, on=clock.today(), terms=terms)
    if claim is None:
        message = "a scan by hand has no key that could be taken"
        raise RuntimeError(message)
    return _run(sessions, claim, clock=clock, terms=terms)


def tick(sessions: Sessions, *, clock: Clock, terms: Terms) -> list[Outcome]:
    """Run the newest due tick if nobody has it, and every tick whose owner died; return what ran.

    Ticks are counted on the database's clock; the day looked at is the instance's.
    """
    claims = []
    if claim := _claim_due(sessions, on=clock.today(), terms=terms):
        claims.append(claim)
    while claim := _reclaim(sessions, terms=terms, but=[c.id for c in claims]):
        claims.append(claim)
    return [
        outcome
        for claim in claims
        if (outcome := _run_or_lose(sessions, claim, clock=clock, terms=terms))
    ]


def look(session: Session, *, on: date, today: date) -> list[Finding]:
    """Return what a scan on the day ``on`` would find, with what was known then; writes nothing."""
    return findings(session, Scope(on=on, past=on < today))


def last_finished(session: Session) -> Scan | None:
    """Return the newest scan that was finished, or ``None``."""
    finished = select(Scan).where(scan.c.state == ScanState.DONE)
    return session.scalars(finished.order_by(scan.c.finished_at.desc()).limit(1)).first()


def _claim_due(sessions: Sessions, *, on: date, terms: Terms) -> Claim | None:
    with sessions.reading() as session:
        last = session.scalars(select(func.max(scan.c.due_at)).where(scan.c.kind == DAILY)).first()
        newest = due(last, database_now(session), every=terms.every)
    if newest is None:
        return None
    return _start(
        sessions, kind=DAILY, due_at=newest.at, on=on, terms=terms, skipped=newest.skipped
    )


def _start(
    sessions: Sessions,
    *,
    kind: str,
    due_at: datetime | None,
    on: date,
    terms: Terms,
    skipped: int = 0,
) -> Claim | None:
    with sessions.begin() as session:
        now = database_now(session)
        values = {
            "uid": new_uid(),
            "kind": kind,
            "due_at": due_at,
            "scanned_on": on,
            "state": ScanState.RUNNING,
            "owner": terms.owner,
            "epoch": 1,
            "lease_until": now + terms.lease,
            "cursor": 0,
            "skipped_ticks": skipped,
            "counts": {},
            "started_at": now,
            "error": "",
        }
        dialect = sqlite if sessions.is_sqlite else postgresql
        statement = dialect.insert(scan).values(values).on_conflict_do_nothing().returning(*_CLAIM)
        row = session.connection().execute(statement).first()
    return Claim(*row) if row else None


def _reclaim(sessions: Sessions, *, terms: Terms, but: list[int]) -> Claim | None:
    with sessions.begin() as session:
        now = database_now(session)
        oldest = (
            select(scan.c.id)
            .where(
                scan.c.state == ScanState.RUNNING,
                scan.c.lease_until < now,
                scan.c.id.notin_(but),
            )
            .order_by(scan.c.started_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        taken = (
            update(scan)
            .where(scan.c.id.in_(oldest.scalar_subquery()))
            .values(owner=terms.owner, epoch=scan.c.epoch + 1, lease_until=now + terms.lease)
            .returning(*_CLAIM)
        )
        row = session.connection().execute(taken).first()
    return Claim(*row) if row else None


def _run_or_lose(sessions: Sessions, claim: Claim, *, clock: Clock, terms: Terms) -> Outcome | None:
    try:
        return _run(sessions, claim, clock=clock, terms=terms)
    except LeaseLost:
        log.warning("scan taken over", action="scan:lease:lost", scan=str(claim.uid))
        return None


def _run(sessions: Sessions, claim: Claim, *, clock: Clock, terms: Terms) -> Outcome:
    with sessions.reading() as session:
        plans = _plans_after(session, claim.cursor)
        found = findings(session, Scope(on=claim.on))
        known = open_gaps(session, plans)
    by_plan: dict[int, list[Finding]] = {}
    for finding in found:
        by_plan.setdefault(finding.found.plan_id, []).append(finding)
    for plan_id, plan_uid in plans.items():
        happened = changes(known.get(plan_id, ()), by_plan.get(plan_id, ()))
        if happened:
            _write_plan(sessions, claim, (plan_id, plan_uid), happened, clock=clock, terms=terms)
    return _finish(sessions, claim, clock=clock)


def _plans_after(session: Session, cursor: int) -> dict[int, UUID]:
    """Return plans that are open or still have open gaps (a finished plan's gaps close).

    In order.
    """
    with_gaps = select(gap.c.plan_id).where(gap.c.state == GapState.OPEN)
    statement = (
        select(plan.c.id, plan.c.uid)
        .where(
            plan.c.id > cursor,
            (plan.c.state == PlanState.OPEN) | plan.c.id.in_(with_gaps),
        )
        .order_by(plan.c.id)
    )
    return dict(row.tuple() for row in session.connection().execute(statement))


def _write_plan(
    sessions: Sessions,
    claim: Claim,
    plan: tuple[int, UUID],
    happened: Changes,
    *,
    clock: Clock,
    terms: Terms,
) -> None:
    plan_id, plan_uid = plan
    now = clock.now()
    with sessions.begin() as session:
        _advance(session, claim, plan_id, happened, terms=terms)
        trail = open_trail(session, author=SCANNER, at=now, plans=[plan_uid])
        by = Scanned(scan_uid=claim.uid, at=now, on=claim.on)
        apply_changes(session, plan_id, happened, by=by)
        trail.record(
            ScanAction.CHANGED,
            kind="scan",
            subject=claim.uid,
            values={
                kind.value: _keys(happened, kind) for kind in Happening if _keys(happened, kind)
            },
        )


def _keys(happened: Changes, kind: Happening) -> list[str]:
    return [change.key for change in happened.happened if change.kind is kind]


def _advance(
    session: Session, claim: Claim, plan_id: int, happened: Changes, *, terms: Terms
) -> None:
    stored = session.scalars(select(scan.c.counts).where(scan.c.id == claim.id)).one()
    counts = {
        kind.value: int(str(stored.get(kind.value, 0))) + _counted(happened, kind)
        for kind in COUNTED
    }
    _fenced(
        session,
        claim,
        cursor=plan_id,
        counts=counts,
        lease_until=database_now(session) + terms.lease,
    )


def _counted(happened: Changes, kind: Happening) -> int:
    return happened.count(kind)


def _fenced(session: Session, claim: Claim, **values: object) -> None:
    """Change the scan's row only while this process still holds it.

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


def _finish(sessions: Sessions, claim: Claim, *, clock: Clock) -> Outcome:
    with sessions.begin() as session:
        _fenced(session, claim, state=ScanState.DONE, finished_at=clock.now())
        stored = session.scalars(select(scan.c.counts).where(scan.c.id == claim.id)).one()
        still_open = select(func.count()).select_from(gap).where(gap.c.state == GapState.OPEN)
        left = session.scalars(still_open).one()
    counts = {kind.value: int(str(stored.get(kind.value, 0))) for kind in COUNTED}
    if any(counts.values()):
        sessions.refresh_statistics()
    return Outcome(scan=claim.uid, on=claim.on, open=left, **counts)

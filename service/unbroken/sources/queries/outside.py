"""Which outside sources there are, how they are, and which of them are due to be asked."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from unbroken.kit.db import database_now
from unbroken.sources.models import FormSourceRow, OutsideSource, Snapshot, SnapshotLink
from unbroken.sources.silences import interval


@dataclass(frozen=True, slots=True)
class OutsideSourceView:
    """One source; ``silent_since`` is ``None`` while it answers.

    ``answered_at`` is its last whole answer, ``stated_on`` the newest day that it gave itself, and
    ``snapshots`` counts the different answers that are kept.
    """

    uid: UUID
    kind: str
    question: str
    base_url: str
    secret_name: str
    is_on: bool
    every_minutes: int
    read_at: datetime | None
    answered_at: datetime | None
    not_before_at: datetime | None
    failures: int
    silent_since: datetime | None
    silent_reason: str
    silent_after_on: date | None
    stated_on: date | None
    snapshots: int
    plan_uids: tuple[UUID, ...]


def outside_sources(session: Session) -> tuple[OutsideSourceView, ...]:
    """Return every source, by kind and question."""
    query = select(OutsideSource).order_by(col(OutsideSource.kind), col(OutsideSource.question))
    return tuple(_view(session, row) for row in session.exec(query))


def outside_sources_due(session: Session) -> tuple[UUID, ...]:
    """Return the sources that are on and to be asked now, as they were entered."""
    now = database_now(session)
    query = select(OutsideSource).where(col(OutsideSource.is_on)).order_by(col(OutsideSource.id))
    return tuple(row.uid for row in session.exec(query) if _is_due(row, now))


def _is_due(row: OutsideSource, now: datetime) -> bool:
    if row.lease_until is not None and row.lease_until > now:
        return False
    if row.not_before_at is not None:
        # silent: it is tried again when its wait is over, however seldom it is asked otherwise
        return row.not_before_at <= now
    return row.read_at is None or row.read_at + interval(row.every_minutes, row.uid) <= now


def _view(session: Session, row: OutsideSource) -> OutsideSourceView:
    answers = select(col(Snapshot.stated_on)).where(
        Snapshot.kind == row.kind, Snapshot.question == row.question
    )
    links = select(SnapshotLink.plan_uid).where(
        SnapshotLink.kind == row.kind, SnapshotLink.question == row.question
    )
    stated = session.exec(answers).all()
    return OutsideSourceView(
        uid=row.uid,
        kind=row.kind,
        question=row.question,
        base_url=row.base_url,
        secret_name=row.secret_name,
        is_on=row.is_on,
        every_minutes=row.every_minutes,
        read_at=row.read_at,
        answered_at=row.answered_at,
        not_before_at=row.not_before_at,
        failures=row.failures,
        silent_since=row.silent_since,
        silent_reason=row.silent_reason,
        silent_after_on=row.silent_after_on,
        stated_on=max((each for each in stated if each is not None), default=None),
        snapshots=len(stated),
        plan_uids=tuple(session.exec(links.order_by(col(SnapshotLink.id)))),
    )


def is_any_silent(session: Session) -> bool:
    """Return whether any source that is on, of phone forms or another one, does not answer."""
    silent = (
        select(model.id).where(col(model.is_on), col(model.silent_reason) != "").exists()
        for model in (OutsideSource, FormSourceRow)
    )
    return bool(session.exec(select(or_(*silent))).one())

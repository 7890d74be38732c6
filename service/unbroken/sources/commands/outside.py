"""Takes an outside source to ask it, and keeps how that ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.db import Sessions, database_now
from unbroken.kit.errors import Conflict, NotFound
from unbroken.kit.reaching import Marks
from unbroken.sources.commands.leases import lease, let_go, still_leased
from unbroken.sources.models import OutsideSource
from unbroken.sources.ports import SourceSilent
from unbroken.sources.silences import counts_from, left_alone

LEASE = timedelta(minutes=20)
"""Longer than any reading may take, see ``kit.reaching``; after it another process may begin."""


@dataclass(frozen=True, slots=True)
class TakenSource:
    """An outside source that is ours to ask; ``epoch`` proves that it still is."""

    uid: UUID
    kind: str
    question: str
    base_url: str
    secret_name: str
    epoch: int
    marks: Marks


def take_outside_source(sessions: Sessions, uid: UUID) -> TakenSource:
    """Take an outside source to ask it now.

    Raises:
        NotFound: there is none.
        Conflict: another process asks it.
    """
    with sessions.begin() as session:
        now = database_now(session)
        is_ours = lease(session, OutsideSource, uid, now=now, life=LEASE)
        row = outside_row(session, uid)
        if not is_ours:
            raise Conflict("This source is being read already.", remedy="Wait for it to end.")
        return TakenSource(
            uid=row.uid,
            kind=row.kind,
            question=row.question,
            base_url=row.base_url,
            secret_name=row.secret_name,
            epoch=row.epoch,
            marks=Marks(row.etag, row.modified),
        )


def holds_outside_source(session: Session, taken: TakenSource) -> bool:
    """Return whether no later asking has begun; holds the source until the transaction ends."""
    return still_leased(session, OutsideSource, taken.uid, epoch=taken.epoch)


def put_down_outside_source(sessions: Sessions, taken: TakenSource) -> None:
    """Let go of a source at once: this process was asked to end before it had the whole answer."""
    with sessions.begin() as session:
        let_go(session, OutsideSource, taken.uid, epoch=taken.epoch)


def note_answer(session: Session, taken: TakenSource, marks: Marks, *, at: datetime) -> None:
    """Keep that a source answered whole, and let go of it; ``at`` is the instance's instant."""
    row, now = outside_row(session, taken.uid), database_now(session)
    row.lease_until, row.not_before_at, row.read_at, row.answered_at = None, None, now, at
    row.failures, row.silent_since, row.silent_reason, row.silent_after_on = 0, None, "", None
    row.etag, row.modified = marks.etag, marks.modified
    session.add(row)
    session.flush()


def note_silence(session: Session, taken: TakenSource, why: SourceSilent, *, at: datetime) -> None:
    """Keep that a source did not answer, until when it is left alone, and let go of it.

    ``at`` is the instance's instant; how long it is left alone counts by the database's.
    """
    row, now = outside_row(session, taken.uid), database_now(session)
    row.failures += 1
    row.lease_until, row.read_at = None, now
    row.not_before_at = now + left_alone(row.failures, why.wait_seconds)
    row.silent_since = row.silent_since or at
    row.silent_reason = why.reason.value
    counts_on = counts_from(
        at.date(),
        every_minutes=row.every_minutes,
        failures=row.failures,
        answered_on=None if row.answered_at is None else row.answered_at.date(),
    )
    row.silent_after_on = min(row.silent_after_on or counts_on, counts_on)
    session.add(row)
    session.flush()


def outside_row(session: Session, uid: UUID) -> OutsideSource:
    """Return the row of a source as the database has it now.

    Raises:
        NotFound: there is none.
    """
    query = select(OutsideSource).where(OutsideSource.uid == uid)
    found = session.exec(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound("There is no outside source {source}.", source=str(uid))
    return found

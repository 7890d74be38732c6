"""Enqueues long work, claims it and carries it to its end; leases are in the database's time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from unbroken.jobs.models import Job, JobState
from unbroken.kit.canonical import plain
from unbroken.kit.db import Sessions, database_now, rows_changed
from unbroken.kit.errors import Conflict
from unbroken.kit.languages import gettext as _

ERROR_LENGTH = 500


class LeaseLost(Conflict):
    """Another worker took this job over; nothing more may be done for it here."""

    code = "lease-lost"
    remedy = _("Do nothing: the other worker goes on with it.")


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that is ours as long as it is renewed; ``epoch`` proves that it still is."""

    uid: UUID
    kind: str
    body: Mapping[str, object]
    owner: str
    epoch: int
    progress_done: int
    created_by_uid: UUID


def enqueue(
    session: Session, *, kind: str, body: Mapping[str, object], created_by: UUID, at: datetime
) -> UUID:
    """Add a job in the caller's transaction and return its UUID."""
    job = Job(
        kind=kind,
        body=cast("dict[str, object]", plain(body)),
        state=JobState.WAITING,
        created_by_uid=created_by,
        created_at=at,
    )
    session.add(job)
    session.flush()
    return job.uid


def claim(
    sessions: Sessions, *, owner: str, kinds: Collection[str], lease_seconds: float
) -> Lease | None:
    """Take the oldest job of ``kinds`` that waits or whose owner died; ``None``: there is none."""
    with sessions.begin() as session:
        now = database_now(session)
        abandoned = and_(col(Job.state) == JobState.RUNNING, col(Job.lease_until) <= now)
        job = session.exec(
            select(Job)
            .where(col(Job.kind).in_(kinds), or_(col(Job.state) == JobState.WAITING, abandoned))
            .order_by(col(Job.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if job is None:
            return None
        job.state, job.owner, job.epoch = JobState.RUNNING, owner, job.epoch + 1
        job.lease_until = now + timedelta(seconds=lease_seconds)
        session.flush()
        return _lease(job, owner)


def hold(session: Session, lease: Lease) -> None:
    """Go on only if the job is still ours: first in every transaction that writes for a job.

    The row stays locked until that transaction ends, so nobody can take the job over meanwhile.

    Raises:
        LeaseLost: another worker has it.
    """
    if not _change(session, lease, {"epoch": lease.epoch}):
        raise LeaseLost


def renew(sessions: Sessions, lease: Lease, *, lease_seconds: float) -> bool:
    """Prolong the lease from now; ``False``: it is lost and nothing was changed."""
    with sessions.begin() as session:
        until = database_now(session) + timedelta(seconds=lease_seconds)
        return _change(session, lease, {"lease_until": until})


def progress(sessions: Sessions, lease: Lease, *, done: int, total: int | None) -> bool:
    """Note how far the job is (``total`` is ``None`` while unknown); ``False``: lease is lost."""
    with sessions.begin() as session:
        return _change(session, lease, {"progress_done": done, "progress_total": total})


def release(sessions: Sessions, lease: Lease) -> bool:
    """Put a job down where it stands, for the next who claims; ``False``: the lease is lost.

    For a process that was asked to end between two steps; progress and body stay as they are.
    """
    values = {"state": JobState.WAITING, "lease_until": None, "owner": None}
    with sessions.begin() as session:
        return _change(session, lease, values)


def finish(sessions: Sessions, lease: Lease, *, result: Mapping[str, object], at: datetime) -> bool:
    """Keep the result and end the job; ``False``: the lease is lost and nothing was changed."""
    values = {"state": JobState.DONE, "result": plain(result), "error": None}
    return _end(sessions, lease, values, at=at)


def fail(sessions: Sessions, lease: Lease, *, error: str, at: datetime) -> bool:
    """Note why and end the job; ``False``: the lease is lost and nothing was changed."""
    values = {"state": JobState.FAILED, "error": error[:ERROR_LENGTH]}
    return _end(sessions, lease, values, at=at)


def _end(sessions: Sessions, lease: Lease, values: Mapping[str, object], *, at: datetime) -> bool:
    ending = {"finished_at": at, "lease_until": None, "owner": None}
    with sessions.begin() as session:
        return _change(session, lease, {**values, **ending})


def _change(session: Session, lease: Lease, values: Mapping[str, object]) -> bool:
    statement = (
        update(Job)
        .where(
            col(Job.uid) == lease.uid,
            col(Job.state) == JobState.RUNNING,
            col(Job.owner) == lease.owner,
            col(Job.epoch) == lease.epoch,
        )
        .values(**values)
    )
    return rows_changed(session, statement) == 1


def _lease(job: Job, owner: str) -> Lease:
    return Lease(
        uid=job.uid,
        kind=job.kind,
        body=job.body,
        owner=owner,
        epoch=job.epoch,
        progress_done=job.progress_done,
        created_by_uid=job.created_by_uid,
    )

"""Says how far jobs are."""

from uuid import UUID

from sqlmodel import Session, col, func, select

from unbroken.jobs.models import Job, JobState
from unbroken.kit.errors import NotFound


def read_job(session: Session, uid: UUID) -> Job:
    """Return one job.

    Raises:
        NotFound: there is none with this UUID.
    """
    job = session.exec(select(Job).where(Job.uid == uid)).one_or_none()
    if job is None:
        raise NotFound
    return job


def counts(session: Session) -> dict[JobState, int]:
    """Return how many jobs are in each state; states without any are there with 0."""
    found = session.exec(select(Job.state, func.count()).group_by(col(Job.state)))
    known = {JobState(state): count for state, count in found}
    return {state: known.get(state, 0) for state in JobState}


def jobs_of(session: Session, *, account_uid: UUID, limit: int) -> list[Job]:
    """Return up to ``limit`` jobs that an account asked for, newest first."""
    wanted = select(Job).where(Job.created_by_uid == account_uid)
    return list(session.exec(wanted.order_by(col(Job.id).desc()).limit(limit)))

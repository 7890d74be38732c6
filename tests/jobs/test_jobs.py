"""Long work has one owner at a time, and an owner who lost it changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from unbroken.jobs.commands import (
    Lease,
    LeaseLost,
    claim,
    enqueue,
    fail,
    finish,
    hold,
    progress,
    release,
    renew,
)
from unbroken.jobs.models import Job, JobState
from unbroken.jobs.queries import counts, jobs_of, read_job
from unbroken.kit.db import Sessions
from unbroken.kit.errors import NotFound

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACCOUNT = uuid4()


def add(sessions: Sessions, kind: str = "export") -> UUID:
    with sessions.begin() as session:
        return enqueue(session, kind=kind, body={"plan": uuid4()}, created_by=ACCOUNT, at=NOW)


def take(sessions: Sessions, owner: str, *, seconds: float = 60) -> Lease:
    lease = claim(sessions, owner=owner, kinds=["export", "replay"], lease_seconds=seconds)
    assert lease is not None
    return lease


def row(sessions: Sessions, uid: UUID) -> Job:
    with sessions.reading() as session:
        return read_job(session, uid)


def test_the_oldest_job_comes_first(sessions: Sessions) -> None:
    first, second = add(sessions), add(sessions, "replay")

    assert [take(sessions, "a").uid, take(sessions, "b").uid] == [first, second]


def test_a_worker_gets_only_kinds_it_knows(sessions: Sessions) -> None:
    add(sessions)

    assert claim(sessions, owner="a", kinds=["import"], lease_seconds=9) is None


def test_a_finished_job_keeps_its_result(sessions: Sessions) -> None:
    uid = add(sessions)
    lease = take(sessions, "a")

    assert progress(sessions, lease, done=3, total=7)
    assert finish(sessions, lease, result={"rows": 7}, at=NOW)
    job = row(sessions, uid)
    assert (job.state, job.result, job.finished_at) == (JobState.DONE, {"rows": 7}, NOW)
    assert (job.progress_done, job.progress_total) == (3, 7)


def test_a_failed_job_says_why(sessions: Sessions) -> None:
    uid = add(sessions)
    fail(sessions, take(sessions, "a"), error="no memory", at=NOW)

    assert (row(sessions, uid).state, row(sessions, uid).error) == (JobState.FAILED, "no memory")


def test_an_expired_lease_is_taken_over_and_the_old_owner_changes_nothing(
    sessions: Sessions,
) -> None:
    uid = add(sessions)
    old = take(sessions, "a", seconds=-1)
    new = take(sessions, "b")

    assert not renew(sessions, old, lease_seconds=60)
    assert not progress(sessions, old, done=1, total=1)
    assert not finish(sessions, old, result={}, at=NOW)
    assert not fail(sessions, old, error="late", at=NOW)
    assert (row(sessions, uid).owner, row(sessions, uid).state) == ("b", JobState.RUNNING)
    assert finish(sessions, new, result={}, at=NOW)


def test_a_renewed_lease_is_not_taken_over(sessions: Sessions) -> None:
    add(sessions)
    lease = take(sessions, "a", seconds=-1)

    assert renew(sessions, lease, lease_seconds=60)
    assert claim(sessions, owner="b", kinds=["export"], lease_seconds=60) is None


def test_writing_for_a_lost_job_is_refused(sessions: Sessions) -> None:
    add(sessions)
    old = take(sessions, "a", seconds=-1)
    new = take(sessions, "b")
    with pytest.raises(LeaseLost), sessions.begin() as session:
        hold(session, old)
    with sessions.begin() as session:
        hold(session, new)

    assert new.epoch == old.epoch + 1


def test_eight_workers_never_share_a_job(sessions: Sessions) -> None:
    made = {add(sessions) for _ in range(24)}

    def drain(owner: str) -> list[UUID]:
        got = []
        while lease := claim(sessions, owner=owner, kinds=["export"], lease_seconds=60):
            got.append(lease.uid)
        return got

    with ThreadPoolExecutor(8) as pool:
        taken = [uid for got in pool.map(drain, "abcdefgh") for uid in got]

    assert (len(taken), set(taken)) == (24, made)


def test_an_account_sees_its_jobs_newest_first(sessions: Sessions) -> None:
    first, second = add(sessions), add(sessions)
    with sessions.reading() as session:
        found = jobs_of(session, account_uid=ACCOUNT, limit=5)
        assert jobs_of(session, account_uid=uuid4(), limit=5) == []

    assert [job.uid for job in found] == [second, first]


def test_an_unknown_job_is_not_found(sessions: Sessions) -> None:
    with pytest.raises(NotFound), sessions.reading() as session:
        read_job(session, uuid4())


def test_a_job_put_down_is_taken_up_at_once_where_it_stood(sessions: Sessions) -> None:
    add(sessions)
    mine = take(sessions, "a")
    progress(sessions, mine, done=3, total=9)

    assert release(sessions, mine)
    assert not release(sessions, mine)
    theirs = take(sessions, "b")
    assert (3, mine.epoch + 1) == (theirs.progress_done, theirs.epoch)
    with sessions.reading() as session:
        assert {JobState.RUNNING: 1} == {s: n for s, n in counts(session).items() if n}

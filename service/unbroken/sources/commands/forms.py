"""Notes hints, takes a source to read it, and keeps how the reading ended."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from unbroken.kit.db import (
    Sessions,
    database_now,
    new_uid,
    put_if_absent,
    row_id,
)
from unbroken.kit.errors import Conflict, NotFound
from unbroken.sources.commands.leases import lease, let_go, still_leased
from unbroken.sources.models import FormHint, FormPoll, FormSourceRow, PollOutcome
from unbroken.sources.ports import Unread
from unbroken.sources.reading import Reading
from unbroken.sources.rules import kept_identity
from unbroken.sources.silences import window

MOST_HINTS = 1000
MOST_NOTES = 50
LEASE = timedelta(minutes=15)
"""Longer than any reading may take, see ``kit.reaching``; after it another process may begin."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A source that is ours to read; ``epoch`` proves that it still is. Times are the database's.

    The readings of two processes never mix: what began earlier and ends later is thrown away.
    """

    uid: UUID
    plan_uid: UUID
    system: str
    base_url: str
    form: str
    secret_name: str
    epoch: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many submissions were read and what came of them."""

    read: int = 0
    added: int = 0
    edited: int = 0
    restated: int = 0
    withdrawn: int = 0
    unread: tuple[Unread, ...] = ()


def hash_of_hook(secret: str) -> str:
    """Return what is stored of the secret in a hook's address."""
    return sha256(secret.encode()).hexdigest()


def note_hint(sessions: Sessions, *, system: str, secret: str, told: str) -> None:
    """Remember that a submission is to be looked at; the same one twice is noted once.

    Raises:
        NotFound: no source that is on has such a hook.
    """
    query = select(FormSourceRow).where(
        FormSourceRow.hook_hash == hash_of_hook(secret),
        FormSourceRow.system == system,
        col(FormSourceRow.is_on),
    )
    # whoever only guesses never waits for, nor holds, the turn to write
    with sessions.reading() as session:
        source = session.exec(query).first()
    if source is None:
        raise NotFound
    with sessions.begin() as session:
        noted = select(func.count()).where(FormHint.source_id == source.id)
        is_flood = session.exec(noted).one() >= MOST_HINTS
        values: dict[str, object] = {
            "uid": new_uid(),
            "source_id": row_id(source),
            "submission": kept_identity(told) if told and not is_flood else "",
            "noted_at": database_now(session),
        }
        put_if_absent(session, FormHint, values)


def take_source(sessions: Sessions, uid: UUID) -> Taken:
    """Take a source to read it now.

    Raises:
        NotFound: there is none.
        Conflict: another process reads it.
    """
    with sessions.begin() as session:
        now = database_now(session)
        is_ours = lease(session, FormSourceRow, uid, now=now, life=LEASE)
        row = source_row(session, uid)
        if not is_ours:
            raise Conflict("This source is being read already.", remedy="Wait for it to end.")
        return Taken(
            uid=row.uid,
            plan_uid=row.plan_uid,
            system=row.system,
            base_url=row.base_url,
            form=row.form,
            secret_name=row.secret_name,
            epoch=row.epoch,
            started_at=now,
        )


def still_ours(session: Session, taken: Taken) -> bool:
    """Return whether no later reading has begun; holds the source until the transaction ends."""
    return still_leased(session, FormSourceRow, taken.uid, epoch=taken.epoch)


def put_down_source(sessions: Sessions, taken: Taken) -> None:
    """Let go of a source at once: this process was asked to end before it had read it."""
    with sessions.begin() as session:
        let_go(session, FormSourceRow, taken.uid, epoch=taken.epoch)


def note_reading(
    session: Session, taken: Taken, reading: Reading, counts: Counts, *, on: date
) -> None:
    """Keep how a reading ended, let go of the source, and forget the hints that it answers.

    ``on`` is the day of the reading: silence counts from when its window is over.
    """
    source = source_row(session, taken.uid)
    now = database_now(session)
    source.lease_until, source.read_at = None, now
    if reading.silent is None:
        source.silent_since, source.silent_reason, source.not_before_at = None, "", None
        source.silent_after_on = None
        _forget_hints(session, source, taken)
    else:
        source.silent_since = source.silent_since or now
        source.silent_after_on = source.silent_after_on or on + window(source.every_minutes)
        source.silent_reason = reading.silent.value
        source.not_before_at = now + timedelta(seconds=reading.wait_seconds)
    session.add(source)
    outcome = PollOutcome.DONE if reading.silent is None else PollOutcome.SILENT
    session.add(_poll(source, taken, reading, counts, outcome=outcome, at=now))
    session.flush()


def note_overtaken(session: Session, taken: Taken, reading: Reading) -> None:
    """Keep that a reading came too late to count."""
    source, now = source_row(session, taken.uid), database_now(session)
    outcome = PollOutcome.OVERTAKEN
    session.add(_poll(source, taken, reading, Counts(), outcome=outcome, at=now))
    session.flush()


def source_row(session: Session, uid: UUID) -> FormSourceRow:
    """Return the row of a source as the database has it now.

    Raises:
        NotFound: there is none.
    """
    query = select(FormSourceRow).where(FormSourceRow.uid == uid)
    found = session.exec(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound("There is no form source {source}.", source=str(uid))
    return found


def _forget_hints(session: Session, source: FormSourceRow, taken: Taken) -> None:
    session.execute(
        delete(FormHint).where(
            col(FormHint.source_id) == source.id, col(FormHint.noted_at) <= taken.started_at
        )
    )


def _poll(
    source: FormSourceRow,
    taken: Taken,
    reading: Reading,
    counts: Counts,
    *,
    outcome: PollOutcome,
    at: datetime,
) -> FormPoll:
    return FormPoll(
        source_id=row_id(source),
        started_at=taken.started_at,
        finished_at=at,
        outcome=outcome,
        reason=reading.silent.value if reading.silent else "",
        is_whole=reading.is_whole,
        read_count=counts.read,
        added_count=counts.added,
        edited_count=counts.edited,
        restated_count=counts.restated,
        withdrawn_count=counts.withdrawn,
        unread_count=len(counts.unread),
        unread=[
            {"submission": each.identity, "why": each.why} for each in counts.unread[:MOST_NOTES]
        ],
    )

"""Puts messages, claims them for sending and settles them; all times are the database's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from unbroken.kit.canonical import plain
from unbroken.kit.db import Sessions, database_now, new_uid, put_if_absent, rows_changed
from unbroken.outbox.models import Message, MessageState

ERROR_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be sent; the same ``dedup_key`` is sent once, however often it is put."""

    topic: str
    dedup_key: str
    recipient: str
    body: Mapping[str, object]
    delay: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send until ``lease_until``; ``attempts`` counts this one too."""

    uid: UUID
    topic: str
    recipient: str
    body: Mapping[str, object]
    owner: str
    attempts: int
    lease_until: datetime


def put(session: Session, draft: Draft) -> UUID:
    """Add a message in the caller's transaction and return its UUID, or that of its twin."""
    uid = new_uid()
    values: dict[str, object] = {
        "uid": uid,
        "topic": draft.topic,
        "dedup_key": draft.dedup_key,
        "recipient": draft.recipient,
        "body": plain(draft.body),
        "state": MessageState.WAITING,
        "attempts": 0,
        "available_at": database_now(session) + draft.delay,
    }
    if put_if_absent(session, Message, values):
        return uid
    return session.exec(select(Message.uid).where(Message.dedup_key == draft.dedup_key)).one()


def claim(sessions: Sessions, *, owner: str, lease_seconds: float, limit: int) -> list[Claimed]:
    """Take up to ``limit`` messages, due or left by a dead sender, and return them, oldest first.

    Send them after this returned; a message whose lease ran out goes to the next who claims.
    """
    with sessions.begin() as session:
        now = database_now(session)
        until = now + timedelta(seconds=lease_seconds)
        found = session.exec(
            select(Message)
            .where(_is_due(now))
            .order_by(col(Message.available_at), col(Message.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for message in found:
            message.state, message.owner = MessageState.CLAIMED, owner
            message.attempts, message.lease_until = message.attempts + 1, until
        session.flush()
        return [_claimed(message, owner, until) for message in found]


def settle(sessions: Sessions, claimed: Claimed) -> bool:
    """Mark a message as sent; ``False``: the lease was lost and nothing was changed."""
    with sessions.begin() as session:
        now = database_now(session)
        return _leave(session, claimed, {"state": MessageState.SENT, "settled_at": now})


def fail(sessions: Sessions, claimed: Claimed, *, error: str, retry_in: timedelta | None) -> bool:
    """Note why sending failed and when to retry (``None``: never); ``False``: lease was lost."""
    with sessions.begin() as session:
        now = database_now(session)
        values: dict[str, object] = {"last_error": error[:ERROR_LENGTH]}
        if retry_in is None:
            values |= {"state": MessageState.FAILED, "settled_at": now}
        else:
            values |= {"state": MessageState.WAITING, "available_at": now + retry_in}
        return _leave(session, claimed, values)


def release(sessions: Sessions, claimed: Claimed) -> bool:
    """Give back a message that was not sent, for the next who claims; ``False``: lease was lost.

    For a process that was asked to end: what it did not try does not count as an attempt.
    """
    with sessions.begin() as session:
        values: dict[str, object] = {
            "state": MessageState.WAITING,
            "attempts": claimed.attempts - 1,
        }
        return _leave(session, claimed, values)


def _leave(session: Session, claimed: Claimed, values: dict[str, object]) -> bool:
    statement = (
        update(Message)
        .where(
            col(Message.uid) == claimed.uid,
            col(Message.state) == MessageState.CLAIMED,
            col(Message.owner) == claimed.owner,
            # The same owner may have claimed it again since: the count of attempts is the epoch.
            col(Message.attempts) == claimed.attempts,
        )
        .values(owner=None, lease_until=None, **values)
    )
    return rows_changed(session, statement) == 1


def _is_due(now: datetime) -> ColumnElement[bool]:
    waiting = and_(col(Message.state) == MessageState.WAITING, col(Message.available_at) <= now)
    abandoned = and_(col(Message.state) == MessageState.CLAIMED, col(Message.lease_until) <= now)
    return or_(waiting, abandoned)


def _claimed(message: Message, owner: str, until: datetime) -> Claimed:
    return Claimed(
        uid=message.uid,
        topic=message.topic,
        recipient=message.recipient,
        body=message.body,
        owner=owner,
        attempts=message.attempts,
        lease_until=until,
    )

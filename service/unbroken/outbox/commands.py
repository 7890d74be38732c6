"""Puts messages, claims them for sending and settles them; all times are the database's own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, delete, or_, update
from sqlmodel import Session, col, select

from unbroken.kit.canonical import plain
from unbroken.kit.db import Sessions, database_now, new_uid, put_if_absent, rows_changed
from unbroken.outbox.models import MAIL, Message, MessageState

ERROR_LENGTH = 500
FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be sent; the same ``dedup_key`` is sent once, however often it is put."""

    topic: str
    dedup_key: str
    recipient: str
    body: Mapping[str, object]
    delay: timedelta = timedelta()
    sender: str = MAIL
    channel_uid: UUID | None = None


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
    sender: str = MAIL
    channel_uid: UUID | None = None


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
        "sender": draft.sender,
        "channel_uid": draft.channel_uid,
        "available_at": database_now(session) + draft.delay,
    }
    if put_if_absent(session, Message, values):
        return uid
    return session.exec(select(Message.uid).where(Message.dedup_key == draft.dedup_key)).one()


def claim(
    sessions: Sessions,
    *,
    owner: str,
    lease_seconds: float,
    limit: int,
    senders: Collection[str] = (MAIL,),
) -> list[Claimed]:
    """Take up to ``limit`` messages, due or left by a dead sender, and return them, oldest first.

    Send them after this returned; a message whose lease ran out goes to the next who claims.
    """
    with sessions.begin() as session:
        now = database_now(session)
        until = now + timedelta(seconds=lease_seconds)
        found = session.exec(
            select(Message)
            .where(_is_due(now), col(Message.sender).in_(senders))
            .order_by(col(Message.available_at), col(Message.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for message in found:
            message.state, message.owner = MessageState.CLAIMED, owner
            message.attempts, message.lease_until = message.attempts + 1, until
        session.flush()
        return [claimed_view(message) for message in found]


def renew(sessions: Sessions, claimed: Claimed, *, lease_seconds: float) -> bool:
    """Prolong the lease from now, just before sending; ``False``: somebody else has it.

    Whoever slept past the lease between claiming and sending so sends nothing a second time.
    """
    with sessions.begin() as session:
        until = database_now(session) + timedelta(seconds=lease_seconds)
        return rows_changed(session, _held(claimed).values(lease_until=until)) == 1


def drop(sessions: Sessions, claimed: Claimed) -> bool:
    """End a message that has nobody to go to any more; ``False``: the lease was lost."""
    with sessions.begin() as session:
        values = {"state": MessageState.DROPPED, "settled_at": database_now(session)}
        return _leave(session, claimed, values)


def put_back(sessions: Sessions, claimed: Claimed) -> bool:
    """Let go of a message that was not tried, as if it had never been claimed."""
    with sessions.begin() as session:
        return _leave(
            session,
            claimed,
            {"state": MessageState.WAITING, "attempts": claimed.attempts - 1},
        )


def send_again(session: Session, uid: UUID) -> bool:
    """Have a message that had failed for good tried anew; ``False``: it is no such message.

    In the caller's transaction. It keeps its UUID, so that a receiver knows it again.
    """
    values = {
        "state": MessageState.WAITING,
        "attempts": 0,
        "settled_at": None,
        "available_at": database_now(session),
    }
    failed = (col(Message.uid) == uid, col(Message.state) == MessageState.FAILED)
    return rows_changed(session, update(Message).where(*failed).values(values)) == 1


def send_again_all(session: Session, *, sender: str, error: str) -> list[UUID]:
    """Have all that failed for good by one way and one trouble tried anew; return their UUIDs.

    In the caller's transaction; may be empty.
    """
    failed = (
        col(Message.state) == MessageState.FAILED,
        col(Message.sender) == sender,
        col(Message.last_error) == error,
    )
    found = session.exec(select(Message.uid).where(*failed).order_by(col(Message.id))).all()
    return [uid for uid in found if send_again(session, uid)]


def forget_settled(sessions: Sessions, *, older: timedelta, limit: int = FORGOTTEN_AT_ONCE) -> int:
    """Delete up to ``limit`` messages sent or dropped longer ago than ``older``; return how many.

    What failed stays until somebody has it tried again. Writes nothing where nothing is that old.
    """
    ended = (MessageState.SENT, MessageState.DROPPED)
    with sessions.reading() as session:
        before = database_now(session) - older
        # a message is settled after it was available: the first two are for the index
        old = (
            col(Message.state).in_(ended),
            col(Message.available_at) < before,
            col(Message.settled_at) < before,
        )
        ids = session.exec(select(Message.id).where(*old).limit(limit)).all()
    if not ids:
        return 0
    with sessions.begin() as session:
        gone = delete(Message).where(col(Message.id).in_(ids), col(Message.state).in_(ended))
        return rows_changed(session, gone)


def hurry(session: Session, uid: UUID) -> bool:
    """Have a message that waits tried now; ``False``: it does not wait.

    In the caller's transaction.
    """
    waits = (col(Message.uid) == uid, col(Message.state) == MessageState.WAITING)
    values = {"available_at": database_now(session)}
    return rows_changed(session, update(Message).where(*waits).values(values)) == 1


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


def _leave(session: Session, claimed: Claimed, values: Mapping[str, object]) -> bool:
    statement = _held(claimed).values({"owner": None, "lease_until": None, **values})
    return rows_changed(session, statement) == 1


def _held(claimed: Claimed) -> Update:
    return update(Message).where(
        col(Message.uid) == claimed.uid,
        col(Message.state) == MessageState.CLAIMED,
        col(Message.owner) == claimed.owner,
        # The same owner may have claimed it again since: the count of attempts is the epoch.
        col(Message.attempts) == claimed.attempts,
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    waiting = and_(col(Message.state) == MessageState.WAITING, col(Message.available_at) <= now)
    abandoned = and_(col(Message.state) == MessageState.CLAIMED, col(Message.lease_until) <= now)
    return or_(waiting, abandoned)


def claimed_view(message: Message) -> Claimed:
    """Return a stored message as its writer sees it, claimed or not."""
    return Claimed(
        uid=message.uid,
        topic=message.topic,
        recipient=message.recipient,
        body=message.body,
        owner=message.owner or "",
        attempts=message.attempts,
        lease_until=message.lease_until or message.available_at,
        sender=message.sender,
        channel_uid=message.channel_uid,
    )

"""Says what waits to be sent, what left, and what could not; never what stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from unbroken.kit.db import database_now, row_id
from unbroken.kit.errors import NotFound
from unbroken.outbox.models import MAIL, Message, MessageState

ENDED_WELL = (MessageState.SENT, MessageState.DROPPED)


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message without its content, which may open something.

    ``recipient`` is a role mailbox; of other ways only the host, as an address may be a secret.
    ``trouble`` is the code of the last try that failed, empty where none did or it has left since.
    ``available_at`` is when it is tried next, ``settled_at`` when it left or was given up.
    """

    uid: UUID
    topic: str
    sender: str
    recipient: str
    state: MessageState
    attempts: int
    available_at: datetime
    settled_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class WayView:
    """One way out: what waits (claimed ones too), failed, and left; what happened last.

    ``waits_since`` is when the oldest that waits was due. ``trouble`` is of the newest message that
    waits or failed after a try; empty where the last ones went well.
    """

    sender: str
    waiting: int
    failed: int
    sent: int
    waits_since: datetime | None
    sent_at: datetime | None
    trouble: str


class Kept(NamedTuple):
    """How many messages are in one state, and their earliest and latest instant."""

    many: int = 0
    due_at: datetime | None = None
    ended_at: datetime | None = None


RECENT = timedelta(days=1)


def counts(session: Session) -> dict[MessageState, int]:
    """Return how many messages are in each state; states without any are there with 0."""
    found = session.exec(select(Message.state, func.count()).group_by(col(Message.state)))
    known = {MessageState(state): count for state, count in found}
    return {state: known.get(state, 0) for state in MessageState}


def ways(session: Session) -> tuple[WayView, ...]:
    """Return every way out that anything was put for, by name; may be empty."""
    known: dict[str, dict[MessageState, Kept]] = {}
    statement = sa_select(
        col(Message.sender),
        col(Message.state),
        func.count(),
        func.min(col(Message.available_at)),
        func.max(col(Message.settled_at)),
    ).group_by(col(Message.sender), col(Message.state))
    for sender, state, many, due_at, ended_at in session.connection().execute(statement):
        known.setdefault(sender, {})[state] = Kept(many, due_at, ended_at)
    return tuple(_way(session, name, known[name]) for name in sorted(known))


def messages(
    session: Session,
    *,
    states: Sequence[MessageState] = (),
    limit: int,
    before: int | None = None,
) -> list[tuple[int, MessageView]]:
    """Return messages in these states, or in any, with their sort key, the newest first.

    ``before`` is the sort key of the last message of the page before.
    """
    wanted = select(Message).order_by(col(Message.id).desc()).limit(limit)
    if states:
        wanted = wanted.where(col(Message.state).in_(states))
    if before is not None:
        wanted = wanted.where(col(Message.id) < before)
    return [(row_id(row), message_view(row)) for row in session.exec(wanted)]


def newest_of(session: Session, topic: str, recipient: str) -> MessageView | None:
    """Return the newest message of a topic to one mailbox; ``None``: there is none."""
    wanted = select(Message).where(Message.topic == topic, Message.recipient == recipient)
    found = session.exec(wanted.order_by(col(Message.id).desc()).limit(1)).first()
    return None if found is None else message_view(found)


def letters(session: Session, *, limit: int) -> list[Message]:
    """Return up to ``limit`` letters by mail, waiting or ended, the newest first.

    With what stands in them: for a demonstration only.
    """
    wanted = select(Message).where(Message.sender == MAIL)
    return list(session.exec(wanted.order_by(col(Message.id).desc()).limit(limit)))


def message_row(session: Session, uid: UUID) -> Message:
    """Return one message.

    Raises:
        NotFound: there is none.
    """
    found = session.exec(select(Message).where(Message.uid == uid)).first()
    if found is None:
        raise NotFound("There is no message {uid}.", uid=str(uid))
    return found


def message_view(row: Message) -> MessageView:
    """Return what may be shown of a message."""
    is_mail = row.sender == MAIL
    return MessageView(
        uid=row.uid,
        topic=row.topic,
        sender=row.sender,
        recipient=row.recipient if is_mail else urlsplit(row.recipient).hostname or row.recipient,
        state=row.state,
        attempts=row.attempts,
        available_at=row.available_at,
        settled_at=row.settled_at,
        trouble="" if row.state in ENDED_WELL else row.last_error or "",
    )


def _way(session: Session, name: str, kept: dict[MessageState, Kept]) -> WayView:
    now = database_now(session)
    waits = [kept.get(state, Kept()) for state in (MessageState.WAITING, MessageState.CLAIMED)]
    sent, failed = kept.get(MessageState.SENT, Kept()), kept.get(MessageState.FAILED, Kept())
    due = [each.due_at for each in waits if each.due_at is not None and each.due_at <= now]
    return WayView(
        sender=name,
        waiting=sum(each.many for each in waits),
        failed=failed.many,
        sent=sent.many,
        waits_since=min(due, default=None),
        sent_at=sent.ended_at,
        trouble=_last_trouble(session, name),
    )


def _last_trouble(session: Session, sender: str) -> str:
    unsent = (MessageState.WAITING, MessageState.FAILED)
    wanted = select(Message.last_error).where(
        Message.sender == sender,
        col(Message.state).in_(unsent),
        col(Message.last_error).is_not(None),
    )
    return session.exec(wanted.order_by(col(Message.id).desc()).limit(1)).first() or ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the outbox stands. ``oldest`` is how long the oldest message that is due has waited.

    ``waiting`` counts what is due or being sent, ``dead`` what will not be tried again. ``recent``
    counts what fell due within the last day, by topic and state.
    """

    waiting: int
    dead: int
    oldest: timedelta
    recent: Mapping[tuple[str, MessageState], int]


def standing(session: Session) -> Standing:
    """Return how the outbox stands by the database's time; three short looks along one index."""
    now = database_now(session)
    available, state = col(Message.available_at), col(Message.state)
    is_open = state.in_((MessageState.WAITING, MessageState.CLAIMED)) & (available <= now)
    waiting = select(func.count()).where(is_open)
    first = select(available).where(is_open).order_by(available).limit(1)
    oldest = session.exec(first).first()
    dead = select(func.count()).where(state == MessageState.FAILED)
    # the state stands first in the index: each is looked up by itself
    recent = select(Message.topic, state, func.count()).where(
        state.in_(list(MessageState)), available <= now, available > now - RECENT
    )
    found = session.exec(recent.group_by(col(Message.topic), state))
    return Standing(
        waiting=session.exec(waiting).one(),
        dead=session.exec(dead).one(),
        oldest=timedelta() if oldest is None else now - oldest,
        recent={(topic, MessageState(each)): number for topic, each, number in found},
    )

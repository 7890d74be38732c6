"""Says what waits to be sent and what could not be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from unbroken.kit.db import database_now
from unbroken.kit.errors import NotFound
from unbroken.outbox.models import Message, MessageState

RECENT = timedelta(days=1)


def counts(session: Session) -> dict[MessageState, int]:
    """Return how many messages are in each state; states without any are there with 0."""
    found = session.exec(select(Message.state, func.count()).group_by(col(Message.state)))
    known = {MessageState(state): count for state, count in found}
    return {state: known.get(state, 0) for state in MessageState}


def failed(session: Session, *, limit: int) -> list[Message]:
    """Return up to ``limit`` messages that will not be tried again, newest first."""
    wanted = select(Message).where(Message.state == MessageState.FAILED)
    return list(session.exec(wanted.order_by(col(Message.id).desc()).limit(limit)))


def waiting(session: Session, topic: str, *, limit: int) -> list[Message]:
    """Return up to ``limit`` messages of a topic that wait to be sent, newest first."""
    wanted = select(Message).where(Message.state == MessageState.WAITING, Message.topic == topic)
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

"""Says what waits to be sent and what could not be."""

from uuid import UUID

from sqlmodel import Session, col, func, select

from unbroken.kit.errors import NotFound
from unbroken.outbox.models import Message, MessageState


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

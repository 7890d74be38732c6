"""The table of messages waiting to be sent."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from unbroken.kit.db import Identified, enum_column, json_column

MAIL = "mail"


class MessageState(StrEnum):
    """How far a message is.

    ``failed`` is the end for one that will not be tried again, ``dropped`` for one that had nobody
    to go to any more when its turn came.
    """

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Message(Identified, table=True):
    """One message to one recipient. Its ``uid`` is its stable id outside: at most sent twice.

    ``sender`` is the way out that takes it; ``channel_uid`` the channel it was put for, if any.
    """

    __tablename__ = "outbox_message"
    # Serve claiming, and the last results of a channel.
    __table_args__ = (Index(None, "state", "available_at"), Index(None, "channel_uid", "id"))

    sender: str = Field(default=MAIL, max_length=20)
    channel_uid: UUID | None = Field(default=None)
    topic: str = Field(max_length=60)
    dedup_key: str = Field(max_length=200, unique=True)
    recipient: str = Field(max_length=300)
    body: dict[str, object] = Field(sa_column=json_column("body"))
    state: MessageState = Field(sa_column=enum_column(MessageState, "state"))
    attempts: int = Field(default=0)
    available_at: datetime
    owner: str | None = Field(default=None, max_length=80)
    lease_until: datetime | None = Field(default=None)
    settled_at: datetime | None = Field(default=None)
    last_error: str | None = Field(default=None, sa_type=Text)

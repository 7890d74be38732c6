"""The table of messages waiting to be sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlmodel import Field

from unbroken.kit.db import Identified, enum_column, json_column


class MessageState(StrEnum):
    """How far a message is; ``failed`` is the end for one that will not be tried again."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class Message(Identified, table=True):
    """One message to one recipient. Its ``uid`` is its stable id outside: at most sent twice."""

    __tablename__ = "outbox_message"
    # Serves claiming.
    __table_args__ = (Index(None, "state", "available_at"),)

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

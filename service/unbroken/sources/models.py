"""Tables of the servers of phone forms, of what they hinted at, and of each reading."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, UniqueConstraint

from unbroken.kit.db import Identified, enum_column, json_column


class PollOutcome(StrEnum):
    """How one reading of a source ended; ``OVERTAKEN``: a later one had begun."""

    DONE = "done"
    SILENT = "silent"
    OVERTAKEN = "overtaken"


class FormSourceRow(Identified, table=True):
    """One form of a plan on a server, off until it is switched on.

    ``secret_name`` names the environment variable that holds what opens it; the secret itself is
    never stored. ``epoch`` rises with each reading and fences off earlier ones. ``silent_reason``
    is empty while the source answers.
    """

    __tablename__ = "form_source"
    __table_args__ = (UniqueConstraint("system", "base_url", "form"),)

    plan_uid: UUID = Field(index=True)
    system: str = Field(max_length=40)
    base_url: str = Field(max_length=200)
    form: str = Field(max_length=120)
    secret_name: str = Field(max_length=80)
    is_on: bool = Field(default=False)
    every_minutes: int = Field(default=1440)
    hook_hash: str = Field(default="", max_length=64, index=True)
    created_at: datetime
    epoch: int = Field(default=0)
    lease_until: datetime | None = Field(default=None)
    read_at: datetime | None = Field(default=None)
    not_before_at: datetime | None = Field(default=None)
    silent_since: datetime | None = Field(default=None)
    silent_reason: str = Field(default="", max_length=40)


class FormHint(Identified, table=True):
    """Somebody said: look at this submission (empty: at the form). Nothing else of it is kept."""

    __tablename__ = "form_hint"
    __table_args__ = (UniqueConstraint("source_id", "submission"),)

    source_id: int = Field(foreign_key="form_source.id")
    submission: str = Field(default="", max_length=120)
    noted_at: datetime


class FormPoll(Identified, table=True):
    """One reading of a source: when, how many, and how it ended; never what was answered.

    ``unread`` are submissions that could not be used, each with a code; the first 50.
    """

    __tablename__ = "form_poll"
    __table_args__ = (Index("ix_form_poll_source", "source_id", "id"),)

    source_id: int = Field(foreign_key="form_source.id")
    started_at: datetime
    finished_at: datetime
    outcome: PollOutcome = Field(sa_column=enum_column(PollOutcome, "outcome"))
    reason: str = Field(default="", max_length=40)
    is_whole: bool
    read_count: int = Field(default=0)
    added_count: int = Field(default=0)
    edited_count: int = Field(default=0)
    restated_count: int = Field(default=0)
    withdrawn_count: int = Field(default=0)
    unread_count: int = Field(default=0)
    unread: list[dict[str, str]] = Field(sa_column=json_column("unread"))

"""The table of long work."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from unbroken.kit.db import Identified, enum_column, json_column


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Identified, table=True):
    """One piece of long work; ``epoch`` rises with each claim and fences off earlier owners."""

    # Serves claiming.
    __table_args__ = (Index(None, "state", "lease_until"),)

    kind: str = Field(max_length=60)
    body: dict[str, object] = Field(sa_column=json_column("body"))
    state: JobState = Field(sa_column=enum_column(JobState, "state"))
    progress_done: int = Field(default=0)
    progress_total: int | None = Field(default=None)
    owner: str | None = Field(default=None, max_length=80)
    epoch: int = Field(default=0)
    lease_until: datetime | None = Field(default=None)
    result: dict[str, object] | None = Field(
        default=None, sa_column=json_column("result", nullable=True)
    )
    error: str | None = Field(default=None, sa_type=Text)
    created_by_uid: UUID = Field(index=True)
    created_at: datetime
    finished_at: datetime | None = Field(default=None)

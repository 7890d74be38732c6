"""Tables of the servers of phone forms and other outside sources, and of what they answered."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, LargeBinary
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
    is empty while the source answers; ``silent_after_on`` is the day from which its silence counts.
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
    silent_after_on: date | None = Field(default=None)


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


class OutsideSource(Identified, table=True):
    """One question that is asked of an outside system by itself, off until it is switched on.

    ``question`` is what is asked, written as ``name=value&name=value`` in the order of the names.
    ``failures`` counts the readings that failed since the last good one: each doubles the wait.
    ``etag`` and ``modified`` are what its last whole answer said of itself.
    """

    __tablename__ = "outside_source"
    __table_args__ = (UniqueConstraint("kind", "question"),)

    kind: str = Field(max_length=40)
    question: str = Field(default="", max_length=400)
    base_url: str = Field(max_length=200)
    secret_name: str = Field(default="", max_length=80)
    is_on: bool = Field(default=False)
    every_minutes: int = Field(default=1440)
    created_at: datetime
    epoch: int = Field(default=0)
    lease_until: datetime | None = Field(default=None)
    read_at: datetime | None = Field(default=None)
    answered_at: datetime | None = Field(default=None)
    not_before_at: datetime | None = Field(default=None)
    failures: int = Field(default=0)
    silent_since: datetime | None = Field(default=None)
    silent_reason: str = Field(default="", max_length=40)
    silent_after_on: date | None = Field(default=None)
    etag: str = Field(default="", max_length=200)
    modified: str = Field(default="", max_length=80)


class Snapshot(Identified, table=True):
    """One whole answer of an outside system, as it was read on a day; never changed, only added to.

    ``sha256`` is of the raw answer with what was chosen when it was read: the same again only moves
    ``last_seen_at``. ``stated_on`` is the day that the source itself gives, where it does.
    """

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("kind", "question", "sha256"),)

    kind: str = Field(max_length=40)
    question: str = Field(default="", max_length=400)
    sha256: str = Field(max_length=64)
    name: str = Field(max_length=400)
    chosen: str = Field(default="", max_length=400)
    is_live: bool = Field(default=False)
    connector: str = Field(max_length=40)
    retrieved_at: datetime
    last_seen_at: datetime
    stated_on: date | None = Field(default=None)
    byte_count: int = Field(default=0)
    document: dict[str, object] = Field(sa_column=json_column("document"))


class SnapshotPart(Identified, table=True):
    """A piece of a raw answer, packed by zlib; pieces of one payload follow each other.

    Answers that may name persons have none: of those only hash and size are kept.
    """

    __tablename__ = "snapshot_part"
    __table_args__ = (UniqueConstraint("snapshot_id", "payload", "piece"),)

    snapshot_id: int = Field(foreign_key="snapshot.id")
    payload: int
    piece: int
    name: str = Field(max_length=200)
    packed: bytes = Field(sa_type=LargeBinary)


class SnapshotLink(Identified, table=True):
    """The answers to a question belong beside a plan, those to come too."""

    __tablename__ = "snapshot_link"
    __table_args__ = (UniqueConstraint("kind", "question", "plan_uid"),)

    kind: str = Field(max_length=40)
    question: str = Field(default="", max_length=400)
    plan_uid: UUID = Field(index=True)
    linked_at: datetime

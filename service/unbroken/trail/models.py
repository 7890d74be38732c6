"""Tables of the trail: chains, their entries, the values beside them, and erasures.

Entries are only ever added. What an entry says about content is a salted commitment; the content
lies beside it and can be blanked without breaking the chain.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from unbroken.kit.db import Identified, enum_column, json_column, new_uid
from unbroken.trail.rules import ErasureReason


class Chain(Identified, table=True):
    """The head of one chain: a plan's, or that of the instance (``plan_uid`` is empty)."""

    __tablename__ = "trail_chain"

    # 'instance' or the plan's UUID: a UNIQUE over plan_uid alone would let NULL in twice.
    scope: str = Field(max_length=36, unique=True)
    plan_uid: UUID | None = Field(default=None, unique=True)
    head_hash: str = Field(max_length=64)
    entry_count: int = Field(default=0)


class Entry(SQLModel, table=True):
    """One act: who did what to what, when, and the commitment to the values."""

    __tablename__ = "trail_entry"
    # Without it SQLite would give the number of a deleted last entry to the next one.
    __table_args__ = (UniqueConstraint("chain_id", "position"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    uid: UUID = Field(default_factory=new_uid, unique=True, nullable=False)
    chain_id: int = Field(foreign_key="trail_chain.id")
    position: int
    at: datetime
    account_uid: UUID
    organisation_uid: UUID
    role: str = Field(max_length=40)
    action: str = Field(max_length=120)
    subject_kind: str = Field(max_length=40)
    # Serves the history of one thing.
    subject_uid: UUID = Field(index=True)
    commitment: str = Field(max_length=64)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Value(SQLModel, table=True):
    """The values of one entry and the salt of its commitment; blanked together by an erasure."""

    __tablename__ = "trail_value"

    entry_id: int = Field(primary_key=True, foreign_key="trail_entry.id")
    salt: str | None = Field(default=None, max_length=64)
    body: dict[str, object] | None = Field(
        default=None, sa_column=json_column("body", nullable=True)
    )
    erased_at: datetime | None = Field(default=None)
    erased_by_uid: UUID | None = Field(default=None)


class Erasure(Identified, table=True):
    """One steward's request to blank the values of an entry, and the other's consent."""

    __tablename__ = "trail_erasure"

    entry_uid: UUID = Field(foreign_key="trail_entry.uid", index=True)
    reason_code: ErasureReason = Field(sa_column=enum_column(ErasureReason, "reason_code"))
    asked_by_uid: UUID
    asked_at: datetime
    granted_by_uid: UUID | None = Field(default=None)
    granted_at: datetime | None = Field(default=None)

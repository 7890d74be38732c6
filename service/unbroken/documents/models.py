"""The table of certificates; a row is never changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from unbroken.documents.rules.words import Audience, Kind
from unbroken.kit.db import Identified, enum_column, json_column


class Certificate(Identified, table=True):
    """One certificate as it was issued; ``data`` is all that its file is drawn from.

    ``transfer_id`` is empty where it is about the whole plan. ``content_hash`` is over the data,
    ``state_hash`` over what is certified, whoever issues it when. ``entry_count`` and ``head_hash``
    are where the trail stood. ``file_sha256`` is of the file as first drawn.
    """

    __table_args__ = (Index("ix_certificate_plan", "plan_id", "id"),)

    plan_id: int = Field(foreign_key="plan.id")
    transfer_id: int | None = Field(default=None, foreign_key="transfer.id", index=True)
    kind: Kind = Field(sa_column=enum_column(Kind, "kind"))
    audience: Audience = Field(sa_column=enum_column(Audience, "audience"))
    language: str = Field(max_length=8)
    code: str = Field(max_length=23, unique=True)
    content_hash: str = Field(max_length=64)
    state_hash: str = Field(max_length=64)
    chain_uid: UUID
    entry_count: int
    head_hash: str = Field(max_length=64)
    file_sha256: str = Field(max_length=64)
    data: dict[str, object] = Field(sa_column=json_column("data"))
    issued_at: datetime
    issued_by_uid: UUID | None = Field(default=None)
    organisation_uid: UUID | None = Field(default=None)
    role: str = Field(max_length=20)

"""Tables of what donors say and ask: interests, what they watch, and what they were told."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, UniqueConstraint

from unbroken.kit.db import Identified, Versioned, enum_column, json_column
from unbroken.money.rules.answering import InterestAnswer, InterestState

WAITS = text("waits")


class Interest(Versioned, table=True):
    """That a donor would pay for a function of a plan: one for each donor, plan and function.

    ``units`` is ``None`` where no amount is said; ``currency`` is then empty. Who answered stands
    here for the record and is never shown to the donor.
    """

    __tablename__ = "money_interest"
    __table_args__ = (UniqueConstraint("organisation_id", "plan_id", "function_code"),)

    account_id: int = Field(foreign_key="account.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    plan_id: int = Field(foreign_key="plan.id", index=True)
    function_code: str = Field(max_length=20)
    units: int | None = Field(default=None, sa_type=BigInteger, ge=0)
    currency: str = Field(default="", max_length=3)
    note: str = Field(default="", max_length=280)
    state: InterestState = Field(sa_column=enum_column(InterestState, "state"))
    answer: InterestAnswer | None = Field(
        default=None, sa_column=enum_column(InterestAnswer, "answer", nullable=True)
    )
    answer_note: str = Field(default="", max_length=280)
    answered_by_uid: UUID | None = Field(default=None)
    answered_at: datetime | None = Field(default=None)
    registered_at: datetime
    changed_at: datetime


class Watch(Identified, table=True):
    """What an account asks to be told of, by mail, by feed or both.

    Of the feed's secret only a hash is kept, ``None`` where there is no feed. A watch with an
    ``ended_at`` tells no more.
    """

    __tablename__ = "money_watch"

    account_id: int = Field(foreign_key="account.id", index=True)
    filters: dict[str, object] = Field(sa_column=json_column("filters"))
    least_units: int = Field(default=0, sa_type=BigInteger, ge=0)
    by_mail: bool = Field(default=True)
    secret_hash: str | None = Field(default=None, max_length=64, unique=True)
    created_at: datetime
    told_at: datetime | None = Field(default=None)
    ended_at: datetime | None = Field(default=None)


class Told(Identified, table=True):
    """One thing that a watch was told: a function of a plan lacks money since a day.

    ``shown_at`` orders the feed: of restricted ones it is the first instant of their quarter.
    ``waits`` until the letter of the scan is put; without mail it never does.
    """

    __tablename__ = "money_told"
    __table_args__ = (
        UniqueConstraint("watch_id", "plan_id", "function_code", "opened_on"),
        # Serves the newest entries of a feed.
        Index("ix_money_told_feed", "watch_id", "shown_at"),
        # Serves what is still to be written.
        Index("ix_money_told_waits", "watch_id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    watch_id: int = Field(foreign_key="money_watch.id")
    plan_id: int = Field(foreign_key="plan.id")
    function_code: str = Field(max_length=20)
    gap_uid: UUID
    restricted: bool
    opened_on: date
    turns_on: date
    uncovered_units: int = Field(sa_type=BigInteger)
    scan_uid: UUID
    told_at: datetime
    shown_at: datetime
    waits: bool = Field(default=False)

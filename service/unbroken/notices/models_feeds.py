"""Tables of feeds of one's own, and of the dates that calendars show."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, UniqueConstraint

from unbroken.kit.db import Identified, enum_column, json_column
from unbroken.notices.rules.calendar import DateKind
from unbroken.notices.rules.feeds import FeedKind


class Feed(Identified, table=True):
    """A feed of an account's own behind a secret address; of the secret only a hash is kept.

    A feed with an ``ended_at`` leads nowhere any more.
    """

    account_id: int = Field(foreign_key="account.id", index=True)
    kind: FeedKind = Field(sa_column=enum_column(FeedKind, "kind"))
    filters: dict[str, object] = Field(sa_column=json_column("filters"))
    secret_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    ended_at: datetime | None = Field(default=None)


class CalendarDate(Identified, table=True):
    """One date of a plan as calendars have it; never deleted, so no ``uid`` names another thing.

    ``key`` names it within its plan whatever day it falls on; ``sequence`` and ``modified_at`` rise
    with each change. Nothing restricted is here.
    """

    __tablename__ = "calendar_date"
    __table_args__ = (
        UniqueConstraint("plan_id", "key"),
        # Serves the dates of a feed: from a day on.
        Index(None, "plan_id", "until_on"),
    )

    plan_id: int = Field(foreign_key="plan.id")
    key: str = Field(max_length=80)
    kind: DateKind = Field(sa_column=enum_column(DateKind, "kind"))
    area_id: int | None = Field(default=None, foreign_key="area.id")
    function_area_id: int | None = Field(default=None, foreign_key="function_area.id")
    transfer_id: int | None = Field(default=None, foreign_key="transfer.id")
    falls_on: date
    until_on: date
    sequence: int = Field(default=0)
    modified_at: datetime
    cancelled_at: datetime | None = Field(default=None)


class CalendarCursor(SQLModel, table=True):
    """How far a plan's trail had got when its dates were last compared."""

    __tablename__ = "calendar_cursor"

    plan_id: int = Field(primary_key=True, foreign_key="plan.id")
    entries: int = Field(default=0)

"""Tables of requirements, contributions, rates, and of the cover derived from them.

Lines are never overwritten: a change is a new row of the same ``line_uid`` with the next
``number``, and the row before it is gone from that day on. All amounts are whole units of 10⁻⁴.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from unbroken.kit.db import Identified, enum_column
from unbroken.money.rules.words import Basis, Change, Need, Pot, Stage

STANDS = text("gone_on IS NULL")


def _of_current(name: str, *columns: str, unique: bool = False) -> Index:
    """Return an index over the rows that hold now."""
    return Index(name, *columns, unique=unique, sqlite_where=STANDS, postgresql_where=STANDS)


class Line(Identified):
    """What requirements and contributions have in common: for whom, when, and since when known.

    Without an area it is for the whole plan, without a receiver for any. Both ends of the period
    are in it. ``gone_on`` is the first day on which the row no longer held, ``None`` while it does.
    """

    line_uid: UUID
    number: int
    change: Change
    plan_id: int = Field(foreign_key="plan.id", index=True)
    function_code: str = Field(default="", max_length=20)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    receiver_id: int | None = Field(default=None, foreign_key="organisation.id")
    starts_on: date
    ends_on: date
    currency: str = Field(max_length=3)
    title: str = Field(default="", max_length=160)
    reason: str = Field(default="", max_length=280)
    source: str = Field(max_length=400)
    illustrative: bool = Field(default=False)
    known_on: date
    gone_on: date | None = Field(default=None)
    made_at: datetime
    made_by_uid: UUID | None = Field(default=None)


class Requirement(Line, table=True):
    """Money needed for a function. ``units`` is ``None`` where the amount is not stated."""

    __table_args__ = (
        UniqueConstraint("line_uid", "number"),
        _of_current("uq_requirement_current", "line_uid", unique=True),
    )

    change: Change = Field(sa_column=enum_column(Change, "change"))
    basis: Basis = Field(sa_column=enum_column(Basis, "basis"))
    units: int | None = Field(default=None, sa_type=BigInteger, ge=0)
    usd_units: int | None = Field(default=None, sa_type=BigInteger, ge=0)
    usd_rate: str = Field(default="", max_length=40)
    rate_on: date | None = Field(default=None)
    rate_source: str = Field(default="", max_length=120)


class Contribution(Line, table=True):
    """Money of one donor; how far it has come stands in its figures.

    No function: a pool. ``part_of_uid`` names the line out of which this one is passed on.
    """

    __table_args__ = (
        UniqueConstraint("line_uid", "number"),
        _of_current("uq_contribution_current", "line_uid", unique=True),
    )

    change: Change = Field(sa_column=enum_column(Change, "change"))
    donor_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    pot: Pot = Field(sa_column=enum_column(Pot, "pot"))
    part_of_uid: UUID | None = Field(default=None)


class ContributionFigure(Identified, table=True):
    """What a contribution says of one stage; ``units`` is ``None`` where it is not stated.

    ``on`` is the day of the request, pledge, agreement or payment; ``due_on`` the day by which a
    pledge was to be paid.
    """

    __tablename__ = "contribution_figure"
    __table_args__ = (UniqueConstraint("contribution_id", "stage"),)

    contribution_id: int = Field(foreign_key="contribution.id")
    stage: Stage = Field(sa_column=enum_column(Stage, "stage"))
    units: int | None = Field(default=None, sa_type=BigInteger, ge=0)
    usd_units: int | None = Field(default=None, sa_type=BigInteger, ge=0)
    usd_rate: str = Field(default="", max_length=40)
    rate_on: date | None = Field(default=None)
    rate_source: str = Field(default="", max_length=120)
    on: date | None = Field(default=None, sa_column_kwargs={"name": "said_on"})
    due_on: date | None = Field(default=None)


class MoneyMonth(SQLModel, table=True):
    """One month of one place of a plan, as ``coverage`` derives it; US dollars in units of 10⁻⁴.

    A row holds from ``known_on`` until before ``gone_on``. ``required`` is ``None`` where no amount
    is stated, ``need`` where nobody needs anything there and only money stands. ``restricted``
    rows are shown to donors by country and quarter only.
    """

    __tablename__ = "money_month"
    __table_args__ = (
        _of_current("ix_money_month_current", "plan_id", "function_code", "month_on"),
        _of_current("ix_money_month_lacking", "last_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    function_code: str = Field(default="", max_length=20)
    function_uid: UUID | None = Field(default=None)
    tier: int | None = Field(default=None)
    restricted: bool = Field(default=False)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    receiver_id: int | None = Field(default=None, foreign_key="organisation.id")
    month_on: date
    last_on: date
    quarter_on: date
    need: Need | None = Field(default=None, sa_column=enum_column(Need, "need", nullable=True))
    required: int | None = Field(default=None, sa_type=BigInteger)
    covered: int = Field(default=0, sa_type=BigInteger)
    promised: int = Field(default=0, sa_type=BigInteger)
    uncovered: int | None = Field(default=None, sa_type=BigInteger)
    after_pledges: int | None = Field(default=None, sa_type=BigInteger)
    requested: int = Field(default=0, sa_type=BigInteger)
    open_pledge: int = Field(default=0, sa_type=BigInteger)
    assessed: int = Field(default=0, sa_type=BigInteger)
    voluntary: int = Field(default=0, sa_type=BigInteger)
    paid: int = Field(default=0, sa_type=BigInteger)
    at_least: bool = Field(default=False)
    at_most: bool = Field(default=False)
    known_on: date
    gone_on: date | None = Field(default=None)


class MoneyState(SQLModel, table=True):
    """From what a plan's cover was derived; ``version`` rises whenever a row of it changes.

    Where the mandate's end or the plan's edition is another by now, the cover waits to be derived
    again: months, tiers and restrictions rest on them.
    """

    __tablename__ = "money_state"

    plan_id: int = Field(foreign_key="plan.id", primary_key=True)
    version: int = Field(default=0)
    mandate_ends_on: date
    edition: str = Field(max_length=40)
    derived_on: date
    derived_at: datetime


class ExchangeRate(Identified, table=True):
    """How many units of a currency one US dollar bought on a day, by one source."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "on_day", "source"),)

    currency: str = Field(max_length=3)
    on_day: date
    per_usd: str = Field(max_length=40)
    source: str = Field(max_length=120)
    snapshot_uid: UUID | None = Field(default=None)
    loaded_at: datetime

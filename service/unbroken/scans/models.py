"""The tables of scans: what was due, who runs it, what it changed; and each plan's last look."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, String
from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from unbroken.kit.db import Identified, enum_column, json_column

ERROR_LENGTH = 400


class ScanState(StrEnum):
    """Where a scan stands; failed is one that broke at every attempt."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Scan(Identified, table=True):
    """One run of all rules.

    ``due_at`` is the tick, and empty for scans by hand, which so never use a tick's key.
    ``skipped_ticks`` counts those passed over before it, ``epoch`` who has had it, ``cursor`` the
    last plan that was written. ``error`` is what broke last and empty once it is done.
    """

    __table_args__ = (UniqueConstraint("kind", "due_at"),)

    kind: str = Field(max_length=20)
    due_at: datetime | None = Field(default=None)
    scanned_on: date
    state: ScanState = Field(sa_column=enum_column(ScanState, "state"))
    owner: str = Field(max_length=80)
    epoch: int = Field(default=1)
    lease_until: datetime
    cursor: int = Field(default=0)
    skipped_ticks: int = Field(default=0)
    counts: dict[str, object] = Field(sa_column=json_column("counts"))
    started_at: datetime
    finished_at: datetime | None = Field(default=None)
    error: str = Field(default="", sa_column=Column("error", String(ERROR_LENGTH), nullable=False))


class Watchdog(SQLModel, table=True):
    """The one row that says what an outside monitor was told: up to which scan, and how it went.

    ``epoch`` rises with each call and fences off earlier ones. ``trouble`` is why the last call was
    not answered; empty where it was.
    """

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(default=1, primary_key=True)
    scan_id: int = Field(default=0)
    epoch: int = Field(default=0)
    lease_until: datetime | None = Field(default=None)
    told_at: datetime | None = Field(default=None)
    told_count: int = Field(default=0)
    failed_count: int = Field(default=0)
    trouble: str = Field(default="", max_length=40)


class PlanLook(SQLModel, table=True):
    """The last look at a plan: until something calls for another one, its gaps stand as they are.

    ``looked_on`` is the plan's own day then, ``entries`` the length of its trail with what the look
    wrote, ``beside`` a stamp of what rules read that is of no plan. On ``turns_on``, and not
    earlier, something may turn although nobody acts. ``version`` rises with each look.
    """

    __tablename__ = "plan_look"

    plan_id: int = Field(foreign_key="plan.id", primary_key=True)
    version: int = Field(default=1)
    looked_on: date
    entries: int
    beside: str = Field(max_length=80)
    turns_on: date

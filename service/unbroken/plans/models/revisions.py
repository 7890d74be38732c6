"""Tables of revisions and of the timetable that each stores.

The timetable is wide where rules compare (one row for a function in an area) and long for the
steps that items and capacities name: an item never carries a date of its own, so a scenario can
hold other dates for the same item.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Integer, String, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from unbroken.kit.db import Identified, Versioned, enum_column, json_column
from unbroken.plans.rules.timetable import LastDayReason


class RevisionState(StrEnum):
    """Where a revision stands. A scenario never comes into force."""

    DRAFT = "draft"
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"
    SCENARIO = "scenario"


class Revision(Versioned, table=True):
    """One state of a plan; immutable once it has been in force."""

    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        Index(
            "uq_revision_in_force",
            "plan_id",
            unique=True,
            sqlite_where=text("state = 'in-force'"),
            postgresql_where=text("state = 'in-force'"),
        ),
    )

    plan_id: int = Field(foreign_key="plan.id", index=True)
    number: int
    state: RevisionState = Field(sa_column=enum_column(RevisionState, "state"))
    title: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=400)
    content: dict[str, object] = Field(sa_column=json_column("content"))
    content_hash: str = Field(max_length=64)
    baseline_id: int | None = Field(default=None, foreign_key="baseline.id")
    edition: str = Field(max_length=40)
    made_at: datetime
    made_by_uid: UUID | None = Field(default=None)
    in_force_on: date | None = Field(default=None)
    in_force_at: datetime | None = Field(default=None)
    superseded_on: date | None = Field(default=None)


class Timetable(SQLModel, table=True):
    """The dates of one function in one area under one revision; day counts are the windows.

    ``moved_limit_on`` is the last day that may have been the last day before without a warning;
    from ``silence_shortens_on`` on ``late_silence_days`` is the window of silence, where stated.
    """

    __table_args__ = {"sqlite_with_rowid": False}

    revision_id: int = Field(
        sa_column=Column("revision_id", Integer, ForeignKey("revision.id"), primary_key=True)
    )
    function_area_id: int = Field(
        sa_column=Column(
            "function_area_id",
            Integer,
            ForeignKey("function_area.id"),
            primary_key=True,
            index=True,
        )
    )
    last_day_on: date
    last_day_reason: LastDayReason = Field(sa_column=enum_column(LastDayReason, "last_day_reason"))
    certain_on: date
    lead_start_on: date
    lead_days: int
    cannot_be_met: bool
    receiver_by: date
    agreement_by: date
    custodian_by: date
    check_3_on: date
    check_6_on: date
    check_12_on: date
    overlap_from_on: date
    answer_days: int
    silence_days: int
    overlap_days: int
    moved_days: int
    moved_limit_on: date
    dispute_days: int
    condition_days: int
    silence_shortens_on: date | None = Field(default=None)
    late_silence_days: int | None = Field(default=None)
    bridge_days: int | None = Field(default=None)


class TimetableStep(SQLModel, table=True):
    """When one step of a function in an area falls due, and the latest day to begin it."""

    __tablename__ = "timetable_step"
    __table_args__ = (
        # what comes due next under a revision
        Index("ix_timetable_step_due", "revision_id", "due_on"),
        {"sqlite_with_rowid": False},
    )

    revision_id: int = Field(
        sa_column=Column("revision_id", Integer, ForeignKey("revision.id"), primary_key=True)
    )
    function_area_id: int = Field(
        sa_column=Column(
            "function_area_id", Integer, ForeignKey("function_area.id"), primary_key=True
        )
    )
    step: str = Field(sa_column=Column("step", String(60), primary_key=True))
    due_on: date
    latest_start_on: date
    cannot_be_met: bool


class AddedStep(Identified, table=True):
    """A step that a planner added to the timetable of one function in one area, for every revision.

    Either it keeps its civil date ``due_on`` whatever is revised, or it falls due together with the
    derived step named ``anchor``.
    """

    __tablename__ = "added_step"
    __table_args__ = (UniqueConstraint("function_area_id", "step"),)

    function_area_id: int = Field(foreign_key="function_area.id")
    step: str = Field(max_length=60)
    due_on: date | None = Field(default=None)
    anchor: str | None = Field(default=None, max_length=60)

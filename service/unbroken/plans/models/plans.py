"""Tables of plans, decisions, areas, closings as claims, and functions in areas."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, UniqueConstraint

from unbroken.kit.db import Identified, Versioned, enum_column
from unbroken.plans.rules.content import AreaKind
from unbroken.plans.rules.dates import Precision
from unbroken.plans.rules.kinds import ClaimKind, DecisionKind, PlanKind, PlanScope


class PlanState(StrEnum):
    """Where a plan stands; only open plans are scanned."""

    OPEN = "open"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Plan(Versioned, table=True):
    """The drawdown, start-up or downsizing of a mission; it has an end date from its first minute.

    ``mandate_ends_on`` is the last day of the mandate; ``transfer_ends_on`` the last day on which
    the deciding act still lets the mission transfer tasks, where it says so. ``touched_on`` is the
    last day on which somebody worked on the plan and ``silent_after_on`` the last day that may
    pass without.
    """

    slug: str = Field(max_length=80, unique=True)
    mission_id: int = Field(foreign_key="mission.id", index=True)
    title: str = Field(max_length=200)
    kind: PlanKind = Field(sa_column=enum_column(PlanKind, "kind"))
    scope: PlanScope = Field(sa_column=enum_column(PlanScope, "scope"))
    state: PlanState = Field(sa_column=enum_column(PlanState, "state", index=True))
    edition: str = Field(max_length=40)
    time_zone: str = Field(default="UTC", max_length=60)
    triggered_on: date
    mandate_ends_on: date
    transfer_ends_on: date | None = Field(default=None)
    plan_due_on: date
    ends_known_on: date
    finished_on: date | None = Field(default=None)
    touched_on: date
    silent_after_on: date | None = Field(default=None)
    illustrative: bool = Field(default=False)
    note: str = Field(default="", max_length=400)
    created_at: datetime


class Decision(Identified, table=True):
    """A resolution, letter, budget or statement that triggers or moves a plan; cited and dated."""

    __table_args__ = (
        # A plan has one trigger; the count of its notice starts there.
        Index(
            "uq_decision_trigger",
            "plan_id",
            unique=True,
            sqlite_where=text("is_trigger = 1"),
            postgresql_where=text("is_trigger"),
        ),
    )

    plan_id: int = Field(foreign_key="plan.id", index=True)
    kind: DecisionKind = Field(sa_column=enum_column(DecisionKind, "kind"))
    symbol: str = Field(max_length=80)
    title: str = Field(default="", max_length=280)
    decided_on: date
    known_on: date
    is_trigger: bool = Field(default=False)
    source: str = Field(max_length=400)


class Area(Versioned, table=True):
    """Where a mission works: the whole mission, a region, or a site whose name is public."""

    __table_args__ = (UniqueConstraint("plan_id", "name", "kind"),)

    plan_id: int = Field(foreign_key="plan.id", index=True)
    slug: str = Field(max_length=120, unique=True)
    name: str = Field(max_length=120)
    kind: AreaKind = Field(sa_column=enum_column(AreaKind, "kind"))
    pcode: str | None = Field(default=None, max_length=20)
    parent_id: int | None = Field(default=None, foreign_key="area.id")
    position: int = Field(default=0)
    mandate_ends_on: date | None = Field(default=None)
    reachable: bool | None = Field(default=None)
    closings_public: bool = Field(default=True)
    known_on: date


class ClosingClaim(Identified, table=True):
    """What one source says about the end of an area, and the day it became known.

    A claim counts from ``chosen_on`` on; several sources may disagree, so a claim may never be
    chosen.
    """

    __tablename__ = "closing_claim"

    area_id: int = Field(foreign_key="area.id", index=True)
    kind: ClaimKind = Field(sa_column=enum_column(ClaimKind, "kind"))
    event: str = Field(max_length=60)
    closes_on: date | None = Field(default=None)
    precision: Precision = Field(sa_column=enum_column(Precision, "precision"))
    earliest_on: date | None = Field(default=None)
    latest_on: date | None = Field(default=None)
    known_on: date
    chosen_on: date | None = Field(default=None)
    disputed: bool = Field(default=False)
    received_by: str = Field(default="", max_length=160)
    source: str = Field(max_length=400)
    note: str = Field(default="", max_length=400)


class FunctionArea(Identified, table=True):
    """A function in an area of a plan: what a timetable dates and transfers cover."""

    __tablename__ = "function_area"
    __table_args__ = (UniqueConstraint("plan_id", "area_id", "function_code"),)

    plan_id: int = Field(foreign_key="plan.id", index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    function_code: str = Field(max_length=20)
    function_uid: UUID
    tier: int
    restricted: bool

"""Tables of gaps and their history."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from unbroken.gaps.rules.words import GapState, Happening, Severity
from unbroken.kit.db import Identified, Versioned, enum_column, json_column
from unbroken.people.models import Remark

WAIVED = text("waiver_asked_until_on IS NOT NULL")


class Gap(Versioned, table=True):
    """One finding of a rule with a life of its own; ``key`` is the rule and its subjects' UUIDs.

    A waiver holds while ``waived_by_uid`` is set, up to and with ``waived_until_on``; until it is
    granted only what was asked is filled. ``closed_at`` is when it closed last; it stays when the
    gap opens again. ``headline_uid`` is the open gap of the plan that explains this one.
    """

    __table_args__ = (
        Index("ix_gap_plan_state", "plan_id", "state"),
        Index("ix_gap_state_severity", "state", "severity", "turns_on"),
        # the gaps that a headline explains, and those assigned to a mailbox
        Index("ix_gap_headline", "headline_uid"),
        Index("ix_gap_assigned", "assigned_to_uid"),
        # which plans a rule tells something of
        Index("ix_gap_rule_state", "rule", "state", "plan_id"),
        # waivers that end, and those that a look has to end
        Index(
            "ix_gap_waiver_ends",
            "waiver_asked_until_on",
            sqlite_where=WAIVED,
            postgresql_where=WAIVED,
        ),
    )

    key: str = Field(max_length=200, unique=True)
    rule: str = Field(max_length=40)
    plan_id: int = Field(foreign_key="plan.id")
    function_area_id: int | None = Field(default=None, foreign_key="function_area.id")
    capacity_id: int | None = Field(default=None, foreign_key="capacity.id")
    severity: Severity = Field(sa_column=enum_column(Severity, "severity"))
    state: GapState = Field(sa_column=enum_column(GapState, "state"))
    restricted: bool = Field(default=False)
    turns_on: date
    facts: dict[str, object] = Field(sa_column=json_column("facts"))
    opened_on: date
    opened_at: datetime
    changed_at: datetime
    closed_on: date | None = Field(default=None)
    closed_at: datetime | None = Field(default=None)
    times_opened: int = Field(default=1)
    acknowledged_by_uid: UUID | None = Field(default=None)
    acknowledged_at: datetime | None = Field(default=None)
    acknowledged_note: str = Field(
        default="", max_length=280, sa_column_kwargs={"server_default": ""}
    )
    assigned_to_uid: UUID | None = Field(default=None)
    headline_uid: UUID | None = Field(default=None)
    waiver_asked_by_uid: UUID | None = Field(default=None)
    waiver_asked_at: datetime | None = Field(default=None)
    waiver_asked_until_on: date | None = Field(default=None)
    waived_until_on: date | None = Field(default=None)
    waiver_reason: str = Field(default="", max_length=280)
    waived_by_uid: UUID | None = Field(default=None)


class GapEvent(Identified, table=True):
    """One thing that happened to a gap, in the order of ``id``."""

    __tablename__ = "gap_event"

    gap_id: int = Field(foreign_key="gap.id", index=True)
    scan_uid: UUID | None = Field(default=None)
    kind: Happening = Field(sa_column=enum_column(Happening, "kind"))
    at: datetime
    on: date = Field(sa_column_kwargs={"name": "happened_on"})
    severity: Severity = Field(sa_column=enum_column(Severity, "severity"))
    turns_on: date
    facts: dict[str, object] = Field(sa_column=json_column("facts"))
    account_uid: UUID | None = Field(default=None)


class GapComment(Remark, table=True):
    """What somebody who works on the plan said about a gap."""

    __tablename__ = "gap_comment"

    gap_id: int = Field(foreign_key="gap.id", index=True)

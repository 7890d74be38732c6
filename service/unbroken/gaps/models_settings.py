"""The table of how rules were set: one row for each act, none of which is ever changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import Identified, enum_column, json_column


class RuleSetting(Identified, table=True):
    """How a rule is set since ``at``: in a plan, or by the file of the instance without one.

    The newest row of a plan's rule counts; ``number`` is its place among them. Where ``is_set`` is
    false the setting was taken back. The row of a countersignature repeats what was asked for.
    """

    __tablename__ = "rule_setting"
    __table_args__ = (UniqueConstraint("plan_id", "rule", "number"),)

    plan_id: int | None = Field(default=None, foreign_key="plan.id")
    rule: str = Field(max_length=40, index=True)
    number: int
    is_set: bool
    off: bool = Field(default=False)
    at_least: Severity | None = Field(
        default=None, sa_column=enum_column(Severity, "at_least", nullable=True)
    )
    at_most: Severity | None = Field(
        default=None, sa_column=enum_column(Severity, "at_most", nullable=True)
    )
    limits: dict[str, object] = Field(sa_column=json_column("limits"))
    until_on: date | None = Field(default=None)
    reason: str = Field(default="", max_length=280)
    asked_by_uid: UUID | None = Field(default=None)
    asked_at: datetime
    granted_by_uid: UUID | None = Field(default=None)
    at: datetime

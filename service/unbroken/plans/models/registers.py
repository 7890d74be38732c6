"""Tables of what a plan keeps on record: baseline, posts, facts, assessments, meetings, custody."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from unbroken.functions.rules import Fact
from unbroken.kit.db import Identified, Versioned, enum_column
from unbroken.plans.rules.kinds import AssessmentStage, PostSide


class BaselineState(StrEnum):
    """Whether what the mission performs has been signed at the decision."""

    DRAFT = "draft"
    SIGNED = "signed"


class Baseline(Versioned, table=True):
    """What the mission performs at the decision; immutable once signed."""

    plan_id: int = Field(foreign_key="plan.id", index=True)
    number: int
    state: BaselineState = Field(sa_column=enum_column(BaselineState, "state"))
    signed_on: date | None = Field(default=None)
    signed_at: datetime | None = Field(default=None)
    signed_by_uid: UUID | None = Field(default=None)
    content_hash: str = Field(default="", max_length=64)
    source: str = Field(default="", max_length=400)


class BaselineLine(Identified, table=True):
    """One function that the mission performs in one area, with its posts where they are known."""

    __tablename__ = "baseline_line"
    __table_args__ = (UniqueConstraint("baseline_id", "function_area_id"),)

    baseline_id: int = Field(foreign_key="baseline.id", index=True)
    function_area_id: int = Field(foreign_key="function_area.id")
    posts: int | None = Field(default=None, ge=0)


class Post(Versioned, table=True):
    """Child-protection posts of one reference on the giver's or a receiver's side.

    ``funded_until_on`` and ``ends_on`` are last days, included. ``None`` is not stated.
    """

    plan_id: int = Field(foreign_key="plan.id", index=True)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    side: PostSide = Field(sa_column=enum_column(PostSide, "side"))
    organisation_id: int = Field(foreign_key="organisation.id")
    reference: str = Field(max_length=80)
    grade: str = Field(default="", max_length=20)
    authorised: int = Field(ge=0)
    filled: int | None = Field(default=None, ge=0)
    starts_on: date | None = Field(default=None)
    ends_on: date | None = Field(default=None)
    funded_until_on: date | None = Field(default=None)
    is_secretariat: bool = Field(default=False)
    known_on: date
    source: str = Field(default="", max_length=400)


class PostFunction(Identified, table=True):
    """A function that a post works for."""

    __tablename__ = "post_function"
    __table_args__ = (UniqueConstraint("post_id", "function_code"),)

    post_id: int = Field(foreign_key="post.id", index=True)
    function_code: str = Field(max_length=20)


class CountryFact(Identified, table=True):
    """A sourced fact on which applicability depends; the newest known one holds."""

    __tablename__ = "country_fact"

    country_iso3: str = Field(max_length=3, index=True)
    fact: Fact = Field(sa_column=enum_column(Fact, "fact"))
    holds: bool
    from_on: date
    known_on: date
    source: str = Field(max_length=400)


class Assessment(Identified, table=True):
    """A dated assessment of the need for, number and roles of child protection advisers."""

    plan_id: int = Field(foreign_key="plan.id", index=True)
    stage: AssessmentStage = Field(sa_column=enum_column(AssessmentStage, "stage"))
    assessed_on: date
    known_on: date
    source: str = Field(max_length=400)


class Meeting(Identified, table=True):
    """A dated coordination meeting and which of the four actors took part.

    Source: resolution 2764 (2024), element G.
    """

    plan_id: int = Field(foreign_key="plan.id", index=True)
    held_on: date
    head_of_operation: bool
    special_representative: bool
    task_force: bool
    authorities: bool
    known_on: date
    source: str = Field(max_length=400)


class Custody(Identified, table=True):
    """A signed act by which a named body holds the plan after the mission's last day."""

    plan_id: int = Field(foreign_key="plan.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    taken_on: date
    taken_at: datetime
    taken_by_uid: UUID
    signature: str = Field(max_length=64)

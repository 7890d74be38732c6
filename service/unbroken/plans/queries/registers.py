"""What a plan keeps on record: posts, facts, meetings and assessments."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.functions.rules import Fact
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor
from unbroken.plans.models import (
    Area,
    Assessment,
    AssessmentStage,
    CountryFact,
    Meeting,
    Mission,
    Plan,
    Post,
    PostFunction,
    PostSide,
)
from unbroken.plans.queries.veil import reads_detail


@dataclass(frozen=True, slots=True)
class PostView:
    """Posts of one reference; ``area`` is a slug, ``None`` for mission-wide.

    Numbers and days that are ``None`` are not stated. ``version`` goes back as ``version_seen``.
    """

    uid: UUID
    side: PostSide
    organisation: str
    organisation_name: str
    reference: str
    area: str | None
    functions: tuple[str, ...]
    grade: str
    authorised: int
    filled: int | None
    starts_on: date | None
    ends_on: date | None
    funded_until_on: date | None
    is_secretariat: bool
    known_on: date
    source: str
    version: int


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact about the plan's country; ``counts`` marks the newest known one of its kind."""

    uid: UUID
    fact: Fact
    holds: bool
    from_on: date
    known_on: date
    counts: bool
    source: str


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A coordination meeting and which of the four actors took part."""

    uid: UUID
    held_on: date
    head_of_operation: bool
    special_representative: bool
    task_force: bool
    authorities: bool
    known_on: date
    source: str

    @property
    def is_complete(self) -> bool:
        """Return whether all four actors took part. Source: resolution 2764 (2024), element G."""
        return (
            self.head_of_operation
            and self.special_representative
            and self.task_force
            and self.authorities
        )


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """An assessment of the need for, number and roles of advisers."""

    uid: UUID
    stage: AssessmentStage
    assessed_on: date
    known_on: date
    source: str


def posts_of(session: Session, plan_uid: UUID, *, actor: Actor) -> tuple[PostView, ...]:
    """Return the posts of a plan, the giver's first, then by reference; may be empty.

    Empty for readers who do not see detail: where posts are is where somebody still watches.
    """
    if not reads_detail(session, plan_uid, actor=actor):
        return ()
    query = (
        select(Post, Organisation, col(Area.slug))
        .join(Plan, col(Plan.id) == Post.plan_id)
        .join(Organisation, col(Organisation.id) == Post.organisation_id)
        .outerjoin(Area, col(Area.id) == Post.area_id)
        .where(Plan.uid == plan_uid)
        .order_by(col(Post.side), col(Post.reference), col(Post.id))
    )
    codes = _codes(session, plan_uid)
    return tuple(
        _post(post, organisation, slug, tuple(codes.get(post.id, ())))
        for post, organisation, slug in session.exec(query)
    )


def facts_of(session: Session, plan_uid: UUID, *, on: date | None = None) -> tuple[FactView, ...]:
    """Return the facts of the plan's country known by the day ``on`` (all without), by kind.

    Of one kind the one that counts stands last.
    """
    day = on or date.max
    query = (
        select(CountryFact)
        .join(Mission, col(Mission.country_iso3) == CountryFact.country_iso3)
        .join(Plan, col(Plan.mission_id) == Mission.id)
        .where(Plan.uid == plan_uid, CountryFact.known_on <= day)
        .order_by(
            col(CountryFact.fact),
            col(CountryFact.from_on),
            col(CountryFact.known_on),
            col(CountryFact.id),
        )
    )
    rows = list(session.exec(query))
    newest = {row.fact: row.uid for row in rows if row.from_on <= day}
    return tuple(
        FactView(
            uid=row.uid,
            fact=row.fact,
            holds=row.holds,
            from_on=row.from_on,
            known_on=row.known_on,
            counts=newest.get(row.fact) == row.uid,
            source=row.source,
        )
        for row in rows
    )


def meetings_of(session: Session, plan_uid: UUID) -> tuple[MeetingView, ...]:
    """Return the coordination meetings of a plan, the latest first; may be empty."""
    query = (
        select(Meeting)
        .join(Plan, col(Plan.id) == Meeting.plan_id)
        .where(Plan.uid == plan_uid)
        .order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc())
    )
    return tuple(
        MeetingView(
            uid=row.uid,
            held_on=row.held_on,
            head_of_operation=row.head_of_operation,
            special_representative=row.special_representative,
            task_force=row.task_force,
            authorities=row.authorities,
            known_on=row.known_on,
            source=row.source,
        )
        for row in session.exec(query)
    )


def assessments_of(session: Session, plan_uid: UUID) -> tuple[AssessmentView, ...]:
    """Return the assessments of a plan, the latest first; may be empty."""
    query = (
        select(Assessment)
        .join(Plan, col(Plan.id) == Assessment.plan_id)
        .where(Plan.uid == plan_uid)
        .order_by(col(Assessment.assessed_on).desc(), col(Assessment.id).desc())
    )
    return tuple(
        AssessmentView(row.uid, row.stage, row.assessed_on, row.known_on, row.source)
        for row in session.exec(query)
    )


def _codes(session: Session, plan_uid: UUID) -> dict[int | None, list[str]]:
    query = (
        select(PostFunction)
        .join(Post, col(Post.id) == PostFunction.post_id)
        .join(Plan, col(Plan.id) == Post.plan_id)
        .where(Plan.uid == plan_uid)
        .order_by(col(PostFunction.id))
    )
    found: defaultdict[int | None, list[str]] = defaultdict(list)
    for row in session.exec(query):
        found[row.post_id].append(row.function_code)
    return dict(found)


def _post(
    post: Post, organisation: Organisation, area: str | None, codes: tuple[str, ...]
) -> PostView:
    return PostView(
        uid=post.uid,
        side=post.side,
        organisation=organisation.slug,
        organisation_name=organisation.name,
        reference=post.reference,
        area=area,
        functions=codes,
        grade=post.grade,
        authorised=post.authorised,
        filled=post.filled,
        starts_on=post.starts_on,
        ends_on=post.ends_on,
        funded_until_on=post.funded_until_on,
        is_secretariat=post.is_secretariat,
        known_on=post.known_on,
        source=post.source,
        version=post.version,
    )

"""Revisions of a plan: what was in force when, what each says, and what changed between two."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from unbroken.kit.errors import NotFound
from unbroken.people.rules import Actor
from unbroken.plans.models import Baseline, Plan, Revision, RevisionState
from unbroken.plans.queries.veil import reads_detail, veiled_areas, veiled_content
from unbroken.plans.rules import Change, RevisionContent, difference

ONCE_IN_FORCE = (RevisionState.IN_FORCE, RevisionState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision in the list of its plan; ``version`` goes back as ``version_seen``.

    ``reason`` is empty for readers who do not see detail: it cites closings and posts.
    """

    uid: UUID
    number: int
    state: RevisionState
    title: str
    reason: str
    edition: str
    baseline: int | None
    content_hash: str
    made_at: datetime
    made_by_uid: UUID | None
    in_force_on: date | None
    superseded_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision and what it says.

    Readers who do not see detail get neither its posts, nor the areas and drops of its phases, nor
    closings that are not public.
    """

    line: RevisionLine
    content: RevisionContent


def revisions_of(session: Session, plan_uid: UUID, *, actor: Actor) -> tuple[RevisionLine, ...]:
    """Return the revisions of a plan, the newest first; may be empty.

    Drafts and scenarios are for readers who see detail only.
    """
    query = _query(plan_uid).order_by(col(Revision.number).desc())
    detail = reads_detail(session, plan_uid, actor=actor)
    if not detail:
        query = query.where(col(Revision.state).in_(ONCE_IN_FORCE))
    lines = tuple(_line(row, baseline) for row, baseline in session.exec(query))
    return lines if detail else tuple(replace(line, reason="") for line in lines)


def revision_view(
    session: Session, plan_uid: UUID, number: int | UUID | None = None, *, actor: Actor
) -> RevisionView:
    """Return a revision by number or UUID; without one, the revision in force.

    Raises:
        NotFound: there is none, or it is a draft or a scenario and the reader sees no detail.
    """
    query = _query(plan_uid)
    match number:
        case None:
            query = query.where(col(Revision.state) == RevisionState.IN_FORCE)
        case int():
            query = query.where(col(Revision.number) == number)
        case UUID():
            query = query.where(col(Revision.uid) == number)
    detail = reads_detail(session, plan_uid, actor=actor)
    found = session.exec(query).first()
    if found is None or not (detail or found[0].state in ONCE_IN_FORCE):
        raise NotFound("There is no such revision.", remedy="The list of revisions shows them.")
    line, content = _line(*found), RevisionContent.from_plain(found[0].content)
    if detail:
        return RevisionView(line, content)
    content = veiled_content(content, areas=veiled_areas(session, plan_uid))
    return RevisionView(replace(line, reason=""), content)


def revision_on(session: Session, plan_uid: UUID, *, on: date) -> RevisionLine | None:
    """Return the revision that was in force at the end of a day, ``None`` where none was."""
    query = _query(plan_uid).where(
        col(Revision.state).in_(ONCE_IN_FORCE),
        col(Revision.in_force_on) <= on,
        or_(col(Revision.superseded_on).is_(None), col(Revision.superseded_on) > on),
    )
    found = session.exec(query).first()
    return None if found is None else _line(*found)


def difference_between(
    session: Session,
    plan_uid: UUID,
    older: int | UUID,
    newer: int | UUID,
    *,
    actor: Actor,
) -> tuple[Change, ...]:
    """Return what changed from one revision of a plan to another; ``rules.in_words`` says it.

    Of what the reader sees of both; may be empty.

    Raises:
        NotFound: one of them is not there for the reader.
    """
    before = revision_view(session, plan_uid, older, actor=actor)
    after = revision_view(session, plan_uid, newer, actor=actor)
    return difference(before.content, after.content)


def _query(plan_uid: UUID) -> Select[Revision, int]:
    return (
        select(Revision, col(Baseline.number))
        .join(Plan, col(Plan.id) == Revision.plan_id)
        .outerjoin(Baseline, col(Baseline.id) == Revision.baseline_id)
        .where(Plan.uid == plan_uid)
    )


def _line(row: Revision, baseline: int | None) -> RevisionLine:
    return RevisionLine(
        uid=row.uid,
        number=row.number,
        state=row.state,
        title=row.title,
        reason=row.reason,
        edition=row.edition,
        baseline=baseline,
        content_hash=row.content_hash,
        made_at=row.made_at,
        made_by_uid=row.made_by_uid,
        in_force_on=row.in_force_on,
        superseded_on=row.superseded_on,
        version=row.version,
    )

"""What the mission performs is drafted and signed at the decision; signed it never changes."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from unbroken.functions.queries import loaded_edition
from unbroken.functions.rules import Edition
from unbroken.kit.canonical import digest
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, NotFound, Problem
from unbroken.kit.sentences import sentence
from unbroken.people.rules import Actor
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import (
    By,
    acting_on,
    check_version,
    clean,
    living_plan,
    refuse_if,
    touch,
)
from unbroken.plans.commands.revising import refresh_in_force
from unbroken.plans.commands.storing import ensure_function_areas
from unbroken.plans.models import Baseline, BaselineLine, BaselineState, FunctionArea, Plan
from unbroken.plans.queries.contents import content_known_on
from unbroken.plans.queries.rows import Ref, area_row
from unbroken.plans.rules import Baseline as BaselineContent
from unbroken.plans.rules import check_baseline

SIGNED_FORM = 1
"""Number of the form in which a baseline is hashed; it never changes for what was signed."""


@dataclass(frozen=True, slots=True)
class NewLine:
    """One function (code) that the mission performs in one area; ``posts`` ``None``: not stated."""

    function: str
    area: Ref
    posts: int | None = None


@dataclass(frozen=True, slots=True)
class DraftBaseline:
    """All lines of a baseline; they replace those of the draft that there may be."""

    plan: Ref
    lines: tuple[NewLine, ...]
    source: str = ""
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class SignBaseline:
    """The draft to be signed, seen at ``version_seen``."""

    plan: Ref
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class BaselineChanged:
    """A baseline after an act; ``revision`` is the number that signing put in force, if any."""

    uid: UUID
    number: int
    state: BaselineState
    version: int
    content_hash: str
    revision: int | None = None


def draft_baseline(
    sessions: Sessions, order: DraftBaseline, *, actor: Actor, clock: Clock
) -> BaselineChanged:
    """Draft a baseline, or write the draft anew.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan or area.
        Stale: somebody changed the draft since.
        Invalid: a line names an unknown function, or one twice.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return _changed(draft_baseline_in(session, order, by=by))


def draft_baseline_in(session: Session, order: DraftBaseline, *, by: By) -> Baseline:
    """Draft a baseline inside a command; return its row. Raises as ``draft_baseline``."""
    plan = living_plan(session, order.plan)
    order = clean(order, source=400)
    edition = loaded_edition(session, plan.edition)
    content = _content(session, plan, order)
    faults = check_baseline(content, content_known_on(session, plan, on=by.today(plan)), edition)
    refuse_if([*_line_problems(content), *faults])
    row = _draft(session, plan)
    if row is None:
        row = _new(session, plan)
    else:
        check_version(order.version_seen, row.version)
        session.connection().execute(
            delete(BaselineLine).where(col(BaselineLine.baseline_id) == row.id)
        )
    _write(session, plan, row, content, edition)
    row.source = order.source
    row.content_hash = _hash(session, plan, row)
    session.add(row)
    session.flush()
    values = {"number": row.number, "lines": len(content.lines), "content": row.content_hash}
    by.record(plan, PlanAction.BASELINE_DRAFTED, subject=("baseline", row.uid), values=values)
    touch(session, plan, by=by)
    return row


def sign_baseline(
    sessions: Sessions, order: SignBaseline, *, actor: Actor, clock: Clock
) -> BaselineChanged:
    """Sign the draft: from now on it never changes, and timetables are of its lines.

    Where a revision is in force, a new one on the signed baseline comes into force.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan, or no draft.
        Stale: somebody changed the draft since.
        Conflict: the draft is empty, or the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return sign_baseline_in(session, order, by=by)


def sign_baseline_in(session: Session, order: SignBaseline, *, by: By) -> BaselineChanged:
    """Sign the draft inside a command. Raises as ``sign_baseline``."""
    plan = living_plan(session, order.plan)
    row = _draft(session, plan)
    if row is None:
        raise NotFound("Plan {plan} has no baseline to sign.", remedy="Draft one.", plan=plan.slug)
    check_version(order.version_seen, row.version)
    if not _line_uids(session, row):
        raise Conflict("An empty baseline says nothing.", remedy="Add what the mission performs.")
    row.state, row.signed_on, row.signed_at = BaselineState.SIGNED, by.today(plan), by.at
    row.signed_by_uid = by.actor.account_uid
    row.content_hash = _hash(session, plan, row)
    session.add(row)
    session.flush()
    values = {"number": row.number, "content": row.content_hash}
    by.record(plan, PlanAction.BASELINE_SIGNED, subject=("baseline", row.uid), values=values)
    made = refresh_in_force(session, plan, reason=f"baseline {row.number}", by=by)
    touch(session, plan, by=by)
    return _changed(row, None if made is None else made.number)


def _changed(row: Baseline, revision: int | None = None) -> BaselineChanged:
    return BaselineChanged(row.uid, row.number, row.state, row.version, row.content_hash, revision)


def _content(session: Session, plan: Plan, order: DraftBaseline) -> BaselineContent:
    slugs: dict[Ref, str] = {}
    for line in order.lines:
        if line.area not in slugs:
            slugs[line.area] = area_row(session, plan, line.area).slug
    return BaselineContent(
        tuple((line.function, slugs[line.area], line.posts) for line in order.lines)
    )


def _line_problems(content: BaselineContent) -> list[Problem]:
    times = Counter((code, slug) for code, slug, _ in content.lines)
    twice = [
        Problem(
            f"lines/{n}",
            sentence("{code} in {slug} is there twice", code=code, slug=slug),
            "Keep one of the two.",
        )
        for n, (code, slug, _) in enumerate(content.lines)
        if times[code, slug] > 1
    ]
    negative = [
        Problem(f"lines/{n}/posts", "is below 0", "Give 0 or more, or leave it out.")
        for n, (_, _, posts) in enumerate(content.lines)
        if posts is not None and posts < 0
    ]
    return [*twice, *negative]


def _draft(session: Session, plan: Plan) -> Baseline | None:
    query = select(Baseline).where(
        Baseline.plan_id == plan.id, Baseline.state == BaselineState.DRAFT
    )
    return session.exec(query).first()


def _new(session: Session, plan: Plan) -> Baseline:
    query = select(func.max(Baseline.number)).where(Baseline.plan_id == plan.id)
    number = (session.exec(query).one() or 0) + 1
    row = Baseline(plan_id=row_id(plan), number=number, state=BaselineState.DRAFT)
    session.add(row)
    session.flush()
    return row


def _write(
    session: Session, plan: Plan, row: Baseline, content: BaselineContent, edition: Edition
) -> None:
    pairs = [(code, slug) for code, slug, _ in content.lines]
    numbers = ensure_function_areas(session, plan, pairs, edition=edition)
    session.add_all(
        BaselineLine(baseline_id=row_id(row), function_area_id=numbers[code, slug], posts=posts)
        for code, slug, posts in content.lines
    )
    session.flush()


def _line_uids(session: Session, row: Baseline) -> list[tuple[UUID, int | None]]:
    query = (
        select(FunctionArea.uid, BaselineLine.posts)
        .join(FunctionArea, col(FunctionArea.id) == BaselineLine.function_area_id)
        .where(BaselineLine.baseline_id == row.id)
    )
    return sorted((uid, posts) for uid, posts in session.exec(query))


def _hash(session: Session, plan: Plan, row: Baseline) -> str:
    """Return the hash of what is signed: the plan and each function in an area with its posts."""
    lines = [{"function_area": uid, "posts": n} for uid, n in _line_uids(session, row)]
    return digest({"form": SIGNED_FORM, "plan": plan.uid, "number": row.number, "lines": lines})

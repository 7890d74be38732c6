"""Posts of giver and receivers are put on record and edited."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.functions.queries import loaded_edition
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import NotFound, Problem
from unbroken.kit.sentences import sentence
from unbroken.people.rules import Actor
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import (
    By,
    acting_on,
    check_version,
    clean,
    known_problems,
    living_plan,
    refuse_if,
    touch,
)
from unbroken.plans.commands.revising import refresh_in_force
from unbroken.plans.models import Plan, Post, PostFunction, PostSide
from unbroken.plans.queries.rows import Ref, area_row, organisation_row


@dataclass(frozen=True, slots=True)
class PostNumbers:
    """How many posts and for how long; ``None`` is not stated, last days are included."""

    authorised: int
    filled: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    funded_until_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewPost:
    """Posts of one reference that work for ``functions`` (codes); no area is mission-wide."""

    side: PostSide
    organisation: Ref
    reference: str
    functions: tuple[str, ...]
    numbers: PostNumbers
    known_on: date
    area: Ref | None = None
    grade: str = ""
    is_secretariat: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class AddPosts:
    """Posts of one plan, put on record together: they make one revision at most."""

    plan: Ref
    posts: tuple[NewPost, ...]


@dataclass(frozen=True, slots=True)
class EditPost:
    """Other numbers for posts; every number is written as it stands."""

    plan: Ref
    post: UUID
    version_seen: int | None
    numbers: PostNumbers
    known_on: date
    source: str = ""


@dataclass(frozen=True, slots=True)
class PostsChanged:
    """The posts of an act, in their order; ``revision`` is the number it put in force, if any."""

    posts: tuple[UUID, ...]
    revision: int | None


def add_posts(sessions: Sessions, order: AddPosts, *, actor: Actor, clock: Clock) -> PostsChanged:
    """Put posts on record; where the mission's posts move a last day, a new revision is in force.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan, area or organisation.
        Invalid: a number, date or code cannot be used; says which post.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return add_posts_in(session, order, by=by)


def add_posts_in(session: Session, order: AddPosts, *, by: By) -> PostsChanged:
    """Put posts on record inside a command. Raises as ``add_posts``."""
    plan = living_plan(session, order.plan)
    codes = frozenset(loaded_edition(session, plan.edition).functions)
    taken = _references(session, plan)
    problems: list[Problem] = []
    posts = [_clean(post, at=f"posts/{n}/") for n, post in enumerate(order.posts)]
    for number, post in enumerate(posts):
        path = f"posts/{number}"
        problems += _problems(post, today=by.today(plan), path=path)
        problems += _code_problems(post.functions, codes, path=path)
        problems += _twice(post, taken, path=path)
        taken.add((post.side, post.reference))
    refuse_if(problems)
    rows = [_add(session, plan, post) for post in posts]
    for row, post in zip(rows, posts, strict=True):
        values = {"side": row.side, "functions": post.functions, **_values(row)}
        by.record(plan, PlanAction.POST_ADDED, subject=("post", row.uid), values=values)
    return _settled(session, plan, rows, by=by)


def edit_post(sessions: Sessions, order: EditPost, *, actor: Actor, clock: Clock) -> PostsChanged:
    """Change how many posts there are and for how long.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan or post.
        Stale: somebody changed the post since.
        Invalid: a number or date cannot be used.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on(sessions, order.plan, actor=actor, clock=clock) as (session, by):
        return edit_post_in(session, order, by=by)


def edit_post_in(session: Session, order: EditPost, *, by: By) -> PostsChanged:
    """Change posts inside a command. Raises as ``edit_post``."""
    plan = living_plan(session, order.plan)
    row = session.exec(select(Post).where(Post.plan_id == plan.id, Post.uid == order.post)).first()
    if row is None:
        raise NotFound("Plan {plan} has no such post.", plan=plan.slug)
    check_version(order.version_seen, row.version)
    order = clean(order, source=400)
    refuse_if(
        [
            *_number_problems(order.numbers, path="numbers"),
            *known_problems(order.known_on, today=by.today(plan)),
        ]
    )
    _write(row, order.numbers)
    # what was known first stays the day the post became known: earlier revisions count from it
    row.source = order.source or row.source
    session.add(row)
    session.flush()
    values = {"known_on": order.known_on, **_values(row)}
    by.record(plan, PlanAction.POST_EDITED, subject=("post", row.uid), values=values)
    return _settled(session, plan, [row], by=by)


def _settled(session: Session, plan: Plan, rows: list[Post], *, by: By) -> PostsChanged:
    session.flush()
    reason = "; ".join(row.reference for row in rows)
    made = refresh_in_force(session, plan, reason=reason, by=by)
    touch(session, plan, by=by)
    return PostsChanged(tuple(row.uid for row in rows), None if made is None else made.number)


def _clean(post: NewPost, *, at: str) -> NewPost:
    return clean(post, at=at, reference=80, grade=20, source=400)


def _add(session: Session, plan: Plan, post: NewPost) -> Post:
    area = None if post.area is None else area_row(session, plan, post.area)
    row = Post(
        plan_id=row_id(plan),
        area_id=None if area is None else area.id,
        side=post.side,
        organisation_id=row_id(organisation_row(session, post.organisation)),
        reference=post.reference,
        grade=post.grade,
        authorised=post.numbers.authorised,
        is_secretariat=post.is_secretariat,
        known_on=post.known_on,
        source=post.source,
    )
    _write(row, post.numbers)
    session.add(row)
    session.flush()
    codes = dict.fromkeys(post.functions)
    session.add_all(PostFunction(post_id=row_id(row), function_code=code) for code in codes)
    return row


def _write(row: Post, numbers: PostNumbers) -> None:
    row.authorised = numbers.authorised
    row.filled = numbers.filled
    row.starts_on = numbers.starts_on
    row.ends_on = numbers.ends_on
    row.funded_until_on = numbers.funded_until_on


def _references(session: Session, plan: Plan) -> set[tuple[PostSide, str]]:
    query = select(col(Post.side), col(Post.reference)).where(Post.plan_id == plan.id)
    return {(side, reference) for side, reference in session.exec(query)}


def _values(row: Post) -> dict[str, object]:
    return {
        "reference": row.reference,
        "authorised": row.authorised,
        "filled": row.filled,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "funded_until_on": row.funded_until_on,
    }


def _problems(post: NewPost, *, today: date, path: str) -> list[Problem]:
    problems = [
        *_number_problems(post.numbers, path=path),
        *known_problems(post.known_on, today=today, path=f"{path}/known_on"),
    ]
    if not post.reference.strip():
        remedy = "Give a post number or another reference."
        problems.append(Problem(f"{path}/reference", "is missing", remedy))
    return problems


def _twice(post: NewPost, taken: set[tuple[PostSide, str]], *, path: str) -> list[Problem]:
    if (post.side, post.reference) not in taken:
        return []
    what = sentence("{post} is on record already", post=post.reference)
    return [Problem(f"{path}/reference", what, "Edit the posts that are there.")]


def _code_problems(codes: tuple[str, ...], known: frozenset[str], *, path: str) -> list[Problem]:
    return [
        Problem(
            f"{path}/functions",
            sentence("{code} is no function", code=code),
            "Give a code such as MRM-VER.",
        )
        for code in codes
        if code not in known
    ]


def _number_problems(numbers: PostNumbers, *, path: str) -> list[Problem]:
    problems = []
    if numbers.authorised < 0 or (numbers.filled or 0) < 0:
        problems.append(Problem(f"{path}/authorised", "is below 0", "Give 0 or more."))
    ends, starts = numbers.ends_on, numbers.starts_on
    if ends is not None and starts is not None and ends < starts:
        remedy = "Exchange or mend the two days."
        problems.append(Problem(f"{path}/ends_on", "lies before the first day", remedy))
    return problems

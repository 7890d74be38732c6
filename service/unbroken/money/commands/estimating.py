"""Requirements estimated out of the posts of a signed baseline, and marked as estimates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Problem
from unbroken.money.commands.actions import MoneyAction
from unbroken.money.commands.amending import end_line, follow
from unbroken.money.commands.checking import period_problems
from unbroken.money.commands.drafting import Drafts, drafts, told
from unbroken.money.commands.frame import Desk, acting_on_money
from unbroken.money.commands.orders import NewRequirement
from unbroken.money.models import Requirement
from unbroken.money.queries.lines import holds
from unbroken.money.rules.amounts import to_amount, to_units
from unbroken.money.rules.estimates import cost_of_posts
from unbroken.money.rules.words import Basis, Change
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import clean, refuse_if
from unbroken.plans.models import Area, Baseline, BaselineLine, BaselineState, FunctionArea, Plan
from unbroken.plans.queries.rows import Ref

LONGEST_REASON = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRequirements:
    """What one post costs in a year, and for which period posts are to be paid; both ends count.

    ``source`` says where the cost is from; it becomes the source of every estimate.
    """

    plan: Ref
    cost_per_post: Decimal
    starts_on: date
    ends_on: date
    known_on: date
    source: str
    currency: str = "USD"
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A function in an area (both by code and slug) whose posts the baseline does not state."""

    function: str
    area: str


@dataclass(frozen=True, slots=True)
class Estimated:
    """The lines that were entered, amended, found as they should be, or ended; each may be empty.

    ``ended`` are estimates whose posts the baseline no longer states.
    """

    entered: tuple[UUID, ...]
    amended: tuple[UUID, ...]
    unchanged: tuple[UUID, ...]
    ended: tuple[UUID, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Posts:
    function: str
    area: Area
    posts: int | None


@dataclass(slots=True)
class _Made:
    entered: list[UUID] = field(default_factory=list)
    amended: list[UUID] = field(default_factory=list)
    unchanged: list[UUID] = field(default_factory=list)


def estimate_requirements(
    sessions: Sessions, order: EstimateRequirements, *, actor: Actor, clock: Clock
) -> Estimated:
    """Put an estimate on record for every function in an area whose posts the baseline states.

    Estimates that are on record already are amended where they say something else, also where
    their period is another one; nothing is entered twice. They count only where nothing is stated.

    Raises:
        SignInNeeded, Forbidden: the actor is no planner of the plan.
        NotFound: there is no such plan.
        Invalid: cost, currency, period, source or day cannot be used.
        Conflict: the plan has no signed baseline, or is completed or cancelled.
    """
    order = clean(order, source=400)
    with acting_on_money(sessions, order.plan, actor=actor, clock=clock) as desk:
        desk.check_right(None)
        refuse_if(_problems(order))
        lines = _baseline(desk.session, desk.plan)
        stated = [line for line in lines if line.posts is not None]
        made = _write(desk, order, stated)
        ended = _end_others(desk, order, stated)
        skipped = (Skipped(line.function, line.area.slug) for line in lines if line.posts is None)
        return Estimated(
            tuple(made.entered),
            tuple(made.amended),
            tuple(made.unchanged),
            tuple(ended),
            tuple(skipped),
        )


def _problems(order: EstimateRequirements) -> Iterable[Problem]:
    yield from period_problems(order.starts_on, order.ends_on, path="")
    try:
        is_cost = to_units(order.cost_per_post) >= 0
    except ValueError:
        is_cost = False
    if not is_cost:
        remedy = "Give what one post costs in a year: 0 or more, with at most four places."
        yield Problem("cost_per_post", "is no cost", remedy)


def _baseline(session: Session, plan: Plan) -> list[_Posts]:
    signed = (Baseline.plan_id == plan.id, Baseline.state == BaselineState.SIGNED)
    newest = select(Baseline.id).where(*signed).order_by(col(Baseline.number).desc()).limit(1)
    number = session.exec(newest).first()
    if number is None:
        raise Conflict(
            "Plan {plan} has no signed baseline to estimate from.",
            remedy="Sign the baseline first, or enter what is needed line by line.",
            plan=plan.slug,
        )
    query = (
        select(BaselineLine, FunctionArea.function_code, Area)
        .join(FunctionArea, col(FunctionArea.id) == BaselineLine.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .where(BaselineLine.baseline_id == number)
        .order_by(col(FunctionArea.function_code), col(Area.position), col(Area.id))
    )
    return [_Posts(code, area, line.posts) for line, code, area in session.exec(query)]


def _write(desk: Desk, order: EstimateRequirements, stated: list[_Posts]) -> _Made:
    said = [_need(order, line) for line in stated]
    making, before, made = drafts(desk, said), _on_record(desk), _Made()
    rows = [making.requirement(each) for each in said]
    refuse_if(_once(making))
    for row in filter(None, rows):
        old = before.get((row.function_code, row.area_id))
        if old is not None and _says_same(old, row):
            made.unchanged.append(old.line_uid)
        elif old is not None:
            _amend(desk, old, row)
            made.amended.append(row.line_uid)
        else:
            desk.session.add(row)
            desk.record(MoneyAction.REQUIREMENT_ENTERED, row.line_uid, told(row, {}))
            made.entered.append(row.line_uid)
    return made


def _once(making: Drafts) -> list[Problem]:
    """Return what is wrong with the estimates, where it is the same with all of them: once."""
    return list({(each.path, str(each.what)): each for each in making.problems}.values())


def _need(order: EstimateRequirements, line: _Posts) -> NewRequirement:
    units = cost_of_posts(
        line.posts or 0,
        to_units(order.cost_per_post),
        starts_on=order.starts_on,
        ends_on=order.ends_on,
    )
    return NewRequirement(
        function=line.function,
        area=line.area.uid,
        starts_on=order.starts_on,
        ends_on=order.ends_on,
        amount=to_amount(units),
        currency=order.currency,
        known_on=order.known_on,
        source=order.source,
        basis=Basis.BASELINE_POSTS,
        illustrative=order.illustrative,
    )


def _on_record(desk: Desk) -> Mapping[tuple[str, int | None], Requirement]:
    """Return the estimates that hold now by function and area; of two alike the older one."""
    query = select(Requirement).where(
        Requirement.plan_id == desk.plan.id,
        Requirement.basis == Basis.BASELINE_POSTS,
        col(Requirement.receiver_id).is_(None),
        holds(Requirement, None),
    )
    rows = desk.session.exec(query.order_by(col(Requirement.id).desc())).all()
    return {(row.function_code, row.area_id): row for row in rows}


def _says_same(old: Requirement, new: Requirement) -> bool:
    """Return whether an estimate stays; a rate that moved since does not change what it says."""
    names = ("starts_on", "ends_on", "currency", "units", "source")
    return all(getattr(old, name) == getattr(new, name) for name in names)


def _amend(desk: Desk, old: Requirement, row: Requirement) -> None:
    reason = row.source[:LONGEST_REASON]
    follow(desk, old, row, change=Change.AMENDED, reason=reason)
    desk.session.add(row)
    desk.record(MoneyAction.REQUIREMENT_AMENDED, row.line_uid, told(row, {}))


def _end_others(desk: Desk, order: EstimateRequirements, stated: list[_Posts]) -> list[UUID]:
    kept = {(line.function, line.area.id) for line in stated}
    gone = [row for key, row in _on_record(desk).items() if key not in kept]
    for row in gone:
        end_line(desk, row)
        values = {"number": row.number, "reason": order.source[:LONGEST_REASON]}
        desk.record(MoneyAction.REQUIREMENT_WITHDRAWN, row.line_uid, values)
    return [row.line_uid for row in gone]

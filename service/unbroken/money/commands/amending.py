"""A line of money says something else from today on; what it said before stays on record."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id, rows_changed
from unbroken.kit.errors import NotFound, Problem, Stale
from unbroken.kit.sentences import sentence
from unbroken.money.commands.actions import MoneyAction
from unbroken.money.commands.drafting import drafts, figure_rows, told
from unbroken.money.commands.frame import Desk, acting_on_money
from unbroken.money.commands.orders import (
    AmendContribution,
    AmendRequirement,
    ExtendContribution,
    LineChanged,
    WithdrawLine,
)
from unbroken.money.models import Contribution, ContributionFigure, Requirement
from unbroken.money.queries.lines import figures_of
from unbroken.money.rules.words import Change
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import clean, known_problems, refuse_if

Row = TypeVar("Row", Requirement, Contribution)


def amend_requirement(
    sessions: Sessions, order: AmendRequirement, *, actor: Actor, clock: Clock
) -> LineChanged:
    """Let a requirement say something else from today on.

    Raises:
        SignInNeeded, Forbidden: the actor is neither planner nor the receiver, before and after.
        NotFound: there is no such plan, line, area or organisation.
        Stale: somebody changed the line since.
        Invalid: something cannot be used, or no reason is given.
        Conflict: the plan is completed or cancelled.
    """
    with acting_on_money(sessions, order.plan, actor=actor, clock=clock) as desk:
        return amend_requirement_in(desk, order)


def amend_requirement_in(desk: Desk, order: AmendRequirement) -> LineChanged:
    """Amend a requirement inside a command. Raises as ``amend_requirement``."""
    order = clean(order, reason=280)
    old = _current(desk, Requirement, order.line, order.number_seen)
    making = drafts(desk, [order.says])
    row = making.requirement(order.says)
    refuse_if([*making.problems, *_reason_problems(order.reason)])
    assert row is not None  # noqa: S101 - without problems there is a row
    follow(desk, old, row, change=Change.AMENDED, reason=order.reason)
    desk.session.add(row)
    desk.record(MoneyAction.REQUIREMENT_AMENDED, row.line_uid, told(row, {}))
    return LineChanged(row.line_uid, row.number)


def amend_contribution(
    sessions: Sessions, order: AmendContribution, *, actor: Actor, clock: Clock
) -> LineChanged:
    """Let a contribution say something else from today on: another stage, amount or place.

    Raises:
        SignInNeeded, Forbidden, NotFound, Stale, Invalid, Conflict: as ``amend_requirement``.
    """
    with acting_on_money(sessions, order.plan, actor=actor, clock=clock) as desk:
        return amend_contribution_in(desk, order)


def amend_contribution_in(desk: Desk, order: AmendContribution) -> LineChanged:
    """Amend a contribution inside a command. Raises as ``amend_requirement``."""
    order = clean(order, reason=280)
    old = _current(desk, Contribution, order.line, order.number_seen)
    making = drafts(desk, (), [order.says])
    made = making.contribution(order.says)
    refuse_if([*making.problems, *_reason_problems(order.reason), *_own_part(order)])
    assert made is not None  # noqa: S101 - without problems there is a row
    row, figures = made
    follow(desk, old, row, change=Change.AMENDED, reason=order.reason)
    desk.session.add(row)
    desk.session.flush()
    desk.session.add_all(figure_rows(row, order.says, figures))
    desk.record(MoneyAction.CONTRIBUTION_AMENDED, row.line_uid, told(row, figures))
    return LineChanged(row.line_uid, row.number)


def extend_contribution(
    sessions: Sessions, order: ExtendContribution, *, actor: Actor, clock: Clock
) -> LineChanged:
    """Give a contribution a later last day: the period moves, the money stays the same.

    Raises:
        SignInNeeded, Forbidden, NotFound, Stale, Invalid, Conflict: as ``amend_requirement``.
    """
    with acting_on_money(sessions, order.plan, actor=actor, clock=clock) as desk:
        return extend_contribution_in(desk, order)


def extend_contribution_in(desk: Desk, order: ExtendContribution) -> LineChanged:
    """Extend a contribution inside a command. Raises as ``amend_requirement``."""
    order = clean(order, reason=280, source=400)
    old = _current(desk, Contribution, order.line, order.number_seen)
    refuse_if(
        [
            *known_problems(order.known_on, today=desk.today),
            *_reason_problems(order.reason),
            *_later_problems(old.ends_on, order.ends_on),
        ]
    )
    row = Contribution(**_copied(old, ends_on=order.ends_on, known_on=order.known_on))
    row.source = order.source or old.source
    follow(desk, old, row, change=Change.EXTENDED, reason=order.reason)
    _add_with_figures(desk, old, row)
    values = {"ends_on": row.ends_on, "number": row.number, "reason": row.reason}
    desk.record(MoneyAction.CONTRIBUTION_EXTENDED, row.line_uid, values)
    return LineChanged(row.line_uid, row.number)


def withdraw_line(
    sessions: Sessions, order: WithdrawLine, *, actor: Actor, clock: Clock
) -> LineChanged:
    """Let a requirement or contribution hold no more from today on; it stays on record.

    Raises:
        SignInNeeded, Forbidden, NotFound, Stale, Invalid, Conflict: as ``amend_requirement``.
    """
    order = clean(order, reason=280)
    with acting_on_money(sessions, order.plan, actor=actor, clock=clock) as desk:
        refuse_if(
            [
                *known_problems(order.known_on, today=desk.today),
                *_reason_problems(order.reason),
            ]
        )
        old = _either(desk, order.line, order.number_seen)
        end_line(desk, old)
        is_need = isinstance(old, Requirement)
        action = (
            MoneyAction.REQUIREMENT_WITHDRAWN if is_need else MoneyAction.CONTRIBUTION_WITHDRAWN
        )
        desk.record(action, old.line_uid, {"number": old.number, "reason": order.reason})
        return LineChanged(old.line_uid, old.number)


def _current(desk: Desk, model: type[Row], line: UUID, seen: int | None) -> Row:
    found = _maybe(desk, model, line)
    if found is None:
        raise NotFound("Plan {plan} has no such line.", plan=desk.plan.slug)
    _check(desk, found, seen)
    return found


def _either(desk: Desk, line: UUID, seen: int | None) -> Requirement | Contribution:
    found = _maybe(desk, Requirement, line) or _maybe(desk, Contribution, line)
    if found is None:
        raise NotFound("Plan {plan} has no such line.", plan=desk.plan.slug)
    _check(desk, found, seen)
    return found


def _maybe(desk: Desk, model: type[Row], line: UUID) -> Row | None:
    meant = (
        col(model.line_uid) == line,
        col(model.plan_id) == desk.plan.id,
        col(model.gone_on).is_(None),
    )
    return desk.session.exec(select(model).where(*meant)).first()


def _check(desk: Desk, row: Requirement | Contribution, seen: int | None) -> None:
    receiver = row.receiver_id
    desk.check_right(None if receiver is None else desk.session.get(Organisation, receiver))
    if seen is not None and seen != row.number:
        raise Stale(remedy="Read it again, then decide whether your change still holds.")


def follow(desk: Desk, old: Row, row: Row, *, change: Change, reason: str) -> None:
    """Let ``row`` be the next state of the line of ``old``: no day holds both, and none neither.

    Raises:
        Stale: somebody changed the line since.
    """
    end_line(desk, old)
    row.known_on = desk.today
    row.line_uid, row.number, row.change = old.line_uid, old.number + 1, change
    row.reason = reason
    row.illustrative = old.illustrative


def end_line(desk: Desk, old: Requirement | Contribution) -> None:
    """Let a state of a line hold no more from today on.

    Raises:
        Stale: somebody ended it since.
    """
    model = type(old)
    still = (col(model.id) == old.id, col(model.gone_on).is_(None))
    # guarded: of two who change the same state one is refused, on both databases
    if rows_changed(desk.session, update(model).where(*still).values(gone_on=desk.today)) != 1:
        raise Stale(remedy="Read it again, then decide whether your change still holds.")


def _copied(old: Contribution, *, ends_on: date, known_on: date) -> dict[str, Any]:
    kept = old.model_dump(exclude={"id", "uid", "gone_on"})
    return kept | {"ends_on": ends_on, "known_on": known_on}


def _add_with_figures(desk: Desk, old: Contribution, row: Contribution) -> None:
    row.made_at, row.made_by_uid = desk.at, desk.actor.account_uid
    desk.session.add(row)
    desk.session.flush()
    for figure in figures_of(desk.session, [old.id or 0])[old.id or 0]:
        kept = figure.model_dump(exclude={"id", "uid", "contribution_id"})
        desk.session.add(ContributionFigure(contribution_id=row_id(row), **kept))


def _reason_problems(reason: str) -> list[Problem]:
    if reason.strip():
        return []
    return [Problem("reason", "is missing", "Say why the line changes.")]


def _later_problems(before: date, after: date) -> list[Problem]:
    if after > before:
        return []
    what = sentence("is not after {day}, the last day so far", day=before)
    remedy = "Give a later day; to shorten the period, amend the line."
    return [Problem("ends_on", what, remedy)]


def _own_part(order: AmendContribution) -> list[Problem]:
    if order.says.part_of != order.line:
        return []
    remedy = "Name the line that the money first came in by."
    return [Problem("part_of", "is the line itself", remedy)]

"""The lines of a plan's money, for every way in: as they are now, and all they ever said."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from unbroken.kit.errors import NotFound
from unbroken.money.models import Contribution, Requirement
from unbroken.money.queries.line_rows import (
    money_statement,
    money_views,
    need_views,
    needs_statement,
    plan_uid_of,
)
from unbroken.money.queries.lines import holds
from unbroken.money.queries.reach import Reach, reach_of
from unbroken.money.queries.restating import restated
from unbroken.money.queries.views import (
    ContributionView,
    HistoryView,
    RequirementView,
    StateView,
    WithdrawalView,
)
from unbroken.money.rules.words import Basis, Pot
from unbroken.people.models import Account, Organisation
from unbroken.people.rules import Actor
from unbroken.plans.models import Area
from unbroken.plans.queries.rows import Ref
from unbroken.trail.queries import history

LIMIT = 50
View = TypeVar("View", RequirementView, ContributionView)
Lines = Sequence[tuple[Requirement | Contribution, RequirementView | ContributionView]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """Which lines are asked for; ``None`` leaves nothing out, an empty text asks for lines without.

    ``function`` is a code, ``area``, ``receiver`` and ``donor`` are slugs. ``donor`` and ``pot``
    are of contributions, ``estimates`` is of requirements.
    """

    function: str | None = None
    area: str | None = None
    receiver: str | None = None
    donor: str | None = None
    pot: Pot | None = None
    estimates: bool | None = None


EVERY = LineFilter()


@dataclass(frozen=True, slots=True)
class Page(Generic[View]):
    """Lines in the order of their last change; ``after`` goes on behind them, ``None``: the end."""

    items: tuple[View, ...]
    after: int | None


def requirements(
    session: Session,
    plan: Ref,
    *,
    actor: Actor,
    wanted: LineFilter = EVERY,
    after: int = 0,
    limit: int = LIMIT,
) -> Page[RequirementView]:
    """Return the requirements of a plan that hold now, as far as the actor sees them.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
        Forbidden: the actor sees no lines.
    """
    reach = reach_of(session, plan, actor=actor)
    conditions = [*_standing(reach, Requirement), *_asked(Requirement, wanted)]
    if wanted.estimates is not None:
        is_estimate = col(Requirement.basis) != Basis.STATED
        conditions.append(is_estimate if wanted.estimates else ~is_estimate)
    number = col(Requirement.id)
    statement = needs_statement(number > after, *conditions).order_by(number).limit(limit + 1)
    rows = need_views(session, statement)
    return Page(tuple(view for _row, view in rows[:limit]), _after(rows, limit))


def contributions(
    session: Session,
    plan: Ref,
    *,
    actor: Actor,
    wanted: LineFilter = EVERY,
    after: int = 0,
    limit: int = LIMIT,
) -> Page[ContributionView]:
    """Return the contributions of a plan that hold now; otherwise as ``requirements``."""
    reach = reach_of(session, plan, actor=actor)
    conditions = [*_standing(reach, Contribution), *_asked(Contribution, wanted)]
    if wanted.donor is not None:
        conditions.append(_names(col(Contribution.donor_id), Organisation, wanted.donor))
    if wanted.pot is not None:
        conditions.append(col(Contribution.pot) == wanted.pot)
    number = col(Contribution.id)
    statement = money_statement(number > after, *conditions).order_by(number).limit(limit + 1)
    rows = money_views(session, statement)
    return Page(tuple(view for _row, view in rows[:limit]), _after(rows, limit))


def pools(session: Session, plan: Ref, *, actor: Actor) -> tuple[ContributionView, ...]:
    """Return all money of a plan that names no function: shown beside, spread over nothing.

    May be empty. Raises as ``requirements``.
    """
    reach = reach_of(session, plan, actor=actor)
    unnamed = col(Contribution.function_code) == ""
    statement = money_statement(*_standing(reach, Contribution), unnamed)
    found = money_views(session, statement.order_by(col(Contribution.id)))
    return tuple(view for _row, view in found)


def line_view(session: Session, uid: UUID, *, actor: Actor) -> RequirementView | ContributionView:
    """Return what a line says now; of a withdrawn one, with ``gone_on``, what it said last.

    Raises:
        NotFound: there is no such line, or the actor may not see it or its plan.
        Forbidden: the actor sees no lines of its plan.
    """
    _plan_uid, states = _states(session, uid, actor=actor)
    return states[-1]


def line_history(session: Session, uid: UUID, *, actor: Actor) -> HistoryView:
    """Return every state of a line that the actor sees, the first first. Raises as ``line_view``.

    A state is compared with the one before it, also where that one is not shown.
    """
    plan_uid, states = _states(session, uid, actor=actor)
    told = [StateView(states[0], ())]
    told += [StateView(view, restated(before, view)) for before, view in pairwise(states)]
    return HistoryView(uid, tuple(told), _withdrawal(session, plan_uid, states[-1]))


def _states(
    session: Session, uid: UUID, *, actor: Actor
) -> tuple[UUID, list[RequirementView | ContributionView]]:
    need_plan = plan_uid_of(session, Requirement, uid)
    plan_uid = need_plan or plan_uid_of(session, Contribution, uid)
    if plan_uid is None:
        raise no_line(uid)
    try:
        reach = reach_of(session, plan_uid, actor=actor)
    except NotFound:
        # that there is a line must not tell that there is a plan
        raise no_line(uid) from None
    lines = _lines(session, uid, is_need=need_plan is not None)
    if not reach.sees(lines[-1][0]):
        raise no_line(uid)
    return plan_uid, [view for row, view in lines if reach.sees(row)]


def _lines(session: Session, uid: UUID, *, is_need: bool) -> Lines:
    if is_need:
        needs = needs_statement(col(Requirement.line_uid) == uid)
        return need_views(session, needs.order_by(col(Requirement.number)))
    money = money_statement(col(Contribution.line_uid) == uid)
    return money_views(session, money.order_by(col(Contribution.number)))


def no_line(uid: UUID) -> NotFound:
    """Return the refusal that says nothing about whether there is a line one may not see."""
    return NotFound("There is no line of money {uid}.", uid=str(uid))


def _withdrawal(
    session: Session, plan_uid: UUID, last: RequirementView | ContributionView
) -> WithdrawalView | None:
    if last.gone_on is None:
        return None
    entry = history(session, plan_uid=plan_uid, subject_uid=last.uid, limit=1)[0]
    by = select(Account.handle).where(Account.uid == entry.author.account_uid)
    reason = (entry.values or {}).get("reason", "")
    return WithdrawalView(last.gone_on, entry.at, session.exec(by).first() or "", str(reason))


def _standing(reach: Reach, model: type[Requirement | Contribution]) -> list[ColumnElement[bool]]:
    return [reach.lines(model), holds(model, None)]


def _asked(
    model: type[Requirement | Contribution], wanted: LineFilter
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.function is not None:
        found.append(col(model.function_code) == wanted.function)
    if wanted.area is not None:
        found.append(_names(col(model.area_id), Area, wanted.area))
    if wanted.receiver is not None:
        found.append(_names(col(model.receiver_id), Organisation, wanted.receiver))
    return found


def _names(
    number: Mapped[int | None], model: type[Area | Organisation], slug: str
) -> ColumnElement[bool]:
    if not slug:
        return number.is_(None)
    return number.in_(select(model.id).where(col(model.slug) == slug))


def _after(
    rows: Sequence[tuple[Requirement, object]] | Sequence[tuple[Contribution, object]], limit: int
) -> int | None:
    return rows[limit - 1][0].id if len(rows) > limit else None

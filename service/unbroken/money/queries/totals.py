"""Sums of a plan's lines: by currency only, never across stages, pots or pools.

The same money passes several stages and is told once for each; what is passed on out of another
line is inside that one and is counted there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    case,
    exists,
    func,
    literal_column,
)
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from unbroken.money.models import Contribution, ContributionFigure, Requirement
from unbroken.money.queries.lines import holds
from unbroken.money.queries.reach import Reach, reach_of
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.currencies import DOLLAR
from unbroken.money.rules.words import Basis, Pot, Stage
from unbroken.people.rules import Actor
from unbroken.plans.queries.rows import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """So many lines, of which ``unstated`` have no amount; the sums are of the others.

    ``amount`` is in ``currency``; sums are ``None`` where no line states one.
    """

    currency: str
    lines: int
    unstated: int
    amount: Decimal | None
    usd: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedSum(Sum):
    """What is needed: stated, or estimated."""

    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSum(Sum):
    """What has come as far as a stage, of one pot, for functions or as a pool."""

    pot: Pot
    stage: Stage
    is_pool: bool


AnySum = TypeVar("AnySum", NeedSum, StageSum)


@dataclass(frozen=True, slots=True)
class TotalsView:
    """Sums of the lines that a reader sees; may be empty.

    ``needs`` and ``money`` are by currency; ``needs_usd`` and ``money_usd`` are the same lines in
    US dollars of their days. ``passed_on`` lines are counted inside others.
    """

    needs: tuple[NeedSum, ...]
    money: tuple[StageSum, ...]
    needs_usd: tuple[NeedSum, ...]
    money_usd: tuple[StageSum, ...]
    passed_on: int


def totals(session: Session, plan: Ref, *, actor: Actor) -> TotalsView:
    """Return the sums of a plan's lines as far as the actor sees them, from asked to paid.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
        Forbidden: the actor sees no lines.
    """
    reach = reach_of(session, plan, actor=actor)
    needs = [
        NeedSum(basis=basis, **_sums(rest)) for basis, *rest in session.execute(_of_needs(reach))
    ]
    money = [
        StageSum(pot=pot, stage=stage, is_pool=bool(pool), **_sums(rest))
        for pot, stage, pool, *rest in session.execute(_of_money(reach))
    ]
    needs.sort(key=lambda each: (_need_key(each), each.currency))
    money.sort(key=lambda each: (_stage_key(each), each.currency))
    return TotalsView(
        needs=tuple(needs),
        money=tuple(money),
        needs_usd=tuple(_in_usd(group) for _key, group in groupby(needs, _need_key)),
        money_usd=tuple(_in_usd(group) for _key, group in groupby(money, _stage_key)),
        passed_on=session.execute(_passed_on(reach)).scalar_one(),
    )


def _need_key(each: NeedSum) -> tuple[int, ...]:
    return (list(Basis).index(each.basis),)


def _stage_key(each: StageSum) -> tuple[int, ...]:
    return (each.is_pool, list(Pot).index(each.pot), list(Stage).index(each.stage))


def _in_usd(group: Iterable[AnySum]) -> AnySum:
    """Return the sum of one group in dollars."""
    sums = list(group)
    stated = [each.usd for each in sums if each.usd is not None]
    usd = sum(stated, Decimal(0)) if stated else None
    lines, unstated = sum(each.lines for each in sums), sum(each.unstated for each in sums)
    return replace(sums[0], currency=DOLLAR, lines=lines, unstated=unstated, amount=usd, usd=usd)


def _sums(row: Sequence[Any]) -> dict[str, Any]:
    currency, lines, unstated, units, usd = row
    return {
        "currency": currency,
        "lines": lines,
        "unstated": unstated,
        "amount": None if units is None else to_amount(units),
        "usd": None if usd is None else to_amount(usd),
    }


def _measures(model: type[Requirement | ContributionFigure]) -> list[ColumnElement[Any]]:
    return [
        func.count(),
        func.sum(case((col(model.units).is_(None), 1), else_=0), type_=Integer),
        func.sum(col(model.units), type_=BigInteger),
        func.sum(col(model.usd_units), type_=BigInteger),
    ]


def _of_needs(reach: Reach) -> Select[*tuple[Any, ...]]:
    keys = (col(Requirement.basis), col(Requirement.currency))
    standing = (reach.lines(Requirement), holds(Requirement, None))
    return sa_select(*keys, *_measures(Requirement)).where(*standing).group_by(*keys)


def _of_money(reach: Reach) -> Select[*tuple[Any, ...]]:
    # what is grouped by must have no parameters: PostgreSQL does not know them a second time
    pool = (func.length(col(Contribution.function_code)) == literal_column("0")).label("pool")
    keys = (col(Contribution.pot), col(ContributionFigure.stage), pool, col(Contribution.currency))
    standing = (reach.lines(Contribution), holds(Contribution, None))
    return (
        sa_select(*keys, *_measures(ContributionFigure))
        .join(Contribution, col(Contribution.id) == ContributionFigure.contribution_id)
        .where(*standing, ~_is_part(reach))
        .group_by(*keys)
    )


def _passed_on(reach: Reach) -> Select[int]:
    standing = (reach.lines(Contribution), holds(Contribution, None))
    return sa_select(func.count()).select_from(Contribution).where(*standing, _is_part(reach))


def _is_part(reach: Reach) -> ColumnElement[bool]:
    """Return the condition that a line is passed on out of one that is counted beside it."""
    whole = aliased(Contribution)
    return exists().where(
        col(whole.line_uid) == col(Contribution.part_of_uid),
        reach.lines(whole),
        holds(whole, None),
    )

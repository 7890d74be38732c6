"""Rows of money with their names, and the views made of them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from unbroken.money.models import Contribution, ContributionFigure, Requirement
from unbroken.money.queries.lines import figures_of
from unbroken.money.queries.views import (
    AmountView,
    ContributionView,
    FigureView,
    RequirementView,
)
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.words import Basis
from unbroken.people.models import Account, Organisation
from unbroken.plans.models import Area, Plan

RECEIVER, DONOR = aliased(Organisation), aliased(Organisation)
Names = tuple[Plan, Area | None, Organisation | None, str | None]


def needs_statement(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the statement of requirements with their names; each row makes ``need_views``."""
    return (
        sa_select(Requirement, Plan, Area, RECEIVER, col(Account.handle))
        .join(Plan, col(Plan.id) == Requirement.plan_id)
        .outerjoin(Area, col(Area.id) == Requirement.area_id)
        .outerjoin(RECEIVER, col(RECEIVER.id) == Requirement.receiver_id)
        .outerjoin(Account, col(Account.uid) == Requirement.made_by_uid)
        .where(*conditions)
    )


def money_statement(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the statement of contributions with their names; each row makes ``money_views``."""
    return (
        sa_select(Contribution, Plan, Area, RECEIVER, col(Account.handle), DONOR)
        .join(Plan, col(Plan.id) == Contribution.plan_id)
        .outerjoin(Area, col(Area.id) == Contribution.area_id)
        .outerjoin(RECEIVER, col(RECEIVER.id) == Contribution.receiver_id)
        .outerjoin(Account, col(Account.uid) == Contribution.made_by_uid)
        .outerjoin(DONOR, col(DONOR.id) == Contribution.donor_id)
        .where(*conditions)
    )


def need_views(
    session: Session, statement: Select[*tuple[Any, ...]]
) -> list[tuple[Requirement, RequirementView]]:
    """Return the rows of a statement of requirements, each with its view, in its order."""
    return [
        (
            row,
            RequirementView(
                **_common(row, names),
                basis=row.basis,
                is_estimate=row.basis is not Basis.STATED,
                money=amount_view(row),
            ),
        )
        for row, *names in session.execute(statement)
    ]


def money_views(
    session: Session, statement: Select[*tuple[Any, ...]]
) -> list[tuple[Contribution, ContributionView]]:
    """Return the rows of a statement of contributions, each with its view, in its order."""
    rows = session.execute(statement).all()
    figures = figures_of(session, [row[0].id for row in rows])
    return [(row, _contribution(row, names, donor, figures[row.id])) for row, *names, donor in rows]


def _contribution(
    row: Contribution,
    names: Sequence[Any],
    donor: Organisation | None,
    figures: Sequence[ContributionFigure],
) -> ContributionView:
    return ContributionView(
        **_common(row, names),
        donor="" if donor is None else donor.slug,
        donor_name="" if donor is None else donor.name,
        pot=row.pot,
        is_pool=not row.function_code,
        part_of=row.part_of_uid,
        figures=tuple(_figures(figures)),
    )


def _figures(rows: Sequence[ContributionFigure]) -> Iterator[FigureView]:
    for row in rows:
        yield FigureView(stage=row.stage, money=amount_view(row), on=row.on, due_on=row.due_on)


def amount_view(row: Requirement | ContributionFigure) -> AmountView:
    """Return the amount of a row with its dollars and rate; ``None`` where it is not stated."""
    return AmountView(
        amount=None if row.units is None else to_amount(row.units),
        usd=None if row.usd_units is None else to_amount(row.usd_units),
        usd_rate=Decimal(row.usd_rate) if row.usd_rate else None,
        rate_on=row.rate_on,
        rate_source=row.rate_source,
    )


def _common(row: Requirement | Contribution, names: Sequence[Any]) -> dict[str, Any]:
    plan, area, receiver, handle = names
    return {
        "uid": row.line_uid,
        "number": row.number,
        "change": row.change,
        "plan": plan.slug,
        "function": row.function_code,
        "area": "" if area is None else area.slug,
        "area_name": "" if area is None else area.name,
        "receiver": "" if receiver is None else receiver.slug,
        "receiver_name": "" if receiver is None else receiver.name,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "currency": row.currency,
        "title": row.title,
        "reason": row.reason,
        "source": row.source,
        "illustrative": row.illustrative,
        "known_on": row.known_on,
        "gone_on": row.gone_on,
        "made_at": row.made_at,
        "made_by": handle or "",
    }


def plan_uid_of(
    session: Session, model: type[Requirement | Contribution], uid: UUID
) -> UUID | None:
    """Return the plan of a line, ``None`` where ``model`` has no such line."""
    query = select(Plan.uid).join(model, col(model.plan_id) == Plan.id)
    return session.exec(query.where(model.line_uid == uid)).first()

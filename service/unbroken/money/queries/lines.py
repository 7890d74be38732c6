"""The lines of a plan as the rules read them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.money.models import Contribution, ContributionFigure, Requirement
from unbroken.money.rules.lines import Figure, MoneyLine, NeedLine, Place
from unbroken.money.rules.words import Stage
from unbroken.people.models import Organisation
from unbroken.plans.models import Area, Plan


def functions_of(session: Session, plan: Plan) -> dict[str, FunctionRow]:
    """Return the functions of the plan's edition by code."""
    query = select(FunctionRow).join(EditionRow).where(EditionRow.name == plan.edition)
    return {row.code: row for row in session.exec(query)}


def holds(model: type[Requirement | Contribution], on: date | None) -> ColumnElement[bool]:
    """Return the condition that a line holds: now for ``None``, else with what was known ``on``."""
    if on is None:
        return col(model.gone_on).is_(None)
    still = or_(col(model.gone_on).is_(None), col(model.gone_on) > on)
    return (col(model.known_on) <= on) & still


def need_lines(session: Session, plan_id: int, *, on: date | None = None) -> list[NeedLine]:
    """Return the requirements of a plan in the order in which they were entered."""
    query = (
        select(Requirement, Area.uid, Organisation.uid)
        .join(Area, col(Area.id) == Requirement.area_id, isouter=True)
        .join(Organisation, col(Organisation.id) == Requirement.receiver_id, isouter=True)
        .where(Requirement.plan_id == plan_id, holds(Requirement, on))
        .order_by(col(Requirement.id))
    )
    return [
        NeedLine(
            uid=row.line_uid,
            place=Place(row.function_code, _text(area), _text(receiver)),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            usd=row.usd_units,
            basis=row.basis,
        )
        for row, area, receiver in session.exec(query)
    ]


def money_lines(
    session: Session, plan_id: int, *conditions: ColumnElement[bool], on: date | None = None
) -> list[MoneyLine]:
    """Return the contributions of a plan, or those of them that fit, in the order of entry."""
    query = (
        select(Contribution, Area.uid, Organisation.uid)
        .join(Area, col(Area.id) == Contribution.area_id, isouter=True)
        .join(Organisation, col(Organisation.id) == Contribution.receiver_id, isouter=True)
        .where(Contribution.plan_id == plan_id, holds(Contribution, on), *conditions)
        .order_by(col(Contribution.id))
    )
    rows = session.exec(query).all()
    figures = figures_of(session, [row.id for row, *_rest in rows if row.id is not None])
    donors = _slugs(session, [row.donor_id for row, *_rest in rows])
    return [
        MoneyLine(
            uid=row.line_uid,
            place=Place(row.function_code, _text(area), _text(receiver)),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            pot=row.pot,
            figures={each.stage: figure_of(each) for each in figures[row.id or 0]},
            donor="" if row.donor_id is None else donors[row.donor_id],
            currency=row.currency,
            part_of=row.part_of_uid,
        )
        for row, area, receiver in rows
    ]


def figures_of(
    session: Session, contribution_ids: Iterable[int]
) -> dict[int, list[ContributionFigure]]:
    """Return the figures of contributions, by the contribution's number, from asked to paid."""
    found: dict[int, list[ContributionFigure]] = defaultdict(list)
    ids = list(contribution_ids)
    for start in range(0, len(ids), 500):
        meant = col(ContributionFigure.contribution_id).in_(ids[start : start + 500])
        for row in session.exec(select(ContributionFigure).where(meant)):
            found[row.contribution_id].append(row)
    order = list(Stage)
    for rows in found.values():
        rows.sort(key=lambda row: order.index(row.stage))
    return found


def figure_of(row: ContributionFigure) -> Figure:
    """Return a stored figure as the rules read it."""
    rate = Decimal(row.usd_rate) if row.usd_rate else None
    return Figure(units=row.units, usd_rate=rate, on=row.on, due_on=row.due_on)


def _slugs(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = sorted({each for each in ids if each is not None})
    query = select(Organisation.id, Organisation.slug).where(col(Organisation.id).in_(wanted))
    return {number: slug for number, slug in session.exec(query) if number is not None}


def _text(uid: object) -> str:
    return "" if uid is None else str(uid)

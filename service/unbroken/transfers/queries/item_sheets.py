"""Items of a plan as a workbook shows them: with place, receiver, day and text; for thousands."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place, sees_detail
from unbroken.plans.models import Area, FunctionArea, Plan, TimetableStep
from unbroken.plans.queries.rows import country_of
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries.checklist_filters import Reading, joined
from unbroken.transfers.queries.item_rows import ItemRow, item_rows
from unbroken.transfers.queries.lines import Line, Lines
from unbroken.transfers.queries.rows import RECEIVER


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One item with what stands around it; ``due_on`` is ``None`` where nothing dates it."""

    row: ItemRow
    area: str
    receiver: str
    dimension: str
    due_on: date | None
    line: Line


def sheet_items(session: Session, plan: Plan, *, actor: Actor, on: date) -> list[SheetItem]:
    """Return the items of ``plan`` that the actor may see, by area, function and capacity.

    Days in areas whose closings are not public are for who sees detail.
    """
    detail = sees_detail(actor, Place(plan.uid, country_of(session, plan)))
    statement = _statement(plan, Reading(actor=actor, on=on, detail=detail))
    rows = {row.id: row for row in item_rows(session, plan.id or 0).values()}
    lines = Lines(session)
    return [_item(found, rows[found.id], lines) for found in session.execute(statement)]


def _item(found: Row[Any], row: ItemRow, lines: Lines) -> SheetItem:
    own = Line(found.text, found.wanted_evidence)
    return SheetItem(
        row=row,
        area=found.area,
        receiver=found.receiver,
        dimension=found.dimension.value,
        due_on=found.due_on,
        line=own if row.is_added else lines.at(found.edition, row.code, row.item_id),
    )


def _statement(plan: Plan, reading: Reading) -> Select[Any]:
    columns: list[Any] = [
        *(col(Item.id), col(Item.edition), col(Item.text), col(Item.wanted_evidence)),
        *(col(Area.slug).label("area"), col(RECEIVER.slug).label("receiver")),
        *(col(Capacity.dimension), col(TimetableStep.due_on)),
    ]
    order: list[Any] = [
        *(col(Area.position), col(Area.slug), col(FunctionArea.tier)),
        *(col(FunctionArea.function_code), col(Transfer.id), col(Capacity.id), col(Item.id)),
    ]
    return joined(reading, *columns).where(col(Plan.id) == plan.id).order_by(*order)


def bodies_of(session: Session, plan: Plan) -> list[str]:
    """Return the slugs of the organisations that give or receive in ``plan``, in order."""
    statement = (
        sa_select(col(Organisation.slug))
        .join(
            Transfer,
            (col(Transfer.giver_id) == Organisation.id)
            | (col(Transfer.receiver_id) == Organisation.id),
        )
        .where(col(Transfer.plan_id) == plan.id)
        .distinct()
        .order_by(col(Organisation.slug))
    )
    return list(session.execute(statement).scalars())

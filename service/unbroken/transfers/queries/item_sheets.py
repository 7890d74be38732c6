"""Items of a plan as a workbook shows them: with place, receiver, day and text; for thousands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, true
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place, sees_detail
from unbroken.plans.models import (
    Area,
    FunctionArea,
    Mission,
    Plan,
    Revision,
    RevisionState,
    TimetableStep,
)
from unbroken.plans.queries.rows import country_of
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries.item_rows import ItemRow, item_rows
from unbroken.transfers.queries.lines import Line, Lines
from unbroken.transfers.queries.rows import GIVER, RECEIVER, seen_by


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One item with what stands around it; ``due_on`` is ``None`` where nothing dates it."""

    row: ItemRow
    area: str
    receiver: str
    dimension: str
    due_on: date | None
    line: Line


def sheet_items(session: Session, plan: Plan, *, actor: Actor) -> list[SheetItem]:
    """Return the items of ``plan`` that the actor may see, by area, function and capacity.

    Days in areas whose closings are not public are for who sees detail.
    """
    rows = item_rows(session, plan.id or 0)
    lines = Lines(session)
    return list(
        _sheet_items(
            session, plan, rows={row.id: row for row in rows.values()}, lines=lines, actor=actor
        )
    )


def _sheet_items(
    session: Session, plan: Plan, *, rows: dict[int, ItemRow], lines: Lines, actor: Actor
) -> Iterator[SheetItem]:
    place = Place(plan.uid, country_of(session, plan))
    for found in session.execute(_statement(plan, actor, detail=sees_detail(actor, place))):
        row = rows[found.id]
        yield SheetItem(
            row=row,
            area=found.area,
            receiver=found.receiver,
            dimension=found.dimension.value,
            due_on=found.due_on,
            line=_line(found, row, lines),
        )


def _line(found: Row[Any], row: ItemRow, lines: Lines) -> Line:
    if row.is_added:
        return Line(found.text, found.wanted_evidence)
    return lines.at(found.edition, row.code, row.item_id)


def _statement(plan: Plan, actor: Actor, *, detail: bool) -> Select[Any]:
    columns: list[Any] = [
        *(col(Item.id), col(Item.edition), col(Item.text), col(Item.wanted_evidence)),
        *(col(Area.slug).label("area"), col(RECEIVER.slug).label("receiver")),
        *(col(Capacity.dimension), col(TimetableStep.due_on)),
    ]
    in_force = and_(col(Revision.plan_id) == plan.id, col(Revision.state) == RevisionState.IN_FORCE)
    dated = and_(
        col(TimetableStep.revision_id) == Revision.id,
        col(TimetableStep.function_area_id) == Item.function_area_id,
        col(TimetableStep.step) == Item.step,
        true() if detail else col(Area.closings_public).is_(True),
    )
    return (
        sa_select(*columns)
        .select_from(Item)
        .join(Capacity, col(Capacity.id) == Item.capacity_id)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(FunctionArea, col(FunctionArea.id) == Item.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Plan, col(Plan.id) == Transfer.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
        .outerjoin(Revision, in_force)
        .outerjoin(TimetableStep, dated)
        .where(col(Plan.id) == plan.id, seen_by(actor))
        .order_by(
            col(Area.position),
            col(Area.slug),
            col(FunctionArea.tier),
            col(FunctionArea.function_code),
            col(Transfer.id),
            col(Capacity.id),
            col(Item.id),
        )
    )


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

"""Lists of transfers and checklist items, within what an actor may see."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from unbroken.kit.errors import NotFound
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor
from unbroken.plans.models import Area, FunctionArea, Mission, Plan
from unbroken.plans.queries.rows import Ref, names_plan
from unbroken.transfers.models import (
    Capacity,
    Item,
    Transfer,
)
from unbroken.transfers.queries.lines import Line, Lines
from unbroken.transfers.queries.rows import GIVER, RECEIVER, seen_by
from unbroken.transfers.rules.words import (
    Classification,
    ItemState,
    TransferKind,
    TransferState,
)

LIMIT = 50


@dataclass(frozen=True, slots=True)
class TransferEntry:
    """One transfer in a list; ``area``, ``giver`` and ``receiver`` are slugs."""

    uid: UUID
    version: int
    plan: str
    function: str
    tier: int
    area: str
    area_name: str
    kind: TransferKind
    state: TransferState
    giver: str
    receiver: str
    receiver_name: str
    is_lead: bool
    starts_on: date | None
    ends_on: date | None
    declined_on: date | None
    touched_on: date
    illustrative: bool


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One line of a checklist with the capacity and transfer it belongs to."""

    uid: UUID
    version: int
    plan: str
    transfer: UUID
    capacity: UUID
    function: str
    area: str
    item_id: str
    step: str
    text: str
    wanted_evidence: str
    state: ItemState
    done_on: date | None
    reason: str
    evidence_title: str
    evidence_on: date | None
    evidence_class: Classification | None
    evidence_custodian: str
    evidence_until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which checklist items are wanted; what is left out does not narrow."""

    plan: Ref | None = None
    transfer_uid: UUID | None = None
    uid: UUID | None = None
    state: ItemState | None = None


def transfer_list(
    session: Session, *, actor: Actor, plan: Ref | None = None, after: int = 0, limit: int = LIMIT
) -> list[tuple[int, TransferEntry]]:
    """Return transfers the actor may see, as they were made, each with its key for ``after``."""
    statement = (
        sa_select(Transfer, FunctionArea, Area, Plan, GIVER, RECEIVER)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Plan, col(Plan.id) == Transfer.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
        .where(seen_by(actor), col(Transfer.id) > after, *_of_plan(plan))
        .order_by(col(Transfer.id))
        .limit(limit)
    )
    return [(row[0].id or 0, _transfer(*row)) for row in session.execute(statement)]


def item_list(
    session: Session, wanted: ItemFilter, *, actor: Actor, after: int = 0, limit: int = LIMIT
) -> list[tuple[int, ItemEntry]]:
    """Return checklist items the actor may see, as they were made, each with its key."""
    statement = (
        sa_select(Item, Capacity, Transfer, FunctionArea, Area, Plan)
        .join(Capacity, col(Capacity.id) == Item.capacity_id)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Plan, col(Plan.id) == Transfer.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
        .where(seen_by(actor), col(Item.id) > after, *_conditions(wanted))
        .order_by(col(Item.id))
        .limit(limit)
    )
    lines = Lines(session)
    rows = [_ItemRow(*row) for row in session.execute(statement)]
    return [
        (row.item.id or 0, _item(row, lines.of(row.item, row.there.function_code))) for row in rows
    ]


def find_item(session: Session, uid: UUID, *, actor: Actor) -> ItemEntry:
    """Return one checklist item.

    Raises:
        NotFound: there is none that the actor may see.
    """
    found = item_list(session, ItemFilter(uid=uid), actor=actor, limit=1)
    if not found:
        raise NotFound("There is no item {item}.", item=str(uid))
    return found[0][1]


class _ItemRow(NamedTuple):
    """One item and the rows around it."""

    item: Item
    capacity: Capacity
    transfer: Transfer
    there: FunctionArea
    area: Area
    plan: Plan


def _conditions(wanted: ItemFilter) -> list[ColumnElement[bool]]:
    given = (
        (col(Transfer.uid), wanted.transfer_uid),
        (col(Item.uid), wanted.uid),
        (col(Item.state), wanted.state),
    )
    return [
        *_of_plan(wanted.plan),
        *(column == value for column, value in given if value is not None),
    ]


def _of_plan(plan: Ref | None) -> list[ColumnElement[bool]]:
    return [] if plan is None else [names_plan(plan)]


def _transfer(
    row: Transfer,
    there: FunctionArea,
    area: Area,
    plan: Plan,
    giver: Organisation,
    receiver: Organisation,
) -> TransferEntry:
    return TransferEntry(
        uid=row.uid,
        version=row.version,
        plan=plan.slug,
        function=there.function_code,
        tier=there.tier,
        area=area.slug,
        area_name=area.name,
        kind=row.kind,
        state=row.state,
        giver=giver.slug,
        receiver=receiver.slug,
        receiver_name=receiver.name,
        is_lead=row.is_lead,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        declined_on=row.declined_on,
        touched_on=row.touched_on,
        illustrative=row.illustrative,
    )


def _item(found: _ItemRow, line: Line) -> ItemEntry:
    row = found.item
    return ItemEntry(
        uid=row.uid,
        version=row.version,
        plan=found.plan.slug,
        transfer=found.transfer.uid,
        capacity=found.capacity.uid,
        function=found.there.function_code,
        area=found.area.slug,
        item_id=row.item_id,
        step=row.step,
        text=line.text,
        wanted_evidence=line.wanted_evidence,
        state=row.state,
        done_on=row.done_on,
        reason=row.reason,
        evidence_title=row.evidence_title,
        evidence_on=row.evidence_on,
        evidence_class=row.evidence_class,
        evidence_custodian=row.evidence_custodian,
        evidence_until_on=row.evidence_until_on,
    )

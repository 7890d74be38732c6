"""Lists of checklist items for programs, within what an actor may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row
from sqlmodel import Session, col

from unbroken.functions.rules import Dimension
from unbroken.kit.errors import NotFound
from unbroken.people.models import Account
from unbroken.people.rules import Actor, Role
from unbroken.plans.models import Area, FunctionArea, Plan, TimetableStep
from unbroken.plans.queries.rows import Ref, names_plan
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries.checklist_filters import (
    ASSIGNED,
    Reading,
    View,
    conditions_of,
    joined,
)
from unbroken.transfers.queries.lines import Line, Lines
from unbroken.transfers.rules.words import Classification, ItemState

LIMIT = 50


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One line of a checklist with the capacity and transfer it belongs to.

    ``edition`` is the one whose words it has, empty for a line that was added. ``in_content`` is
    whether a signature over the capacity covers it, ``retired_in`` the edition that no longer asks
    for it. ``due_on`` is null where no timetable in force dates it or its day is not public.
    ``assigned_to`` is an organisation's slug, ``mailbox`` an account's handle; both may be empty.
    ``aside_reason`` says why somebody asks that it be set aside, while that ``waits``.
    """

    uid: UUID
    version: int
    plan: str
    transfer: UUID
    capacity: UUID
    dimension: Dimension
    function: str
    tier: int
    area: str
    item_id: str
    step: str
    due_on: date | None
    text: str
    wanted_evidence: str
    edition: str
    is_added: bool
    in_content: bool
    retired_in: str | None
    assigned_to: str
    mailbox: str
    waits: bool
    aside_reason: str
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
    """Which checklist items are wanted; what is left out does not narrow. ``area`` is a slug."""

    plan: Ref | None = None
    transfer_uid: UUID | None = None
    uid: UUID | None = None
    state: ItemState | None = None
    area: str | None = None
    function: str | None = None
    capacity: Dimension | None = None
    tier: int | None = None
    view: View | None = None


def item_list(
    session: Session,
    wanted: ItemFilter,
    *,
    actor: Actor,
    on: date,
    after: int = 0,
    limit: int = LIMIT,
) -> list[tuple[int, ItemEntry]]:
    """Return checklist items the actor may see, as they were made, each with its key.

    Views are those of the day ``on``.
    """
    reading = Reading(actor=actor, on=on, detail=_sees_every_day(actor))
    statement = (
        joined(reading, *_columns())
        .where(col(Item.id) > after, *_conditions(wanted, reading))
        .order_by(col(Item.id))
        .limit(limit)
    )
    lines = Lines(session)
    return [
        (row.Item.id or 0, _entry(row, lines.of(row.Item, row.function_code)))
        for row in session.execute(statement)
    ]


def find_item(session: Session, uid: UUID, *, actor: Actor) -> ItemEntry:
    """Return one checklist item.

    Raises:
        NotFound: there is none that the actor may see.
    """
    found = item_list(session, ItemFilter(uid=uid), actor=actor, on=date.min, limit=1)
    if not found:
        raise NotFound("There is no item {item}.", item=str(uid))
    return found[0][1]


def _sees_every_day(actor: Actor) -> bool:
    """Return whether days that are not public are shown; a donor sees them in no plan."""
    return all(grant.role is not Role.DONOR for grant in actor.grants)


def _conditions(wanted: ItemFilter, reading: Reading) -> list[ColumnElement[bool]]:
    given = (
        (col(Transfer.uid), wanted.transfer_uid),
        (col(Item.uid), wanted.uid),
        (col(Item.state), wanted.state),
        (col(Area.slug), wanted.area),
        (col(FunctionArea.function_code), wanted.function),
        (col(Capacity.dimension), wanted.capacity),
        (col(FunctionArea.tier), wanted.tier),
    )
    found = [column == value for column, value in given if value is not None]
    if wanted.plan is not None:
        found.append(names_plan(wanted.plan))
    return found if wanted.view is None else [*found, conditions_of(reading)[wanted.view]]


def _columns() -> list[Any]:
    return [
        *(Item, col(Plan.slug).label("plan"), col(Transfer.uid).label("transfer")),
        *(col(Capacity.uid).label("capacity"), col(Capacity.dimension)),
        *(col(FunctionArea.function_code), col(FunctionArea.tier), col(Area.slug).label("area")),
        *(col(TimetableStep.due_on), col(ASSIGNED.slug).label("assigned_to")),
        col(Account.handle).label("mailbox"),
    ]


def _entry(found: Row[Any], line: Line) -> ItemEntry:
    row: Item = found.Item
    return ItemEntry(
        uid=row.uid,
        version=row.version,
        plan=found.plan,
        transfer=found.transfer,
        capacity=found.capacity,
        dimension=found.dimension,
        function=found.function_code,
        tier=found.tier,
        area=found.area,
        item_id=row.item_id,
        step=row.step,
        due_on=found.due_on,
        text=line.text,
        wanted_evidence=line.wanted_evidence,
        edition=row.edition,
        is_added=row.is_added,
        in_content=row.in_content,
        retired_in=row.retired_in,
        assigned_to=found.assigned_to or "",
        mailbox=found.mailbox or "",
        waits=bool(row.aside_reason),
        aside_reason=row.aside_reason,
        state=row.state,
        done_on=row.done_on,
        reason=row.reason,
        evidence_title=row.evidence_title,
        evidence_on=row.evidence_on,
        evidence_class=row.evidence_class,
        evidence_custodian=row.evidence_custodian,
        evidence_until_on=row.evidence_until_on,
    )

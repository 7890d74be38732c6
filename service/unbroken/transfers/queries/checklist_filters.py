"""Which checklist items are wanted, how they are sorted and grouped, and what each view means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, null, or_, true
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from unbroken.functions.rules import Dimension
from unbroken.people.models import Account, Organisation
from unbroken.people.rules import Actor
from unbroken.plans.models import (
    Area,
    FunctionArea,
    Mission,
    Plan,
    Revision,
    RevisionState,
    TimetableStep,
)
from unbroken.plans.queries.rows import Ref, names_plan
from unbroken.transfers.models import Capacity, Item, ItemComment, Transfer
from unbroken.transfers.queries.rows import GIVER, RECEIVER, seen_by
from unbroken.transfers.rules.words import CapacityState, ItemState

SOON = timedelta(days=30)
ASSIGNED = aliased(Organisation)
NOBODYS = (
    *(CapacityState.ENDED, CapacityState.NOT_APPLICABLE),
    *(CapacityState.WITHDRAWN, CapacityState.DECLINED),
)
"""States of a capacity whose items are nobody's work any more."""


class View(StrEnum):
    """A part of a checklist; see ``conditions_of`` for what falls under each."""

    ALL = "all"
    OPEN = "open"
    OVERDUE = "overdue"
    SOON = "soon"
    UNKNOWN = "unknown"
    MINE = "mine"
    WAITING = "waiting"
    DONE = "done"
    ASIDE = "aside"
    ADDED = "added"
    HISTORY = "history"


class Sort(StrEnum):
    """By what items stand one after the other."""

    DUE = "due"
    FUNCTION = "function"
    AREA = "area"
    STATE = "state"


class Group(StrEnum):
    """Under which headings items stand."""

    NONE = "none"
    FUNCTION = "function"
    AREA = "area"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistFilter:
    """Which items are wanted; what is left out does not narrow. ``receiver`` and ``area``: slugs.

    Without ``plan`` those of every plan that the reader sees.
    """

    plan: Ref | None = None
    view: View = View.ALL
    tier: int | None = None
    function: str = ""
    area: str = ""
    capacity: Dimension | None = None
    receiver: str = ""
    sort: Sort = Sort.DUE
    group: Group = Group.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who reads a checklist on which civil day.

    Without ``detail`` days of areas whose closings are not public stay hidden.
    """

    actor: Actor
    on: date
    detail: bool


def joined(reading: Reading, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """Return the statement over every item that the reader may see, dated by what is in force."""
    is_dated = and_(
        col(TimetableStep.revision_id) == Revision.id,
        col(TimetableStep.function_area_id) == Item.function_area_id,
        col(TimetableStep.step) == Item.step,
        true() if reading.detail else col(Area.closings_public).is_(True),
    )
    in_force = and_(col(Revision.plan_id) == Plan.id, col(Revision.state) == RevisionState.IN_FORCE)
    return (
        sa_select(*columns)
        .select_from(Plan)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .join(FunctionArea, col(FunctionArea.plan_id) == Plan.id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Item, col(Item.function_area_id) == FunctionArea.id)
        .join(Capacity, col(Capacity.id) == Item.capacity_id)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
        .outerjoin(ASSIGNED, col(ASSIGNED.id) == Item.assigned_to_id)
        .outerjoin(Account, col(Account.id) == Item.assigned_account_id)
        .outerjoin(Revision, in_force)
        .outerjoin(TimetableStep, is_dated)
        .where(seen_by(reading.actor))
    )


def narrowed(wanted: ChecklistFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter but for its view."""
    given = (
        (col(FunctionArea.tier), wanted.tier),
        (col(FunctionArea.function_code), wanted.function),
        (col(Area.slug), wanted.area),
        (col(Capacity.dimension), wanted.capacity),
        (col(RECEIVER.slug), wanted.receiver),
    )
    return [*of_plan(wanted.plan), *(column == value for column, value in given if value)]


def of_plan(plan: Ref | None) -> list[ColumnElement[bool]]:
    """Return the condition that items are of a plan; none without one."""
    return [] if plan is None else [names_plan(plan)]


def is_overdue(reading: Reading) -> ColumnElement[bool]:
    """Return the condition that an item is past its date, or that its evidence has expired.

    The day itself is still in time. The same as the rule ``item-overdue`` finds.
    """
    late = and_(col(Item.state) == ItemState.OPEN, col(TimetableStep.due_on) < reading.on)
    expired = and_(col(Item.state) == ItemState.DONE, col(Item.evidence_until_on) < reading.on)
    return or_(late, expired)


def conditions_of(reading: Reading) -> Mapping[View, ColumnElement[bool]]:
    """Return what falls under each view on the reader's day.

    ``HISTORY`` is what is no longer asked for: retired items, and those of capacities that have
    ended; no other view has any of it. ``UNKNOWN`` is open, and nothing stands beside it: no
    reason, nobody assigned, no question to set it aside, no comment, though its work should have
    begun or it has no date. ``MINE`` is open and assigned to the reader's mailbox, or to the
    reader's organisation without a mailbox.
    """
    asked = and_(col(Item.retired_in).is_(None), col(Capacity.state).not_in(NOBODYS))
    is_open = and_(asked, col(Item.state) == ItemState.OPEN)
    due = col(TimetableStep.due_on)
    return {
        View.ALL: asked,
        View.OPEN: is_open,
        View.OVERDUE: and_(asked, is_overdue(reading)),
        View.SOON: and_(is_open, due >= reading.on, due <= reading.on + SOON),
        View.UNKNOWN: and_(is_open, _nothing_said(), _should_have_begun(reading)),
        View.MINE: and_(is_open, _is_mine(reading.actor)),
        View.WAITING: and_(asked, col(Item.aside_reason) != ""),
        View.DONE: and_(asked, col(Item.state) == ItemState.DONE),
        View.ASIDE: and_(asked, col(Item.state) == ItemState.NOT_APPLICABLE),
        View.ADDED: and_(asked, col(Item.is_added)),
        View.HISTORY: ~asked,
    }


def order_of(wanted: ChecklistFilter) -> list[ColumnElement[Any]]:
    """Return by what items are ordered: group, sort, then a stable end."""
    due = [col(TimetableStep.due_on).is_(None), col(TimetableStep.due_on)]
    place = [col(Area.position), col(Area.id)]
    grouped: Mapping[Group, list[Any]] = {
        Group.NONE: [],
        Group.FUNCTION: [col(FunctionArea.function_code)],
        Group.AREA: place,
        Group.CAPACITY: [col(Capacity.dimension)],
    }
    sorted_by: Mapping[Sort, list[Any]] = {
        Sort.DUE: due,
        Sort.FUNCTION: [col(FunctionArea.function_code), *due],
        Sort.AREA: [*place, *due],
        Sort.STATE: [_state_order(), *due],
    }
    return [
        *grouped[wanted.group],
        *sorted_by[wanted.sort],
        col(FunctionArea.tier),
        col(FunctionArea.function_code),
        col(Item.item_id),
        col(Item.id),
    ]


def _state_order() -> ColumnElement[int]:
    return case(
        (col(Item.state) == ItemState.OPEN, 0), (col(Item.state) == ItemState.DONE, 1), else_=2
    )


def _nothing_said() -> ColumnElement[bool]:
    commented = exists().where(
        col(ItemComment.item_id) == Item.id, col(ItemComment.withdrawn_at).is_(None)
    )
    return and_(
        col(Item.reason) == "",
        col(Item.aside_reason) == "",
        col(Item.assigned_to_id).is_(None),
        ~commented,
    )


def _should_have_begun(reading: Reading) -> ColumnElement[bool]:
    start = col(TimetableStep.latest_start_on)
    return or_(start.is_(None), start <= reading.on)


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    if actor.account_uid is None:
        return false()
    whole = and_(
        col(Item.assigned_account_id).is_(None),
        col(ASSIGNED.uid) == actor.organisation_uid if actor.organisation_uid else null(),
    )
    return or_(col(Account.uid) == actor.account_uid, whole)

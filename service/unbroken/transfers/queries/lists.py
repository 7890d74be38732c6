"""Lists of capacities: of a plan, and the inbox of an organisation that is to answer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col

from unbroken.functions.rules import Dimension
from unbroken.people.rules import Actor
from unbroken.plans.models import Area, FunctionArea, Plan, PlanState
from unbroken.plans.queries.rows import Ref, as_uid, names_plan
from unbroken.transfers.models import Capacity, Transfer
from unbroken.transfers.queries.cases import capacity_row
from unbroken.transfers.queries.rows import (
    RECEIVER,
    CapacityEntry,
    entry_of,
    joined_rows,
    waits_for_answer,
)
from unbroken.transfers.rules.words import CapacityState

LIMIT = 50
NEVER = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityFilter:
    """Which capacities are wanted; what is left out does not narrow.

    ``plan``, ``area`` and ``receiver`` are slugs or UUIDs, ``function`` is a code.
    """

    plan: Ref | None = None
    area: Ref | None = None
    function: str | None = None
    receiver: Ref | None = None
    transfer_uid: UUID | None = None
    state: CapacityState | None = None
    dimension: Dimension | None = None


@dataclass(frozen=True, slots=True)
class CapacityPage:
    """One page of a list; ``after`` asks for the next one, ``None`` where this is the last."""

    items: tuple[CapacityEntry, ...]
    after: UUID | None


def capacity_list(
    session: Session,
    wanted: CapacityFilter,
    *,
    actor: Actor,
    on: date,
    after: UUID | None = None,
    limit: int = LIMIT,
) -> CapacityPage:
    """Return one page of the capacities that fit, in the order they were made; may be empty.

    Raises:
        NotFound: ``after`` is no capacity.
    """
    conditions = _conditions(wanted)
    if after is not None:
        conditions.append(col(Capacity.id) > capacity_row(session, after).id)
    rows = joined_rows(session, actor, *conditions, limit=limit + 1)
    return _page([entry_of(row, on=on) for row in rows], limit=limit)


def inbox(
    session: Session,
    organisation: Ref,
    *,
    actor: Actor,
    on: date,
    after: UUID | None = None,
    limit: int = LIMIT,
) -> CapacityPage:
    """Return one page of what waits for an organisation's answer, the most urgent first.

    What was signed and has changed since waits too. Without a day to answer by it comes last.
    Offers of a plan that is over are no work any more: they stay unknown on the plan's own pages.

    Raises:
        NotFound: ``after`` is no capacity.
    """
    answer_by = func.coalesce(col(Capacity.answer_by), NEVER)
    living = col(Plan.state).in_((PlanState.OPEN, PlanState.PAUSED))
    conditions = [_is_receiver(organisation), waits_for_answer(), living]
    if after is not None:
        last = capacity_row(session, after)
        day = last.answer_by or NEVER
        later = and_(answer_by == day, col(Capacity.id) > last.id)
        conditions.append(or_(answer_by > day, later))
    rows = joined_rows(session, actor, *conditions, order=(answer_by,), limit=limit + 1)
    return _page([entry_of(row, on=on) for row in rows], limit=limit)


def _conditions(wanted: CapacityFilter) -> list[ColumnElement[bool]]:
    given: list[ColumnElement[bool] | None] = [
        None if wanted.plan is None else names_plan(wanted.plan),
        None if wanted.area is None else _is_area(wanted.area),
        None if wanted.function is None else col(FunctionArea.function_code) == wanted.function,
        None if wanted.receiver is None else _is_receiver(wanted.receiver),
        None if wanted.transfer_uid is None else col(Transfer.uid) == wanted.transfer_uid,
        None if wanted.state is None else col(Capacity.state) == wanted.state,
        None if wanted.dimension is None else col(Capacity.dimension) == wanted.dimension,
    ]
    return [condition for condition in given if condition is not None]


def _is_receiver(ref: Ref) -> ColumnElement[bool]:
    uid = as_uid(ref)
    return col(RECEIVER.slug) == ref if uid is None else col(RECEIVER.uid) == uid


def _is_area(ref: Ref) -> ColumnElement[bool]:
    uid = as_uid(ref)
    return col(Area.slug) == ref if uid is None else col(Area.uid) == uid


def _page(entries: list[CapacityEntry], *, limit: int) -> CapacityPage:
    shown = tuple(entries[:limit])
    more = len(entries) > limit
    return CapacityPage(shown, shown[-1].uid if more and shown else None)

"""Transfers by function and area, and what waits for whom, within what an actor may see."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, tuple_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from unbroken.kit.errors import NotFound
from unbroken.people.rules import Actor
from unbroken.plans.models import (
    Area,
    FunctionArea,
    Mission,
    Plan,
    PlanState,
    Revision,
    RevisionState,
    Timetable,
)
from unbroken.transfers.models import Capacity, Transfer
from unbroken.transfers.queries.acting import stands_of
from unbroken.transfers.queries.lists import NEVER
from unbroken.transfers.queries.rows import (
    GIVER,
    RECEIVER,
    CapacityEntry,
    Joined,
    entry_of,
    joined_rows,
    seen_by,
)
from unbroken.transfers.rules.words import Act, CapacityState

LIMIT = 20
"""How many transfers stand on one page, and how many capacities in one list of what waits."""

LOOKED_AT = 60
OPEN_OFFER = (CapacityState.OFFERED, CapacityState.RECOMMENDED, CapacityState.TIME_ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """Which transfers of a plan are wanted; empty texts and ``None`` do not narrow.

    ``function`` is a code, ``area`` a slug; ``state`` the recorded one of any capacity.
    """

    plan_uid: UUID
    function: str = ""
    area: str = ""
    state: CapacityState | None = None


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One transfer with its capacities (never empty), as they were made."""

    transfer_uid: UUID
    ends_on: date | None
    is_lead: bool
    capacities: tuple[CapacityEntry, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Transfers by tier, function and area; ``after`` asks for the next page, ``None``: no more."""

    lines: tuple[BoardLine, ...]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class DueCheck:
    """A confirmed capacity and the day on which its next check falls due."""

    entry: CapacityEntry
    due_on: date


def transfer_board(
    session: Session,
    wanted: BoardFilter,
    *,
    actor: Actor,
    on: date,
    after: UUID | None = None,
    limit: int = LIMIT,
) -> Board:
    """Return one page of the transfers of which a capacity fits ``wanted``; may be empty.

    Raises:
        NotFound: ``after`` is no transfer.
    """
    query = (
        sa_select(col(Transfer.id), *_ORDER)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Plan, col(Plan.id) == Transfer.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
    )
    page = query.where(seen_by(actor), *_conditions(wanted))
    if after is not None:
        last = session.execute(query.where(col(Transfer.uid) == after)).first()
        if last is None:
            raise NotFound("There is no transfer {transfer}.", transfer=str(after))
        page = page.where(tuple_(*_ORDER) > tuple_(*last[1:]))
    found = [row[0] for row in session.execute(page.order_by(*_ORDER).limit(limit + 1))]
    lines = _lines(session, found[:limit], actor=actor, on=on)
    return Board(lines, lines[-1].transfer_uid if len(found) > limit else None)


def waiting_for_second(
    session: Session, *, actor: Actor, on: date, limit: int = LIMIT
) -> tuple[CapacityEntry, ...]:
    """Return capacities whose act the actor may countersign now, as they were made."""
    rows = joined_rows(session, actor, col(Capacity.pending_uid).is_not(None), limit=LOOKED_AT)
    return _open_for(session, rows, Act.COUNTERSIGN, actor=actor, on=on)[:limit]


def waiting_for_others(
    session: Session, *, actor: Actor, on: date, limit: int = LIMIT
) -> tuple[CapacityEntry, ...]:
    """Return open offers that the actor's side made and may withdraw, the most urgent first.

    Plans that are over are left out: there the giver is gone.
    """
    offered = col(Capacity.state).in_((*OPEN_OFFER, CapacityState.DISPUTED))
    answer_by = func.coalesce(col(Capacity.answer_by), NEVER)
    living = col(Plan.state).in_((PlanState.OPEN, PlanState.PAUSED))
    rows = joined_rows(session, actor, offered, living, order=(answer_by,), limit=LOOKED_AT)
    return _open_for(session, rows, Act.WITHDRAW, actor=actor, on=on)[:limit]


def checks_due(
    session: Session, *, actor: Actor, on: date, limit: int = LIMIT
) -> tuple[DueCheck, ...]:
    """Return confirmed capacities that the actor is to check by ``on``, as they were made."""
    due_on = _next_check()
    query = (
        sa_select(col(Capacity.id), due_on)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(Timetable, col(Timetable.function_area_id) == Transfer.function_area_id)
        .join(Revision, col(Revision.id) == Timetable.revision_id)
        .where(
            col(Revision.state) == RevisionState.IN_FORCE,
            col(Capacity.state) == CapacityState.CONFIRMED,
            due_on <= on,
        )
    )
    days = {row[0]: row[1] for row in session.execute(query.limit(LOOKED_AT * 10))}
    rows = joined_rows(session, actor, col(Capacity.id).in_(days), limit=LOOKED_AT)
    known = {row.capacity.uid: days[row.capacity.id] for row in rows}
    mine = _open_for(session, rows, Act.CHECK, actor=actor, on=on)
    return tuple(DueCheck(entry, known[entry.uid]) for entry in mine[:limit])


_ORDER = (
    col(FunctionArea.tier),
    col(FunctionArea.function_code),
    col(Area.position),
    col(Area.id),
    col(Transfer.id),
)


def _conditions(wanted: BoardFilter) -> list[ColumnElement[bool]]:
    conditions = [col(Plan.uid) == wanted.plan_uid]
    if wanted.function:
        conditions.append(col(FunctionArea.function_code) == wanted.function)
    if wanted.area:
        conditions.append(col(Area.slug) == wanted.area)
    if wanted.state is not None:
        fitting = sa_select(col(Capacity.transfer_id)).where(col(Capacity.state) == wanted.state)
        conditions.append(col(Transfer.id).in_(fitting))
    return conditions


def _lines(
    session: Session, order: Sequence[int], *, actor: Actor, on: date
) -> tuple[BoardLine, ...]:
    rows: defaultdict[int | None, list[Joined]] = defaultdict(list)
    for row in joined_rows(session, actor, col(Transfer.id).in_(order)):
        rows[row.transfer.id].append(row)
    return tuple(_line(rows[number], on=on) for number in order)


def _line(rows: Sequence[Joined], *, on: date) -> BoardLine:
    transfer = rows[0].transfer
    entries = tuple(entry_of(row, on=on) for row in rows)
    return BoardLine(transfer.uid, transfer.ends_on, transfer.is_lead, entries)


def _open_for(
    session: Session, rows: Sequence[Joined], act: Act, *, actor: Actor, on: date
) -> tuple[CapacityEntry, ...]:
    stands = stands_of(session, rows, actor=actor, on=on)
    return tuple(entry_of(row, on=on) for row in rows if act in stands[row.capacity.uid].may)


def _next_check() -> ColumnElement[date]:
    return case(
        (col(Capacity.checked_3_on).is_(None), col(Timetable.check_3_on)),
        (col(Capacity.checked_6_on).is_(None), col(Timetable.check_6_on)),
        (col(Capacity.checked_12_on).is_(None), col(Timetable.check_12_on)),
    )

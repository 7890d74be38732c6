"""What waits for the answer of one organisation, to be read and signed together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from unbroken.kit.db import row_id
from unbroken.people.rules import Actor, OrganisationKind
from unbroken.plans.models import Area, FunctionArea, Mission, Plan, PlanState
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries.acting import stands_of
from unbroken.transfers.queries.board import LIMIT, LOOKED_AT
from unbroken.transfers.queries.cases import function_in
from unbroken.transfers.queries.lists import NEVER
from unbroken.transfers.queries.rows import (
    GIVER,
    RECEIVER,
    CapacityEntry,
    Joined,
    entry_of,
    joined_rows,
    seen_by,
    waits_for_answer,
)
from unbroken.transfers.rules.words import Act, ItemState

LIVING = (PlanState.OPEN, PlanState.PAUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which capacities are meant: those named, else all that wait for an organisation.

    ``plan`` and ``area`` are slugs, ``function`` is a code; empty texts do not narrow.
    """

    organisation: UUID | None = None
    uids: tuple[UUID, ...] = ()
    plan: str = ""
    area: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """One capacity that waits; ``may`` are the acts open to the one who looks.

    ``last_day_on`` is the day by which it must be received. ``parts`` are English titles.
    ``open_items`` counts the lines of
    its checklist that are not done. ``condition`` is the one of an earlier answer, mostly empty.
    """

    entry: CapacityEntry
    may: tuple[Act, ...]
    last_day_on: date | None
    parts: tuple[str, ...]
    open_items: int
    condition: str


def waiting_now(
    session: Session, chosen: Chosen, *, actor: Actor, on: date, limit: int
) -> tuple[WaitingEntry, ...]:
    """Return the capacities that are meant, the most urgent first; at most ``limit``."""
    answer_by = func.coalesce(col(Capacity.answer_by), NEVER)
    conditions = _conditions(chosen)
    rows = joined_rows(session, actor, *conditions, order=(answer_by,), limit=limit)
    return _entries(session, rows, actor=actor, on=on)


def waiting_counts(session: Session, organisation: UUID, *, actor: Actor) -> Mapping[str, int]:
    """Return how many capacities wait for an organisation, by the slug of their plan."""
    statement = (
        sa_select(col(Plan.slug), func.count())
        .select_from(Capacity)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Plan, col(Plan.id) == Transfer.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
        .where(seen_by(actor), *_conditions(Chosen(organisation=organisation)))
        .group_by(Plan.slug)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def waiting_to_attest(
    session: Session, *, actor: Actor, on: date, limit: int = LIMIT
) -> tuple[WaitingEntry, ...]:
    """Return offers to authorities whose answer the actor may attest, the most urgent first."""
    answer_by = func.coalesce(col(Capacity.answer_by), NEVER)
    rows = joined_rows(
        session,
        actor,
        col(RECEIVER.kind) == OrganisationKind.AUTHORITY,
        waits_for_answer(),
        col(Plan.state).in_(LIVING),
        order=(answer_by,),
        limit=LOOKED_AT,
    )
    found = _entries(session, rows, actor=actor, on=on)
    return tuple(each for each in found if Act.ATTEST in each.may)[:limit]


def _conditions(chosen: Chosen) -> list[ColumnElement[bool]]:
    if chosen.uids:
        return [col(Capacity.uid).in_(chosen.uids)]
    named = (
        (col(Plan.slug), chosen.plan),
        (col(Area.slug), chosen.area),
        (col(FunctionArea.function_code), chosen.function),
    )
    return [
        col(RECEIVER.uid) == chosen.organisation,
        waits_for_answer(),
        col(Plan.state).in_(LIVING),
        *(column == wanted for column, wanted in named if wanted),
    ]


def _entries(
    session: Session, rows: Sequence[Joined], *, actor: Actor, on: date
) -> tuple[WaitingEntry, ...]:
    stands = stands_of(session, rows, actor=actor, on=on)
    open_items = _open_items(session, [row_id(row.capacity) for row in rows])
    return tuple(
        WaitingEntry(
            entry=entry_of(row, on=on),
            may=stands[row.capacity.uid].may,
            last_day_on=stands[row.capacity.uid].view.last_day_on,
            parts=_titles(session, row),
            open_items=open_items.get(row_id(row.capacity), 0),
            condition=row.capacity.condition,
        )
        for row in rows
    )


def _titles(session: Session, row: Joined) -> tuple[str, ...]:
    if not row.capacity.parts:
        return ()
    code, edition = row.function_area.function_code, row.capacity.edition
    function = function_in(session, edition=edition, code=code)
    known = {part.key: part.title for need in function.capacities for part in need.parts}
    return tuple(known.get(key, key) for key in sorted(row.capacity.parts))


def _open_items(session: Session, capacities: Sequence[int]) -> dict[int, int]:
    statement = (
        sa_select(col(Item.capacity_id), func.count())
        .where(
            col(Item.capacity_id).in_(capacities),
            col(Item.state) == ItemState.OPEN,
            col(Item.retired_in).is_(None),
        )
        .group_by(col(Item.capacity_id))
    )
    return {row[0]: row[1] for row in session.execute(statement)}

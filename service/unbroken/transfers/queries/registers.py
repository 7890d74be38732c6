"""Lists of transfers, within what an actor may see."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from unbroken.people.models import Organisation
from unbroken.people.rules import Actor
from unbroken.plans.models import Area, FunctionArea, Mission, Plan
from unbroken.plans.queries.rows import Ref, names_plan
from unbroken.transfers.models import Transfer
from unbroken.transfers.queries.rows import GIVER, RECEIVER, seen_by
from unbroken.transfers.rules.words import TransferKind, TransferState

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

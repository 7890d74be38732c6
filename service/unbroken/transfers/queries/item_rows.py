"""Items of a plan as plain rows, with what decides who may change them; made for thousands."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from unbroken.people.models import Account, Organisation
from unbroken.plans.models import FunctionArea
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.rules.items import ItemFacts
from unbroken.transfers.rules.words import TransferKind

AT_ONCE = 500
"""UUIDs named in one statement; more are read with the whole plan."""

GIVER = aliased(Organisation)
RECEIVER = aliased(Organisation)
ASSIGNED = aliased(Organisation)


@dataclass(frozen=True, slots=True)
class Standing:
    """Between whom an item's transfer is: what a signer is judged by."""

    kind: TransferKind
    giver_uid: UUID
    receiver_uid: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item as stored. ``code`` is the function's, ``transfer_id`` the row of its transfer."""

    id: int
    uid: UUID
    version: int
    item_id: str
    facts: ItemFacts
    retired_in: str | None
    is_added: bool
    capacity_id: int
    function_area_id: int
    transfer_id: int
    transfer_uid: UUID
    code: str
    tier: int
    standing: Standing
    aside_by_uid: UUID | None
    aside_organisation_uid: UUID | None


def item_rows(
    session: Session, plan_id: int, uids: Collection[UUID] | None = None
) -> dict[UUID, ItemRow]:
    """Return the items of a plan by UUID, in the order they were made: those named, or all.

    A UUID that is none of the plan's is left out; may be empty.
    """
    statement = _statement().where(col(FunctionArea.plan_id) == plan_id).order_by(col(Item.id))
    if uids is None or len(uids) > AT_ONCE:
        wanted = None if uids is None else set(uids)
        found = session.execute(statement)
        return _by_uid(row for row in found if wanted is None or row.uid in wanted)
    return _by_uid(session.execute(statement.where(col(Item.uid).in_(uids))))


def _by_uid(rows: Iterable[Row[Any]]) -> dict[UUID, ItemRow]:
    return {row.uid: row for row in _rows(rows)}


def _statement() -> Select[Any]:
    item: list[Any] = [
        *(col(Item.id), col(Item.uid), col(Item.version), col(Item.item_id), col(Item.state)),
        *(col(Item.done_on), col(Item.reason), col(Item.evidence_title), col(Item.evidence_on)),
        *(col(Item.evidence_class), col(Item.evidence_custodian), col(Item.evidence_until_on)),
        *(col(Item.aside_reason), col(Item.aside_by_uid), col(Item.aside_organisation_uid)),
        *(col(Item.retired_in), col(Item.is_added), col(Item.capacity_id)),
    ]
    around: list[Any] = [
        *(col(Item.function_area_id), col(Capacity.transfer_id)),
        *(col(Transfer.uid).label("transfer_uid"), col(Transfer.kind)),
        *(col(GIVER.uid).label("giver_uid"), col(RECEIVER.uid).label("receiver_uid")),
        *(col(FunctionArea.function_code), col(FunctionArea.tier)),
        *(col(ASSIGNED.slug).label("assigned_to"), col(Account.handle).label("mailbox")),
    ]
    return (
        sa_select(*item, *around)
        .join(Capacity, col(Capacity.id) == Item.capacity_id)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(FunctionArea, col(FunctionArea.id) == Item.function_area_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
        .outerjoin(ASSIGNED, col(ASSIGNED.id) == Item.assigned_to_id)
        .outerjoin(Account, col(Account.id) == Item.assigned_account_id)
    )


def _rows(rows: Iterable[Row[Any]]) -> Iterator[ItemRow]:
    standings: dict[int, Standing] = {}
    for row in rows:
        if row.transfer_id not in standings:
            standings[row.transfer_id] = Standing(row.kind, row.giver_uid, row.receiver_uid)
        yield ItemRow(
            id=row.id,
            uid=row.uid,
            version=row.version,
            item_id=row.item_id,
            facts=_facts(row),
            retired_in=row.retired_in,
            is_added=row.is_added,
            capacity_id=row.capacity_id,
            function_area_id=row.function_area_id,
            transfer_id=row.transfer_id,
            transfer_uid=row.transfer_uid,
            code=row.function_code,
            tier=row.tier,
            standing=standings[row.transfer_id],
            aside_by_uid=row.aside_by_uid,
            aside_organisation_uid=row.aside_organisation_uid,
        )


def _facts(row: Row[Any]) -> ItemFacts:
    return ItemFacts(
        state=row.state,
        done_on=row.done_on,
        reason=row.reason,
        evidence_title=row.evidence_title,
        evidence_on=row.evidence_on,
        evidence_class=row.evidence_class,
        evidence_custodian=row.evidence_custodian,
        evidence_until_on=row.evidence_until_on,
        assigned_to=row.assigned_to or "",
        mailbox=row.mailbox or "",
        aside_reason=row.aside_reason,
    )

"""Items of a plan as plain rows, with what decides who may change them; made for thousands.

What many items share (transfer, function, organisation, mailbox) is read once and joined here:
fetched with each item it would be most of the cost.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from unbroken.people.models import Account, Organisation
from unbroken.plans.models import FunctionArea
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries.rows import GIVER, RECEIVER
from unbroken.transfers.rules.items import ItemFacts
from unbroken.transfers.rules.words import TransferKind

AT_ONCE = 500
"""UUIDs named in one statement; more are read with the whole plan."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Between whom an item's transfer is: what a signer is judged by."""

    kind: TransferKind
    giver_uid: UUID
    receiver_uid: UUID


class ItemRow(NamedTuple):
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
    around = _around(session, plan_id)
    statement = _statement().where(col(Transfer.plan_id) == plan_id).order_by(col(Item.id))
    if uids is None or len(uids) > AT_ONCE:
        wanted = None if uids is None else set(uids)
        rows = (_row(found, around) for found in session.execute(statement))
        return {row.uid: row for row in rows if wanted is None or row.uid in wanted}
    found = session.execute(statement.where(col(Item.uid).in_(uids)))
    return {row.uid: row for row in (_row(each, around) for each in found)}


class _Place(NamedTuple):
    """What all items of one transfer share."""

    uid: UUID
    code: str
    tier: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class _Around:
    """What items share: transfers, organisations' slugs and accounts' handles by number."""

    places: Mapping[int, _Place]
    organisations: Mapping[int | None, str]
    accounts: Mapping[int | None, str]
    facts: dict[ItemFacts, ItemFacts] = field(default_factory=dict)


def _around(session: Session, plan_id: int) -> _Around:
    columns: list[Any] = [
        *(col(Transfer.id), col(Transfer.uid), col(Transfer.kind)),
        *(col(GIVER.uid), col(RECEIVER.uid)),
        *(col(FunctionArea.function_code), col(FunctionArea.tier)),
    ]
    transfers = (
        sa_select(*columns)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
        .where(col(Transfer.plan_id) == plan_id)
    )
    places = {
        number: _Place(uid, code, tier, Standing(kind, giver, receiver))
        for number, uid, kind, giver, receiver, code, tier in session.execute(transfers)
    }
    slugs = session.execute(sa_select(col(Organisation.id), col(Organisation.slug)))
    handles = session.execute(sa_select(col(Account.id), col(Account.handle)))
    return _Around(places, _by_number(slugs), _by_number(handles))


def _by_number(rows: Iterable[Sequence[Any]]) -> dict[int | None, str]:
    return {None: "", **{row[0]: row[1] for row in rows}}


def _statement() -> Select[Any]:
    columns: list[Any] = [
        *(col(Item.id), col(Item.uid), col(Item.version), col(Item.item_id)),
        *(col(Item.retired_in), col(Item.is_added), col(Item.capacity_id)),
        *(col(Item.function_area_id), col(Capacity.transfer_id)),
        *(col(Item.aside_by_uid), col(Item.aside_organisation_uid)),
        *(col(Item.state), col(Item.done_on), col(Item.reason), col(Item.evidence_title)),
        *(col(Item.evidence_on), col(Item.evidence_class), col(Item.evidence_custodian)),
        *(col(Item.evidence_until_on), col(Item.assigned_to_id)),
        *(col(Item.assigned_account_id), col(Item.aside_reason)),
    ]
    return (
        sa_select(*columns)
        .select_from(Item)
        .join(Capacity, col(Capacity.id) == Item.capacity_id)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
    )


def _row(found: Sequence[Any], around: _Around) -> ItemRow:
    """Return one row of ``_statement`` as an item; this runs once for each of thousands."""
    place = around.places[found[8]]
    facts: list[Any] = [
        *found[11:19],
        around.organisations[found[19]],
        around.accounts[found[20]],
        found[21],
    ]
    # items of which the same is known share it, so that who judges them may remember by identity
    known = ItemFacts._make(facts)
    known = around.facts.setdefault(known, known)
    row: list[Any] = [*found[:4], known, *found[4:9], *place, *found[9:11]]
    return ItemRow._make(row)

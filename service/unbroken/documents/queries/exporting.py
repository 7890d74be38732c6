"""The trail of a plan as lines that can be checked without this service."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.documents.rules.receipts import GIVEN, RECEIPT, WITHHELD, receipt_of
from unbroken.kit.errors import Conflict, NotFound
from unbroken.kit.instance import read_instance
from unbroken.people.rules import Actor, Place, Role, sees_detail
from unbroken.plans.queries import PlanView
from unbroken.trail.queries import HeadView, heads
from unbroken.trail.queries.verifying import stored_entries
from unbroken.trail.rules import ChainName
from unbroken.trail.rules.exports import Opening, Writer
from unbroken.trail.rules.verification import StoredEntry, StoredValue, Withheld
from unbroken.transfers.models import Capacity, Receipt

BATCH = 500
READERS = (Role.PLANNER, Role.CO_CHAIR, Role.OBSERVER, Role.STEWARD)


class ReceiptRow(NamedTuple):
    """A receipt and the UUID of its capacity."""

    receipt: Receipt
    capacity_uid: UUID


def reads_values(actor: Actor, place: Place) -> bool:
    """Return whether ``actor`` is given the values of a plan's trail, or commitments only.

    Who only answers for one organisation, or pays, does not read what the others said.
    """
    return sees_detail(actor, place) and any(actor.has(role, place) for role in READERS)


def head_of(session: Session, plan_uid: UUID) -> HeadView:
    """Return the head of a plan's chain.

    Raises:
        NotFound: nothing was ever recorded on it.
    """
    found = next((head for head in heads(session) if head.plan_uid == plan_uid), None)
    if found is None:
        raise NotFound("Nothing has been recorded on this plan yet.")
    return found


def export_lines(session: Session, plan: PlanView, *, actor: Actor) -> Iterator[bytes]:
    """Yield the lines of a plan's trail with the receipts that it records, the first first.

    The same chain gives the same bytes. Memory does not grow with it.

    Raises:
        NotFound: nothing was ever recorded on the plan.
        Conflict: while reading, where a row is no entry at all.
    """
    head = head_of(session, plan.uid)
    writer, shows = Writer(), reads_values(actor, plan.place)
    instance = read_instance(session).uid
    yield writer.open(Opening(instance, ChainName(head.chain_uid, plan.uid), plan.slug))
    try:
        entries = _until(stored_entries(session, head.chain_uid), head.entry_count)
        while batch := list(islice(entries, BATCH)):
            rows = _rows_of(session, batch) if shows else {}
            for entry in batch:
                shown = entry if shows else replace(entry, value=Withheld())
                yield writer.entry(shown)
                if entry.link.uid in rows:
                    yield writer.other(_line(entry, rows[entry.link.uid]))
    except (ValueError, TypeError, AttributeError) as error:
        raise Conflict(
            "The trail of {plan} holds something that is no entry, and cannot be exported.",
            remedy="Run: unbroken trail verify",
            plan=plan.slug,
        ) from error
    yield writer.close(head.head_hash)


def receipts_by_uid(session: Session, uids: Collection[UUID]) -> Mapping[UUID, ReceiptRow]:
    """Return the receipts of these UUIDs that there are."""
    if not uids:
        return {}
    query = (
        select(Receipt, Capacity.uid)
        .join(Capacity, col(Capacity.id) == Receipt.capacity_id)
        .where(col(Receipt.uid).in_(uids))
    )
    return {receipt.uid: ReceiptRow(receipt, uid) for receipt, uid in session.exec(query)}


def receipt_line(row: ReceiptRow) -> dict[str, object]:
    """Return everything from which the hash and signature of a receipt can be made again."""
    receipt = row.receipt
    return {
        "uid": receipt.uid,
        "capacity": row.capacity_uid,
        "act": receipt.act,
        "account": receipt.account_uid,
        "organisation": receipt.organisation_uid,
        "role": receipt.role,
        "at": receipt.at,
        "quantity": receipt.quantity,
        "parts": receipt.parts,
        "until_on": receipt.until_on,
        "months": receipt.check_months,
        "passed": receipt.passed,
        "reason": receipt.reason,
        "instrument": receipt.instrument,
        "instrument_on": receipt.instrument_on,
        "authority": receipt.authority,
        "ground": receipt.ground,
        "package": receipt.package_uid,
        "countersigns": receipt.countersigns_uid,
        "state_before": receipt.state_before,
        "state_after": receipt.state_after,
        "waits": receipt.needs_countersignature,
        "rest": receipt.rest_uid,
        "edition": receipt.edition,
        "language": receipt.language,
        "content": receipt.content,
        "content_hash": receipt.content_hash,
        "signature": receipt.signature,
    }


def _until(entries: Iterator[StoredEntry], count: int) -> Iterator[StoredEntry]:
    # entries that came after the head was read belong to the next export
    return (entry for entry in entries if entry.link.position <= count)


def _rows_of(session: Session, batch: list[StoredEntry]) -> dict[UUID, ReceiptRow]:
    """Return the receipt that each entry recorded, by the entry's UUID."""
    named = {entry.link.uid: uid for entry in batch if (uid := receipt_of(_body(entry)))}
    rows = receipts_by_uid(session, set(named.values()))
    found = {entry: rows[uid] for entry, uid in named.items() if uid in rows}
    return {**found, **_erased(session, [entry for entry in batch if _is_erased(entry)])}


def _erased(session: Session, entries: list[StoredEntry]) -> dict[UUID, ReceiptRow]:
    """Return receipts whose entry no longer names them: known by capacity and instant."""
    if not entries:
        return {}
    query = (
        select(Receipt, Capacity.uid)
        .join(Capacity, col(Capacity.id) == Receipt.capacity_id)
        .where(col(Capacity.uid).in_({entry.link.subject_uid for entry in entries}))
    )
    rows = {(uid, receipt.at): ReceiptRow(receipt, uid) for receipt, uid in session.exec(query)}
    keys = {entry.link.uid: (entry.link.subject_uid, entry.link.at) for entry in entries}
    return {entry: rows[key] for entry, key in keys.items() if key in rows}


def _is_erased(entry: StoredEntry) -> bool:
    return isinstance(entry.value, StoredValue) and entry.value.body is None


def _body(entry: StoredEntry) -> Mapping[str, object] | None:
    return entry.value.body if isinstance(entry.value, StoredValue) else None


def _line(entry: StoredEntry, row: ReceiptRow) -> dict[str, object]:
    told = {"kind": RECEIPT, "entry": entry.link.position}
    if not _is_erased(entry):
        return {**told, "state": GIVEN, **receipt_line(row)}
    # what two stewards took out of the record does not go out by another door
    return {
        **told,
        "state": WITHHELD,
        "uid": row.receipt.uid,
        "capacity": row.capacity_uid,
        "content_hash": row.receipt.content_hash,
        "signature": row.receipt.signature,
    }

"""Whether receipts and certificates in the database are still what was signed and recorded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from unbroken.documents.models import Certificate
from unbroken.documents.queries.exporting import ReceiptRow, receipt_line
from unbroken.documents.rules.certificates import code_for, content_hash_of
from unbroken.documents.rules.findings import Finding, Flaw
from unbroken.documents.rules.receipts import (
    GIVEN,
    Told,
    faults_against,
    faults_of,
    receipt_of,
)
from unbroken.documents.rules.words import CERTIFICATE_ISSUED
from unbroken.kit.canonical import digest, plain
from unbroken.kit.clock import civil_date
from unbroken.plans.models import Plan
from unbroken.trail.models import Entry, Value
from unbroken.transfers.commands.actions import ACTION_OF
from unbroken.transfers.models import Capacity, Receipt, Transfer

BATCH = 500
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError)
"""What SQLite's columns, which hold whatever is put into them, make of a value that is none."""


@dataclass(slots=True)
class _Recorded:
    """What the trail says of receipts and certificates; ``erased`` is by subject and instant."""

    receipts: dict[UUID, Told] = field(default_factory=dict)
    certificates: dict[UUID, Told] = field(default_factory=dict)
    erased: set[tuple[UUID, datetime]] = field(default_factory=set)


def check_rows(session: Session) -> tuple[Finding, ...]:
    """Return every receipt and certificate that no longer fits itself or the trail; none is good.

    What is wrong with the chains themselves is not looked at: see ``trail.queries.verify``.
    """
    try:
        recorded = _recorded(session)
    except UNREADABLE:
        said = "An entry of the trail cannot be read: receipts and certificates were not checked."
        return (Finding(Flaw.UNREADABLE, "trail", said),)
    return (*_receipts(session, recorded), *_certificates(session, recorded))


def _recorded(session: Session) -> _Recorded:
    actions = [str(action) for action in ACTION_OF.values()]
    query = (
        select(Entry, Value)
        .join(Value, col(Value.entry_id) == Entry.id, isouter=True)
        .where(or_(col(Entry.action).in_(actions), col(Entry.action) == str(CERTIFICATE_ISSUED)))
        .execution_options(yield_per=BATCH, populate_existing=True)
    )
    found = _Recorded()
    for entry, value in session.exec(query):
        body = _body(value)
        told = Told(entry.position, entry.at, entry.subject_uid, body)
        uid = receipt_of(body)
        if entry.action == CERTIFICATE_ISSUED:
            found.certificates[entry.subject_uid] = told
        elif uid is not None:
            found.receipts[uid] = told
        else:
            found.erased.add((entry.subject_uid, entry.at))
    return found


def _body(value: Value | None) -> Mapping[str, object] | None:
    # the row beside an entry may be gone, whatever the types of a join say
    return None if value is None else value.body


def _receipts(session: Session, recorded: _Recorded) -> Iterator[Finding]:
    waiting, last = dict(recorded.receipts), ""
    query = (
        select(Receipt, Capacity.uid, Plan.time_zone)
        .join(Capacity, col(Capacity.id) == Receipt.capacity_id)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(Plan, col(Plan.id) == Transfer.plan_id)
        .order_by(col(Receipt.id))
        .execution_options(yield_per=BATCH)
    )
    try:
        for receipt, capacity, zone in session.exec(query):
            last = f" after receipt {receipt.uid}"
            told = waiting.pop(receipt.uid, None)
            yield from _receipt(ReceiptRow(receipt, capacity), told, zone, recorded)
    except UNREADABLE:
        said = f"A receipt{last} cannot be read: a column holds what it cannot hold."
        yield Finding(Flaw.UNREADABLE, "receipts", said)
        return
    for uid, told in waiting.items():
        said = f"Receipt {uid}, which entry {told.position} of the trail recorded, is missing."
        yield Finding(Flaw.RECEIPT_MISSING, f"receipt {uid}", said)


def _receipt(
    row: ReceiptRow, told: Told | None, zone: str, recorded: _Recorded
) -> Iterator[Finding]:
    receipt, where = row.receipt, f"receipt {row.receipt.uid}"
    record = plain({"state": GIVEN, **receipt_line(row)})
    if not isinstance(record, dict):
        return
    yield from faults_of(record, where=where)
    if civil_date(receipt.at, zone=zone) != receipt.acted_on:
        said = f"The day of receipt {receipt.uid} is not that of its instant."
        yield Finding(Flaw.RECEIPT_DIFFERS, where, said, "acted_on")
    if told is not None:
        yield from faults_against(record, told, where=where)
    elif (row.capacity_uid, receipt.at) not in recorded.erased:
        said = f"No entry of the trail recorded receipt {receipt.uid}."
        yield Finding(Flaw.RECEIPT_UNRECORDED, where, said)


def _certificates(session: Session, recorded: _Recorded) -> Iterator[Finding]:
    waiting, last = dict(recorded.certificates), ""
    query = select(Certificate).order_by(col(Certificate.id)).execution_options(yield_per=BATCH)
    try:
        for row in session.exec(query):
            last = f" after certificate {row.code}"
            yield from _certificate(row, waiting.pop(row.uid, None))
    except UNREADABLE:
        said = f"A certificate{last} cannot be read: a column holds what it cannot hold."
        yield Finding(Flaw.UNREADABLE, "certificates", said)
        return
    for told in waiting.values():
        code = (told.body or {}).get("code")
        said = f"Certificate {code}, which entry {told.position} of the trail recorded, is missing."
        yield Finding(Flaw.CERTIFICATE_MISSING, f"certificate {code}", said)


def _certificate(row: Certificate, told: Told | None) -> Iterator[Finding]:
    where = f"certificate {row.code}"
    for name, its, given in _of_data(row):
        if its != given:
            said = f"The {name} of certificate {row.code} does not fit its data: one was edited."
            yield Finding(Flaw.CERTIFICATE_DIFFERS, where, said, name)
    if told is None:
        said = f"No entry of the trail recorded certificate {row.code}."
        yield Finding(Flaw.CERTIFICATE_MISSING, where, said)
        return
    for name, its in _of_row(row).items():
        if told.body is not None and plain(its) != told.body.get(name):
            said = f"The {name} of certificate {row.code} is not what entry {told.position} says."
            yield Finding(Flaw.CERTIFICATE_DIFFERS, where, said, name)


def _of_data(row: Certificate) -> Iterator[tuple[str, object, object]]:
    data = dict(row.data)
    chain, issuer = data["chain"], data["issued_by"]
    if not isinstance(chain, dict) or not isinstance(issuer, dict):
        raise TypeError
    yield "content_hash", row.content_hash, content_hash_of(data)
    yield "code", row.code, code_for(data)
    yield "state_hash", row.state_hash, digest(data["state"])
    yield "uid", str(row.uid), data["uid"]
    yield "kind", row.kind.value, data["kind"]
    yield "audience", row.audience.value, data["audience"]
    yield "language", row.language, data["language"]
    yield "issued_at", plain(row.issued_at), data["issued_at"]
    yield "role", row.role, issuer["role"]
    yield "organisation_uid", plain(row.organisation_uid), issuer["organisation_uid"]
    yield "chain_uid", str(row.chain_uid), chain["uid"]
    yield "entry_count", row.entry_count, chain["entries"]
    yield "head_hash", row.head_hash, chain["head"]


def _of_row(row: Certificate) -> dict[str, object]:
    return {
        "code": row.code,
        "content_hash": row.content_hash,
        "state_hash": row.state_hash,
        "file_sha256": row.file_sha256,
        "entries": row.entry_count,
        "head": row.head_hash,
    }

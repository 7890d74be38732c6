"""The signed acts on capacities, in plain values: by whom (organisation and role), never a name."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.people.models import Organisation
from unbroken.transfers.models import Receipt

TOGETHER = 500


def receipts_by_capacity(
    session: Session, capacity_ids: Sequence[int]
) -> Mapping[int, list[dict[str, Any]]]:
    """Return the receipts of each capacity, the first first; those without are absent."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    names = dict(iter(session.exec(select(Organisation.uid, Organisation.name))))
    for some in _batches(capacity_ids):
        query = (
            select(Receipt)
            .where(col(Receipt.capacity_id).in_(some))
            .order_by(col(Receipt.capacity_id), col(Receipt.id))
        )
        for row in session.exec(query):
            found[row.capacity_id].append(_receipt(row, names))
    return found


def _batches(ids: Sequence[int]) -> Iterator[Collection[int]]:
    return (ids[at : at + TOGETHER] for at in range(0, len(ids), TOGETHER))


def _receipt(row: Receipt, names: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "act": row.act,
        "at": row.at,
        "on": row.acted_on,
        "organisation": names.get(row.organisation_uid) if row.organisation_uid else None,
        "organisation_uid": row.organisation_uid,
        "role": row.role,
        "quantity": row.quantity,
        "parts": row.parts,
        "until_on": row.until_on,
        "months": row.check_months,
        "passed": row.passed,
        "reason": row.reason,
        "instrument": row.instrument,
        "instrument_on": row.instrument_on,
        "authority": row.authority,
        "ground": row.ground,
        "package": row.package_uid,
        "countersigns": row.countersigns_uid,
        "waits": row.needs_countersignature,
        "state_after": row.state_after,
        "edition": row.edition,
        "language": row.language,
        "content_hash": row.content_hash,
        "signature": row.signature,
    }

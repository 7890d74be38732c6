"""Stores answers, each once, and puts them beside plans; what was stored is never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, select

from unbroken.kit.db import new_uid, put_if_absent, row_id
from unbroken.sources.kept import CONNECTOR, Kept
from unbroken.sources.models import Snapshot, SnapshotLink, SnapshotPart


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it is stored; ``is_new`` is false where the same answer was there before."""

    uid: UUID
    is_new: bool


def store_snapshot(session: Session, found: Kept, *, at: datetime, is_live: bool) -> Stored:
    """Store an answer that was retrieved at an instant; the same answer again is only seen again.

    Of two at the same time one stores and the other one sees.
    """
    values: dict[str, object] = {
        "uid": new_uid(),
        "kind": found.kind,
        "question": found.question,
        "sha256": found.sha256,
        "name": found.name,
        "chosen": found.chosen,
        "is_live": is_live,
        "connector": CONNECTOR,
        "retrieved_at": at,
        "last_seen_at": at,
        "stated_on": found.stated_on,
        "byte_count": found.byte_count,
        "document": found.document,
    }
    is_new = put_if_absent(session, Snapshot, values)
    row = session.exec(
        select(Snapshot).where(
            Snapshot.kind == found.kind,
            Snapshot.question == found.question,
            Snapshot.sha256 == found.sha256,
        )
    ).one()
    if is_new and found.pieces:
        session.connection().execute(insert(SnapshotPart), _parts(found, row_id(row)))
    elif row.last_seen_at < at:
        row.last_seen_at = at
        session.add(row)
        session.flush()
    return Stored(row.uid, is_new)


def see_again(session: Session, kind: str, question: str, *, at: datetime) -> None:
    """Note that the newest answer to a question is still the answer."""
    query = select(Snapshot).where(Snapshot.kind == kind, Snapshot.question == question)
    newest = max(session.exec(query), key=lambda row: (row.last_seen_at, row.id), default=None)
    if newest is not None and newest.last_seen_at < at:
        newest.last_seen_at = at
        session.add(newest)
        session.flush()


def link_question(
    session: Session, kind: str, question: str, plans: Sequence[UUID], *, at: datetime
) -> tuple[UUID, ...]:
    """Put the answers to a question beside plans; return those beside which they were not yet."""
    values: dict[str, object] = {"kind": kind, "question": question, "linked_at": at}
    return tuple(
        plan
        for plan in dict.fromkeys(plans)
        if put_if_absent(session, SnapshotLink, {**values, "uid": new_uid(), "plan_uid": plan})
    )


def _parts(found: Kept, snapshot_id: int) -> list[dict[str, object]]:
    return [
        {
            "uid": new_uid(),
            "snapshot_id": snapshot_id,
            "payload": each.payload,
            "piece": each.piece,
            "name": each.name,
            "packed": each.packed,
        }
        for each in found.pieces
    ]

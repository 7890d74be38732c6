"""Erasures that one steward asked for and another has not granted yet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.trail.models import Chain, Entry, Erasure
from unbroken.trail.rules import ErasureReason


@dataclass(frozen=True, slots=True)
class ErasureView:
    """One request: which entry, in which plan's chain (``None``: the instance's), why, by whom."""

    uid: UUID
    entry_uid: UUID
    plan_uid: UUID | None
    position: int
    action: str
    reason: ErasureReason
    asked_by_uid: UUID
    asked_at: datetime


def erasures_asked(session: Session, *, limit: int = 50) -> tuple[ErasureView, ...]:
    """Return the requests that wait for a second steward, the first first; may be empty."""
    query = (
        select(Erasure, Entry, Chain)
        .join(Entry, col(Entry.uid) == Erasure.entry_uid)
        .join(Chain, col(Chain.id) == Entry.chain_id)
        .where(col(Erasure.granted_at).is_(None))
        .order_by(col(Erasure.id))
        .limit(limit)
    )
    return tuple(
        ErasureView(
            uid=row.uid,
            entry_uid=entry.uid,
            plan_uid=chain.plan_uid,
            position=entry.position,
            action=entry.action,
            reason=row.reason_code,
            asked_by_uid=row.asked_by_uid,
            asked_at=row.asked_at,
        )
        for row, entry, chain in session.exec(query)
    )

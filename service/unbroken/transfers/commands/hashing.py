"""Keeps the hash of what a signature would cover up to date when its surroundings change."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session

from unbroken.transfers.models import Capacity
from unbroken.transfers.queries.cases import content_hash_of, setting_of, subject_of


def rehash(session: Session, capacities: Iterable[Capacity]) -> list[UUID]:
    """Write the content hash of each capacity anew; return those whose content changed.

    A signature over the earlier content then no longer fits, and the capacity counts as offered.
    """
    changed = []
    for capacity in capacities:
        setting = setting_of(session, capacity.transfer_id)
        fresh = content_hash_of(subject_of(session, capacity, setting), capacity)
        if fresh != capacity.content_hash:
            capacity.content_hash = fresh
            session.add(capacity)
            changed.append(capacity.uid)
    session.flush()
    return changed

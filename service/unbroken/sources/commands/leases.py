"""One process at a time reads a source: a lease in the database's time, and an epoch that fences.

What began earlier and ends later is so thrown away, whoever was killed meanwhile.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session, col

from unbroken.kit.db import rows_changed
from unbroken.sources.models import FormSourceRow, OutsideSource

Leased = type[FormSourceRow] | type[OutsideSource]


def lease(session: Session, model: Leased, uid: UUID, *, now: datetime, life: timedelta) -> bool:
    """Take a source under its next epoch; return whether it was free by the database's ``now``."""
    free = or_(col(model.lease_until).is_(None), col(model.lease_until) <= now)
    taking = (
        update(model)
        .where(col(model.uid) == uid, free)
        .values(epoch=col(model.epoch) + 1, lease_until=now + life)
    )
    return rows_changed(session, taking) == 1


def let_go(session: Session, model: Leased, uid: UUID, *, epoch: int) -> None:
    """Free a source that was not read to its end, unless a later reading has begun."""
    ours = (col(model.uid) == uid, col(model.epoch) == epoch)
    rows_changed(session, update(model).where(*ours).values(lease_until=None))


def still_leased(session: Session, model: Leased, uid: UUID, *, epoch: int) -> bool:
    """Return whether no later reading has begun; holds the source until the transaction ends."""
    ours = (col(model.uid) == uid, col(model.epoch) == epoch)
    return rows_changed(session, update(model).where(*ours).values(epoch=epoch)) == 1

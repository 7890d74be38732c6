"""How far those who give and receive have come: what the first steps tick off and lead to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col

from unbroken.people.rules import Actor
from unbroken.transfers.models import Capacity
from unbroken.transfers.queries.lists import NEVER
from unbroken.transfers.queries.rows import RECEIVER, joined_rows, waits_for_answer
from unbroken.transfers.rules.cover import ANSWERED
from unbroken.transfers.rules.words import CapacityState

UNOFFERED = (CapacityState.NOT_STARTED, CapacityState.PLANNED)
SOONEST = func.coalesce(col(Capacity.answer_by), NEVER)
REFUSED = (CapacityState.DECLINED, CapacityState.DISPUTED)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """What an actor sees of transfers: whether a receiver is named and anything was ever offered.

    ``waiting`` is the capacity that its own organisation must answer first, ``answered`` one that
    it has answered; ``None`` where there is none.
    """

    is_named: bool = False
    is_offered: bool = False
    waiting: UUID | None = None
    answered: UUID | None = None


def beginnings(session: Session, *, actor: Actor) -> Beginnings:
    """Return how far the transfers that ``actor`` sees have come; each question reads one row."""
    own = col(RECEIVER.uid) == actor.organisation_uid
    answered = col(Capacity.state).in_([*ANSWERED, *REFUSED])
    offered = col(Capacity.state).not_in(UNOFFERED)

    def first(*wanted: ColumnElement[bool]) -> UUID | None:
        found = joined_rows(session, actor, *wanted, order=(SOONEST,), limit=1)
        return found[0].capacity.uid if found else None

    return Beginnings(
        is_named=first() is not None,
        is_offered=first(offered) is not None,
        waiting=first(own, waits_for_answer()),
        answered=first(own, answered),
    )

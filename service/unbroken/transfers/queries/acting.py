"""What somebody may do now about each of several capacities."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlmodel import Session

from unbroken.people.rules import Actor, Role
from unbroken.transfers.queries.cases import capacity_row, case_of
from unbroken.transfers.rules.lifecycle import may
from unbroken.transfers.rules.words import Act

ACTING = (Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR)


def acts_open(
    session: Session, uids: Iterable[UUID], *, actor: Actor, on: date
) -> Mapping[UUID, tuple[Act, ...]]:
    """Return which acts ``actor`` may sign now on each of these capacities, ordered as ``Act``."""
    if not any(actor.has(role) for role in ACTING):
        return dict.fromkeys(uids, ())
    cases = {uid: case_of(session, capacity_row(session, uid), on=on) for uid in uids}
    return {uid: may(case.view, case.signer(actor), on=on) for uid, case in cases.items()}

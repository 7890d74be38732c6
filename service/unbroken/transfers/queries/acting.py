"""What somebody may do now about each of several capacities; few statements, however many."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.db import row_id
from unbroken.people.rules import Actor, Place, Role
from unbroken.plans.models import Revision, RevisionState, Timetable
from unbroken.plans.queries.rows import country_of
from unbroken.transfers.models import Capacity
from unbroken.transfers.queries.cases import (
    Known,
    Setting,
    case_of,
    custodian_of,
    view_in,
)
from unbroken.transfers.queries.rows import Joined, joined_rows
from unbroken.transfers.rules.lifecycle import may
from unbroken.transfers.rules.permits import signer_of
from unbroken.transfers.rules.views import CapacityView
from unbroken.transfers.rules.words import Act

ACTING = (Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR)


@dataclass(frozen=True, slots=True)
class Stand:
    """How the rules see a capacity, and which acts are open to the one who looks."""

    view: CapacityView
    may: tuple[Act, ...]


def acts_open(
    session: Session, uids: Iterable[UUID], *, actor: Actor, on: date
) -> Mapping[UUID, tuple[Act, ...]]:
    """Return which acts ``actor`` may sign now on each of these capacities, ordered as ``Act``."""
    asked = list(uids)
    if not any(actor.has(role) for role in ACTING):
        return dict.fromkeys(asked, ())
    rows = joined_rows(session, actor, col(Capacity.uid).in_(asked))
    stands = stands_of(session, rows, actor=actor, on=on)
    return {uid: stands[uid].may if uid in stands else () for uid in asked}


def stands_of(
    session: Session, rows: Sequence[Joined], *, actor: Actor, on: date
) -> Mapping[UUID, Stand]:
    """Return how each of ``rows`` stands and what ``actor`` may sign now, by the UUID."""
    dated = _timetable_rows(session, {row_id(row.function_area) for row in rows})
    split = _split(session, {row_id(row.capacity) for row in rows})
    places = {row.plan.uid: row.plan for row in rows}
    countries = {uid: country_of(session, plan) for uid, plan in places.items()}
    custodians = {uid: custodian_of(session, plan) for uid, plan in places.items()}
    found = {}
    for row in rows:
        view = _view(session, row, dated=dated, split=split, on=on)
        signer = signer_of(
            actor,
            place=Place(row.plan.uid, countries[row.plan.uid]),
            kind=row.transfer.kind,
            giver_uid=row.giver.uid,
            receiver_uid=row.receiver.uid,
            custodian_uid=custodians[row.plan.uid],
        )
        found[row.capacity.uid] = Stand(view, may(view, signer, on=on))
    return found


def _view(
    session: Session,
    row: Joined,
    *,
    dated: Mapping[int, Timetable],
    split: Collection[int],
    on: date,
) -> CapacityView:
    if row.capacity.pending_uid is not None:
        return case_of(session, row.capacity, on=on).view
    known = Known(dated.get(row_id(row.function_area)), row_id(row.capacity) in split, None)
    return view_in(row.capacity, _setting(row), known=known, on=on)


def _setting(row: Joined) -> Setting:
    return Setting(
        transfer=row.transfer,
        function_area=row.function_area,
        area=row.area,
        plan=row.plan,
        giver=row.giver,
        receiver=row.receiver,
    )


def _timetable_rows(session: Session, function_areas: Collection[int]) -> dict[int, Timetable]:
    query = (
        select(Timetable)
        .join(Revision, col(Revision.id) == Timetable.revision_id)
        .where(
            col(Timetable.function_area_id).in_(function_areas),
            Revision.state == RevisionState.IN_FORCE,
        )
    )
    return {row.function_area_id: row for row in session.exec(query)}


def _split(session: Session, capacities: Collection[int]) -> set[int]:
    query = select(Capacity.rest_of_id).where(col(Capacity.rest_of_id).in_(capacities))
    return {number for number in session.exec(query) if number is not None}

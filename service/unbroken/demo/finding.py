"""What an act names by slug, found in the database."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from unbroken.demo.deeds import Key
from unbroken.functions.rules import Dimension
from unbroken.kit.errors import NotFound
from unbroken.people.models import Organisation
from unbroken.plans.models import (
    Area,
    FunctionArea,
    Plan,
    Revision,
    RevisionState,
    Timetable,
    TimetableStep,
)
from unbroken.transfers.models import Agreement, Capacity, Item, Transfer
from unbroken.transfers.rules.lifecycle import FROM
from unbroken.transfers.rules.words import Act, CapacityState, ItemState, TransferKind

CHECKED = {3: Capacity.checked_3_on, 6: Capacity.checked_6_on, 12: Capacity.checked_12_on}
CHECK_ON = {3: Timetable.check_3_on, 6: Timetable.check_6_on, 12: Timetable.check_12_on}


def function_area_of(session: Session, key: Key) -> UUID:
    """Return the function in an area that a key names.

    Raises:
        NotFound: the plan does not date it.
    """
    query = (
        select(FunctionArea.uid)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Plan, col(Plan.id) == FunctionArea.plan_id)
        .where(
            Plan.slug == key.plan,
            Area.slug == key.area,
            FunctionArea.function_code == key.function,
        )
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound("There is no {function} in {area}.", function=key.function, area=key.area)
    return found


def transfer_of(session: Session, key: Key) -> Transfer:
    """Return the newest transfer that a key names.

    Raises:
        NotFound: there is none.
    """
    query = (
        select(Transfer)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Organisation, col(Organisation.id) == Transfer.receiver_id)
        .where(FunctionArea.uid == function_area_of(session, key))
        .where(Organisation.slug == key.receiver)
        .order_by(col(Transfer.id).desc())
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound("{receiver} receives nothing here.", receiver=key.receiver)
    return found


def capacities_for(
    session: Session, key: Key, act: Act, *, dimensions: Iterable[Dimension]
) -> list[UUID]:
    """Return the capacities of a transfer on which an act is possible, as they were made."""
    wanted = set(dimensions) or set(Dimension)
    transfer = transfer_of(session, key)
    query = select(Capacity).where(Capacity.transfer_id == transfer.id)
    rows = session.exec(query.order_by(col(Capacity.id)))
    return [row.uid for row in rows if row.dimension in wanted and _possible(row, act)]


def capacities_resting(session: Session, key: Key) -> list[UUID]:
    """Return the capacities of a transfer that can rest on an agreement: agreements and data."""
    query = select(Capacity.uid, Capacity.dimension).where(
        Capacity.transfer_id == transfer_of(session, key).id
    )
    by_dimension = {dimension: uid for uid, dimension in session.exec(query)}
    wanted = (Dimension.AGREEMENTS, Dimension.DATA)
    return [by_dimension[each] for each in wanted if each in by_dimension]


def _possible(row: Capacity, act: Act) -> bool:
    if act is Act.COUNTERSIGN:
        return row.pending_uid is not None
    return row.pending_uid is None and row.state in FROM[act]


def checks_due(
    session: Session, plan: str, months: int, *, on: date
) -> list[tuple[UUID, Key, str]]:
    """Return confirmed capacities whose check has come: UUID, its transfer's key, its receiver.

    A bridge is never checked: it ends.
    """
    receiver = aliased(Organisation)
    query = (
        select(Capacity.uid, FunctionArea.function_code, Area.slug, receiver.slug)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(receiver, col(receiver.id) == Transfer.receiver_id)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Plan, col(Plan.id) == Transfer.plan_id)
        .join(Revision, col(Revision.plan_id) == Plan.id)
        .join(
            Timetable,
            (col(Timetable.revision_id) == Revision.id)
            & (col(Timetable.function_area_id) == FunctionArea.id),
        )
        .where(Plan.slug == plan, Revision.state == RevisionState.IN_FORCE)
        .where(Capacity.state == CapacityState.CONFIRMED, Transfer.kind != TransferKind.BRIDGE)
        .where(col(CHECKED[months]).is_(None), CHECK_ON[months] <= on)
        .order_by(col(Capacity.id))
    )
    return [
        (uid, Key(plan, code, area, organisation), organisation)
        for uid, code, area, organisation in session.exec(query)
    ]


def items_due(
    session: Session, plan: str, *, until: date, functions: frozenset[str]
) -> list[tuple[UUID, str]]:
    """Return open items of a plan due until that day, with the code of each function."""
    query = (
        select(Item.uid, FunctionArea.function_code)
        .join(Capacity, col(Capacity.id) == Item.capacity_id)
        .join(FunctionArea, col(FunctionArea.id) == Item.function_area_id)
        .join(Plan, col(Plan.id) == FunctionArea.plan_id)
        .join(Revision, col(Revision.plan_id) == Plan.id)
        .join(
            TimetableStep,
            (col(TimetableStep.revision_id) == Revision.id)
            & (col(TimetableStep.function_area_id) == FunctionArea.id)
            & (col(TimetableStep.step) == Item.step),
        )
        .where(Plan.slug == plan, Revision.state == RevisionState.IN_FORCE)
        .where(Item.state == ItemState.OPEN, TimetableStep.due_on <= until)
        .order_by(col(Item.id))
    )
    found = session.exec(query).all()
    return [(uid, code) for uid, code in found if not functions or code in functions]


def agreement_of(session: Session, plan: str, title: str) -> UUID:
    """Return the agreement of that title.

    Raises:
        NotFound: the plan has none.
    """
    query = select(Agreement.uid).join(Plan, col(Plan.id) == Agreement.plan_id)
    found = session.exec(query.where(Plan.slug == plan, Agreement.title == title)).first()
    if found is None:
        raise NotFound("Plan {plan} has no agreement {title}.", plan=plan, title=title)
    return found

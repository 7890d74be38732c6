"""Brings an unsigned capacity to the edition of its transfer: texts, parts, unit and lines.

What is signed stays with the edition it was signed in; once it is offered again, the giver signs
what the transfer's edition says by then.
"""

from sqlmodel import Session, select

from unbroken.functions.rules import CapacityNeed, Function
from unbroken.plans.models import FunctionArea
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries.cases import function_in


def is_pinned(capacity: Capacity) -> bool:
    """Return whether somebody signed what ``capacity`` is, or waits for a second signature."""
    return capacity.signed_hash is not None or capacity.pending_uid is not None


def fold(session: Session, capacity: Capacity) -> None:
    """Let a signature over ``capacity`` cover what its transfer's edition asks for today."""
    transfer = session.get_one(Transfer, capacity.transfer_id)
    place = session.get_one(FunctionArea, transfer.function_area_id)
    before = function_in(session, edition=capacity.edition, code=place.function_code)
    after = function_in(session, edition=transfer.edition, code=place.function_code)
    _fold_need(capacity, _need(before, capacity), _need(after, capacity))
    _fold_items(session, capacity, after, edition=transfer.edition)
    capacity.edition = transfer.edition
    session.add(capacity)
    session.flush()


def _need(function: Function, capacity: Capacity) -> CapacityNeed | None:
    needs = (need for need in function.capacities if need.dimension is capacity.dimension)
    return next(needs, None)


def _fold_need(capacity: Capacity, old: CapacityNeed | None, new: CapacityNeed | None) -> None:
    """Take over unit and parts where the capacity still means the whole of the old ones."""
    if old is None or new is None or old == new:
        return
    had_all = set(capacity.parts) == {part.key for part in old.parts}
    is_whole = capacity.rest_of_id is None and had_all
    if is_whole and bool(old.parts) == bool(new.parts):
        capacity.unit = new.unit
        capacity.parts = sorted(part.key for part in new.parts)


def _fold_items(session: Session, capacity: Capacity, after: Function, *, edition: str) -> None:
    known = {line.id for line in after.items}
    query = select(Item).where(Item.capacity_id == capacity.id)
    for item in session.exec(query).all():
        item.in_content = item.retired_in is None
        if not item.is_added and item.retired_in is None and item.item_id in known:
            item.edition = edition
        session.add(item)

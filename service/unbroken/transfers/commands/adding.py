"""A planner's own lines on a checklist: marked as added, with their own date, and they count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, Problem
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By, refuse_if
from unbroken.plans.commands.storing import add_step
from unbroken.plans.models import AddedStep, Plan, TimetableStep
from unbroken.plans.queries.rows import revision_in_force
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.folding import is_pinned
from unbroken.transfers.commands.frame import (
    acting,
    mark_touched,
    plan_of_capacities,
    record,
    require_alive,
)
from unbroken.transfers.commands.hashing import rehash
from unbroken.transfers.models import Capacity, Item
from unbroken.transfers.queries.cases import Setting, capacity_row, setting_of, signer_in
from unbroken.transfers.rules.sayings import said_state
from unbroken.transfers.rules.surroundings import require_giver
from unbroken.transfers.rules.words import CapacityState, ItemState

TEXT_LENGTH = 240
TAKEN_BACK = "taken back"
"""What stands instead of an edition where an added item was taken back."""

CLOSED = frozenset({CapacityState.ENDED, CapacityState.NOT_APPLICABLE, CapacityState.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItem:
    """A line to add to a capacity.

    It falls due on a day of its own, ``due_on``, whatever is revised, or together with the step of
    the timetable named ``anchor`` (``receiver-named``, ``confirm:posts``, ...); one of the two.
    """

    capacity_uid: UUID
    text: str
    wanted_evidence: str = ""
    due_on: date | None = None
    anchor: str | None = None
    asks_girls_boys: bool = False


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """The item that was added, and its id, such as ``ADDED-01``."""

    item_uid: UUID
    item_id: str


def add_item(sessions: Sessions, order: AddItem, *, actor: Actor, clock: Clock) -> ItemAdded:
    """Add a line to a capacity's checklist.

    Where the capacity is signed, the line stands outside of what was signed until it is offered
    again; where not, a signature will cover it.

    Raises:
        SignInNeeded, Forbidden: not of the giver's side.
        NotFound: there is no such capacity.
        Conflict: the capacity has ended, was withdrawn or does not apply.
        Invalid: a text or date that does not fit.
    """
    find_plan = plan_of_capacities([order.capacity_uid])
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        return add_item_in(session, order, by=by)


def add_item_in(session: Session, order: AddItem, *, by: By) -> ItemAdded:
    """Add a line within a transaction that has locked the plan's trail; raises as above."""
    capacity = capacity_row(session, order.capacity_uid)
    setting = setting_of(session, capacity.transfer_id)
    require_alive(setting.plan)
    require_giver(signer_in(session, setting, by.actor))
    if capacity.state in CLOSED:
        raise Conflict(
            "This capacity is {state}.",
            state=said_state(capacity.state),
            remedy="Add the item to a capacity that is still under way.",
        )
    refuse_if(problems_of_addition(session, order, setting))
    item = _item(session, order, capacity, setting)
    _date(session, order, item, setting.plan)
    rehash(session, [capacity])
    mark_touched(session, setting.transfer, setting.plan, by=by)
    record(by, setting.plan, TransferAction.ITEM_ADDED, row=item, values=_values(order, item))
    session.flush()
    return ItemAdded(item.uid, item.item_id)


def take_back_in(session: Session, plan: Plan, item: Item, *, by: By) -> None:
    """Retire an added item inside a command; it stays as history. Raises as ``add_item``."""
    capacity = session.get_one(Capacity, item.capacity_id)
    setting = setting_of(session, capacity.transfer_id)
    require_giver(signer_in(session, setting, by.actor))
    item.retired_in = TAKEN_BACK
    if not is_pinned(capacity):
        item.in_content = False
    session.add(item)
    session.flush()
    rehash(session, [capacity])
    mark_touched(session, setting.transfer, plan, by=by)
    record(by, plan, TransferAction.ITEM_RETIRED, row=item, values={"item": item.item_id})


def problems_of_addition(session: Session, order: AddItem, setting: Setting) -> Iterator[Problem]:
    """Yield what is wrong with the text or the date of an addition."""
    if not order.text.strip():
        yield Problem("text", _("is missing"), _("Say what is to be done, in one sentence."))
    if (order.due_on is None) == (order.anchor is None):
        yield Problem("due_on", _("is missing"), _("Give a day, or a step of the timetable."))
    if order.anchor is not None and not _has_step(session, order.anchor, setting):
        remedy = _("Name a step that this function has here, or give a day.")
        yield Problem("anchor", _("is no step of the timetable"), remedy)


def _has_step(session: Session, step: str, setting: Setting) -> bool:
    """Return whether the timetable derives the step; one that was added anchors no other."""
    place = setting.function_area
    own = select(AddedStep).where(AddedStep.function_area_id == place.id, AddedStep.step == step)
    revision = revision_in_force(session, setting.plan)
    if revision is None or session.exec(own).first() is not None:
        return False
    query = select(TimetableStep).where(
        TimetableStep.revision_id == revision.id,
        TimetableStep.function_area_id == place.id,
        TimetableStep.step == step,
    )
    return session.exec(query).first() is not None


def _item(session: Session, order: AddItem, capacity: Capacity, setting: Setting) -> Item:
    item_id = f"ADDED-{_count(session, setting) + 1:02}"
    item = Item(
        capacity_id=row_id(capacity),
        function_area_id=row_id(setting.function_area),
        edition="",
        is_added=True,
        text=check_text(order.text, field="text", limit=TEXT_LENGTH),
        wanted_evidence=check_text(
            order.wanted_evidence, field="wanted_evidence", limit=TEXT_LENGTH
        ),
        in_content=not is_pinned(capacity),
        item_id=item_id,
        step=f"item:{item_id}",
        asks_girls_boys=order.asks_girls_boys,
        state=ItemState.OPEN,
    )
    session.add(item)
    session.flush()
    return item


def _count(session: Session, setting: Setting) -> int:
    # numbers are per function in an area, because the timetable names steps so; rests share them
    query = select(func.count(func.distinct(col(Item.item_id)))).where(
        Item.function_area_id == setting.function_area.id, col(Item.is_added)
    )
    return session.exec(query).one()


def _date(session: Session, order: AddItem, item: Item, plan: Plan) -> None:
    added = AddedStep(
        function_area_id=item.function_area_id,
        step=item.step,
        due_on=order.due_on,
        anchor=order.anchor,
    )
    add_step(session, added, revision=revision_in_force(session, plan))


def _values(order: AddItem, item: Item) -> dict[str, object]:
    return {
        "item": item.item_id,
        "text": item.text,
        "wanted_evidence": item.wanted_evidence,
        "due_on": order.due_on,
        "anchor": order.anchor,
        "asks_girls_boys": order.asks_girls_boys,
        "in_content": item.in_content,
    }

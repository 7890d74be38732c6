"""Works on checklists: a line is done with a reference to evidence, opened again, or set aside."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By, check_version
from unbroken.plans.models import FunctionArea, Plan
from unbroken.transfers.commands.frame import acting, plan_of_item
from unbroken.transfers.commands.item_changes import change_items_in
from unbroken.transfers.models import Item
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.surroundings import Evidence
from unbroken.transfers.rules.words import ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteItem:
    """A line of a checklist that is done, since which day, and what shows it."""

    item_uid: UUID
    done_on: date
    evidence: Evidence | None = None
    version_seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenItem:
    """A line that is open again, and why."""

    item_uid: UUID
    reason: str
    version_seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetItemAside:
    """A line that does not apply here, and why."""

    item_uid: UUID
    reason: str
    version_seen: int | None = None


_Order = CompleteItem | ReopenItem | SetItemAside


@dataclass(frozen=True, slots=True)
class ItemChanged:
    """An item after a change."""

    item_uid: UUID
    state: ItemState
    version: int


def complete_item(
    sessions: Sessions, order: CompleteItem, *, actor: Actor, clock: Clock
) -> ItemChanged:
    """Mark a line as done; its evidence is a reference, never a file.

    Raises:
        SignInNeeded, Forbidden: nobody of either side.
        NotFound, Stale: no such item, or not as it was read.
        Invalid: done in the future, or evidence that is incomplete or looks like a person.
    """
    find_plan = plan_of_item(order.item_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        return complete_item_in(session, order, by=by)


def complete_item_in(session: Session, order: CompleteItem, *, by: By) -> ItemChanged:
    """Mark a line as done within a transaction that has locked the plan's trail."""
    given = order.evidence
    evidence: Changes = {
        ItemField.EVIDENCE_TITLE: given.title if given else "",
        ItemField.EVIDENCE_ON: given.dated_on if given else None,
        ItemField.EVIDENCE_CLASS: given.classification if given else None,
        ItemField.EVIDENCE_CUSTODIAN: given.custodian if given else "",
        ItemField.EVIDENCE_UNTIL_ON: given.until_on if given else None,
    }
    done: Changes = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: order.done_on}
    return _change(session, order, {**done, **evidence}, by=by)


def reopen_item(
    sessions: Sessions, order: ReopenItem, *, actor: Actor, clock: Clock
) -> ItemChanged:
    """Open a line again; its evidence goes, the trail keeps it. Raises as ``complete_item``."""
    find_plan = plan_of_item(order.item_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        opened: Changes = {ItemField.STATE: ItemState.OPEN, ItemField.REASON: order.reason}
        return _change(session, order, opened, by=by)


def set_item_aside(
    sessions: Sessions, order: SetItemAside, *, actor: Actor, clock: Clock
) -> ItemChanged:
    """Say that a line does not apply here; in the first two tiers that waits for a second hand.

    Raises as ``complete_item``.
    """
    find_plan = plan_of_item(order.item_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        aside: Changes = {
            ItemField.STATE: ItemState.NOT_APPLICABLE,
            ItemField.REASON: order.reason,
        }
        return _change(session, order, aside, by=by)


def _change(session: Session, order: _Order, changes: Changes, *, by: By) -> ItemChanged:
    item = session.exec(select(Item).where(Item.uid == order.item_uid)).one()
    check_version(order.version_seen, item.version)
    place = session.get_one(FunctionArea, item.function_area_id)
    plan = session.get_one(Plan, place.plan_id)
    change = ItemChange(item_uid=order.item_uid, changes=changes, version_seen=order.version_seen)
    change_items_in(session, plan, [change], by=by)
    session.refresh(item)
    return ItemChanged(item.uid, item.state, item.version)

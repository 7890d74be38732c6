"""Works on checklists: a line is done with a reference to evidence, opened again, or set aside."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Problem
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By, check_version, refuse_if
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import (
    acting,
    mark_touched,
    plan_of_item,
    record,
    require_alive,
)
from unbroken.transfers.models import Capacity, Item
from unbroken.transfers.queries.cases import Setting, case_of, setting_of
from unbroken.transfers.rules.surroundings import Evidence, problems_of_evidence, require_side
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
    item, setting = _open_for(session, order.item_uid, order.version_seen, by=by)
    today = by.today(setting.plan)
    ahead = [Problem("done_on", "lies ahead", "Give a day until today.")]
    refuse_if(ahead if order.done_on > today else [])
    item.state, item.done_on, item.reason = ItemState.DONE, order.done_on, ""
    _write_evidence(item, order.evidence, on=today)
    return _changed(session, item, setting, TransferAction.ITEM_DONE, by=by)


def reopen_item(
    sessions: Sessions, order: ReopenItem, *, actor: Actor, clock: Clock
) -> ItemChanged:
    """Open a line again; its evidence goes, the trail keeps it. Raises as ``complete_item``."""
    find_plan = plan_of_item(order.item_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        item, setting = _open_for(session, order.item_uid, order.version_seen, by=by)
        item.state, item.done_on, item.reason = ItemState.OPEN, None, _reason(order.reason)
        _write_evidence(item, None, on=by.today(setting.plan))
        return _changed(session, item, setting, TransferAction.ITEM_REOPENED, by=by)


def set_item_aside(
    sessions: Sessions, order: SetItemAside, *, actor: Actor, clock: Clock
) -> ItemChanged:
    """Say that a line does not apply here. Raises as ``complete_item``."""
    find_plan = plan_of_item(order.item_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        item, setting = _open_for(session, order.item_uid, order.version_seen, by=by)
        item.state, item.done_on = ItemState.NOT_APPLICABLE, None
        item.reason = _reason(order.reason)
        return _changed(session, item, setting, TransferAction.ITEM_NOT_APPLICABLE, by=by)


def _open_for(
    session: Session, item_uid: UUID, version_seen: int | None, *, by: By
) -> tuple[Item, Setting]:
    item = session.exec(select(Item).where(Item.uid == item_uid)).one()
    check_version(version_seen, item.version)
    capacity = session.get_one(Capacity, item.capacity_id)
    setting = setting_of(session, capacity.transfer_id)
    require_alive(setting.plan)
    case = case_of(session, capacity, on=by.today(setting.plan))
    require_side(case.signer(by.actor))
    return item, setting


def _reason(text: str) -> str:
    reason = check_text(text, field="reason")
    refuse_if([] if reason else [Problem("reason", "is missing", "Say why in a sentence.")])
    return reason


def _write_evidence(item: Item, evidence: Evidence | None, *, on: date) -> None:
    if evidence is None:
        item.evidence_title = item.evidence_custodian = ""
        item.evidence_on = item.evidence_class = item.evidence_until_on = None
        return
    refuse_if(problems_of_evidence(evidence, on=on))
    item.evidence_title = check_text(evidence.title, field="evidence/title", limit=160)
    item.evidence_custodian = check_text(evidence.custodian, field="evidence/custodian", limit=120)
    item.evidence_on = evidence.dated_on
    item.evidence_class = evidence.classification
    item.evidence_until_on = evidence.until_on


def _changed(
    session: Session, item: Item, setting: Setting, action: TransferAction, *, by: By
) -> ItemChanged:
    session.add(item)
    mark_touched(session, setting.transfer, setting.plan, by=by)
    values: dict[str, object] = {
        "item": item.item_id,
        "state": item.state,
        "done_on": item.done_on,
        "reason": item.reason,
        "evidence_title": item.evidence_title,
        "evidence_on": item.evidence_on,
        "evidence_class": item.evidence_class,
        "evidence_custodian": item.evidence_custodian,
        "evidence_until_on": item.evidence_until_on,
    }
    record(by, setting.plan, action, row=item, values=values)
    session.flush()
    return ItemChanged(item.uid, item.state, item.version)

"""The second hand under *not applicable*: agreed to, or refused and the item stays open."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By, check_version
from unbroken.plans.models import FunctionArea, Plan
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import acting, plan_of_item, require_alive
from unbroken.transfers.commands.item_changes import write_edits
from unbroken.transfers.commands.items import ItemChanged
from unbroken.transfers.models import Capacity, Item
from unbroken.transfers.queries.cases import setting_of, signer_in
from unbroken.transfers.queries.item_rows import ItemRow, item_rows
from unbroken.transfers.queries.judging import Edit
from unbroken.transfers.rules.asides import (
    NothingAsked,
    require_may_agree,
    require_may_refuse_aside,
)
from unbroken.transfers.rules.items import ItemFacts, changed_fields
from unbroken.transfers.rules.views import Signer
from unbroken.transfers.rules.words import ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAside:
    """The item whose setting aside is answered, as it was read."""

    item_uid: UUID
    version_seen: int | None = None


def agree_aside(
    sessions: Sessions, order: AnswerAside, *, actor: Actor, clock: Clock
) -> ItemChanged:
    """Agree that an item does not apply: from now on it is set aside.

    Raises:
        SignInNeeded, Forbidden: not the second hand.
        NotFound, Stale: no such item, or not as it was read.
        NothingAsked: nobody asks for it.
    """
    find_plan = plan_of_item(order.item_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        return _answer(session, order, _agreed, may=require_may_agree, by=by)


def refuse_aside(
    sessions: Sessions, order: AnswerAside, *, actor: Actor, clock: Clock
) -> ItemChanged:
    """Say that an item does apply, or take the question back; it stays open.

    Raises as ``agree_aside``.
    """
    find_plan = plan_of_item(order.item_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        return _answer(session, order, _refused, may=require_may_refuse_aside, by=by)


def _agreed(facts: ItemFacts) -> ItemFacts:
    return ItemFacts(
        state=ItemState.NOT_APPLICABLE,
        reason=facts.aside_reason,
        assigned_to=facts.assigned_to,
        mailbox=facts.mailbox,
    )


def _refused(facts: ItemFacts) -> ItemFacts:
    return facts._replace(aside_reason="")


def _answer(
    session: Session,
    order: AnswerAside,
    answered: Callable[[ItemFacts], ItemFacts],
    *,
    may: Callable[..., None],
    by: By,
) -> ItemChanged:
    item = session.exec(select(Item).where(Item.uid == order.item_uid)).one()
    check_version(order.version_seen, item.version)
    plan = session.get_one(Plan, session.get_one(FunctionArea, item.function_area_id).plan_id)
    require_alive(plan)
    row = item_rows(session, plan.id or 0, [item.uid])[item.uid]
    if not row.facts.aside_reason:
        raise NothingAsked
    by_receiver = row.aside_organisation_uid == row.standing.receiver_uid
    may(_signer(session, item, by=by), asked_by=row.aside_by_uid, by_receiver=by_receiver)
    _write(session, plan, row, answered(row.facts), by=by)
    session.refresh(item)
    return ItemChanged(item.uid, item.state, item.version)


def _signer(session: Session, item: Item, *, by: By) -> Signer:
    capacity = session.get_one(Capacity, item.capacity_id)
    return signer_in(session, setting_of(session, capacity.transfer_id), by.actor)


def _write(session: Session, plan: Plan, row: ItemRow, after: ItemFacts, *, by: By) -> None:
    edit = Edit(row, after, changed_fields(row.facts, after))
    if after.state is row.facts.state:
        write_edits(session, plan, [edit], by=by, named=TransferAction.ITEM_ASIDE_REFUSED)
    else:
        write_edits(session, plan, [edit], by=by, named=TransferAction.ITEM_NOT_APPLICABLE)

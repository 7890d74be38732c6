"""Comments on items: short, scanned, and taken back only by who wrote them."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import NotFound
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By
from unbroken.plans.commands.remarks import said, take_back
from unbroken.plans.models import FunctionArea, Plan
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import (
    FindPlan,
    acting,
    mark_touched,
    plan_of_item,
    record,
    require_alive,
)
from unbroken.transfers.models import Capacity, Item, ItemComment
from unbroken.transfers.queries.cases import Setting, setting_of, signer_in
from unbroken.transfers.rules.surroundings import require_side


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentItem:
    """What somebody says about an item."""

    item_uid: UUID
    text: str


def comment_item(sessions: Sessions, order: CommentItem, *, actor: Actor, clock: Clock) -> UUID:
    """Add a comment to an item and return its UUID.

    Raises:
        SignInNeeded, Forbidden: nobody of either side.
        NotFound: there is no such item.
        Invalid: empty, too long, or it looks like a person, a number or a place.
    """
    find_plan = plan_of_item(order.item_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        return comment_item_in(session, order, by=by)


def comment_item_in(session: Session, order: CommentItem, *, by: By) -> UUID:
    """Add a comment within a transaction that has locked the plan's trail; raises as above."""
    item = session.exec(select(Item).where(Item.uid == order.item_uid)).one()
    setting = _setting(session, item)
    require_alive(setting.plan)
    require_side(signer_in(session, setting, by.actor))
    comment = ItemComment(item_id=row_id(item), **said(order.text, by=by).model_dump())
    session.add(comment)
    mark_touched(session, setting.transfer, setting.plan, by=by)
    values: dict[str, object] = {"comment": comment.uid, "text": comment.text}
    record(by, setting.plan, TransferAction.ITEM_COMMENTED, row=item, values=values)
    session.flush()
    return comment.uid


def withdraw_comment(sessions: Sessions, comment_uid: UUID, *, actor: Actor, clock: Clock) -> None:
    """Take a comment back: its text is blanked here; the trail keeps it until stewards erase it.

    Raises:
        SignInNeeded, Forbidden: not the account that wrote it.
        NotFound: there is no such comment.
        Conflict: it was taken back before.
    """
    find_plan = _plan_of_comment(comment_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        query = select(ItemComment).where(ItemComment.uid == comment_uid)
        comment = session.exec(query).one()
        take_back(comment, by=by)
        session.add(comment)
        item = session.get_one(Item, comment.item_id)
        values: dict[str, object] = {"comment": comment.uid}
        plan = _setting(session, item).plan
        record(by, plan, TransferAction.COMMENT_WITHDRAWN, row=item, values=values)


def _setting(session: Session, item: Item) -> Setting:
    return setting_of(session, session.get_one(Capacity, item.capacity_id).transfer_id)


def _plan_of_comment(uid: UUID) -> FindPlan:
    def find(session: Session) -> UUID:
        query = (
            select(Plan.uid)
            .join(FunctionArea, col(FunctionArea.plan_id) == Plan.id)
            .join(Item, col(Item.function_area_id) == FunctionArea.id)
            .join(ItemComment, col(ItemComment.item_id) == Item.id)
            .where(ItemComment.uid == uid)
        )
        found = session.exec(query).first()
        if found is None:
            raise NotFound("There is no comment {comment}.", comment=str(uid))
        return found

    return find

"""A workbook of items comes back: what it would change, what it may not, and what others changed.

What cannot be read or does not fit keeps the whole file out until it is mended. What is not the
sender's to change (grey cells, other people's transfers) and what somebody changed meanwhile is set
aside and told beside its row; the rest is imported.
"""

from dataclasses import dataclass, replace

from sqlmodel import Session

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.memory import collecting_later
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, plan_row
from unbroken.transfers.commands.adding import AddItem, add_item_in
from unbroken.transfers.commands.commenting import CommentItem, comment_item_in
from unbroken.transfers.commands.frame import acting, named_plan, require_alive
from unbroken.transfers.commands.item_changes import change_items_in, write_edits
from unbroken.transfers.queries.item_rows import item_rows
from unbroken.transfers.queries.judging import ItemChange
from unbroken.workbooks.item_outcome import Imported, NewItem, ReadSheet
from unbroken.workbooks.item_sorting import NewRow, Sorted, sort_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportItems:
    """The sheets that came back for a plan; ``dry_run`` says what would happen."""

    plan: Ref
    sheets: tuple[ReadSheet, ...]
    dry_run: bool = False


def import_items(sessions: Sessions, order: ImportItems, *, actor: Actor, clock: Clock) -> Imported:
    """Import what came back of a plan's items: all that is sound, or nothing where faults are.

    Raises:
        SignInNeeded, NotFound: nobody, or no plan that the actor sees.
        Conflict: the plan was cancelled.
    """
    find_plan = named_plan(order.plan)
    with (
        collecting_later(),
        acting(sessions, find_plan, actor=actor, clock=clock) as (session, by),
    ):
        plan = plan_row(session, order.plan)
        require_alive(plan)
        found = sort_rows(session, plan, order.sheets, by=by)
        if order.dry_run or found.outcome.is_blocked or not found.outcome.changes:
            return found.outcome
        return _write(session, plan, found, by=by)


def _write(session: Session, plan: Plan, found: Sorted, *, by: By) -> Imported:
    write_edits(session, plan, found.edits, by=by)
    for uid, text in found.comments.items():
        comment_item_in(session, CommentItem(item_uid=uid, text=text), by=by)
    added = tuple(_add(session, plan, new, by=by) for new in found.additions)
    return replace(found.outcome, written=True, added=added)


def _add(session: Session, plan: Plan, new: NewRow, *, by: By) -> NewItem:
    order = AddItem(
        capacity_uid=new.capacity_uid,
        text=new.addition.text,
        wanted_evidence=new.addition.wanted,
        due_on=new.addition.due_on,
    )
    made = add_item_in(session, order, by=by)
    if new.changes:
        change = ItemChange(item_uid=made.item_uid, changes=new.changes)
        change_items_in(session, plan, [change], by=by)
    if new.comment:
        comment_item_in(session, CommentItem(item_uid=made.item_uid, text=new.comment), by=by)
    facts = item_rows(session, plan.id or 0, [made.item_uid])[made.item_uid].facts
    return NewItem(new.sheet, new.row, made.item_uid, made.item_id, facts)

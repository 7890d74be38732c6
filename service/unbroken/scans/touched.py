"""Which rules an act can move, by what it is called in the trail.

Few acts are so frequent, and change so little, that it pays to know. All others move every rule.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlmodel import Session, col

from unbroken.gaps.commands import GapAction
from unbroken.gaps.rules import Rule
from unbroken.gaps.rules.reads import columns_of, tables_of
from unbroken.gaps.rules.turning import UNTOLD
from unbroken.scans.standing import PlanDay
from unbroken.scans.writing import ScanAction
from unbroken.trail.models import Chain, Entry
from unbroken.transfers.commands.actions import TransferAction

WORK = (
    *("item.", "item_comment."),
    *("transfer.touched_on", "transfer.silent_after_on"),
    *("plan.touched_on", "plan.silent_after_on"),
)
"""What work on items changes: the items, and the marks that somebody has worked."""

CHANGES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            TransferAction.ITEM_DONE,
            TransferAction.ITEM_REOPENED,
            TransferAction.ITEM_NOT_APPLICABLE,
            TransferAction.ITEM_ASIDE_ASKED,
            TransferAction.ITEM_ASIDE_REFUSED,
            TransferAction.ITEM_EDITED,
            TransferAction.ITEM_COMMENTED,
            TransferAction.COMMENT_WITHDRAWN,
            TransferAction.ITEMS_CHANGED,
            TransferAction.ITEMS_UNDONE,
        ),
        WORK,
    ),
    **dict.fromkeys((*GapAction, ScanAction.CHANGED), ()),
}
"""By act: the columns it changes, or what their names begin with."""


def moved_by(actions: Collection[str], rules: Collection[Rule]) -> tuple[Rule, ...]:
    """Return those of ``rules`` that such acts can move, in their order; may be empty."""
    if not CHANGES.keys() >= set(actions):
        return tuple(rules)
    changed = tuple({name for action in actions for name in CHANGES[action]})
    return tuple(rule for rule in rules if _reads(rule, changed))


def moved_without_acts(rules: Collection[Rule]) -> tuple[Rule, ...]:
    """Return those of ``rules`` that read what changes without an act, in their order."""
    return tuple(rule for rule in rules if UNTOLD & tables_of(rule.build))


def actions_since(session: Session, plan: PlanDay) -> frozenset[str]:
    """Return what the acts on a plan since its last look are called; all there were where none."""
    seen = 0 if plan.last is None else plan.last.mark.entries
    statement = (
        select(col(Entry.action))
        .join(Chain, col(Chain.id) == Entry.chain_id)
        .where(col(Chain.plan_uid) == plan.uid, col(Entry.position) > seen)
        .distinct()
    )
    return frozenset(session.scalars(statement))


def _reads(rule: Rule, changed: tuple[str, ...]) -> bool:
    return any(column.startswith(changed) for column in columns_of(rule.build))

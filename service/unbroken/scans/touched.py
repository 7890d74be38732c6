"""Which rules an act can move, by what it is called in the trail.

Few acts are so frequent, and change so little, that it pays to know. All others move every rule.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, null, select
from sqlmodel import Session, col

from unbroken.gaps.commands import GapAction
from unbroken.gaps.rules import Rule
from unbroken.gaps.rules.reads import columns_of, tables_of
from unbroken.gaps.rules.turning import UNTOLD
from unbroken.scans.standing import PlanDay
from unbroken.scans.writing import ScanAction
from unbroken.trail.models import Chain, Entry, Value
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.rules.telling import items_told

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


MANY_AT_ONCE = (TransferAction.ITEMS_CHANGED, TransferAction.ITEMS_UNDONE)
UNKNOWN = frozenset({"unknown"})
MOST_ENTRIES = 5000
"""Read of one plan's trail; where there are more, the whole plan is looked at."""


def moved_by(actions: Collection[str], rules: Collection[Rule]) -> tuple[Rule, ...]:
    """Return those of ``rules`` that such acts can move, in their order; may be empty."""
    if not CHANGES.keys() >= set(actions):
        return tuple(rules)
    changed = tuple({name for action in actions for name in CHANGES[action]})
    return tuple(rule for rule in rules if _reads(rule, changed))


def moved_without_acts(rules: Collection[Rule]) -> tuple[Rule, ...]:
    """Return those of ``rules`` that read what changes without an act, in their order."""
    return tuple(rule for rule in rules if UNTOLD & tables_of(rule.build))


@dataclass(frozen=True, slots=True)
class Touched:
    """What was done to a plan since its last look: what the acts are called, and to which items.

    ``items`` is ``None`` where they are not known: their values were erased, or they are too many.
    """

    actions: frozenset[str]
    items: frozenset[UUID] | None


def touched_since(session: Session, plan: PlanDay) -> Touched:
    """Return what was done to a plan since its last look; everything ever where there was none."""
    entries = list(session.connection().execute(_entries(plan)))
    actions = frozenset(entry.action for entry in entries)
    if len(entries) > MOST_ENTRIES:
        return Touched(UNKNOWN, None)
    if not actions <= CHANGES.keys():
        return Touched(actions, None)
    items: set[UUID] = set()
    for entry in entries:
        if entry.subject_kind == "item":
            items.add(entry.subject_uid)
        elif CHANGES[entry.action] and entry.subject_kind == "transfer":
            told = items_told(entry.body)
            if not told:
                return Touched(actions, None)
            items.update(UUID(uid) for uid in told)
    return Touched(actions, frozenset(items))


def _entries(plan: PlanDay) -> Select[*tuple[Any, ...]]:
    seen = 0 if plan.last is None else plan.last.mark.entries
    told = col(Entry.action).in_(MANY_AT_ONCE)
    return (
        select(
            col(Entry.action),
            col(Entry.subject_kind),
            col(Entry.subject_uid),
            case((told, col(Value.body)), else_=null()).label("body"),
        )
        .join(Chain, col(Chain.id) == Entry.chain_id)
        .outerjoin(Value, col(Value.entry_id) == Entry.id)
        .where(col(Chain.plan_uid) == plan.uid, col(Entry.position) > seen)
        .limit(MOST_ENTRIES + 1)
    )


def _reads(rule: Rule, changed: tuple[str, ...]) -> bool:
    return any(column.startswith(changed) for column in columns_of(rule.build))

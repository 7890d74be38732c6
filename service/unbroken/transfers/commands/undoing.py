"""Undoes the last act of an account on items of a plan, as far as nobody has gone on from there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, plan_row
from unbroken.trail.queries import EntryView, last_act
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.adding import TAKEN_BACK, take_back_in
from unbroken.transfers.commands.frame import acting, named_plan, require_alive
from unbroken.transfers.commands.item_changes import write_edits
from unbroken.transfers.models import Item
from unbroken.transfers.queries.cases import setting_of, signer_in
from unbroken.transfers.queries.item_rows import ItemRow, item_rows
from unbroken.transfers.queries.judging import Edit
from unbroken.transfers.rules.items import ItemFacts, changed_fields
from unbroken.transfers.rules.surroundings import require_side
from unbroken.transfers.rules.telling import items_told
from unbroken.transfers.rules.words import Classification, ItemState

UNDOABLE = (
    TransferAction.ITEM_DONE,
    TransferAction.ITEM_REOPENED,
    TransferAction.ITEM_NOT_APPLICABLE,
    TransferAction.ITEM_ASIDE_ASKED,
    TransferAction.ITEM_ASIDE_REFUSED,
    TransferAction.ITEM_EDITED,
    TransferAction.ITEM_ADDED,
    TransferAction.ITEMS_CHANGED,
    TransferAction.ITEMS_UNDONE,
)
"""Acts on items; undoing one is such an act too, so that undoing twice does it again."""

ANSWERS = (TransferAction.ITEM_NOT_APPLICABLE, TransferAction.ITEM_ASIDE_REFUSED)


class NothingToUndo(Conflict):
    """You have changed no item of this plan that could be undone."""

    code = "nothing-to-undo"
    remedy = _("Open the items one by one and set them as they should be.")


class WentOn(Conflict):
    """{count} of these items were changed since, so undoing would lose that."""

    code = "went-on"
    remedy = _("Open the items one by one and set them as they should be.")


class NotUndone(Conflict):
    """The second hand under an item is not undone; reopen the item, with the reason."""

    code = "not-undone"
    remedy = _("Open the item and choose to reopen it.")


@dataclass(frozen=True, slots=True)
class Undone:
    """The items that are again as they were before the act; those it had added are taken back."""

    items: tuple[UUID, ...]


def undo_last(sessions: Sessions, plan: Ref, *, actor: Actor, clock: Clock) -> Undone:
    """Undo the last act of ``actor`` on items of ``plan``, whole or not at all.

    Raises:
        SignInNeeded, NotFound: nobody, or no plan that the actor sees.
        Forbidden: the actor is of no side of one of the items any more.
        NothingToUndo: there is no such act, or its values were erased.
        WentOn: somebody changed one of the items since.
        NotUndone: the act was the second hand under an item.
    """
    with acting(sessions, named_plan(plan), actor=actor, clock=clock) as (session, by):
        row = plan_row(session, plan)
        require_alive(row)
        entries = _last(session, row, by=by)
        told = dict(pair for entry in entries for pair in _told(entry))
        added = [e.subject_uid for e in entries if e.action == TransferAction.ITEM_ADDED]
        back = {uid: told.pop(uid, None) for uid in added}
        if back:
            _take_back(session, row, back, by=by)
        if told:
            _restore(session, row, told, by=by)
        return Undone((*told, *back))


def _last(session: Session, plan: Plan, *, by: By) -> list[EntryView]:
    account = by.actor.account_uid
    if account is None:
        raise NothingToUndo
    found = last_act(session, plan_uid=plan.uid, account_uid=account, actions=UNDOABLE)
    if not found or any(entry.values is None for entry in found):
        raise NothingToUndo
    return found


def _restore(session: Session, plan: Plan, told: Mapping[UUID, "_Told"], *, by: By) -> None:
    rows = item_rows(session, plan.id or 0, list(told))
    moved = [
        uid for uid, one in told.items() if uid not in rows or rows[uid].version != one.version
    ]
    if moved:
        remedy = _("Look at them and change what is wrong one by one.")
        raise WentOn(remedy=remedy, count=len(moved))
    if any(one.was_second_hand for one in told.values()):
        raise NotUndone
    for transfer_id in {row.standing: row.transfer_id for row in rows.values()}.values():
        require_side(signer_in(session, setting_of(session, transfer_id), by.actor))
    edits = [_back(rows[uid], one) for uid, one in told.items()]
    write_edits(session, plan, edits, by=by, named=TransferAction.ITEMS_UNDONE)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the trail says of one item: the version after the act, old and new of each fact."""

    action: str
    version: int
    changed: Mapping[str, Sequence[object]]
    asked_by: Sequence[str | None] | None

    @property
    def was_second_hand(self) -> bool:
        """Return whether the act answered somebody who asked that the item be set aside."""
        return self.action in ANSWERS and bool(self.changed.get("aside_reason", ("",))[0])


def _told(entry: EntryView) -> list[tuple[UUID, _Told]]:
    values = cast("Mapping[str, Any]", entry.values)
    if entry.action == TransferAction.ITEM_ADDED:
        return []
    many = items_told(values)
    if many:
        return [(UUID(uid), _one(entry.action, one)) for uid, one in many.items()]
    return [(entry.subject_uid, _one(entry.action, values))]


def _one(action: str, values: Mapping[str, Any]) -> _Told:
    return _Told(action, values["version"], values["changed"], values.get("asked_by"))


def _back(row: ItemRow, told: _Told) -> Edit:
    old: dict[str, Any] = {name: _fact(name, both[0]) for name, both in told.changed.items()}
    after: ItemFacts = row.facts._replace(**old)
    changed = changed_fields(row.facts, after)
    if told.asked_by is None:
        return Edit(row, after, changed)
    account, organisation = (None if uid is None else UUID(uid) for uid in told.asked_by)
    return Edit(row, after, changed, (account, organisation))


def _fact(name: str, value: object) -> object:
    """Return a fact as it was before the trail made plain text of it."""
    if value is None:
        return None
    if name == "state":
        return ItemState(str(value))
    if name == "evidence_class":
        return Classification(str(value))
    return date.fromisoformat(str(value)) if name.endswith("_on") else value


def _take_back(session: Session, plan: Plan, added: Mapping[UUID, _Told | None], *, by: By) -> None:
    """Take back what the act added, and where it changed that at once, ``_Told`` what of it."""
    items = session.exec(select(Item).where(col(Item.uid).in_(added))).all()
    if all(item.retired_in == TAKEN_BACK for item in items):
        raise NothingToUndo
    versions = {uid: told.version if told else 1 for uid, told in added.items()}
    moved = [item for item in items if item.version != versions[item.uid]]
    if moved:
        remedy = _("Set them aside instead, with the reason.")
        raise WentOn(remedy=remedy, count=len(moved))
    for item in items:
        take_back_in(session, plan, item, by=by)

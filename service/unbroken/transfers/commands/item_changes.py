"""Changes many items of a plan in one act: all of them or none, with old and new in the trail."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from json.encoder import encode_basestring
from uuid import UUID

from sqlalchemy import Update, bindparam, update
from sqlmodel import Session, col

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Forbidden, Invalid, Problem, Stale
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, plan_row
from unbroken.trail.commands import Act
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import acting, named_plan, require_alive
from unbroken.transfers.commands.touching import mark_all_touched
from unbroken.transfers.models import Item
from unbroken.transfers.queries.judging import (
    Bodies,
    Edit,
    ItemChange,
    Judged,
    bodies_named,
    judge_items,
)
from unbroken.transfers.rules.telling import SAID
from unbroken.transfers.rules.words import ItemState

MOST_ENTRIES = 500
"""Above so many items the trail has one entry a transfer instead of one an item."""

LARGEST_ENTRY = 100
"""Items told of in one entry of the trail; a transfer with more has several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeItems:
    """What is wanted of items of one plan, at most one change an item."""

    plan: Ref
    items: tuple[ItemChange, ...]


@dataclass(frozen=True, slots=True)
class ItemsChanged:
    """What came of it, in the order given; ``waiting`` are those that need a second hand."""

    changed: tuple[UUID, ...]
    unchanged: tuple[UUID, ...]
    waiting: tuple[UUID, ...]


class ItemsStale(Stale, Invalid):
    """Somebody changed {count} of these items since you read them; nothing was changed."""

    code = "items-stale"
    remedy = _("Open the list again, see what changed, then make your changes once more.")


def change_items(
    sessions: Sessions, order: ChangeItems, *, actor: Actor, clock: Clock
) -> ItemsChanged:
    """Change items of a plan, all or nothing.

    Raises:
        SignInNeeded, NotFound: nobody, or no plan that the actor sees.
        Forbidden: the actor is of no side of any of the items.
        Invalid: a change that does not fit; paths are ``items/<uid>/<fact>``.
        ItemsStale: some are not as they were read; its problems name them.
    """
    with acting(sessions, named_plan(order.plan), actor=actor, clock=clock) as (session, by):
        plan = plan_row(session, order.plan)
        return change_items_in(session, plan, order.items, by=by)


def change_items_in(
    session: Session, plan: Plan, wanted: Sequence[ItemChange], *, by: By
) -> ItemsChanged:
    """Change items within a transaction that has locked the plan's trail; raises as above."""
    require_alive(plan)
    judged = judge_items(session, plan, wanted, actor=by.actor, on=by.today(plan))
    require_sound(judged)
    write_edits(session, plan, judged.edits, by=by)
    return ItemsChanged(
        tuple(edit.row.uid for edit in judged.edits),
        judged.unchanged,
        tuple(edit.row.uid for edit in judged.edits if edit.waits),
    )


def require_sound(judged: Judged) -> None:
    """Pass where nothing was refused and nothing is stale.

    Raises:
        Forbidden: all that is wrong is that the actor is of no side.
        Invalid: something does not fit.
        ItemsStale: some are not as they were read.
    """
    found = [(uid, each) for uid, problems in judged.refused.items() for each in problems]
    if found and all(not each.path for _uid, each in found):
        raise Forbidden(found[0][1].what, remedy=found[0][1].remedy)
    if found:
        alone = judged.count == 1
        raise Invalid(problems=[each if alone else _placed(uid, each) for uid, each in found])
    if judged.stale:
        remedy = _("Read them again, then decide whether your change still holds.")
        problems = [Problem(f"items/{uid}", _("was changed since"), "") for uid in judged.stale]
        raise ItemsStale(problems=problems, remedy=remedy, count=len(judged.stale))


def _placed(uid: UUID, problem: Problem) -> Problem:
    return replace(problem, path=f"items/{uid}/{problem.path}".rstrip("/"))


def write_edits(
    session: Session,
    plan: Plan,
    edits: Sequence[Edit],
    *,
    by: By,
    named: TransferAction | None = None,
) -> None:
    """Write judged edits and tell the trail; the plan's trail is locked, so rows are as judged.

    Each entry is called ``named``, or else what its edit is.
    """
    if not edits:
        return
    session.flush()
    bodies = bodies_named(
        session,
        {edit.after.assigned_to for edit in edits},
        {edit.after.mailbox for edit in edits},
        closed=True,  # what was assigned before its account closed stays so
    )
    _update(session, edits, bodies, by=by)
    session.expire_all()
    by.recorder.record_all(_acts(plan, edits, named=named))
    mark_all_touched(session, plan, {edit.row.transfer_id for edit in edits}, by=by)


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "assigned_to": ("assigned_to_id",),
    "mailbox": ("assigned_account_id",),
    "aside_reason": ("aside_reason", "aside_by_uid", "aside_organisation_uid"),
}
"""The columns of facts that are not kept in one of their own name."""


def _update(session: Session, edits: Sequence[Edit], bodies: Bodies, *, by: By) -> None:
    """Write the facts that changed; items in which the same ones did, in one go."""
    alike: dict[tuple[str, ...], list[dict[str, object]]] = defaultdict(list)
    known: dict[int, tuple[list[dict[str, object]], dict[str, object]]] = {}
    for edit in edits:
        # edits with the same outcome share one mapping of it
        key = id(edit.changed)
        if key not in known:
            known[key] = (alike[tuple(edit.changed)], _new_facts(edit, bodies))
        rows, facts = known[key]
        row = {**facts, "number": edit.row.id, "new_version": edit.row.version + 1}
        rows.append({**row, **_asked(edit, by=by)} if "aside_reason" in edit.changed else row)
    for names, rows in alike.items():
        session.connection().execute(_statement(names), rows)


def _statement(names: Iterable[str]) -> Update:
    columns = [column for name in names for column in _COLUMNS.get(name, (name,))]
    return (
        update(Item)
        .where(col(Item.id) == bindparam("number"))
        .values({name: bindparam(f"new_{name}") for name in (*columns, "version")})
    )


def _new_facts(edit: Edit, bodies: Bodies) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, (_old, new) in edit.changed.items():
        if name == "assigned_to":
            values["new_assigned_to_id"] = bodies.organisations.get(edit.after.assigned_to)
        elif name == "mailbox":
            account = bodies.accounts.get(edit.after.mailbox, (None, ""))
            values["new_assigned_account_id"] = account[0]
        else:
            values[f"new_{name}"] = new
    return values


def _asked(edit: Edit, *, by: By) -> dict[str, object]:
    """Return who asks that the item be set aside; nobody where that has ended."""
    actor = (by.actor.account_uid, by.actor.organisation_uid)
    asked, body = (edit.asked_by or actor) if edit.after.aside_reason else (None, None)
    return {"new_aside_by_uid": asked, "new_aside_organisation_uid": body}


def _acts(plan: Plan, edits: Sequence[Edit], *, named: TransferAction | None) -> list[Act]:
    if len(edits) <= MOST_ENTRIES and named is not TransferAction.ITEMS_UNDONE:
        return [
            Act(named or action_of(edit), "item", edit.row.uid, told(edit), plan.uid)
            for edit in edits
        ]
    many = named or TransferAction.ITEMS_CHANGED
    by_transfer: dict[UUID, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_transfer[edit.row.transfer_uid].append(edit)
    said: dict[int, str] = {}
    return [
        Act(many, "transfer", uid, _told_of_many(some, said), plan.uid)
        for uid, all_of_it in by_transfer.items()
        for some in _chunks(all_of_it)
    ]


def _chunks(edits: Sequence[Edit]) -> list[Sequence[Edit]]:
    return [edits[n : n + LARGEST_ENTRY] for n in range(0, len(edits), LARGEST_ENTRY)]


def action_of(edit: Edit) -> TransferAction:
    """Return what a change of one item is called in the trail."""
    before, after = edit.row.facts, edit.after
    if after.aside_reason and after.aside_reason != before.aside_reason:
        return TransferAction.ITEM_ASIDE_ASKED
    if after.state is before.state:
        return TransferAction.ITEM_EDITED
    return {
        ItemState.DONE: TransferAction.ITEM_DONE,
        ItemState.OPEN: TransferAction.ITEM_REOPENED,
        ItemState.NOT_APPLICABLE: TransferAction.ITEM_NOT_APPLICABLE,
    }[after.state]


def told(edit: Edit) -> dict[str, object]:
    """Return what the trail keeps of an edit: the item, its new version, old and new facts.

    Where it ends a question, also who had asked: account and organisation.
    """
    row = edit.row
    changed: Mapping[str, object] = {name: list(both) for name, both in edit.changed.items()}
    kept: dict[str, object] = {"item": row.item_id, "version": row.version + 1, "changed": changed}
    if row.facts.aside_reason and "aside_reason" in edit.changed:
        kept["asked_by"] = [row.aside_by_uid, row.aside_organisation_uid]
    return kept


def _told_of_many(edits: Sequence[Edit], said: dict[int, str]) -> dict[str, object]:
    """Return what the trail keeps of many edits: one JSON text, which is hashed as it stands.

    As nested values it would be brought into canonical form fact by fact, which took longer than
    everything else of an import. ``said`` remembers what the same facts come to.
    """
    items = ", ".join(f'"{edit.row.uid}": {_as_json(edit, said)}' for edit in edits)
    return {SAID: f"{{{items}}}"}


def _as_json(edit: Edit, said: dict[int, str]) -> str:
    """Return ``told(edit)`` as JSON; items with the same outcome share one mapping of it."""
    if edit.row.facts.aside_reason:
        return json.dumps(told(edit), default=str, ensure_ascii=False)
    key = id(edit.changed)
    if key not in said:
        said[key] = json.dumps(edit.changed, default=str, ensure_ascii=False)
    item, version = encode_basestring(edit.row.item_id), edit.row.version + 1
    return f'{{"item": {item}, "version": {version}, "changed": {said[key]}}}'

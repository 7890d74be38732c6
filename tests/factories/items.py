"""Items of a small plan, the orders that change them, and what the trail tells of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col, select

from tests.factories.transfers import Scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import new_uid
from unbroken.people.rules import Actor
from unbroken.plans.models import Plan
from unbroken.trail.models import Chain, Entry, Value
from unbroken.trail.queries import verify
from unbroken.transfers.commands.item_changes import ChangeItems, ItemsChanged, change_items
from unbroken.transfers.models import Capacity, Item
from unbroken.transfers.queries.item_rows import ItemRow, item_rows
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import Changes
from unbroken.transfers.rules.words import ItemState

Told = tuple[str, UUID, Mapping[str, object]]
"""Action, subject and values of an entry of the trail."""


def later(scene: Scene, minutes: int) -> Scene:
    """Return the scene so many minutes on: an act is what happens at one instant."""
    return replace(scene, clock=FixedClock(scene.clock.at + timedelta(minutes=minutes)))


def rows_of(scene: Scene) -> list[ItemRow]:
    """Return the items of the plan as they stand, as they were made."""
    with scene.sessions.reading() as session:
        return list(item_rows(session, _plan_id(session, scene)).values())


def row_of(scene: Scene, uid: UUID) -> ItemRow:
    """Return one item as it stands."""
    return next(row for row in rows_of(scene) if row.uid == uid)


def change(
    scene: Scene, changes: Changes, *uids: UUID, by: Actor | None = None, seen: int | None = None
) -> ItemsChanged:
    """Want the same of several items, as the planner or somebody else."""
    wanted = tuple(ItemChange(item_uid=uid, changes=changes, version_seen=seen) for uid in uids)
    order = ChangeItems(plan=scene.plan_uid, items=wanted)
    return change_items(scene.sessions, order, actor=by or scene.planner, clock=scene.clock)


def many_items(scene: Scene, capacity_uid: UUID, count: int) -> list[UUID]:
    """Store so many lines under one capacity, in bulk, and return their UUIDs in order."""
    uids = [new_uid() for _ in range(count)]
    with scene.sessions.begin() as session:
        capacity = session.exec(select(Capacity).where(Capacity.uid == capacity_uid)).one()
        item = session.exec(select(Item).where(Item.capacity_id == capacity.id)).first()
        assert item is not None
        rows = [
            {
                "uid": uid,
                "version": 1,
                "capacity_id": capacity.id,
                "function_area_id": item.function_area_id,
                "is_added": True,
                "text": "Do it.",
                "in_content": False,
                "item_id": f"BULK-{number:05}",
                "step": f"item:BULK-{number:05}",
                "state": ItemState.OPEN,
            }
            for number, uid in enumerate(uids)
        ]
        session.connection().execute(insert(Item), rows)
    return uids


def told(scene: Scene, *, of: str = "transfers:") -> list[Told]:
    """Return the entries of the plan's chain whose action begins so, the first first."""
    query = (
        select(Entry.action, Entry.subject_uid, Value.body)
        .join(Chain, col(Chain.id) == Entry.chain_id)
        .join(Value, col(Value.entry_id) == Entry.id)
        .where(Chain.plan_uid == scene.plan_uid, col(Entry.action).startswith(of))
        .order_by(col(Entry.position))
    )
    with scene.sessions.reading() as session:
        return [(action, uid, body or {}) for action, uid, body in session.exec(query)]


def is_intact(scene: Scene) -> bool:
    """Return whether the plan's chain verifies from end to end."""
    with scene.sessions.reading() as session:
        return all(report.is_intact for report in verify(session, plan_uid=scene.plan_uid))


def _plan_id(session: Session, scene: Scene) -> int:
    return session.exec(select(Plan.id).where(Plan.uid == scene.plan_uid)).one() or 0

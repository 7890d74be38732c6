"""What tests of adopting an edition look at: signatures, texts, days and the trail."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import col, select

from tests.factories.capacities import TODAY
from tests.factories.editions import (
    Stand,
)
from unbroken.functions.rules import (
    Edition,
)
from unbroken.plans.models import Revision, RevisionState
from unbroken.plans.models import TimetableStep as Step
from unbroken.trail.models import Chain
from unbroken.transfers.commands.item_changes import ChangeItems, change_items
from unbroken.transfers.models import Capacity
from unbroken.transfers.models import Item as Row
from unbroken.transfers.queries.cases import content_hash_of, setting_of, subject_of
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.queries.lines import Lines
from unbroken.transfers.rules.items import Changes
from unbroken.transfers.rules.items import ItemField as F
from unbroken.transfers.rules.words import ItemState

CODE = "MRM-VER"
DONE: Changes = {F.STATE: ItemState.DONE, F.DONE_ON: TODAY}
ASIDE: Changes = {F.STATE: ItemState.NOT_APPLICABLE, F.REASON: "Nobody asks for it here."}
SIGNED = (
    "state",
    "content_hash",
    "signed_hash",
    "edition",
    "language",
    "parts",
    "unit",
    "quantity",
)


def change(stand: Stand, changes: Changes, *items: Row) -> None:
    wanted = tuple(ItemChange(item_uid=item.uid, changes=changes) for item in items)
    order = ChangeItems(plan=stand.slug, items=wanted)
    change_items(stand.sessions, order, actor=stand.planner, clock=stand.clock)


def signed(stand: Stand) -> dict[UUID, tuple[object, ...]]:
    """Return what must not change of each capacity that somebody signed."""
    return {
        row.uid: tuple(getattr(row, name) for name in SIGNED)
        for row in stand.capacities()
        if row.signed_hash is not None
    }


def digests(stand: Stand, *, only_signed: bool = True) -> dict[UUID, str]:
    """Return the hash of what a signature would cover now, computed anew."""
    with stand.sessions.reading() as session:
        return {
            row.uid: content_hash_of(
                subject_of(session, row, setting_of(session, row.transfer_id)), row
            )
            for row in session.exec(select(Capacity)).all()
            if row.signed_hash is not None or not only_signed
        }


def head(stand: Stand) -> list[tuple[int, str]]:
    with stand.sessions.reading() as session:
        found = session.exec(select(Chain).order_by(col(Chain.id))).all()
        return [(row.entry_count, row.head_hash) for row in found]


def texts(stand: Stand, capacity: UUID) -> dict[str, str]:
    """Return what each line of a capacity asks, as people read it."""
    with stand.sessions.reading() as session:
        lines, rows = Lines(session), stand.items(of=capacity)
        return {row.item_id: lines.of(row, CODE).text for row in rows}


def due(stand: Stand, step: str) -> set[object]:
    """Return the days of a step in the revision in force."""
    query = (
        select(Step)
        .join(Revision, col(Revision.id) == Step.revision_id)
        .where(Revision.state == RevisionState.IN_FORCE, Step.step == step)
    )
    with stand.sessions.reading() as session:
        return {row.due_on for row in session.exec(query)}


def adopted(stand: Stand, edition: Edition) -> Mapping[str, int]:
    """Adopt an edition and return what was counted and is not nought."""
    came = stand.adopt(edition)
    return {name: count for name, count in came.tally.items() if count}

"""What an act would make of a selection of items, as a page shows it before anything changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from unbroken.kit.errors import Problem
from unbroken.plans.queries.rows import plan_row
from unbroken.transfers.queries.checklist_filters import ChecklistFilter, Reading
from unbroken.transfers.queries.checklists import ChecklistRow, rows_named
from unbroken.transfers.queries.judging import Edit, ItemChange, judge_items
from unbroken.transfers.rules.items import Fact, ItemField

Difference = tuple[str, Fact, Fact]
"""The name of a fact, what it is and what it becomes."""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Items of which the same facts change in the same way."""

    changed: tuple[Difference, ...]
    rows: tuple[ChecklistRow, ...]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """An item that cannot be changed so, and why; ``row`` is ``None`` where nobody sees it."""

    row: ChecklistRow | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class StaleRow:
    """An item that somebody changed since it was read: what it is now and what was wanted."""

    row: ChecklistRow
    changed: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a selection would become; each item stands in one part only. ``rows`` are all of it."""

    rows: tuple[ChecklistRow, ...]
    groups: tuple[ChangeGroup, ...]
    unchanged: tuple[ChecklistRow, ...]
    refused: tuple[RefusedRow, ...]
    stale: tuple[StaleRow, ...]

    @property
    def count(self) -> int:
        """Return how many items would change."""
        return sum(len(group.rows) for group in self.groups)


def preview_of(
    session: Session,
    plan_uid: UUID,
    wanted: Sequence[ItemChange],
    *,
    reading: Reading,
    language: str,
) -> Preview:
    """Return what ``wanted`` would come to on the reader's day; writes nothing.

    Items that have the state already stay as they are, whatever reason is given with it.
    """
    uids = [each.item_uid for each in wanted]
    order = ChecklistFilter(plan=plan_uid)
    rows = rows_named(session, order, uids, reading=reading, language=language)
    moving = [each for each in wanted if not _is_so(each, rows)]
    plan = plan_row(session, plan_uid)
    judged = judge_items(session, plan, moving, actor=reading.actor, on=reading.on)
    again = [
        ItemChange(item_uid=each.item_uid, changes=each.changes)
        for each in moving
        if each.item_uid in judged.stale
    ]
    late = judge_items(session, plan, again, actor=reading.actor, on=reading.on)
    sound = {edit.row.uid: edit for edit in judged.edits if edit.row.uid in rows}
    same = {each.item_uid for each in wanted} - {each.item_uid for each in moving}
    return Preview(
        rows=tuple(rows.values()),
        groups=_grouped(sound, rows),
        unchanged=tuple(row for uid, row in rows.items() if uid in {*same, *judged.unchanged}),
        refused=tuple(RefusedRow(rows.get(uid), why) for uid, why in judged.refused.items()),
        stale=tuple(
            StaleRow(rows[edit.row.uid], _differences(edit))
            for edit in late.edits
            if edit.row.uid in rows
        ),
    )


def _is_so(wanted: ItemChange, rows: Mapping[UUID, ChecklistRow]) -> bool:
    row, changes = rows.get(wanted.item_uid), wanted.changes
    if row is None or ItemField.REASON not in changes:
        return False
    return changes.get(ItemField.STATE) is row.state


def _grouped(
    edits: Mapping[UUID, Edit], rows: Mapping[UUID, ChecklistRow]
) -> tuple[ChangeGroup, ...]:
    found: dict[tuple[Difference, ...], list[ChecklistRow]] = {}
    for uid, row in rows.items():
        if uid in edits:
            found.setdefault(_differences(edits[uid]), []).append(row)
    return tuple(ChangeGroup(changed, tuple(those)) for changed, those in found.items())


def _differences(edit: Edit) -> tuple[Difference, ...]:
    return tuple((name, old, new) for name, (old, new) in edit.changed.items())

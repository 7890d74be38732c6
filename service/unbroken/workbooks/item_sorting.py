"""Sorts the rows of a workbook of items: changed, refused, in conflict, to be added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands.acts import By
from unbroken.plans.models import Plan
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.models import Item, ItemComment
from unbroken.transfers.queries.item_rows import ItemRow, item_rows
from unbroken.transfers.queries.judging import Edit, ItemChange, Judged, judge_rows
from unbroken.transfers.rules.items import Changes, Fact, ItemField
from unbroken.workbooks.item_additions import NewRow, find_additions
from unbroken.workbooks.item_columns import FIELD_OF
from unbroken.workbooks.item_outcome import Change, Conflict, Imported, ReadSheet, Refusal
from unbroken.workbooks.item_reading import ReadRow
from unbroken.workbooks.item_rows_out import plain_fact
from unbroken.workbooks.item_stamps import cell_mark

__all__ = ["NewRow", "Sorted", "sort_rows"]
KEY_OF = {name: key for key, name in FIELD_OF.items()}
NO_ITEM = Problem("Id", _("is no item of this plan"), _("Take the row from a fresh export."))
FIXED_CHANGED = Problem(
    "",
    _("A grey cell was changed; it tells what the item is."),
    _("Put back what stood there; to ask for something else, add an item of your own."),
)


@dataclass(frozen=True, slots=True)
class Sorted:
    """What the rows come to, and what has to be written for it."""

    outcome: Imported
    edits: tuple[Edit, ...]
    comments: Mapping[UUID, str]
    additions: tuple[NewRow, ...]


@dataclass(slots=True)
class _Pile:
    """What the rows asked for, before it is judged."""

    refused: list[Refusal] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    wanted: list[ItemChange] = field(default_factory=list)
    places: dict[UUID, tuple[str, int]] = field(default_factory=dict)
    comments: dict[UUID, str] = field(default_factory=dict)
    new: list[tuple[str, ReadRow]] = field(default_factory=list)


def sort_rows(session: Session, plan: Plan, sheets: Sequence[ReadSheet], *, by: By) -> Sorted:
    """Return what the rows of all sheets come to; writes nothing."""
    uids = [row.uid for sheet in sheets for row in sheet.rows if row.uid and _says(row)]
    rows = item_rows(session, plan.id or 0, uids) if uids else {}
    pile = _Pile()
    for sheet in sheets:
        for row in sheet.rows:
            _sort(pile, sheet.name, row, rows)
    judged = judge_rows(session, plan, pile.wanted, rows, actor=by.actor, on=by.today(plan))
    comments = _fresh_comments(session, pile.comments, by=by)
    additions, refused = find_additions(session, plan, pile.new, by=by)
    pile.refused += [*_refusals(pile, judged, comments), *refused]
    changes = [*_changes(pile, judged, comments, rows), *map(_addition, additions)]
    total = sum(len(sheet.rows) for sheet in sheets)
    return _outcome(pile, judged, comments, (changes, tuple(additions)), total=total)


def _outcome(
    pile: _Pile,
    judged: Judged,
    comments: Mapping[UUID, str | tuple[Problem, ...]],
    found: tuple[Sequence[Change], tuple[NewRow, ...]],
    *,
    total: int,
) -> Sorted:
    out = {(each.sheet, each.row) for each in pile.refused}
    changes, additions = found
    outcome = Imported(
        rows=total,
        changes=_in_order(each for each in changes if (each.sheet, each.row) not in out),
        refused=tuple(sorted(pile.refused, key=lambda each: (each.sheet, each.row))),
        conflicts=tuple(pile.conflicts),
    )
    texts = {
        uid: text
        for uid, text in comments.items()
        if isinstance(text, str) and pile.places[uid] not in out
    }
    edits = tuple(edit for edit in judged.edits if pile.places[edit.row.uid] not in out)
    return Sorted(outcome, edits, texts, additions)


def _addition(new: NewRow) -> Change:
    return Change(new.sheet, new.row, "", new.shown(), comment=new.comment, is_added=True)


def _says(row: ReadRow) -> bool:
    return bool(row.changed or row.comment or row.fixed_changed)


def _in_order(changes: Iterator[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda each: (each.sheet, each.row)))


def _sort(pile: _Pile, sheet: str, row: ReadRow, rows: Mapping[UUID, ItemRow]) -> None:
    stored = None if row.uid is None else rows.get(row.uid)
    if row.problems:
        pile.refused.append(Refusal(sheet, row.number, row.problems, is_fault=True))
    elif row.addition is not None:
        pile.new.append((sheet, row))
    elif not _says(row):
        return
    elif stored is None:
        pile.refused.append(Refusal(sheet, row.number, (NO_ITEM,), is_fault=True))
    elif row.fixed_changed:
        pile.refused.append(Refusal(sheet, row.number, (FIXED_CHANGED,), is_fault=False))
    else:
        _want(pile, sheet, row, stored)


def _want(pile: _Pile, sheet: str, row: ReadRow, stored: ItemRow) -> None:
    changes, clashes = merged(row, stored)
    if clashes:
        pile.conflicts += [
            Conflict(sheet, row.number, stored.uid, stored.item_id, name, yours, theirs)
            for name, yours, theirs in clashes
        ]
    elif changes or row.comment:
        pile.places[stored.uid] = (sheet, row.number)
        pile.wanted.append(ItemChange(item_uid=stored.uid, changes=changes))
        if row.comment:
            pile.comments[stored.uid] = row.comment


def merged(row: ReadRow, stored: ItemRow) -> tuple[Changes, list[tuple[ItemField, Fact, Fact]]]:
    """Return what a row still changes, and where it clashes with what somebody changed meanwhile.

    What is stored as the row wants it is neither.
    """
    changes: dict[ItemField, Fact] = {}
    clashes: list[tuple[ItemField, Fact, Fact]] = []
    for name, yours in row.changed.items():
        theirs = stored.facts.value(name)
        if plain_fact(yours) == plain_fact(theirs):
            continue
        was = row.stamp.cells[KEY_OF[name]] if row.stamp else ""
        if cell_mark(plain_fact(theirs)) == was:
            changes[name] = yours
        else:
            clashes.append((name, yours, theirs))
    return changes, clashes


def _fresh_comments(
    session: Session, comments: Mapping[UUID, str], *, by: By
) -> dict[UUID, str | tuple[Problem, ...]]:
    """Return the comments that are not there yet, or what is wrong with them."""
    query = (
        select(Item.uid, ItemComment.text)
        .join(ItemComment, col(ItemComment.item_id) == Item.id)
        .where(col(Item.uid).in_(list(comments)), ItemComment.account_uid == by.actor.account_uid)
    )
    known = set(session.exec(query).all()) if comments else set()
    found: dict[UUID, str | tuple[Problem, ...]] = {}
    for uid, text in comments.items():
        if (uid, text) in known:
            continue
        try:
            found[uid] = check_text(text, field="comment")
        except Invalid as refusal:
            found[uid] = refusal.problems
    return found


def _refusals(
    pile: _Pile, judged: Judged, comments: Mapping[UUID, str | tuple[Problem, ...]]
) -> Iterator[Refusal]:
    faults = {uid: found for uid, found in comments.items() if not isinstance(found, str)}
    for uid in [*judged.refused, *(uid for uid in faults if uid not in judged.refused)]:
        problems = (*judged.refused.get(uid, ()), *faults.get(uid, ()))
        # a problem without a path is about who may, not about what was written
        is_fault = any(each.path for each in problems)
        yield Refusal(*pile.places[uid], problems, is_fault)


def _changes(
    pile: _Pile,
    judged: Judged,
    comments: Mapping[UUID, str | tuple[Problem, ...]],
    rows: Mapping[UUID, ItemRow],
) -> Iterator[Change]:
    edits = {edit.row.uid: edit for edit in judged.edits}
    for uid in dict.fromkeys([*edits, *comments]):
        text = comments.get(uid, "")
        if uid in edits or text:
            told = text if isinstance(text, str) else ""
            edit, row = edits.get(uid), rows[uid]
            changed, after = (edit.changed, edit.after) if edit else ({}, row.facts)
            yield Change(*pile.places[uid], row.item_id, changed, uid, told, after=after)

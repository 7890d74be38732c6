"""Sorts the rows of a workbook of items: changed, refused, in conflict, to be added."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeAlias
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands.acts import By
from unbroken.plans.models import FunctionArea, Plan
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.models import Item, ItemComment
from unbroken.transfers.queries.item_rows import ItemRow, item_rows
from unbroken.transfers.queries.judging import Edit, ItemChange, Judged, judge_rows
from unbroken.transfers.rules.items import RETIRED, Changes, Fact, ItemField
from unbroken.workbooks.item_additions import NewRow, find_additions
from unbroken.workbooks.item_columns import KEY_OF
from unbroken.workbooks.item_outcome import Change, Conflict, Imported, ReadSheet, Refusal
from unbroken.workbooks.item_reading import ReadRow
from unbroken.workbooks.item_rows_out import plain_fact
from unbroken.workbooks.item_stamps import cell_mark

__all__ = ["NewRow", "Sorted", "sort_rows"]
PLACE = (Change._fields.index("sheet"), Change._fields.index("row"))
NO_ITEM = Problem("Id", _("is no item of this plan"), _("Take the row from a fresh export."))
SAID_TWICE = Problem(
    "Id", _("is changed on another sheet too"), _("Keep what you want on one of the two sheets.")
)
FIXED_CHANGED = Problem(
    "",
    _("The id or a grey cell was changed; they tell what the item is."),
    _("Put back what stood there; to ask for something else, add an item of your own."),
)


@dataclass(frozen=True, slots=True)
class Sorted:
    """What the rows come to, and what has to be written for it."""

    outcome: Imported
    edits: tuple[Edit, ...]
    comments: Mapping[UUID, str]
    additions: tuple[NewRow, ...]


_Merged: TypeAlias = tuple[Changes, list[tuple[ItemField, Fact, Fact]]]


@dataclass(slots=True)
class _Pile:
    """What the rows asked for, before it is judged."""

    refused: list[Refusal] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    said: set[UUID] = field(default_factory=set)
    wanted: list[ItemChange] = field(default_factory=list)
    places: dict[UUID, tuple[str, int]] = field(default_factory=dict)
    comments: dict[UUID, str] = field(default_factory=dict)
    known: dict[tuple[int, int], "_Merged"] = field(default_factory=dict)
    new: list[tuple[str, ReadRow]] = field(default_factory=list)


def sort_rows(session: Session, plan: Plan, sheets: Sequence[ReadSheet], *, by: By) -> Sorted:
    """Return what the rows of all sheets come to; writes nothing."""
    uids = [row.uid for sheet in sheets for row in sheet.rows if row.uid and _says(row)]
    rows = item_rows(session, plan.id or 0, uids) if uids else {}
    silent = {row.uid for sheet in sheets for row in sheet.rows if row.uid not in rows}
    known = {*rows, *(_uids(session, plan) & silent)} if silent else rows
    pile = _Pile()
    for sheet in sheets:
        for row in sheet.rows:
            _sort(pile, sheet.name, row, rows, known)
    judged = judge_rows(session, plan, pile.wanted, rows, actor=by.actor, on=by.today(plan))
    comments = _fresh_comments(session, pile.comments, by=by)
    additions, refused = find_additions(session, plan, pile.new, by=by)
    pile.refused += [*_refusals(pile, judged, comments), *refused]
    changes = [*_changes(pile, judged, comments, rows), *map(_addition, additions)]
    total = sum(len(sheet.rows) for sheet in sheets)
    return _outcome(pile, judged, comments, (changes, tuple(additions)), total=total)


def _uids(session: Session, plan: Plan) -> set[UUID]:
    query = (
        select(Item.uid)
        .join(FunctionArea, col(FunctionArea.id) == Item.function_area_id)
        .where(FunctionArea.plan_id == plan.id)
    )
    return set(session.exec(query))


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
    kept = [each for each in changes if (each.sheet, each.row) not in out] if out else changes
    outcome = Imported(
        rows=total,
        changes=tuple(sorted(kept, key=itemgetter(*PLACE))),
        refused=tuple(sorted(pile.refused, key=lambda each: (each.sheet, each.row))),
        # what somebody else entered is not told to those whose transfer it is not
        conflicts=tuple(each for each in pile.conflicts if (each.sheet, each.row) not in out),
    )
    texts = {
        uid: text
        for uid, text in comments.items()
        if isinstance(text, str) and pile.places[uid] not in out
    }
    edits = judged.edits
    if out:
        edits = tuple(edit for edit in edits if pile.places[edit.row.uid] not in out)
    return Sorted(outcome, edits, texts, additions)


def _addition(new: NewRow) -> Change:
    return Change(new.sheet, new.row, "", new.shown(), comment=new.comment, is_added=True)


def _says(row: ReadRow) -> bool:
    return bool(row.changed or row.comment or row.fixed_changed)


def _sort(
    pile: _Pile,
    sheet: str,
    row: ReadRow,
    rows: Mapping[UUID, ItemRow],
    known: Collection[UUID],
) -> None:
    fault = _fault(pile, row, known)
    if fault:
        pile.refused.append(Refusal(sheet, row.number, fault, is_fault=True))
    elif row.addition is not None:
        pile.new.append((sheet, row))
    elif row.fixed_changed:
        pile.refused.append(Refusal(sheet, row.number, (FIXED_CHANGED,), is_fault=False))
    elif row.uid is not None and _says(row):
        _want(pile, sheet, row, rows[row.uid])


def _fault(pile: _Pile, row: ReadRow, known: Collection[UUID]) -> tuple[Problem, ...]:
    """Return what keeps the row, and with it the file, out; of two rows of an item the second."""
    if row.problems or row.uid is None:
        return row.problems
    if row.uid not in known:
        return (NO_ITEM,)
    if not _says(row):
        return ()
    twice = (SAID_TWICE,) if row.uid in pile.said else ()
    pile.said.add(row.uid)
    return twice


def _want(pile: _Pile, sheet: str, row: ReadRow, stored: ItemRow) -> None:
    # rows of which the same is said share one mapping, items of which the same is known their
    # facts, see ``item_reading`` and ``item_rows``
    key = (id(row.changed), id(stored.facts))
    if key not in pile.known:
        pile.known[key] = merged(row, stored)
    changes, clashes = pile.known[key]
    if clashes:
        pile.conflicts += [
            Conflict(sheet, row.number, stored.uid, stored.item_id, name, yours, theirs)
            for name, yours, theirs in clashes
        ]
    elif row.comment:
        pile.comments[stored.uid] = row.comment
    if clashes or changes or row.comment:
        pile.places[stored.uid] = (sheet, row.number)
        # in conflict nothing is wanted, but whose transfer it is gets judged
        wanted = ItemChange(item_uid=stored.uid, changes={} if clashes else changes)
        pile.wanted.append(wanted)


def merged(row: ReadRow, stored: ItemRow) -> "_Merged":
    """Return what a row still changes, and where it clashes with what somebody changed meanwhile.

    What is stored as the row wants it is neither.
    """
    changes: dict[ItemField, Fact] = {}
    clashes: list[tuple[ItemField, Fact, Fact]] = []
    for name, yours in row.changed.items():
        theirs = stored.facts.value(name)
        if plain_fact(yours) == plain_fact(theirs):
            continue
        was = row.stamp.known[KEY_OF[name]] if row.stamp else ""
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
        # who may not, and what is history, is not mended in the file: it keeps nothing else out
        is_fault = any(each.path and each is not RETIRED for each in problems)
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

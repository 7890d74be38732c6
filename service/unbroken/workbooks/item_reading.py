"""What came back in a sheet of items: which cells of which row were changed; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from unbroken.kit.errors import Problem
from unbroken.kit.languages import gettext as _
from unbroken.transfers.rules.items import Fact, ItemField
from unbroken.transfers.rules.words import ItemState
from unbroken.workbooks.cells import ERROR, Unreadable, day_of, is_error, text_of
from unbroken.workbooks.item_cells import Words, cleaned, fact_of, grey_text
from unbroken.workbooks.item_columns import FIELD_OF, FIXED, NEEDED, Key, folded
from unbroken.workbooks.item_rows_out import plain_fact
from unbroken.workbooks.item_stamps import (
    EDITABLE,
    Stamp,
    bound_mark,
    cell_mark,
    fixed_mark,
    read_stamp,
    whole_mark,
)
from unbroken.workbooks.reading import Cell, SheetGrid

HEADING_ROWS = 20
"""A heading is looked for in so many rows: people put a title above it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the heading stands (index of the row) and the index of each column that is there."""

    heading: int
    columns: Mapping[Key, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A row without an id that wants to be an item; texts as typed, the day read."""

    function: str
    area: str
    receiver: str
    dimension: str
    text: str
    wanted: str
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """One row that holds anything. ``number`` is the one people see.

    ``changed`` are the facts whose cell differs from the stamp. ``uid`` and ``addition`` are both
    ``None`` where the row is at fault. ``shown`` are the facts of all cells that people change, as
    ``EDITABLE`` has them, where the row says anything. ``fixed_mark`` is the mark of the grey cells
    as they stand, ``fixed_changed`` whether one of them or the id was changed.
    """

    number: int
    uid: UUID | None = None
    stamp: Stamp | None = None
    changed: Mapping[ItemField, Fact] = field(default_factory=dict)
    shown: tuple[Fact, ...] = ()
    comment: str = ""
    addition: Addition | None = None
    fixed_mark: str = ""
    fixed_changed: bool = False
    problems: tuple[Problem, ...] = ()


def find_place(grid: SheetGrid, words: Words) -> Place | None:
    """Return where the heading of a sheet of items stands; ``None`` where it is another sheet."""
    for index, row in enumerate(grid.rows[:HEADING_ROWS]):
        columns: dict[Key, int] = {}
        for at, cell in enumerate(row):
            key = words.headings.get(folded(cell)) if isinstance(cell, str) else None
            if key is not None:
                columns.setdefault(key, at)
        if all(key in columns for key in NEEDED):
            return Place(index, columns)
    return None


def read_rows(grid: SheetGrid, place: Place, words: Words) -> Iterator[ReadRow]:
    """Yield the rows below the heading that hold anything, as they stand."""
    reader = _Reader(place.columns, words)
    for index in range(place.heading + 1, len(grid.rows)):
        row = grid.rows[index]
        if any(cell is not None and cell != "" for cell in row):
            found = reader.read(row, number=grid.row_of(index))
            if found is not None:
                yield found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads row after row; remembers the meaning of words that repeat."""

    columns: Mapping[Key, int]
    words: Words
    seen: dict[UUID, int] = field(default_factory=dict)

    def read(self, row: Sequence[Cell], *, number: int) -> ReadRow | None:
        """Return what a row wants; ``None`` where it holds nothing of ours."""
        told = self._text(row, Key.UID)
        if not told:
            return self._added(row, number=number)
        try:
            uid = UUID(told)
        except ValueError:
            return _faulty(number, "Id", _("is not the id of an item"), RESTORE)
        if uid in self.seen:
            what = _("stands in an earlier row too")
            return _faulty(number, "Id", what, _("Keep one of the two rows."))
        self.seen[uid] = number
        stamp = read_stamp(self._text(row, Key.STAMP))
        if stamp is None:
            return _faulty(number, "Stamp", _("is missing or was changed"), RESTORE)
        return self._known(row, uid, stamp, number=number)

    def _known(self, row: Sequence[Cell], uid: UUID, stamp: Stamp, *, number: int) -> ReadRow:
        facts, problems = self._facts(row)
        marks = [plain_fact(facts.get(key)) for key in EDITABLE]
        changed: dict[ItemField, Fact] = {}
        if problems or whole_mark(marks) != stamp.whole:
            changed = {
                FIELD_OF[key]: facts.get(key)
                for key, text in zip(EDITABLE, marks, strict=True)
                if key in self.columns and cell_mark(text) != stamp.cells[key]
            }
        fixed = self._grey(row)
        all_there = all(key in self.columns for key in FIXED)
        comment = self._comment(row, problems)
        return ReadRow(
            number=number,
            uid=uid,
            stamp=stamp,
            changed=changed,
            shown=_shown(facts) if changed or comment else (),
            comment=comment,
            fixed_mark=fixed,
            fixed_changed=all_there and bound_mark(uid, fixed) != stamp.fixed,
            problems=tuple(problems),
        )

    def _comment(self, row: Sequence[Cell], problems: list[Problem]) -> str:
        cell = self._cell(row, Key.COMMENT)
        if is_error(cell):
            problems.append(Problem(Key.COMMENT.value, ERROR.what, ERROR.remedy))
        return cleaned(cell)

    def _facts(self, row: Sequence[Cell]) -> tuple[dict[Key, Fact], list[Problem]]:
        facts: dict[Key, Fact] = {}
        problems: list[Problem] = []
        for key in EDITABLE:
            cell = self._cell(row, key)
            found = None if cell is None else fact_of(key, cell, self.words)
            if isinstance(found, Unreadable):
                problems.append(Problem(key.value, found.what, found.remedy))
            else:
                facts[key] = found
        for key, name in FIELD_OF.items():
            if name not in NONE_WHEN_EMPTY and facts.get(key) is None:
                facts[key] = ""
        return facts, problems

    def _added(self, row: Sequence[Cell], *, number: int) -> ReadRow | None:
        texts = {key: self._text(row, key) for key in self.columns}
        if not any(texts.get(key) for key in (*FIXED, *EDITABLE, Key.COMMENT)):
            return None
        due_on = day_of(self._cell(row, Key.DUE), serials=True)
        if isinstance(due_on, Unreadable):
            return _faulty(number, "due", due_on.what, due_on.remedy)
        dimension = self.words.dimensions.get(folded(texts.get(Key.CAPACITY, "")), "")
        addition = Addition(
            function=texts.get(Key.FUNCTION, ""),
            area=texts.get(Key.AREA, ""),
            receiver=texts.get(Key.RECEIVER, ""),
            dimension=dimension,
            text=cleaned(self._cell(row, Key.TEXT)),
            wanted=cleaned(self._cell(row, Key.WANTED)),
            due_on=due_on,
        )
        facts, faults = self._facts(row)
        problems = [*self._failed(row), *_missing(addition, texts), *faults]
        changed = {FIELD_OF[key]: facts[key] for key in EDITABLE if facts.get(key)}
        if changed.get(ItemField.STATE) is ItemState.OPEN:
            del changed[ItemField.STATE]
        return ReadRow(
            number=number,
            addition=addition,
            fixed_mark=self._grey(row),
            changed=changed,
            shown=_shown(facts),
            comment=self._comment(row, problems),
            problems=tuple(problems),
        )

    def _failed(self, row: Sequence[Cell]) -> Iterator[Problem]:
        for key in (Key.TEXT, Key.WANTED):
            if is_error(self._cell(row, key)):
                yield Problem(key.value, ERROR.what, ERROR.remedy)

    def _grey(self, row: Sequence[Cell]) -> str:
        return fixed_mark({key: grey_text(key, self._cell(row, key)) for key in FIXED})

    def _cell(self, row: Sequence[Cell], key: Key) -> Cell:
        at = self.columns.get(key)
        return None if at is None or at >= len(row) else row[at]

    def _text(self, row: Sequence[Cell], key: Key) -> str:
        return text_of(self._cell(row, key))


NONE_WHEN_EMPTY = frozenset(
    {
        *(ItemField.STATE, ItemField.DONE_ON, ItemField.EVIDENCE_ON),
        *(ItemField.EVIDENCE_CLASS, ItemField.EVIDENCE_UNTIL_ON),
    }
)
RESTORE = _("Take the row from a fresh export; the id and the stamp belong to it.")


def _shown(facts: Mapping[Key, Fact]) -> tuple[Fact, ...]:
    return tuple(facts.get(key) for key in EDITABLE)


def _faulty(number: int, path: str, what: str, remedy: str) -> ReadRow:
    return ReadRow(number=number, problems=(Problem(path, what, remedy),))


def _missing(addition: Addition, texts: Mapping[Key, str]) -> Iterator[Problem]:
    if not addition.function:
        yield Problem("function", _("is missing"), _("Choose the function this belongs to."))
    if not addition.area:
        yield Problem("area", _("is missing"), _("Choose the area this belongs to."))
    if not addition.dimension:
        what = _("is no capacity") if texts.get(Key.CAPACITY) else _("is missing")
        yield Problem("capacity", what, _("Choose the capacity this belongs to."))
    if not addition.text:
        yield Problem("text", _("is missing"), _("Say what is to be done, in one sentence."))
    if addition.due_on is None:
        yield Problem("due", _("is missing"), _("Give the day by which it is due."))

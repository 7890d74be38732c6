"""What came back in a sheet of items: which cells of which row were changed; pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from unbroken.kit.errors import Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked
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
    facts_part,
    fixed_part,
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


NOTHING: Mapping[ItemField, Fact] = MappingProxyType({})


class ReadRow(NamedTuple):
    """One row that holds anything. ``number`` is the one people see.

    ``changed`` are the facts whose cell differs from the stamp. ``uid`` and ``addition`` are both
    ``None`` where the row is at fault. ``shown`` are the facts of all cells that people change, as
    ``EDITABLE`` has them, where the row says anything. ``fixed_mark`` is the mark of the grey cells
    as they stand, ``fixed_changed`` whether one of them or the id was changed.
    """

    number: int
    uid: UUID | None = None
    stamp: Stamp | None = None
    changed: Mapping[ItemField, Fact] = NOTHING
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
    has_all_grey = all(key in place.columns for key in FIXED)
    reader = _Reader(place.columns, words, has_all_grey)
    at = place.columns[Key.UID]
    for index in range(place.heading + 1, len(grid.rows)):
        row = grid.rows[index]
        if row[at] or any(cell is not None and cell != "" for cell in row):
            found = reader.read(row, number=grid.row_of(index))
            if found is not None:
                yield found


class _Said(NamedTuple):
    """What the cells that people change say against their stamp; the same for many rows."""

    stamp: Stamp
    changed: Mapping[ItemField, Fact]
    shown: tuple[Fact, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads row after row; remembers what cells say, because most of them repeat."""

    columns: Mapping[Key, int]
    words: Words
    has_all_grey: bool
    seen: dict[UUID, int] = field(default_factory=dict)
    said: dict[tuple[object, ...], "_Said | None"] = field(default_factory=dict)
    greys: dict[str | date, str] = field(default_factory=dict)
    days: dict[str | date, str] = field(default_factory=dict)
    cells: dict[tuple[Key, ...], "Callable[[Sequence[Cell]], tuple[Cell, ...]]"] = field(
        default_factory=dict
    )

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
        mark = self._text(row, Key.STAMP)
        said = self._said(row, mark)
        if said is None:
            return _faulty(number, "Stamp", _("is missing or was changed"), RESTORE)
        return self._known(row, uid, (said, fixed_part(mark)), number=number)

    def _known(
        self, row: Sequence[Cell], uid: UUID, told: tuple[_Said, str], *, number: int
    ) -> ReadRow:
        said, stamped = told
        fixed = self._grey(row)
        problems = list(said.problems)
        comment = self._comment(row, problems)
        return ReadRow(
            number=number,
            uid=uid,
            stamp=said.stamp,
            changed=said.changed,
            shown=said.shown if said.changed or comment else (),
            comment=comment,
            fixed_mark=fixed,
            fixed_changed=self.has_all_grey and bound_mark(uid, fixed) != stamped,
            problems=tuple(problems),
        )

    def _said(self, row: Sequence[Cell], mark: str) -> _Said | None:
        """Return what the row's white cells say; ``None`` where the stamp ``mark`` is none."""
        cells = self._cells(row, EDITABLE)
        # 1, 1.0 and TRUE are equal and do not say the same
        key = (facts_part(mark), *cells, *map(type, cells))
        if key not in self.said:
            stamp = read_stamp(mark)
            self.said[key] = None if stamp is None else self._against(row, stamp)
        return self.said[key]

    def _against(self, row: Sequence[Cell], stamp: Stamp) -> _Said:
        facts, problems = self._facts(row)
        marks = [plain_fact(facts.get(key)) for key in EDITABLE]
        changed: dict[ItemField, Fact] = {}
        if problems or whole_mark(marks) != stamp.whole:
            changed = {
                FIELD_OF[key]: facts.get(key)
                for key, text in zip(EDITABLE, marks, strict=True)
                if key in self.columns and cell_mark(text) != stamp.cells[key]
            }
        return _Said(stamp, changed, _shown(facts), tuple(problems))

    def _comment(self, row: Sequence[Cell], problems: list[Problem]) -> str:
        cell = self._cell(row, Key.COMMENT)
        if cell is None:
            return ""
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
        if texts.get(Key.STAMP):
            return _faulty(number, "Id", _("is missing, though this was an item's row"), RESTORE)
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
        cells = self._cells(row, FIXED)
        return whole_mark(
            [self._grey_text(key, cell) for key, cell in zip(FIXED, cells, strict=True)]
        )

    def _grey_text(self, key: Key, cell: Cell) -> str:
        if cell is None:
            return ""
        # 1, 1.0 and TRUE are equal and do not look the same: only texts and days are remembered
        if not isinstance(cell, str | date):
            return grey_text(key, cell)
        known = self.days if key is Key.DUE else self.greys
        if cell not in known:
            known[cell] = grey_text(key, cell)
        return known[cell]

    def _cells(self, row: Sequence[Cell], keys: tuple[Key, ...]) -> tuple[Cell, ...]:
        """Return the cells of these columns; a column that is not there gives nothing."""
        if keys not in self.cells:
            places = [self.columns.get(key) for key in keys]
            there = [at for at in places if at is not None]
            if len(there) == len(places):
                self.cells[keys] = itemgetter(*there)
            else:
                self.cells[keys] = lambda row: tuple(
                    None if at is None else row[at] for at in places
                )
        return self.cells[keys](row)

    def _cell(self, row: Sequence[Cell], key: Key) -> Cell:
        at = self.columns.get(key)
        return None if at is None or at >= len(row) else row[at]

    def _text(self, row: Sequence[Cell], key: Key) -> str:
        cell = self._cell(row, key)
        return "" if cell is None else text_of(cell)


NONE_WHEN_EMPTY = frozenset(
    {
        *(ItemField.STATE, ItemField.DONE_ON, ItemField.EVIDENCE_ON),
        *(ItemField.EVIDENCE_CLASS, ItemField.EVIDENCE_UNTIL_ON),
    }
)
RESTORE = _("Take the row from a fresh export; the id and the stamp belong to it.")


def _shown(facts: Mapping[Key, Fact]) -> tuple[Fact, ...]:
    return tuple(facts.get(key) for key in EDITABLE)


def _faulty(number: int, path: str, what: Marked, remedy: Marked) -> ReadRow:
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

"""Tables inside a planner's sheets: headings are found, titles and totals are passed over.

Cells are what reading gave; merged cells hold their value in every cell that they cover.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import TypeAlias

from xlsxwriter.utility import xl_col_to_name

from unbroken.kit.errors import TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.workbooks.plan_fields import TableKind, folded
from unbroken.workbooks.plan_mapping import (
    KNOWN_HEADINGS,
    Memory,
    Proposal,
    is_whole,
    kind_of,
)
from unbroken.workbooks.reading import Cell, SheetGrid

MOST_COLUMNS = 60
MOST_ROWS = 5000
"""A plan has hundreds of rows; what is longer is a list of something else."""
FIRST_ROWS = 40
"""Rows in which headings that nobody knows are looked for too."""
MOST_HEADS = 80
"""Rows of a sheet that are weighed as headings."""
LONG_HEADING = 60
BANNER_SHARE = 0.6
"""A merged cell over more than this share of a table's columns is a banner, not a value."""

TOTAL = re.compile(
    r"(grand |sub)?-?\s*totals?\b|sous[- ]?tota(l|ux)\b|tota(l|ux)\b|somme\b|sum\b|suma\b|subtotal",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"(notes?|nb|n\.b\.|source|sources|remarque|nota|fuente)\s*[:.]|\*", re.IGNORECASE
)

BLANK = (None, "")
Address: TypeAlias = tuple[str, int, int]
"""Sheet, row and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: where it stands (from 1), and its heading as they wrote it."""

    at: int
    heading: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: where it stands (from 1), and a cell for each column."""

    at: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as found; ``passed`` are rows that were passed over, with the reason (English)."""

    sheet: str
    kind: TableKind
    head_at: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    proposal: Proposal
    passed: tuple[tuple[int, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return a name for each column: its heading, with its letter where that is not enough."""
        plain = [folded(each.heading) for each in self.columns]
        return tuple(
            each.heading
            if name and plain.count(name) == 1
            else f"{each.heading} ({xl_col_to_name(each.at - 1)})".strip()
            for each, name in zip(self.columns, plain, strict=True)
        )

    def samples(self, column: int, *, most: int = 2) -> tuple[Cell, ...]:
        """Return the first different values of a column that are not blank."""
        values = [row.cells[column] for row in self.rows if row.cells[column] not in BLANK]
        return tuple({str(each): each for each in values}.values())[:most]


@dataclass(frozen=True, slots=True)
class _Head:
    """A row that may be one of headings: its place in the grid, and what it means."""

    at: int
    kind: TableKind
    proposal: Proposal

    @property
    def is_whole(self) -> bool:
        """Return whether nothing that its kind of table needs is missing."""
        return is_whole(self.kind, self.proposal)


def cell_name(address: Address) -> str:
    """Return an address as people know it: ``Closings!C7``."""
    sheet, row, column = address
    return f"{sheet}!{xl_col_to_name(column - 1)}{row}"


def tables_in(grid: SheetGrid, memory: Memory) -> tuple[Table, ...]:
    """Return the tables of a sheet, in their order; none where nothing looks like headings.

    Raises:
        TooLarge: the sheet has more rows than any plan.
    """
    if len(grid.rows) > MOST_ROWS:
        raise TooLarge(
            "The sheet {sheet} has more than {most} rows.",
            remedy=_("Keep the rows of the plan, and put other lists into another workbook."),
            sheet=grid.name,
            most=MOST_ROWS,
        )
    whole = replace(grid, rows=_with_merged(grid))
    heads = _heads(whole.rows, memory)
    ends = [head.at for head in heads[1:]]
    return tuple(
        _table(whole, head, whole.rows[head.at + 1 : end]) for head, end in zip_longest(heads, ends)
    )


def _with_merged(grid: SheetGrid) -> list[list[Cell]]:
    """Return the rows with the value of each merged cell in every cell that it covers."""
    rows = [row[:MOST_COLUMNS] for row in grid.rows]
    height, width = len(rows), max(map(len, rows), default=0)
    left_to_fill = height * width
    for top, left, bottom, right in grid.merged:
        first, last = max(top - grid.first_row, 0), min(bottom - grid.first_row, height - 1)
        start, end = max(left - grid.first_column, 0), min(right - grid.first_column, width - 1)
        left_to_fill -= max(last - first + 1, 0) * max(end - start + 1, 0)
        if last < first or end < start or left_to_fill < 0:
            continue
        value = rows[first][start]
        for row in rows[first : last + 1]:
            row[start : end + 1] = [value] * (end - start + 1)
    return rows


def _heads(rows: Sequence[Sequence[Cell]], memory: Memory) -> list[_Head]:
    known = KNOWN_HEADINGS | {heading for _kind, heading in memory}
    likely = (
        at
        for at, row in enumerate(rows)
        if _may_be_head(row) and (at < FIRST_ROWS or _names_some(row, known))
    )
    found = [
        _Head(at, *kind_of([_text(cell) for cell in rows[at]], memory))
        for at in islice(likely, MOST_HEADS)
    ]
    whole = [head for head in found if head.is_whole]
    if not whole:
        return _guessed(found, rows)
    best: list[_Head] = []
    for head in whole:
        if best and head.at == best[-1].at + 1:
            # headings in two rows, one over the other: the lower one says more
            if head.proposal.known >= best[-1].proposal.known:
                best[-1] = head
        elif not (best and _same(rows[head.at], rows[best[0].at])):
            best.append(head)
    return best


def _guessed(found: Sequence[_Head], rows: Sequence[Sequence[Cell]]) -> list[_Head]:
    """Return the likeliest row of headings where none is known: a person maps them."""
    widest = max((len(_filled(row)) for row in rows), default=0)
    wide = [head for head in found if len(_filled(rows[head.at])) >= widest * BANNER_SHARE]
    best = max(wide, key=lambda head: (head.proposal.score, -head.at), default=None)
    return [] if best is None else [best]


def _may_be_head(row: Sequence[Cell]) -> bool:
    """Return whether a row holds texts and nothing else, at least two different ones."""
    filled = _filled(row)
    texts = {cell.strip().casefold() for cell in filled if isinstance(cell, str)}
    return all(isinstance(cell, str) for cell in filled) and len(texts) > 1


def _names_some(row: Sequence[Cell], known: frozenset[str]) -> bool:
    texts = (cell for cell in _filled(row) if isinstance(cell, str) and len(cell) < LONG_HEADING)
    return sum(folded(cell) in known for cell in texts) > 1


def _table(grid: SheetGrid, head: _Head, below: Sequence[Sequence[Cell]]) -> Table:
    heading = grid.rows[head.at]
    used = [
        n
        for n in range(max(map(len, (heading, *below))))
        if _cell(heading, n) not in BLANK or any(_cell(row, n) not in BLANK for row in below)
    ]
    kept: list[Row] = []
    passed: list[tuple[int, str]] = []
    for offset, row in enumerate(below, start=head.at + 1):
        cells = tuple(_cell(row, n) for n in used)
        why = _passed_over(cells, tuple(_cell(heading, n) for n in used))
        if why:
            passed.append((grid.row_of(offset), why))
        elif any(cell not in BLANK for cell in cells):
            kept.append(Row(grid.row_of(offset), cells))
    texts = [_text(_cell(heading, n)) for n in used]
    slots = dict(zip(range(len(heading)), head.proposal.slots, strict=False))
    proposal = Proposal(
        tuple(slots.get(n, "") for n in used), head.proposal.score, head.proposal.twice
    )
    return Table(
        grid.name,
        head.kind,
        grid.row_of(head.at),
        tuple(Column(grid.first_column + n + 1, text) for n, text in zip(used, texts, strict=True)),
        tuple(kept),
        proposal,
        tuple(passed),
    )


def _passed_over(cells: Sequence[Cell], heading: Sequence[Cell]) -> str:
    """Return why a row is no entry of its table, empty where it is one or is blank."""
    filled = _filled(cells)
    first = filled[0] if filled else None
    if not isinstance(first, str):
        return ""
    if TOTAL.match(first.strip()):
        return _("a total")
    if _same(cells, heading):
        return _("the headings again")
    if len(filled) > 2 and len(set(map(str, filled))) == 1:  # noqa: PLR2004 - a merged pair is a value
        return _("a title over the rows below")
    if len(filled) == 1 and len(cells) > 1 and NOTE.match(first.strip()):
        return _("a note")
    return ""


def _same(row: Sequence[Cell], heading: Sequence[Cell]) -> bool:
    return _bare(row) == _bare(heading)


def _bare(row: Sequence[Cell]) -> list[str]:
    return [" ".join(str(cell).casefold().split()) for cell in row if cell not in BLANK]


def _filled(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in row if cell not in BLANK]


def _cell(row: Sequence[Cell], at: int) -> Cell:
    return row[at] if at < len(row) else None


def _text(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""

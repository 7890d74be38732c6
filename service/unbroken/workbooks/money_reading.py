"""What came back in sheets of money: the rows that hold anything, what their cells say; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unbroken.kit.errors import Problem
from unbroken.workbooks.cells import Unreadable, is_blank
from unbroken.workbooks.item_columns import folded
from unbroken.workbooks.item_reading import HEADING_ROWS
from unbroken.workbooks.money_columns import COLUMNS, NEEDED, Key, Table, Words
from unbroken.workbooks.money_values import Value, Values, value_of
from unbroken.workbooks.reading import Cell, SheetGrid


@dataclass(frozen=True, slots=True)
class Place:
    """Which table a sheet holds, the index of its heading, and of each column that is there."""

    table: Table
    heading: int
    columns: Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as it stands: on which sheet, its number as people see it, its cells by column."""

    sheet: str
    number: int
    table: Table
    cells: Mapping[Key, Cell]


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says; of columns that are not in the sheet it says nothing."""

    values: Values
    problems: tuple[Problem, ...]

    def text(self, key: Key) -> str:
        """Return a text, empty where there is none."""
        found = self.values.get(key)
        return found if isinstance(found, str) else ""


def find_place(grid: SheetGrid, words: Words) -> Place | None:
    """Return where the heading of a sheet of money stands; ``None`` where it is another sheet."""
    for index, row in enumerate(grid.rows[:HEADING_ROWS]):
        columns: dict[Key, int] = {}
        for at, cell in enumerate(row):
            key = words.headings.get(folded(cell)) if isinstance(cell, str) else None
            if key is not None:
                columns.setdefault(key, at)
        for table, needed in NEEDED.items():
            if needed <= columns.keys():
                own = {key: at for key, at in columns.items() if key in COLUMNS[table]}
                return Place(table, index, own)
    return None


def read_rows(grid: SheetGrid, place: Place) -> Iterator[ReadRow]:
    """Yield the rows below the heading that hold anything, as they stand."""
    for index in range(place.heading + 1, len(grid.rows)):
        row = grid.rows[index]
        cells: dict[Key, Cell] = {
            key: row[at] for key, at in place.columns.items() if key is not Key.VERDICT
        }
        if not all(is_blank(cell) for cell in cells.values()):
            yield ReadRow(grid.name, grid.row_of(index), place.table, cells)


def told_by(row: ReadRow, words: Words) -> Told:
    """Return what the cells of a row say, with a problem for each that cannot be taken."""
    values: dict[Key, Value] = {}
    problems = []
    for key, cell in row.cells.items():
        found = value_of(key, cell, words)
        if isinstance(found, Unreadable):
            problems.append(Problem(key.value, found.what, found.remedy))
        else:
            values[key] = found
    return Told(values, tuple(problems))

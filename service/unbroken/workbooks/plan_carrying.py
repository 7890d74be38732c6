"""Tables on their way through the pages of a reader's own browser: nothing is kept in between.

What comes back is checked like any other input, and once more by everything after it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from unbroken.kit.errors import Invalid, TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.workbooks.carrying import packed, unpacked
from unbroken.workbooks.plan_fields import TableKind, folded
from unbroken.workbooks.plan_files import Choice
from unbroken.workbooks.plan_mapping import Proposal
from unbroken.workbooks.plan_tables import MOST_COLUMNS, MOST_ROWS, Column, Row, Table
from unbroken.workbooks.reading import Cell

MOST_SIGNS = 28_000
"""Room for the tables in a page of 60 kB."""
MOST_UNPACKED = 1_000_000
MOST_TABLES = 12
Text = Annotated[str, Field(max_length=2000)]
Number = Annotated[int, Field(ge=1, le=2_000_000)]
SMALLER = _(
    "Keep only the sheets and columns of the plan in the file, or have it read by the command "
    "`unbroken plan read-workbook`."
)


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class _Day(_Plain):
    d: date


class _Column(_Plain):
    at: Number
    heading: Text
    slot: Annotated[str, Field(max_length=40)] = ""


class _Row(_Plain):
    at: Number
    cells: Annotated[list[bool | int | float | Text | _Day | None], Field(max_length=MOST_COLUMNS)]


class _Table(_Plain):
    sheet: Annotated[str, Field(max_length=200)]
    kind: TableKind
    head_at: Number
    columns: Annotated[list[_Column], Field(min_length=1, max_length=MOST_COLUMNS)]
    rows: Annotated[list[_Row], Field(max_length=MOST_ROWS)]
    passed: Annotated[list[tuple[Number, Text]], Field(max_length=MOST_ROWS)] = []


class _Carried(_Plain):
    tables: Annotated[list[_Table], Field(max_length=MOST_TABLES)]


def pack(choices: Sequence[Choice]) -> str:
    """Return tables and mappings as one text for a hidden field; long texts in cells are cut.

    Raises:
        TooLarge: a page cannot carry so much.
    """
    carried = _Carried.model_construct(tables=[_packed(choice) for choice in choices])
    text = packed(carried.model_dump_json(exclude_defaults=True).encode())
    if len(text) > MOST_SIGNS or len(choices) > MOST_TABLES:
        raise TooLarge(_("The tables of this workbook are too large for a page."), remedy=SMALLER)
    return text


def unpack(text: str) -> tuple[Choice, ...]:
    """Return the tables and mappings that a hidden field carried.

    Raises:
        Invalid: it is not what ``pack`` made.
    """
    try:
        raw = unpacked(text, most_signs=MOST_SIGNS, most_bytes=MOST_UNPACKED)
        carried = _Carried.model_validate_json(raw)
        return tuple(_choice(each) for each in carried.tables)
    except (ValidationError, ValueError) as fault:
        raise Invalid(
            _("The page came back changed or cut."), remedy=_("Choose the file once more.")
        ) from fault


def _packed(choice: Choice) -> _Table:
    table = choice.table
    pairs = zip(table.columns, choice.slots, strict=True)
    return _Table(
        sheet=table.sheet,
        kind=table.kind,
        head_at=table.head_at,
        columns=[
            _Column(at=column.at, heading=column.heading[:200], slot=slot) for column, slot in pairs
        ],
        rows=[_Row(at=row.at, cells=[_cell(cell) for cell in row.cells]) for row in table.rows],
        passed=list(table.passed),
    )


def _cell(cell: Cell) -> bool | int | float | str | _Day | None:
    match cell:
        case None | bool() | int() | float():
            return cell
        case datetime():
            return _Day(d=cell.date())
        case date():
            return _Day(d=cell)
        case _:
            return str(cell)[:2000]


def _choice(table: _Table) -> Choice:
    columns = tuple(Column(each.at, each.heading) for each in table.columns)
    slots = tuple(each.slot for each in table.columns)
    if any(len(row.cells) != len(columns) for row in table.rows):
        raise ValueError("a row of another width")
    rows = tuple(
        Row(row.at, tuple(each.d if isinstance(each, _Day) else each for each in row.cells))
        for row in table.rows
    )
    plain = [folded(each.heading) for each in columns]
    twice = tuple(sorted({each for each in plain if each and plain.count(each) > 1}))
    proposal = Proposal(slots, 0, twice)
    found = Table(
        table.sheet, table.kind, table.head_at, columns, rows, proposal, tuple(table.passed)
    )
    return Choice(found, slots)


def without_left_out(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Return the tables with nothing but the heading of each column that is left out.

    What is not needed, such as who holds a post, does not travel on.
    """
    return tuple(_narrowed(each) for each in choices)


def _narrowed(choice: Choice) -> Choice:
    rows = tuple(
        Row(row.at, tuple(c if s else None for c, s in zip(row.cells, choice.slots, strict=True)))
        for row in choice.table.rows
    )
    return Choice(replace(choice.table, rows=rows), choice.slots)

"""What a workbook of money wants, on its way through a page of its reader: nothing is kept between.

What comes back is read like any other row, and judged once more by the acts themselves.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from unbroken.kit.errors import Invalid, TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.workbooks.carrying import packed, unpacked
from unbroken.workbooks.cells import is_blank, text_of
from unbroken.workbooks.money_columns import Key, Table
from unbroken.workbooks.money_outcome import Imported
from unbroken.workbooks.money_reading import ReadRow
from unbroken.workbooks.reading import Cell

MOST_ROWS = 3000
MOST_SIGNS = 600_000
MOST_UNPACKED = 6_000_000
Short = Annotated[str, Field(max_length=400)]
Text = Annotated[str, Field(max_length=4000)]
Number = Annotated[int, Field(ge=1, le=2_000_000)]
Figure = Annotated[float, Field(allow_inf_nan=False)]


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Row(_Plain):
    """``texts``, ``numbers`` and ``days`` are the cells that hold anything."""

    sheet: Short
    at: Number
    table: Table
    columns: Annotated[list[Key], Field(max_length=len(Key))]
    texts: dict[Key, Text] = {}
    wholes: dict[Key, int] = {}
    numbers: dict[Key, Figure] = {}
    days: dict[Key, date] = {}


class _Carried(_Plain):
    rows: Annotated[list[_Row], Field(max_length=MOST_ROWS)]


def pack(done: Imported) -> str:
    """Return the rows that ``done`` would change as one text for a hidden field.

    What is unchanged, refused or in conflict does not travel.

    Raises:
        TooLarge: a page cannot carry so much.
    """
    wanted = {(each.sheet, each.row) for each in done.changes}
    rows = [_row(each) for each in done.rows if (each.sheet, each.number) in wanted]
    raw = _Carried.model_construct(rows=rows).model_dump_json(exclude_defaults=True).encode()
    text = packed(raw)
    if len(text) > MOST_SIGNS or len(raw) > MOST_UNPACKED or len(rows) > MOST_ROWS:
        raise TooLarge(
            _("These are more changes than a page can carry: at most {most} rows at once."),
            remedy=_(
                "Send a part of the rows, or have the file imported with the command `unbroken "
                "money workbook import`."
            ),
            most=MOST_ROWS,
        )
    return text


def unpack(text: str) -> tuple[ReadRow, ...]:
    """Return the rows that a hidden field carried.

    Raises:
        Invalid: it is not what ``pack`` made.
    """
    try:
        raw = unpacked(text, most_signs=MOST_SIGNS, most_bytes=MOST_UNPACKED)
        found = _Carried.model_validate_json(raw)
    except (ValueError, ValidationError) as fault:
        raise Invalid(
            _("What the page carried did not arrive whole."),
            remedy=_("Choose the workbook once more."),
        ) from fault
    return tuple(_read(row) for row in found.rows)


def _row(row: ReadRow) -> _Row:
    made = _Row(sheet=row.sheet, at=row.number, table=row.table, columns=list(row.cells))
    for key, cell in row.cells.items():
        _put(made, key, cell)
    return made


def _put(row: _Row, key: Key, cell: Cell) -> None:
    match cell:
        case _ if is_blank(cell):
            return
        case int() if not isinstance(cell, bool):
            row.wholes[key] = cell
        case float():
            row.numbers[key] = cell
        case date() if not isinstance(cell, datetime):
            row.days[key] = cell
        case _:
            # an instant at midnight is a day, and reads as one
            row.texts[key] = text_of(cell)


def _read(row: _Row) -> ReadRow:
    told: Sequence[dict[Key, Cell]] = [
        dict(row.texts),
        dict(row.wholes),
        dict(row.numbers),
        dict(row.days),
    ]
    cells: dict[Key, Cell] = dict.fromkeys(row.columns)
    for each in told:
        cells |= each
    return ReadRow(row.sheet, row.at, row.table, cells)

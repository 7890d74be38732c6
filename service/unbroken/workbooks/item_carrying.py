"""What a workbook of items wants, on its way through a page of its reader: nothing is kept between.

What comes back is checked like any other input, and judged once more by the import itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from unbroken.kit.errors import Invalid, TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.transfers.rules.items import Fact, ItemField
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.workbooks.carrying import packed, unpacked
from unbroken.workbooks.item_columns import KEY_OF
from unbroken.workbooks.item_outcome import Imported, ReadSheet
from unbroken.workbooks.item_reading import NONE_WHEN_EMPTY, Addition, ReadRow
from unbroken.workbooks.item_rows_out import plain_fact
from unbroken.workbooks.item_stamps import Stamp

MOST_ROWS = 5000
MOST_SIGNS = 600_000
"""About 5,000 rows of two or three short changes each."""
MOST_UNPACKED = 6_000_000
MOST_SHEETS = 40
Text = Annotated[str, Field(max_length=4000)]
Short = Annotated[str, Field(max_length=400)]
Number = Annotated[int, Field(ge=1, le=2_000_000)]
Count = Annotated[int, Field(ge=0, le=2_000_000)]
Mark = Annotated[str, Field(pattern=r"^([0-9a-f]{8})?$")]


@dataclass(frozen=True, slots=True)
class Carried:
    """The rows that change something, and how many were set aside when they were shown."""

    sheets: tuple[ReadSheet, ...]
    refused: int
    conflicts: int


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Addition(_Plain):
    function: Short
    area: Short
    receiver: Short
    dimension: Short
    text: Text
    wanted: Text
    due_on: date | None


class _Row(_Plain):
    """``facts`` are what a cell says and the mark of what was stored when it was exported."""

    at: Number
    uid: UUID | None = None
    facts: dict[ItemField, tuple[Text, Mark]] = {}
    comment: Text = ""
    new: _Addition | None = None


class _Sheet(_Plain):
    name: Short
    rows: Annotated[list[_Row], Field(max_length=MOST_ROWS)]


class _Carried(_Plain):
    sheets: Annotated[list[_Sheet], Field(max_length=MOST_SHEETS)]
    refused: Count
    conflicts: Count


def pack(sheets: Sequence[ReadSheet], shown: Imported) -> str:
    """Return the rows that ``shown`` would change as one text for a hidden field.

    What is unchanged, refused or in conflict does not travel.

    Raises:
        TooLarge: a page cannot carry so much.
    """
    wanted = {(each.sheet, each.row) for each in shown.changes}
    carried = _Carried.model_construct(
        sheets=[each for each in (_sheet(each, wanted) for each in sheets) if each.rows],
        refused=len(shown.refused),
        conflicts=rows_in_conflict(shown),
    )
    raw = carried.model_dump_json(exclude_defaults=True).encode()
    text = packed(raw)
    if len(text) > MOST_SIGNS or len(raw) > MOST_UNPACKED or len(wanted) > MOST_ROWS:
        raise TooLarge(
            _("These are more changes than a page can carry: at most {most} rows at once."),
            remedy=_(
                "Send a part of the rows (one function after the other), or have the file "
                "imported with the command `unbroken checklist import`."
            ),
            most=MOST_ROWS,
        )
    return text


def rows_in_conflict(shown: Imported) -> int:
    """Return how many rows are in conflict, each perhaps in several cells."""
    return len({(each.sheet, each.row) for each in shown.conflicts})


def unpack(text: str) -> Carried:
    """Return what a hidden field carried, in the form in which sheets are read.

    Raises:
        Invalid: it is not what ``pack`` made.
    """
    try:
        raw = unpacked(text, most_signs=MOST_SIGNS, most_bytes=MOST_UNPACKED)
        found = _Carried.model_validate_json(raw)
        sheets = tuple(
            ReadSheet(sheet.name, [_row(each) for each in sheet.rows]) for sheet in found.sheets
        )
        _require_once(row for sheet in found.sheets for row in sheet.rows)
    except (ValidationError, ValueError) as fault:
        raise Invalid(
            _("The page came back changed or cut."), remedy=_("Choose the file once more.")
        ) from fault
    return Carried(sheets, found.refused, found.conflicts)


def _require_once(rows: Iterable[_Row]) -> None:
    all_rows = list(rows)
    uids = [row.uid for row in all_rows if row.uid is not None]
    if len(uids) != len(set(uids)) or len(all_rows) > MOST_ROWS:
        raise ValueError("an item twice, or too many")


def _sheet(sheet: ReadSheet, wanted: set[tuple[str, int]]) -> _Sheet:
    rows = [_packed(row) for row in sheet.rows if (sheet.name, row.number) in wanted]
    return _Sheet.model_construct(name=sheet.name[:400], rows=rows)


def _packed(row: ReadRow) -> _Row:
    marks: Mapping[ItemField, str] = (
        {} if row.stamp is None else {name: row.stamp.known[KEY_OF[name]] for name in row.changed}
    )
    return _Row.model_construct(
        at=row.number,
        uid=row.uid,
        facts={name: (plain_fact(f), marks.get(name, "")) for name, f in row.changed.items()},
        comment=row.comment,
        new=None if row.addition is None else _addition(row.addition),
    )


def _addition(new: Addition) -> _Addition:
    return _Addition.model_construct(
        function=new.function,
        area=new.area,
        receiver=new.receiver,
        dimension=new.dimension,
        text=new.text,
        wanted=new.wanted,
        due_on=new.due_on,
    )


def _row(row: _Row) -> ReadRow:
    if (row.uid is None) is (row.new is None):
        raise ValueError("neither an item nor a new one, or both")
    known = {KEY_OF[name]: mark for name, (_text, mark) in row.facts.items()}
    return ReadRow(
        number=row.at,
        uid=row.uid,
        stamp=Stamp("", "", known, known),
        changed={name: _fact(name, text) for name, (text, _mark) in row.facts.items()},
        comment=row.comment,
        addition=None if row.new is None else Addition(**dict(row.new)),
    )


def _fact(name: ItemField, text: str) -> Fact:
    if not text:
        return None if name in NONE_WHEN_EMPTY else ""
    if name is ItemField.STATE:
        return ItemState(text)
    if name is ItemField.EVIDENCE_CLASS:
        return Classification(text)
    return date.fromisoformat(text) if name in NONE_WHEN_EMPTY else text

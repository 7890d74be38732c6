"""What an import of items came to, as programs read it."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from unbroken.kit.languages import Translator
from unbroken.workbooks.item_outcome import Imported
from unbroken.workbooks.item_rows_out import plain_fact
from unbroken.workbooks.item_verdicts import refusal_words

Number = Annotated[int, Field(ge=0)]


class RefusedRow(TypedDict):
    """A row that is not imported; one that ``blocks`` keeps the whole file out."""

    sheet: str
    row: Number
    reason: str
    blocks: bool


class ConflictingCell(TypedDict):
    """A cell that somebody else changed meanwhile: both values, as the API has facts."""

    sheet: str
    row: Number
    item: str
    field: str
    yours: str
    theirs: str


class ChecklistImport(TypedDict):
    """What an import did, or would do where not ``written``; each row is counted in one place."""

    written: bool
    rows: Number
    changed: Number
    unchanged: Number
    held: Number
    added: Number
    waiting: Number
    refused: list[RefusedRow]
    conflicts: list[ConflictingCell]


def answer_of(done: Imported, *, reader: Translator) -> ChecklistImport:
    """Return what an import came to, as one document; reasons are in the reader's language."""
    held = len(done.changes) if done.is_blocked else 0
    return {
        "written": done.written,
        "rows": done.rows,
        "changed": len(done.changes) - held,
        "unchanged": done.unchanged,
        "held": held,
        "added": 0 if held else sum(each.is_added for each in done.changes),
        "waiting": 0 if held else sum(each.waits for each in done.changes),
        "refused": [
            {
                "sheet": each.sheet,
                "row": each.row,
                "reason": refusal_words(each.problems, reader=reader),
                "blocks": each.is_fault,
            }
            for each in done.refused
        ],
        "conflicts": [
            {
                "sheet": each.sheet,
                "row": each.row,
                "item": each.item,
                "field": each.field.value,
                "yours": plain_fact(each.yours),
                "theirs": plain_fact(each.theirs),
            }
            for each in done.conflicts
        ],
    }

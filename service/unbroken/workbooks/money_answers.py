"""What an import of money came to, as programs read it."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from unbroken.kit.languages import Translator
from unbroken.workbooks.money_outcome import Imported
from unbroken.workbooks.money_verdicts import conflict_words, refusal_words

Number = Annotated[int, Field(ge=0)]


class RefusedMoney(TypedDict):
    """A row that keeps the whole file out, and why."""

    sheet: str
    row: Number
    reason: str


class OvertakenMoney(TypedDict):
    """A row whose line somebody changed or withdrew meanwhile: the states and both says."""

    sheet: str
    row: Number
    line: str
    number_seen: Number
    number_now: Number
    withdrawn: bool
    reason: str


class MadeMoney(TypedDict):
    """The line that a row changed or added, and the number of its new state."""

    sheet: str
    row: Number
    line: str
    number: Number


class MoneyImport(TypedDict):
    """What an import did, or would do where not ``written``; each row is counted in one place."""

    written: bool
    rows: Number
    changed: Number
    added: Number
    extended: Number
    unchanged: Number
    held: Number
    refused: list[RefusedMoney]
    conflicts: list[OvertakenMoney]
    made: list[MadeMoney]


def answer_of(done: Imported, *, reader: Translator) -> MoneyImport:
    """Return what an import came to, as one document; reasons are in the reader's language."""
    held = len(done.changes) if done.is_blocked else 0
    kept = () if held else done.changes
    return {
        "written": done.written,
        "rows": len(done.rows),
        "changed": sum(each.uid is not None for each in kept),
        "added": sum(each.uid is None for each in kept),
        "extended": sum(each.is_extension for each in kept),
        "unchanged": done.unchanged,
        "held": held,
        "refused": [
            {
                "sheet": each.sheet,
                "row": each.row,
                "reason": refusal_words(each.problems, reader=reader),
            }
            for each in done.refused
        ],
        "conflicts": [
            {
                "sheet": each.sheet,
                "row": each.row,
                "line": str(each.uid),
                "number_seen": each.seen,
                "number_now": each.now,
                "withdrawn": each.is_withdrawn,
                "reason": conflict_words(each, reader=reader),
            }
            for each in done.conflicts
        ],
        "made": [
            {
                "sheet": each.sheet,
                "row": each.row,
                "line": str(each.line.uid),
                "number": each.line.number,
            }
            for each in done.made
        ],
    }

"""What one cell of the sheet of items says: a fact, or the text of a grey one; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from unbroken.kit.languages import gettext as _
from unbroken.safeguarding.rules import SILENT
from unbroken.transfers.rules.items import Fact
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.workbooks.cells import ERROR, Unreadable, day_of, is_error, text_of
from unbroken.workbooks.item_columns import Key, folded
from unbroken.workbooks.reading import Cell

DAYS = frozenset({Key.DONE_ON, Key.EVIDENCE_ON, Key.EVIDENCE_UNTIL_ON})
NO_STATE = Unreadable(_("is no state"), _("Choose To do, Done or Not applicable."))
NO_CLASS = Unreadable(_("is no class"), _("Choose Public, Restricted or Confidential."))


@dataclass(frozen=True, slots=True)
class Words:
    """What words mean in any of the languages; see ``item_columns``."""

    headings: Mapping[str, Key]
    states: Mapping[str, ItemState]
    classes: Mapping[str, Classification]
    dimensions: Mapping[str, str]


def fact_of(key: Key, cell: Cell, words: Words) -> Fact | Unreadable:
    """Return the fact in a cell that people change, or why it cannot be taken."""
    if key in DAYS:
        return day_of(cell, serials=True)
    if is_error(cell):
        return ERROR
    text = cleaned(cell)
    if key is Key.STATE:
        return words.states.get(folded(text)) or (NO_STATE if text else None)
    if key is Key.EVIDENCE_CLASS:
        return words.classes.get(folded(text)) or (NO_CLASS if text else None)
    return text


def grey_text(key: Key, cell: Cell) -> str:
    """Return a grey cell as its stamp has it: the day as a day, however a program shows it."""
    if key is Key.DUE:
        found = day_of(cell, serials=True)
        if isinstance(found, date):
            return found.isoformat()
    return text_of(cell)


def cleaned(cell: Cell) -> str:
    """Return a text as it will be stored, so that what was imported is known again."""
    return text_of(cell.translate(SILENT).strip() if isinstance(cell, str) else cell)

"""One row of the sheet of items, as it is exported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from unbroken.functions.queries import ShownText
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.transfers.queries.item_sheets import SheetItem
from unbroken.transfers.rules.items import Fact, ItemFacts
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.workbooks.cells import text_of
from unbroken.workbooks.item_columns import CLASSES, FIELD_OF, FIXED, HEADINGS, STATES, Key
from unbroken.workbooks.item_stamps import stamp_of
from unbroken.workbooks.sheets_out import Value


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Writes rows for one reader; ``shown`` are the catalogue's texts in the reader's language."""

    reader: Translator
    shown: Mapping[str, ShownText]
    dimensions: Mapping[str, str]

    def row(self, item: SheetItem) -> list[Value]:
        """Return the values of all columns in their order; the verdict is empty."""
        cells = {**self._fixed(item), **self._facts(item.row.facts)}
        marks = {key: _plain(cells[key]) for key in FIXED}
        marks |= {key: plain_fact(item.row.facts.value(name)) for key, name in FIELD_OF.items()}
        cells |= {
            Key.UID: str(item.row.uid),
            Key.STAMP: stamp_of(item.row.uid, marks),
            Key.NOTE: " ".join(self._notes(item)),
        }
        return [cells.get(key) for key in HEADINGS]

    def _fixed(self, item: SheetItem) -> dict[Key, Value]:
        return {
            Key.FUNCTION: item.row.code,
            Key.AREA: item.area,
            Key.RECEIVER: item.receiver,
            Key.CAPACITY: self.dimensions[item.dimension],
            Key.ITEM: item.row.item_id,
            Key.TEXT: self._text(item.line.text),
            Key.WANTED: self._text(item.line.wanted_evidence),
            Key.DUE: item.due_on,
        }

    def _text(self, text: str) -> str:
        found = self.shown.get(text)
        return text if found is None else found.text

    def _facts(self, facts: ItemFacts) -> dict[Key, Value]:
        cells: dict[Key, Value] = {key: _value(facts.value(name)) for key, name in FIELD_OF.items()}
        cells[Key.STATE] = self.reader.gettext(STATES[facts.state])
        given = facts.evidence_class
        cells[Key.EVIDENCE_CLASS] = None if given is None else self.reader.gettext(CLASSES[given])
        return cells

    def _notes(self, item: SheetItem) -> list[str]:
        row = item.row
        draft = self.shown.get(item.line.text)
        marks = (
            (row.is_added, _("Added by a planner.")),
            (row.retired_in is not None, _("No longer asked for: kept as history.")),
            (bool(row.facts.aside_reason), _("Not applicable, waits for the second hand.")),
            (draft is not None and draft.is_draft, _("Draft translation.")),
        )
        return [self.reader.gettext(text) for holds, text in marks if holds]


def plain_fact(fact: Fact) -> str:
    """Return a fact as stamps have it: the same in every language."""
    match fact:
        case None:
            return ""
        case ItemState() | Classification():
            return fact.value
        case date():
            return fact.isoformat()
        case _:
            return fact


def _value(fact: Fact) -> Value:
    return fact or None


def _plain(value: Value) -> str:
    """Return a grey cell as reading gives it back, which tidies texts."""
    return text_of(value) if isinstance(value, str) else "" if value is None else str(value)

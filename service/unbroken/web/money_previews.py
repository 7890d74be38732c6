"""What a workbook of money would change, said row by row in the reader's language.

A page lists what it has room for and counts the rest: a workbook may have thousands of rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from unbroken.kit.errors import Problem
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.web.filters import code, held, told
from unbroken.web.pages.item_workbook_lines import (
    ChangeLine,
    ConflictLine,
    Lists,
    RefusedLine,
    fitting,
)
from unbroken.workbooks.money_columns import HEADINGS, TABLES, Key, Table
from unbroken.workbooks.money_outcome import Change, Conflict, Imported
from unbroken.workbooks.money_reading import ReadRow
from unbroken.workbooks.money_values import Value, bare
from unbroken.workbooks.money_verdicts import PATH_TITLES, value_words

SHARE = 14_000
"""Bytes for each of the three lists of a page of 60 kB; what one does not need another may take."""
MOST_TEXT = 90


def lists_of(done: Imported, *, reader: Translator) -> Lists:
    """Return what a page lists of an import."""
    words = _Words(reader, {(row.sheet, row.number): row for row in done.rows})
    refused, spared = fitting(words.refused(done), SHARE, len(done.refused))
    conflicts, left = fitting(words.conflicts(done), SHARE, len(done.conflicts))
    changes, rest = fitting(words.changes(done), SHARE + spared + left, len(done.changes))
    if refused.rest:
        refused, _none = fitting(words.refused(done), SHARE + rest, len(done.refused))
    return Lists(refused, conflicts, changes)


@dataclass(frozen=True, slots=True)
class _Words:
    reader: Translator
    rows: Mapping[tuple[str, int], ReadRow]

    def changes(self, done: Imported) -> Iterator[ChangeLine]:
        for each in done.changes:
            yield ChangeLine(
                place=self._place(each.sheet, each.row),
                path=f"/money/lines/{each.uid}" if each.uid else "",
                about=self._about(each.table, each.sheet, each.row),
                text="",
                facts=tuple(self._facts(each)),
                is_added=each.uid is None,
                waits=False,
            )

    def _facts(self, change: Change) -> Iterator[tuple[str, Markup]]:
        if change.is_extension:
            yield self.reader.gettext(_("Extended at no cost")), Markup("")
        for key, (was, now) in change.changed.items():
            title = self.reader.gettext(HEADINGS[key].title)
            if change.uid is None:
                yield title, self._value(key, now)
                continue
            template = _("{was} becomes {now}")
            facts = {"was": self._value(key, was), "now": self._value(key, now)}
            yield title, told(self.reader, template, facts)

    def _value(self, key: Key, value: Value) -> Markup:
        text = value_words(key, value, reader=self.reader)
        clipped = text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"
        is_typed = key in {Key.TITLE, Key.SOURCE} and bare(value) is not None
        return Markup('<q dir="auto">{}</q>').format(clipped) if is_typed else held(clipped)

    def refused(self, done: Imported) -> Iterator[RefusedLine]:
        for each in done.refused:
            faults = tuple(self._fault(problem) for problem in each.problems)
            yield RefusedLine(self._place(each.sheet, each.row), faults, each.is_fault)

    def _fault(self, problem: Problem) -> tuple[str, str, str]:
        title = PATH_TITLES.get(problem.path, problem.path)
        what, remedy = self.reader.gettext(problem.what), self.reader.gettext(problem.remedy)
        return (self.reader.gettext(title) if title else "", what, remedy)

    def conflicts(self, done: Imported) -> Iterator[ConflictLine]:
        for each in done.conflicts:
            about = self._about(each.table, each.sheet, each.row)
            yield ConflictLine(self._place(each.sheet, each.row), about, self._cells(each))

    def _cells(self, clash: Conflict) -> tuple[tuple[str, Markup, Markup], ...]:
        if clash.is_withdrawn:
            gone = held(self.reader.gettext(_("withdrawn")))
            return ((self.reader.gettext(_("The line")), Markup("–"), gone),)
        return tuple(
            (
                self.reader.gettext(HEADINGS[key].title),
                self._value(key, yours),
                self._value(key, theirs),
            )
            for key, (yours, theirs) in clash.cells.items()
        )

    def _about(self, table: Table, sheet: str, row: int) -> Markup:
        cells = self.rows[sheet, row].cells
        named = (cells.get(Key.DONOR), cells.get(Key.FUNCTION))
        parts = [code(each) for each in named if isinstance(each, str) and each.strip()]
        kind = "" if parts else self.reader.gettext(TABLES[table])
        return Markup(" ").join(parts) if parts else held(kind)

    def _place(self, sheet: str, row: int) -> Markup:
        facts: dict[str, object] = {"row": row, "sheet": sheet}
        return told(self.reader, _("{sheet}, row {row}"), facts)

"""What an import of items would change, said row by row in the reader's language.

A page lists what it has room for and counts the rest: a workbook may have thousands of rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from markupsafe import Markup

from unbroken.kit.errors import Problem
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.transfers.queries.checklists import ChecklistRow
from unbroken.transfers.rules.items import Fact
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.web.filters import code, held, listed, told
from unbroken.web.pages.item_workbook_lines import (
    MOST_LINES,
    ChangeLine,
    ConflictLine,
    Lists,
    RefusedLine,
    fitting,
)
from unbroken.workbooks.item_columns import CLASSES, HEADINGS, STATES, Key
from unbroken.workbooks.item_outcome import Change, Imported, ReadSheet
from unbroken.workbooks.item_reading import Addition, ReadRow
from unbroken.workbooks.item_verdicts import PATH_TITLES, TITLES

FEW = 30
"""So few changes are listed with what is to be done; of more the item's number has to do."""
MOST_TEXT = 90
SHARE = 14_000
"""Bytes for each of the three lists of a page of 60 kB; what one does not need another may take."""
TITLES_OF_ADDED: Mapping[str, str] = {
    **TITLES,
    "text": HEADINGS[Key.TEXT].title,
    "due_on": HEADINGS[Key.DUE].title,
    "aside_reason": _("Not applicable, because"),
}


def listed_uids(done: Imported) -> list[UUID]:
    """Return the items of the lines that may be listed, to look them up."""
    rows = done.changes[:MOST_LINES]
    found = [each.item_uid for each in rows if each.item_uid is not None]
    return [*found, *(each.item_uid for each in done.conflicts[:MOST_LINES])]


def lists_of(
    done: Imported,
    sheets: Sequence[ReadSheet],
    known: Mapping[UUID, ChecklistRow],
    *,
    reader: Translator,
) -> Lists:
    """Return what a page lists of an import; ``known`` are the items of ``listed_uids``."""
    words = _Words(reader, known, _additions(sheets), len(sheets) > 1)
    clashing = len({(each.sheet, each.row) for each in done.conflicts})
    refused, spared = fitting(words.refused(done), SHARE, len(done.refused))
    conflicts, left = fitting(words.conflicts(done), SHARE, clashing)
    changes, rest = fitting(words.changes(done), SHARE + spared + left, len(done.changes))
    if refused.rest:
        refused, _none = fitting(words.refused(done), SHARE + rest, len(done.refused))
    return Lists(refused, conflicts, changes)


@dataclass(frozen=True, slots=True)
class _Words:
    reader: Translator
    known: Mapping[UUID, ChecklistRow]
    additions: Mapping[tuple[str, int], Addition]
    has_sheets: bool

    def changes(self, done: Imported) -> Iterator[ChangeLine]:
        is_few = len(done.changes) <= FEW
        return (self._change(each, is_few=is_few) for each in done.changes)

    def _change(self, change: Change, *, is_few: bool) -> ChangeLine:
        row = self.known.get(change.item_uid) if change.item_uid else None
        return ChangeLine(
            place=self._place(change.sheet, change.row),
            path=f"/items/{change.item_uid}" if change.item_uid and is_few else "",
            about=self._about_change(change),
            text=_clipped(row.text.text) if row is not None and is_few else "",
            facts=tuple(self._facts(change)),
            is_added=change.is_added,
            waits=change.waits,
        )

    def _about_change(self, change: Change) -> Markup:
        if change.item_uid is not None:
            return self._about(change.item_uid, change.item)
        new = self.additions.get((change.sheet, change.row))
        if new is None:
            return Markup("")
        places = Markup(", ").join(held(each) for each in (new.area, new.receiver) if each)
        return Markup("{} {}").format(code(new.function), places)

    def _about(self, uid: UUID, item: str) -> Markup:
        row = self.known.get(uid)
        if row is None:
            return code(item)
        places = (held(row.area_name), held(row.receiver_name))
        return Markup("{} {}").format(code(item), listed(self.reader, places))

    def _facts(self, change: Change) -> Iterator[tuple[str, Markup]]:
        for name, (was, now) in change.changed.items():
            if now or was:
                title = self.reader.gettext(TITLES_OF_ADDED.get(name, name))
                yield title, self._becomes(was, now)
        if change.comment:
            yield self.reader.gettext(HEADINGS[Key.COMMENT].title), _quoted(change.comment)

    def _becomes(self, was: Fact, now: Fact) -> Markup:
        if not was:
            return self._fact(now)
        template = _("{was} becomes {now}") if now else _("emptied, was {was}")
        return told(self.reader, template, {"was": self._fact(was), "now": self._fact(now)})

    def _fact(self, fact: Fact) -> Markup:
        match fact:
            case ItemState():
                return held(self.reader.gettext(STATES[fact]))
            case Classification():
                return held(self.reader.gettext(CLASSES[fact]))
            case date():
                return held(self.reader.day(fact, length="medium"))
            case _:
                return _quoted(fact) if fact else Markup("–")

    def refused(self, done: Imported) -> Iterator[RefusedLine]:
        # what has to be mended first: it keeps all the rest waiting
        for each in sorted(done.refused, key=lambda one: not one.is_fault):
            faults = tuple(self._fault(problem) for problem in each.problems)
            yield RefusedLine(self._place(each.sheet, each.row), faults, each.is_fault)

    def _fault(self, problem: Problem) -> tuple[str, str, str]:
        title = PATH_TITLES.get(problem.path, problem.path)
        what, remedy = self.reader.gettext(problem.what), self.reader.gettext(problem.remedy)
        return (self.reader.gettext(title) if title else "", what, remedy)

    def conflicts(self, done: Imported) -> Iterator[ConflictLine]:
        for (sheet, row), group in groupby(done.conflicts, key=lambda one: (one.sheet, one.row)):
            clashes = list(group)
            cells = tuple(
                (
                    self.reader.gettext(TITLES[each.field.value]),
                    self._fact(each.yours),
                    self._fact(each.theirs),
                )
                for each in clashes
            )
            about = self._about(clashes[0].item_uid, clashes[0].item)
            yield ConflictLine(self._place(sheet, row), about, cells)

    def _place(self, sheet: str, row: int) -> Markup:
        facts: dict[str, object] = {"row": row, "sheet": sheet}
        if self.has_sheets:
            return told(self.reader, _("{sheet}, row {row}"), facts)
        return told(self.reader, _("row {row}"), facts)


def _additions(sheets: Sequence[ReadSheet]) -> Mapping[tuple[str, int], Addition]:
    return {
        (sheet.name, row.number): row.addition
        for sheet in sheets
        for row in _new_rows(sheet)
        if row.addition is not None
    }


def _new_rows(sheet: ReadSheet) -> Iterator[ReadRow]:
    return (row for row in sheet.rows if row.uid is None)


def _quoted(text: str) -> Markup:
    return Markup('<q dir="auto">{}</q>').format(_clipped(text))


def _clipped(text: str) -> str:
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"

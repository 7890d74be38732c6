"""The words beside each row: imported, unchanged, or refused with the reason and what to do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from unbroken.kit.errors import Problem
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.transfers.rules.items import PATHS, Fact
from unbroken.workbooks.item_columns import FIELD_OF, HEADINGS, KEY_OF, Key
from unbroken.workbooks.item_outcome import Change, Conflict, Imported, NewItem, ReadSheet
from unbroken.workbooks.item_reading import ReadRow
from unbroken.workbooks.item_rows_out import plain_fact
from unbroken.workbooks.item_stamps import Stamp, bound_mark, cell_mark, whole_mark, written

TITLES: Mapping[str, str] = {name.value: HEADINGS[key].title for key, name in FIELD_OF.items()}
PATH_TITLES: Mapping[str, str] = {
    **TITLES,
    **{key.value: heading.title for key, heading in HEADINGS.items()},
    **{path: TITLES[name.value] for name, path in PATHS.items()},
}
"""What the places of faults are called in the workbook."""


def verdicts_of(
    sheets: Sequence[ReadSheet], done: Imported, *, reader: Translator
) -> Mapping[str, Mapping[int, str]]:
    """Return the verdict of each row by sheet and row number."""
    told: dict[str, dict[int, str]] = {sheet.name: {} for sheet in sheets}
    same = reader.gettext(_("unchanged"))
    for sheet in sheets:
        told[sheet.name] = dict.fromkeys((row.number for row in sheet.rows), same)
    changed, waiting = (reader.gettext(text) for text in _changed_words(done))
    for change in done.changes:
        told[change.sheet][change.row] = waiting if change.waits else changed
    for refusal in done.refused:
        said = refusal_words(refusal.problems, reader=reader)
        told[refusal.sheet][refusal.row] = reader.render(_("refused: {why}"), {"why": said})
    for (name, row), clashes in _by_row(done.conflicts).items():
        told[name][row] = conflict_words(clashes, reader=reader)
    return told


def stamps_of(sheets: Sequence[ReadSheet], done: Imported) -> Mapping[str, Mapping[int, str]]:
    """Return the new stamp of each row that was imported, by sheet and row number."""
    changes = {(each.sheet, each.row): each for each in done.changes if each.after}
    added = {(each.sheet, each.row): each for each in done.added}
    told: dict[str, dict[int, str]] = defaultdict(dict)
    for sheet in sheets:
        for row in sheet.rows:
            place = (sheet.name, row.number)
            if place in changes:
                told[sheet.name][row.number] = _stamp_of_change(row, changes[place])
            elif place in added:
                told[sheet.name][row.number] = _stamp_of_added(row, added[place])
    return told


def refusal_words(problems: Sequence[Problem], *, reader: Translator) -> str:
    """Return what is wrong with a row and what to do, in one text."""
    return " ".join(_sentence(each, reader=reader) for each in problems)


def conflict_words(clashes: Sequence[Conflict], *, reader: Translator) -> str:
    """Return both values of each cell in which two people clash."""
    each = "; ".join(
        reader.render(
            _("{cell}: yours {yours}, theirs {theirs}"),
            {
                "cell": reader.gettext(TITLES[clash.field.value]),
                "yours": fact_words(clash.yours, reader=reader),
                "theirs": fact_words(clash.theirs, reader=reader),
            },
        )
        for clash in clashes
    )
    template = _(
        "conflict: somebody changed this meanwhile. {cells}. Take a fresh export and decide."
    )
    return reader.render(template, {"cells": each})


def fact_words(fact: Fact, *, reader: Translator) -> str:
    """Return a fact in quotation marks, or a dash for nothing."""
    plain = plain_fact(fact)
    return reader.render(_("“{text}”"), {"text": plain}) if plain else "—"


def _stamp_of_change(row: ReadRow, change: Change) -> str:
    """Return the stamp of a row whose cells stay as they are.

    What somebody else changed meanwhile in another cell was not seen by who works in the file, so
    the stamp goes on saying what was there before.
    """
    if row.uid is None or row.stamp is None or change.after is None:
        return ""
    cells, known = dict(row.stamp.cells), dict(row.stamp.known)
    for name, fact in row.changed.items():
        cells[KEY_OF[name]] = cell_mark(plain_fact(fact))
    for key, name in FIELD_OF.items():
        if name.value in change.changed or name in row.changed:
            known[key] = cell_mark(plain_fact(change.after.value(name)))
    return _stamp(row, row.uid, cells, known)


def _stamp_of_added(row: ReadRow, new: NewItem) -> str:
    shown = zip(FIELD_OF, row.shown, strict=True)
    cells = {key: cell_mark(plain_fact(fact)) for key, fact in shown}
    known = {key: cell_mark(plain_fact(new.facts.value(name))) for key, name in FIELD_OF.items()}
    return _stamp(row, new.item_uid, cells, known)


def _stamp(row: ReadRow, uid: UUID, cells: Mapping[Key, str], known: Mapping[Key, str]) -> str:
    whole = whole_mark([plain_fact(fact) for fact in row.shown])
    return written(Stamp(bound_mark(uid, row.fixed_mark), whole, cells, known))


def _changed_words(done: Imported) -> tuple[str, str]:
    if done.written:
        return _("imported"), _("imported: not applicable waits for the second hand")
    if done.is_blocked:
        held = _("sound, not imported yet: nothing is, while other rows are refused")
        return held, held
    return _("would be imported"), _("would be imported and wait for the second hand")


def _sentence(problem: Problem, *, reader: Translator) -> str:
    what = reader.gettext(problem.what).rstrip(".")
    title = PATH_TITLES.get(problem.path, problem.path)
    if title:
        facts = {"label": reader.gettext(title), "text": what}
        what = reader.render(_("{label}: {text}"), facts)
    return f"{what}. {reader.gettext(problem.remedy)}".strip()


def _by_row(conflicts: Iterable[Conflict]) -> Mapping[tuple[str, int], list[Conflict]]:
    found: dict[tuple[str, int], list[Conflict]] = defaultdict(list)
    for each in conflicts:
        found[each.sheet, each.row].append(each)
    return found

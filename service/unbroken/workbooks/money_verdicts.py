"""The words about each row of money: put on record, unchanged, in conflict, or refused and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from unbroken.kit.errors import Problem
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.workbooks.money_columns import HEADINGS, UNSAID, UNSTATED, WORDS, Holds, Key
from unbroken.workbooks.money_outcome import Change, Conflict, Imported
from unbroken.workbooks.money_values import Value

NOTHING = "–"
PATH_TITLES: Mapping[str, str] = {key.value: heading.title for key, heading in HEADINGS.items()}
"""What the places of faults are called in the workbook."""


def verdicts_of(done: Imported, *, reader: Translator) -> Mapping[str, Mapping[int, str]]:
    """Return the verdict of each row by sheet and row number."""
    told: dict[str, dict[int, str]] = defaultdict(dict)
    for row in done.rows:
        told[row.sheet][row.number] = reader.gettext(_("unchanged"))
    for change in done.changes:
        told[change.sheet][change.row] = reader.gettext(_changed(change, done))
    for refusal in done.refused:
        said = refusal_words(refusal.problems, reader=reader)
        told[refusal.sheet][refusal.row] = reader.render(_("refused: {why}"), {"why": said})
    for clash in done.conflicts:
        told[clash.sheet][clash.row] = conflict_words(clash, reader=reader)
    return told


def _changed(change: Change, done: Imported) -> str:
    if done.written:
        return _("put on record")
    if done.is_blocked:
        return _("sound, not put on record yet: nothing is, while other rows are refused")
    return _("would be put on record") if change.uid else _("would be added")


def refusal_words(problems: Sequence[Problem], *, reader: Translator) -> str:
    """Return what is wrong with a row and what to do, in one text."""
    return " ".join(_sentence(each, reader) for each in problems)


def _sentence(problem: Problem, reader: Translator) -> str:
    what = reader.gettext(problem.what).rstrip(".")
    title = PATH_TITLES.get(problem.path, problem.path)
    if title:
        facts = {"label": reader.gettext(title), "text": what}
        what = reader.render(_("{label}: {text}"), facts)
    return f"{what}. {reader.gettext(problem.remedy)}".strip()


def conflict_words(clash: Conflict, *, reader: Translator) -> str:
    """Return both states of a line that somebody changed or withdrew meanwhile."""
    if clash.is_withdrawn:
        return reader.gettext(
            _("conflict: the line was withdrawn meanwhile. Enter it anew if it still holds.")
        )
    cells = "; ".join(
        reader.render(
            _("{cell}: yours {yours}, theirs {theirs}"),
            {
                "cell": reader.gettext(HEADINGS[key].title),
                "yours": value_words(key, yours, reader=reader),
                "theirs": value_words(key, theirs, reader=reader),
            },
        )
        for key, (yours, theirs) in clash.cells.items()
    )
    template = _(
        "conflict: somebody changed this meanwhile. {cells}. Take a fresh export and decide."
    )
    return reader.render(template, {"cells": cells})


def value_words(key: Key, value: Value, *, reader: Translator) -> str:
    """Return what a cell says as its reader would write it; a dash for nothing."""
    match value:
        case None | "" | False:
            is_amount = HEADINGS[key].holds is Holds.AMOUNT
            return reader.gettext(UNSAID) if is_amount and key is Key.AMOUNT else NOTHING
        case True:
            return reader.gettext(_("Yes"))
        case date():
            return reader.day(value, length="medium")
        case Decimal():
            return exact(reader, value)
        case _ if value == UNSTATED:
            return reader.gettext(UNSAID)
        case _:
            is_word = HEADINGS[key].holds is Holds.WORD
            return reader.gettext(WORDS[value]) if is_word else value


def exact(reader: Translator, amount: Decimal) -> str:
    """Return an amount grouped as the reader is used to, with all its places."""
    whole, _mark, places = f"{amount:f}".partition(".")
    shown = reader.number(Decimal(whole))
    if not places.strip("0"):
        return shown
    mark = reader.number(Decimal("0.5")).strip("05")
    return f"{shown}{mark}{places}"

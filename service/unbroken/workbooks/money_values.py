"""What a line of money says, column by column: as it is stored, and as a row's cells tell it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.money.queries.views import ContributionView, RequirementView
from unbroken.money.rules.amounts import to_amount, to_units
from unbroken.money.rules.typed import AmbiguousAmount, NoAmount, amount_from
from unbroken.money.rules.words import Basis
from unbroken.safeguarding.rules import SILENT
from unbroken.workbooks.cells import (
    ERROR,
    NO_NUMBER,
    Unreadable,
    day_of,
    flag_of,
    is_blank,
    is_error,
    text_of,
)
from unbroken.workbooks.item_columns import folded
from unbroken.workbooks.money_columns import HEADINGS, STAGE_KEYS, UNSTATED, Holds, Key, Words
from unbroken.workbooks.reading import Cell

Value: TypeAlias = str | Decimal | date | bool | None
"""``None`` is nothing said; of stages ``UNSTATED`` says that only the amount is unknown."""

Values: TypeAlias = Mapping[Key, Value]
NO_AMOUNT = Unreadable(
    _("This is no amount."),
    _("Write digits only, such as 1250 or 12.50; the currency has its own cell."),
)
NO_POT = Unreadable(
    _("is no kind of money"), _("Choose Voluntary, Assessed or Budget of the mission.")
)
NO_BASIS = Unreadable(_("is no ground for it"), _("Choose Stated or Estimated from posts."))
NO_LINE = Unreadable(_("is not the id of a line"), _("Copy the id from the line's own row."))
NO_UNSAID_RATE = Unreadable(_("is no rate"), _("Write how many units one US dollar bought."))


def values_of(view: RequirementView | ContributionView) -> dict[Key, Value]:
    """Return what a stored line says in each column of its sheet, beside id and number."""
    found: dict[Key, Value] = {
        Key.FUNCTION: view.function,
        Key.AREA: view.area,
        Key.RECEIVER: view.receiver,
        Key.STARTS_ON: view.starts_on,
        Key.ENDS_ON: view.ends_on,
        Key.CURRENCY: view.currency,
        Key.TITLE: view.title,
        Key.SOURCE: view.source,
        Key.KNOWN_ON: view.known_on,
        Key.ILLUSTRATIVE: view.illustrative,
    }
    if isinstance(view, RequirementView):
        return found | {Key.AMOUNT: _plain(view.money.amount), Key.BASIS: view.basis.value}
    return found | _of_contribution(view)


def _of_contribution(view: ContributionView) -> dict[Key, Value]:
    found: dict[Key, Value] = {
        Key.DONOR: view.donor,
        Key.POT: view.pot.value,
        Key.PART_OF: "" if view.part_of is None else str(view.part_of),
        Key.DUE_ON: None,
    }
    figures = {each.stage: each for each in view.figures}
    for stage, (amount, on) in STAGE_KEYS.items():
        figure = figures.get(stage)
        said = None if figure is None else figure.money.amount
        found[amount] = None if figure is None else UNSTATED if said is None else _plain(said)
        found[on] = None if figure is None else figure.on
        if figure is not None and figure.due_on is not None:
            found[Key.DUE_ON] = figure.due_on
    return found


def _plain(amount: Decimal | None) -> Decimal | None:
    """Return an amount with two or four places: three could be read in two ways."""
    return None if amount is None else to_amount(to_units(amount))


def bare(value: Value) -> Value:
    """Return ``None`` for what is as good as nothing; a stated zero is not."""
    return None if value is None or value == "" or value is False else value


def value_of(key: Key, cell: Cell, words: Words) -> Value | Unreadable:
    """Return what a cell says, or why it cannot be taken."""
    if is_error(cell):
        return ERROR
    return READERS[HEADINGS[key].holds](key, cell, words)


def _text(key: Key, cell: Cell, _words: Words) -> Value | Unreadable:
    text = text_of(cell.translate(SILENT).strip() if isinstance(cell, str) else cell)
    if key is Key.CURRENCY:
        return text.upper()
    return _line_id(text) if key is Key.PART_OF and text else text


def _line_id(text: str) -> str | Unreadable:
    try:
        return str(UUID(text))
    except ValueError:
        return NO_LINE


def _amount(key: Key, cell: Cell, words: Words) -> Value | Unreadable:
    found = _number(cell, words)
    if found != UNSTATED or key not in {Key.AMOUNT, Key.RATE}:
        return found
    return None if key is Key.AMOUNT else NO_UNSAID_RATE


def _number(cell: Cell, words: Words) -> Value | Unreadable:
    if is_blank(cell):
        return None
    match cell:
        case bool():
            return NO_NUMBER
        case int() | float():
            # a spreadsheet keeps 15 digits; what it shows is meant
            return Decimal(cell) if isinstance(cell, int) else Decimal(f"{cell:.15g}")
        case str():
            return UNSTATED if folded(cell) in words.unsaid else _typed(cell)
    return NO_NUMBER


def _typed(cell: str) -> Value | Unreadable:
    try:
        return amount_from(cell.translate(SILENT))
    except AmbiguousAmount as fault:
        large, small = fault.both
        what = sentence(
            "This can be read as {large} or as {small}.", large=str(large), small=str(small)
        )
        remedy = sentence("Write {large}, or {small}0.", large=str(large), small=str(small))
        return Unreadable(what, remedy)
    except NoAmount:
        return NO_AMOUNT


def _word(key: Key, cell: Cell, words: Words) -> Value | Unreadable:
    text = folded(text_of(cell))
    if key is Key.BASIS:
        return words.bases.get(text) or (NO_BASIS if text else Basis.STATED.value)
    return words.pots.get(text) or (NO_POT if text else None)


READERS: Mapping[Holds, Callable[[Key, Cell, Words], Value | Unreadable]] = {
    Holds.TEXT: _text,
    Holds.AMOUNT: _amount,
    Holds.WORD: _word,
    Holds.WHOLE: lambda _key, cell, words: _number(cell, words),
    Holds.DAY: lambda _key, cell, _words: day_of(cell, serials=True),
    Holds.FLAG: lambda _key, cell, _words: flag_of(cell) or False,
}

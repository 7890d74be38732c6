"""A plan's money as one workbook, or a table of it as CSV: typed, with drop-downs and a guide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from unbroken.kit.languages import gettext as _
from unbroken.money.models import ExchangeRate
from unbroken.money.rules.currencies import DOLLAR
from unbroken.people.queries import organisation_views
from unbroken.plans.models import Plan
from unbroken.plans.queries import areas_of
from unbroken.plans.queries.rows import Ref, plan_row
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.queries.checklist_texts import titles_in
from unbroken.workbooks.money_columns import (
    BASES,
    COLUMNS,
    HEADINGS,
    POTS,
    TABLES,
    UNSAID,
    UNSTATED,
    WORDS,
    Holds,
    Key,
    Table,
)
from unbroken.workbooks.money_standing import Line, standing_lines
from unbroken.workbooks.money_values import values_of
from unbroken.workbooks.readers import Reading
from unbroken.workbooks.sheets_out import Column, Kind, SheetOut, Value, sheet_name
from unbroken.workbooks.writing import write_book, write_csv

SPARE_ROWS = 200
FROZEN = 3
GUIDE: Sequence[str] = (
    _("Each row is one line of money: what is needed, and on another sheet what donors give."),
    _("A blank amount of a requirement is not stated. 0 says that nothing is needed."),
    _("Requested, pledged, committed and paid stand side by side and are never added together."),
    _(
        "A blank stage says nothing. Where it was reached and nobody says how much, write “not "
        "stated”."
    ),
    _(
        "Write amounts as numbers. In text one point or comma before three digits is refused: it "
        "may be read in two ways."
    ),
    _(
        "A currency without a rate of that month is refused: state the rate, its day and its "
        "source in the last columns."
    ),
    _("Without a function money is a pool: it is shown beside and spread over nothing."),
    _("Nothing is written over: a line that you change gets a new state. Say why it changes."),
    _("Where only the last day moves on, the period is extended at no cost: the sum stays."),
    _("For a new line go below the last row and leave id and number empty."),
    _("A row that you delete here stays in the plan. Lines are withdrawn on their own page."),
    _(
        "Where somebody changed a line meanwhile, both states are shown and nothing is written "
        "over."
    ),
    _("Every change is shown before it is made; then all of it is put on record, or nothing."),
    _("Never write names of people or numbers of accounts."),
)


def export_money(session: Session, plan: Ref, reading: Reading) -> bytes:
    """Return the workbook (.xlsx) of a plan's money: guide, requirements, contributions, lists.

    It holds the lines that the actor sees; right to left where the reader's language is.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
        Forbidden: the actor sees no lines.
    """
    lines = standing_lines(session, plan, actor=reading.actor)
    row = plan_row(session, plan)
    say = reading.reader.gettext
    names: list[str] = []
    for title in (_("Read me"), *TABLES.values(), _("Lists")):
        names.append(sheet_name(say(title), names))
    lists = _lists(session, row, reading)
    sheets = [
        _guide(names[0], row, reading),
        *(
            _sheet(name, table, lines[table], lists, reading)
            for name, table in zip(names[1:], Table, strict=False)
        ),
        _lists_sheet(names[-1], lists, reading),
    ]
    is_rtl = reading.reader.direction == "rtl"
    return write_book(sheets, right_to_left=is_rtl, made_at=reading.at)


def export_money_csv(session: Session, plan: Ref, reading: Reading, *, table: Table) -> bytes:
    """Return one table of a plan's money as CSV, with the same columns. Raises as above."""
    lines = standing_lines(session, plan, actor=reading.actor)[table]
    say = reading.reader.gettext
    columns = [Column(say(HEADINGS[key].title)) for key in COLUMNS[table]]
    return write_csv(columns, money_rows(table, lines, reading))


@dataclass(frozen=True, slots=True)
class Lists:
    """What may be chosen: (short name, name) of each, in order; and the currencies with rates."""

    functions: Sequence[tuple[str, str]]
    areas: Sequence[tuple[str, str]]
    bodies: Sequence[tuple[str, str]]
    currencies: Sequence[str]


def _lists(session: Session, plan: Plan, reading: Reading) -> Lists:
    english = titles_of(session, plan.edition)
    shown = titles_in(session, english, language=reading.reader.locale)
    rated = select(ExchangeRate.currency).distinct().order_by(col(ExchangeRate.currency))
    return Lists(
        functions=[(code, shown[code].text) for code in sorted(english)],
        areas=[(each.slug, each.name) for each in areas_of(session, plan.uid, actor=reading.actor)],
        bodies=[(each.slug, each.name) for each in organisation_views(session)],
        currencies=[DOLLAR, *(code for code in session.exec(rated) if code != DOLLAR)],
    )


def _sheet(
    name: str, table: Table, lines: Sequence[Line], lists: Lists, reading: Reading
) -> SheetOut:
    choices = _choices(lists, reading)
    return SheetOut(
        name=name,
        columns=tuple(_column(key, choices, reading) for key in COLUMNS[table]),
        rows=list(money_rows(table, lines, reading)),
        spare=SPARE_ROWS,
        frozen=FROZEN,
        is_protected=True,
    )


def _column(key: Key, choices: Mapping[Key, Sequence[str]], reading: Reading) -> Column:
    say, heading = reading.reader.gettext, HEADINGS[key]
    return Column(
        header=say(heading.title),
        width=heading.width,
        kind=heading.kind,
        is_locked=heading.is_locked,
        is_wrapped=heading.is_wrapped,
        choices=tuple(choices.get(key, ())),
        help=say(heading.help),
    )


def _choices(lists: Lists, reading: Reading) -> Mapping[Key, Sequence[str]]:
    say = reading.reader.gettext
    bodies = [slug for slug, _name in lists.bodies]
    return {
        Key.FUNCTION: [code for code, _title in lists.functions],
        Key.AREA: [slug for slug, _name in lists.areas],
        Key.RECEIVER: bodies,
        Key.DONOR: bodies,
        Key.POT: [say(word) for word in POTS.values()],
        Key.BASIS: [say(word) for word in BASES.values()],
    }


def money_rows(table: Table, lines: Sequence[Line], reading: Reading) -> Iterator[list[Value]]:
    """Yield the cells of each line in the order of its sheet's columns; the verdict is empty."""
    for line in lines:
        values = values_of(line)
        shown: dict[Key, Value] = {
            Key.UID: str(line.uid),
            Key.NUMBER: line.number,
            **{key: _shown(key, value, reading) for key, value in values.items()},
        }
        yield [shown.get(key) for key in COLUMNS[table]]


def _shown(key: Key, value: Value, reading: Reading) -> Value:
    say = reading.reader.gettext
    if value == UNSTATED:
        return say(UNSAID)
    match HEADINGS[key].holds:
        case Holds.WORD:
            return say(WORDS[str(value)])
        case Holds.FLAG:
            return say(_("Yes")) if value else None
        case _:
            return None if value == "" else value


def _guide(name: str, plan: Plan, reading: Reading) -> SheetOut:
    reader = reading.reader
    say = reader.gettext
    facts: list[Sequence[Value]] = [
        (say(_("Plan")), plan.title),
        (say(_("Short name")), plan.slug),
        (say(_("As of")), reader.day(reading.on)),
        (say(_("The mandate ends on")), reader.day(plan.mandate_ends_on)),
        (None, None),
    ]
    rules = [(str(n), say(text)) for n, text in enumerate(GUIDE, start=1)]
    columns = (
        Column(say(_("Read me")), 26, is_locked=True),
        Column(say(_("How this workbook works")), 110, is_locked=True, is_wrapped=True),
    )
    return SheetOut(name, columns, [*facts, *rules], is_protected=True, has_filter=False)


def _lists_sheet(name: str, lists: Lists, reading: Reading) -> SheetOut:
    say = reading.reader.gettext
    kinds = (
        (_("Function"), lists.functions),
        (_("Area"), lists.areas),
        (_("Organisation"), lists.bodies),
        (_("Currency with a rate on record"), [(code, "") for code in lists.currencies]),
    )
    rows = [(say(kind), code, text) for kind, pairs in kinds for code, text in pairs]
    columns = (
        Column(say(_("Kind")), 26, Kind.TEXT, is_locked=True),
        Column(say(_("Short name")), 26, Kind.TEXT, is_locked=True),
        Column(say(_("Name")), 60, Kind.TEXT, is_locked=True),
    )
    return SheetOut(name, columns, rows, is_protected=True)

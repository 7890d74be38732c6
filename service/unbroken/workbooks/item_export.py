"""A plan's checklists as one workbook, or its items as CSV: typed, with drop-downs and a guide."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session
from xlsxwriter.utility import xl_col_to_name

from unbroken.functions.queries import ShownText, texts_in
from unbroken.kit.instance import read_instance
from unbroken.kit.languages import gettext as _
from unbroken.people.queries import mailboxes_of
from unbroken.people.rules import sight_of
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, place_of, plan_row
from unbroken.transfers.queries.item_sheets import SheetItem, bodies_of, sheet_items
from unbroken.workbooks.item_columns import CLASSES, HEADINGS, STATES, Heading, Key
from unbroken.workbooks.item_rows_out import RowWriter
from unbroken.workbooks.readers import Reading
from unbroken.workbooks.sheet_words import DIMENSIONS
from unbroken.workbooks.sheets_of_plan import capacities_sheet, closings_sheet, guide, posts_sheet
from unbroken.workbooks.sheets_out import Column, SheetOut, sheet_name
from unbroken.workbooks.writing import write_book, write_csv

SPARE_ROWS = 200
FROZEN = 3


def export_items(session: Session, plan: Ref, reading: Reading) -> bytes:
    """Return the workbook (.xlsx) of a plan: guide, items, capacities, posts and closings.

    It holds what the actor may see; right to left where the reader's language is.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
    """
    row, items, writer = _read(session, plan, reading)
    reader = reading.reader
    titles = (_("Guide"), _("Items"), _("Capacities"), _("Posts"), _("Closings"))
    names: list[str] = []
    for title in titles:
        names.append(sheet_name(reader.gettext(title), names))
    table = _sheet(session, row, items, writer, name=names[1], reading=reading)
    sheets = [
        guide(names[0], row, reading=reading, count=len(items)),
        table,
        capacities_sheet(session, row, name=names[2], reading=reading),
        posts_sheet(session, row, name=names[3], reading=reading),
        closings_sheet(session, row, name=names[4], reading=reading),
    ]
    is_rtl = reader.direction == "rtl"
    return write_book(sheets, right_to_left=is_rtl, made_at=reading.at)


def export_items_csv(session: Session, plan: Ref, reading: Reading) -> bytes:
    """Return the items of a plan as CSV, with the same columns; raises as ``export_items``."""
    _row, items, writer = _read(session, plan, reading)
    columns = [Column(reading.reader.gettext(each.title)) for each in HEADINGS.values()]
    return write_csv(columns, (writer.row(item) for item in items))


def _read(session: Session, plan: Ref, reading: Reading) -> tuple[Plan, list[SheetItem], RowWriter]:
    place_of(session, plan, sight=sight_of(reading.actor))
    row = plan_row(session, plan)
    items = sheet_items(session, row, actor=reading.actor, on=reading.on)
    texts = {text for item in items for text in (item.line.text, item.line.wanted_evidence)}
    shown: Mapping[str, ShownText] = texts_in(session, texts, language=reading.reader.locale)
    words = {name: reading.reader.gettext(word) for name, word in DIMENSIONS.items()}
    return row, items, RowWriter(reading.reader, shown, words)


def _sheet(
    session: Session,
    plan: Plan,
    items: Sequence[SheetItem],
    writer: RowWriter,
    *,
    name: str,
    reading: Reading,
) -> SheetOut:
    choices = _choices(session, plan, items, reading=reading)
    return SheetOut(
        name=name,
        columns=tuple(_column(key, each, choices, reading) for key, each in HEADINGS.items()),
        rows=[writer.row(item) for item in items],
        overdue=_overdue(session, reading),
        spare=SPARE_ROWS,
        frozen=FROZEN,
        is_protected=True,
    )


def _column(
    key: Key, heading: Heading, choices: Mapping[Key, Sequence[str]], reading: Reading
) -> Column:
    reader = reading.reader
    return Column(
        header=reader.gettext(heading.title),
        width=heading.width,
        kind=heading.kind,
        is_locked=heading.is_locked,
        is_hidden=heading.is_hidden,
        is_wrapped=heading.is_wrapped,
        choices=tuple(choices.get(key, ())),
        help=reader.gettext(heading.help),
    )


def _choices(
    session: Session, plan: Plan, items: Sequence[SheetItem], *, reading: Reading
) -> Mapping[Key, Sequence[str]]:
    reader = reading.reader
    bodies = bodies_of(session, plan)
    return {
        Key.FUNCTION: sorted({item.row.code for item in items}),
        Key.AREA: sorted({item.area for item in items}),
        Key.RECEIVER: sorted({item.receiver for item in items}),
        Key.CAPACITY: [reader.gettext(word) for word in DIMENSIONS.values()],
        Key.STATE: [reader.gettext(word) for word in STATES.values()],
        Key.EVIDENCE_CLASS: [reader.gettext(word) for word in CLASSES.values()],
        Key.ASSIGNED_TO: bodies,
        Key.MAILBOX: mailboxes_of(session, bodies),
    }


def _overdue(session: Session, reading: Reading) -> str:
    """Return the formula that is true for an item past its day that is still to be done.

    A demonstration stands on a day of its own, so the workbook's reader's calendar does not count.
    """
    keys = list(HEADINGS)
    due, state = xl_col_to_name(keys.index(Key.DUE)), xl_col_to_name(keys.index(Key.STATE))
    word = reading.reader.gettext(STATES[next(iter(STATES))]).replace('"', '""')
    on, is_played = reading.on, read_instance(session).is_demonstration
    today = f"DATE({on.year},{on.month},{on.day})" if is_played else "TODAY()"
    return f'=AND(${due}2<>"",${due}2<{today},${state}2="{word}")'

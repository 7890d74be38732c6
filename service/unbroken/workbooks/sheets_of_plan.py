"""The sheets beside the items: a guide, and capacities, posts and closings to look things up in."""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session, col

from unbroken.kit.languages import gettext as _
from unbroken.plans.models import Plan
from unbroken.plans.queries.areas import areas_of
from unbroken.plans.queries.registers import posts_of
from unbroken.transfers.queries.rows import entry_of, joined_rows
from unbroken.workbooks.readers import Reading
from unbroken.workbooks.sheet_words import (
    AREA_KINDS,
    CAPACITY_STATES,
    CLAIMS,
    DIMENSIONS,
    PRECISIONS,
    SIDES,
)
from unbroken.workbooks.sheets_out import Column, Kind, SheetOut, Value

GUIDE: Sequence[str] = (
    _("Work in the white cells of the sheet of items; grey ones tell what an item is."),
    _("State: To do, Done or Not applicable. Done needs the day; Not applicable needs a reason."),
    _("Evidence is a reference: title, date, class, the role of who keeps it. Never a file."),
    _("Never write names of people, telephone numbers, case numbers or coordinates."),
    _(
        "Your own item: go below the last row, choose function, area and capacity, and write what "
        "is to be done and by when. Leave the id empty."
    ),
    _("A row that you delete here is not deleted in the plan: it is left as it is."),
    _("Send the workbook back by import. Every change is shown first; then all or nothing."),
    _("Beside each row stands a verdict: imported, unchanged, or refused with the reason."),
    _(
        "Where somebody changed the same cell meanwhile, both values are shown and nothing is "
        "written over."
    ),
    _("To sort, unprotect the sheet (there is no password): rows are known by their id."),
    _("The other sheets are for looking things up; change those things on the plan's pages."),
)

WIDTHS: Mapping[str, int] = {
    "Post": 30,
    "Functions": 26,
    "Parts": 40,
    "Source": 60,
    "Within": 24,
    "Organisation": 26,
    "Receiver": 26,
}
"""Columns that hold more than the others, by their heading."""


def guide(name: str, plan: Plan, *, reading: Reading, count: int) -> SheetOut:
    """Return the first sheet: which plan this is, of which day, and how to work with it."""
    reader = reading.reader
    facts: list[Sequence[Value]] = [
        (reader.gettext(_("Plan")), plan.title),
        (reader.gettext(_("Short name")), plan.slug),
        (reader.gettext(_("As of")), reader.day(reading.on)),
        (reader.gettext(_("Edition of the catalogue")), plan.edition),
        (reader.gettext(_("Items")), reader.number(count)),
        (None, None),
    ]
    rules = [(str(n), reader.gettext(text)) for n, text in enumerate(GUIDE, start=1)]
    columns = (
        Column(reader.gettext(_("Guide")), 26, is_locked=True),
        Column(reader.gettext(_("How this workbook works")), 110, is_locked=True, is_wrapped=True),
    )
    return SheetOut(name, columns, [*facts, *rules], is_protected=True, has_filter=False)


def capacities_sheet(session: Session, plan: Plan, *, name: str, reading: Reading) -> SheetOut:
    """Return the capacities of a plan as far as the reader may see them."""
    found = joined_rows(session, reading.actor, col(Plan.id) == plan.id)
    entries = [entry_of(row, on=reading.on) for row in found]
    say = reading.reader.gettext
    rows = [
        (
            *(each.function_code, each.area_slug, each.receiver_slug),
            *(say(DIMENSIONS[each.dimension]), say(CAPACITY_STATES[each.state]), each.quantity),
            *(each.unit, ", ".join(each.parts), each.answer_by),
        )
        for each in entries
    ]
    heads = (
        *(_("Function"), _("Area"), _("Receiver"), _("Capacity"), _("State"), _("Quantity")),
        *(_("Unit"), _("Parts"), _("Answer by")),
    )
    return _table(name, heads, rows, reading=reading, dates={8}, numbers={5})


def posts_sheet(session: Session, plan: Plan, *, name: str, reading: Reading) -> SheetOut:
    """Return the posts of a plan; empty for readers who do not see detail."""
    say = reading.reader.gettext
    rows = [
        (
            *(
                each.reference,
                say(SIDES[each.side.value]),
                each.organisation,
                each.area,
                each.grade,
            ),
            *(", ".join(each.functions), each.authorised, each.filled),
            *(each.starts_on, each.ends_on, each.funded_until_on),
        )
        for each in posts_of(session, plan.uid, actor=reading.actor)
    ]
    heads = (
        *(_("Post"), _("Side"), _("Organisation"), _("Area"), _("Grade"), _("Functions")),
        *(_("Authorised"), _("Filled"), _("Starts on"), _("Ends on"), _("Funded until")),
    )
    return _table(name, heads, rows, reading=reading, dates={8, 9, 10}, numbers={6, 7})


def closings_sheet(session: Session, plan: Plan, *, name: str, reading: Reading) -> SheetOut:
    """Return the areas of a plan with the closing that counts, as far as the reader may see it."""
    say = reading.reader.gettext
    rows: list[Sequence[Value]] = []
    for area in areas_of(session, plan.uid, actor=reading.actor, on=reading.on):
        claim = area.closing
        told = (
            (None,) * 4
            if claim is None
            else (
                *(claim.closes_on, say(PRECISIONS[claim.precision])),
                *(say(CLAIMS[claim.kind.value]), claim.source),
            )
        )
        rows.append((area.name, say(AREA_KINDS[area.kind.value]), area.parent, *told))
    heads = (
        *(_("Area"), _("Kind"), _("Within"), _("Closes on"), _("Precision"), _("Claim")),
        _("Source"),
    )
    return _table(name, heads, rows, reading=reading, dates={3}, numbers=set())


def _table(
    name: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    reading: Reading,
    dates: set[int],
    numbers: set[int],
) -> SheetOut:
    kinds: Mapping[int, Kind] = {
        **dict.fromkeys(dates, Kind.DATE),
        **dict.fromkeys(numbers, Kind.NUMBER),
    }
    columns = tuple(
        Column(
            header=reading.reader.gettext(head),
            width=WIDTHS.get(head, 18),
            kind=kinds.get(at, Kind.TEXT),
            is_locked=True,
            is_wrapped=head in WIDTHS,
        )
        for at, head in enumerate(heads)
    )
    return SheetOut(name, columns, list(rows), frozen=1, is_protected=True)

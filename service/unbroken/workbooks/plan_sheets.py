"""A planner's file: read, and its tables found with a field proposed for each heading."""

from collections.abc import Mapping
from dataclasses import dataclass

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import listed, sentence
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.plan_fields import SLOTS, TableKind, folded
from unbroken.workbooks.plan_files import Choice
from unbroken.workbooks.plan_mapping import Memory, propose
from unbroken.workbooks.plan_tables import Table, tables_in
from unbroken.workbooks.reading import SheetGrid, Workbook, read_csv, read_workbook


@dataclass(frozen=True, slots=True)
class FoundTables:
    """The tables of a file with the fields proposed, hidden sheets left out and named.

    ``notes`` (English) say what had to be guessed while reading.
    """

    choices: tuple[Choice, ...]
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_plan_workbook(raw: bytes, name: str, limits: PackageLimits) -> Workbook:
    """Return the sheets of an Excel workbook, or of a CSV file where its name says so.

    Raises:
        Invalid, TooLarge: it cannot be opened without harm, or not at all.
    """
    if name.casefold().endswith((".csv", ".txt", ".tsv")):
        return read_csv(raw, limits)
    return read_workbook(raw, limits)


def find_tables(book: Workbook, memory: Memory, *, sheet: str = "") -> FoundTables:
    """Return the tables of every sheet in sight, or of the one that is named, hidden or not.

    Raises:
        Invalid: there is no sheet of this name, or none holds a table.
        TooLarge: a sheet has more rows than any plan.
    """
    named = [each for each in book.sheets if folded(each.name) == folded(sheet)]
    if sheet and not named:
        names = listed(each.name for each in book.sheets)
        raise Invalid(
            "There is no sheet {sheet}.",
            remedy=sentence("Name one of: {names}.", names=names),
            sheet=sheet,
        )
    chosen = named if sheet else [each for each in book.sheets if each.is_visible]
    hidden = [each.name for each in book.sheets if not each.is_visible and each not in chosen]
    tables = [table for each in chosen for table in _tables(each, memory)]
    if not tables:
        raise Invalid(
            _("No table with a row of headings was found."),
            remedy=_("Put headings such as Area and Closing date in one row above the table."),
        )
    found = tuple(Choice(table, table.proposal.slots) for table in tables)
    return FoundTables(found, tuple(hidden), book.notes)


def _tables(grid: SheetGrid, memory: Memory) -> list[Table]:
    return [table for table in tables_in(grid, memory) if table.rows]


def as_kind(choice: Choice, kind: TableKind, memory: Memory) -> Choice:
    """Return a table as one of another kind, with the fields that this kind proposes."""
    table = choice.table
    if kind is table.kind:
        return choice
    proposal = propose(kind, [column.heading for column in table.columns], memory)
    again = Table(
        table.sheet, kind, table.head_at, table.columns, table.rows, proposal, table.passed
    )
    return Choice(again, proposal.slots)


def with_mapping(choices: tuple[Choice, ...], wanted: Mapping[str, str]) -> tuple[Choice, ...]:
    """Return the tables with the fields that were asked for by heading; empty leaves out.

    A heading is named as it stands, with the column's letter where it stands twice:
    ``Date (F)``. A field is named by its name or its label.

    Raises:
        Invalid: no table has such a heading, or no kind of table such a field.
    """
    faults = [
        problem for heading, field in wanted.items() for problem in _faults(choices, heading, field)
    ]
    if faults:
        raise Invalid(problems=faults)
    return tuple(_mapped(choice, wanted) for choice in choices)


def _faults(choices: tuple[Choice, ...], heading: str, field: str) -> list[Problem]:
    tables = [each.table for each in choices if _at(each.table, heading) is not None]
    names = [name for each in choices for name in each.table.names]
    if not tables:
        remedy = sentence("The headings are: {names}.", names=listed(names))
        return [Problem(heading, _("no table has this heading"), remedy)]
    if field and all(_slot(table.kind, field) is None for table in tables):
        known = listed(slot.name for table in tables for slot in SLOTS[table.kind])
        return [
            Problem(
                heading,
                sentence("{field} is no field of this table", field=field),
                sentence("Use one of: {known}.", known=known),
            )
        ]
    return []


def _mapped(choice: Choice, wanted: Mapping[str, str]) -> Choice:
    slots = list(choice.slots)
    for heading, field in wanted.items():
        at, slot = _at(choice.table, heading), _slot(choice.table.kind, field)
        if at is None or (field and slot is None):
            continue
        if slot in slots:
            slots[slots.index(slot)] = ""  # what was asked for goes before what was proposed
        slots[at] = slot or ""
    return Choice(choice.table, tuple(slots))


def _at(table: Table, heading: str) -> int | None:
    names = [folded(name) for name in table.names]
    return names.index(folded(heading)) if folded(heading) in names else None


def _slot(kind: TableKind, field: str) -> str | None:
    plain = folded(field)
    fitting = (s.name for s in SLOTS[kind] if plain in {folded(s.name), folded(s.label)})
    return next(fitting, None)

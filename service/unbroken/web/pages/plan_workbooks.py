"""A plan out of a planner's own workbook: the file, what its headings mean, what would change.

Nothing is kept between the steps: what was read travels in the reader's own page, and is judged
again each time it comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.errors import Conflict, Invalid, NotFound, Refused, TooLarge
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.people.queries import organisation_views
from unbroken.plans.queries import PlanView
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.pages.registers import plan_to_edit
from unbroken.web.pages.sheets import Sent
from unbroken.web.pages.typed import Typed
from unbroken.web.pages.workbook_words import ChangeGroup, count_unchanged, groups_of
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Planner
from unbroken.web.uploads import Upload, Uploaded
from unbroken.workbooks.limits import limits_of
from unbroken.workbooks.plan_carrying import pack, unpack, without_left_out
from unbroken.workbooks.plan_fields import KIND_LABELS, SLOTS, TableKind, slots_by_name
from unbroken.workbooks.plan_files import Choice, problems_of_mapping
from unbroken.workbooks.plan_importing import (
    ReadWorkbook,
    check_given,
    default_organisation,
    read_into_plan,
)
from unbroken.workbooks.plan_lines import Given
from unbroken.workbooks.plan_memory import memory_of
from unbroken.workbooks.plan_sheets import FoundTables, as_kind, find_tables, read_plan_workbook
from unbroken.workbooks.plan_tables import Table
from unbroken.workbooks.reading import Cell

router = APIRouter()
READ = _("The plan is as the workbook says. Its headings are remembered.")
MENDABLE = (Conflict, Invalid, NotFound, TooLarge)
SAMPLE_LENGTH = 48
MOST_PASSED = 12


@dataclass(frozen=True, slots=True)
class ColumnForm:
    """One column: its heading, values out of it, and the field chosen; no choice where empty."""

    name: str
    heading: str
    samples: tuple[str, ...]
    slot: str

    @property
    def is_open(self) -> bool:
        """Return whether there is anything to map."""
        return bool(self.samples or self.slot)


@dataclass(frozen=True, slots=True)
class TableForm:
    """One table: where it stands, what it tells of (empty: left out), and its columns."""

    name: str
    table: Table
    kind: str
    columns: tuple[ColumnForm, ...]
    slots: tuple[tuple[str, str], ...]

    @property
    def passed(self) -> tuple[tuple[int, str], ...]:
        """Return the first rows that were passed over."""
        return self.table.passed[:MOST_PASSED]


@dataclass(frozen=True, slots=True)
class FilePage(Page):
    """The first step: a file is chosen."""

    template: ClassVar[str] = "plans/workbook_file.html"

    plan: PlanView
    most: int
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class MappingPage(Page):
    """The second step: what each heading means; ``carried`` are the tables themselves."""

    template: ClassVar[str] = "plans/workbook_mapping.html"

    plan: PlanView
    name: str
    carried: str
    tables: tuple[TableForm, ...]
    kinds: tuple[tuple[str, str], ...]
    bodies: tuple[tuple[str, str], ...]
    hidden: tuple[str, ...]
    notes: tuple[str, ...]
    form: Form


@dataclass(frozen=True, slots=True)
class PreviewPage(Page):
    """The third step: every change in words, or every cell that cannot be read."""

    template: ClassVar[str] = "plans/workbook_preview.html"

    plan: PlanView
    name: str
    carried: str
    given: Mapping[str, str]
    groups: tuple[ChangeGroup, ...]
    unchanged: int
    form: Form


@router.get("/plans/{slug}/record/workbook")
def file_form(visit: Planner, slug: str) -> Response:
    """Return the form that takes a workbook."""
    return page(visit, FilePage(_plan(visit, slug), _most(visit)))


@router.post("/plans/{slug}/record/workbook")
def take_step(visit: Planner, slug: str, typed: Sent, file: Uploaded) -> Response:
    """Take one of the three steps; only the last one changes anything."""
    plan = _plan(visit, slug)
    match typed.text("step"):
        case "mapping":
            return _mapped(visit, plan, typed)
        case "preview":
            return _previewed(visit, plan, typed)
        case _:
            return _chosen(visit, plan, file)


def _plan(visit: Visit, slug: str) -> PlanView:
    with visit.sessions.reading() as session:
        return plan_to_edit(session, visit, slug)


def _most(visit: Visit) -> int:
    return visit.house.settings.workbook_limit_kb // 1024


def _chosen(visit: Visit, plan: PlanView, file: Upload | None) -> Response:
    try:
        found = _found(visit, file)
        carried = pack(found.choices)
    except MENDABLE as refusal:
        form = refused_form(refusal, reader=visit.reader)
        form = replace(form, faults=tuple(replace(each, path="file") for each in form.faults))
        return page(visit, FilePage(plan, _most(visit), form), status=refusal.status)
    name = file.name if file else ""
    today = visit.clock.today(plan.time_zone).isoformat()
    with visit.sessions.reading() as session:
        body = default_organisation(session, plan.mission, actor=visit.actor)
    source = f"{visit.say(_('Workbook'))} {name}"
    values = {"source": source, "known_on": today, "organisation": body}
    shown = _mapping(visit, plan, found.choices, form=Form(values), name=name)
    return page(visit, replace(shown, carried=carried, hidden=found.hidden, notes=found.notes))


def _found(visit: Visit, file: Upload | None) -> FoundTables:
    if file is None:
        raise Invalid(_("No file was chosen."), remedy=_("Choose the workbook of the plan."))
    book = read_plan_workbook(file.raw, file.name, limits_of(visit.house.settings))
    with visit.sessions.reading() as session:
        memory = memory_of(session, visit.actor)
    return find_tables(book, memory)


def _mapped(visit: Visit, plan: PlanView, typed: Typed) -> Response:
    """Return the preview of what the headings mean now, or the headings again."""
    before = unpack(typed.text("carried"))
    choices = tuple(_choice(visit, each, f"t{n}", typed) for n, each in enumerate(before))
    kinds = [_kind_typed(typed, f"t{n}", each) for n, each in enumerate(before)]
    turned = any(
        kind not in {"", each.table.kind} for kind, each in zip(kinds, before, strict=True)
    )
    if typed.text("again") or turned:
        return _mapping_again(visit, plan, choices, typed)
    wanted = tuple(each for kind, each in zip(kinds, choices, strict=True) if kind)
    faults = problems_of_mapping(wanted)
    if faults:
        refusal = Invalid(problems=faults)
        return _mapping_again(visit, plan, choices, typed, refusal=refusal)
    try:
        order = _order(plan, without_left_out(wanted), typed, dry_run=True)
        check_given(order.given, today=visit.clock.today(plan.time_zone))
    except Invalid as refusal:
        return _mapping_again(visit, plan, choices, typed, refusal=refusal)
    return _preview(visit, plan, order, typed)


def _choice(visit: Visit, choice: Choice, name: str, typed: Typed) -> Choice:
    """Return a table as its part of the form says: of another kind, or with other fields."""
    kind = _kind_typed(typed, name, choice)
    if kind and kind != choice.table.kind.value:
        with visit.sessions.reading() as session:
            memory = memory_of(session, visit.actor)
        return as_kind(choice, TableKind(kind), memory)
    known = slots_by_name(choice.table.kind)
    slots = tuple(
        typed.text(f"{name}-{n}") if f"{name}-{n}" in typed.values else slot
        for n, slot in enumerate(choice.slots)
    )
    return Choice(choice.table, tuple(slot if slot in known else "" for slot in slots))


def _kind_typed(typed: Typed, name: str, choice: Choice) -> str:
    kind = typed.text(name) if name in typed.values else choice.table.kind.value
    return kind if kind in set(TableKind) else ""


def _mapping_again(
    visit: Visit,
    plan: PlanView,
    choices: tuple[Choice, ...],
    typed: Typed,
    *,
    refusal: Refused | None = None,
) -> Response:
    values = {key: typed.text(key) for key in ("source", "known_on", "organisation")}
    values |= {
        f"t{n}": _kind_typed(typed, f"t{n}", each) or "none" for n, each in enumerate(choices)
    }
    form = refused_form(refusal, values, reader=visit.reader) if refusal else Form(values)
    shown = _mapping(visit, plan, choices, form=form, name=typed.text("name"))
    return page(visit, shown, status=refusal.status if refusal else 200)


def _mapping(
    visit: Visit, plan: PlanView, choices: tuple[Choice, ...], *, form: Form, name: str
) -> MappingPage:
    with visit.sessions.reading() as session:
        bodies = organisation_views(session)
    return MappingPage(
        plan=plan,
        name=name,
        carried=pack(choices),
        tables=tuple(_table_form(visit, f"t{n}", each, form) for n, each in enumerate(choices)),
        kinds=(
            ("none", visit.say(_("Leave this table out"))),
            *((kind.value, visit.say(label)) for kind, label in KIND_LABELS.items()),
        ),
        bodies=tuple((each.slug, each.name) for each in bodies),
        hidden=(),
        notes=(),
        form=form,
    )


def _table_form(visit: Visit, name: str, choice: Choice, form: Form) -> TableForm:
    table = choice.table
    kind = form.value(name, table.kind.value)
    columns = tuple(
        ColumnForm(f"{name}-{n}", heading, _samples(visit.reader, table, n), slot)
        for n, (heading, slot) in enumerate(zip(table.names, choice.slots, strict=True))
    )
    slots = tuple((slot.name, visit.say(slot.label)) for slot in SLOTS[table.kind])
    left_out = ("", visit.say(_("Leave out")))
    return TableForm(name, table, "" if kind == "none" else kind, columns, (left_out, *slots))


def _samples(reader: Translator, table: Table, column: int) -> tuple[str, ...]:
    return tuple(_shown(reader, cell) for cell in table.samples(column))


def _shown(reader: Translator, cell: Cell) -> str:
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return reader.day(day, length="medium")
    text = " ".join(str(cell).split())
    return text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…"


def _order(
    plan: PlanView, choices: tuple[Choice, ...], typed: Typed, *, dry_run: bool
) -> ReadWorkbook:
    """Return what is to be read.

    Raises:
        Invalid: what holds for every row is missing.
    """
    if not typed.text("source"):
        typed.fault("source", _("is missing"), _("Say which document the workbook is."))
    given = Given(typed.text("source"), typed.day("known_on"), typed.text("organisation"))
    typed.check()
    name = typed.text("name")[:120] or "workbook.xlsx"
    return ReadWorkbook(plan.slug, choices, given, name, dry_run=dry_run)


def _preview(visit: Visit, plan: PlanView, order: ReadWorkbook, typed: Typed) -> Response:
    given = {key: typed.text(key) for key in ("source", "known_on", "organisation")}
    shown = PreviewPage(plan, order.name, pack(order.choices), given, (), 0, Form())
    try:
        done = read_into_plan(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    except MENDABLE as refusal:
        form = refused_form(refusal, reader=visit.reader)
        return page(visit, replace(shown, form=form), status=refusal.status)
    groups = groups_of(done, visit.reader)
    return page(visit, replace(shown, groups=groups, unchanged=count_unchanged(done)))


def _previewed(visit: Visit, plan: PlanView, typed: Typed) -> Response:
    """Put what was shown on record, or return to the headings."""
    choices = unpack(typed.text("carried"))
    if typed.text("back"):
        return _mapping_again(visit, plan, choices, typed)
    order = _order(plan, choices, typed, dry_run=False)
    try:
        read_into_plan(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    except MENDABLE:
        return _preview(visit, plan, replace(order, dry_run=True), typed)
    return see_other(visit, f"/plans/{plan.slug}/record", notice=READ)

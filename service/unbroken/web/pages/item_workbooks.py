"""A plan's checklists as a workbook on the page: taken out, sent back, shown, imported.

Nothing is kept between the steps: what was read travels in the reader's own page and is judged
again from scratch when it is imported.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.errors import Conflict, Forbidden, Invalid, Refused, TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import PlanView, find_plan
from unbroken.transfers.queries.checklist_filters import ChecklistFilter
from unbroken.transfers.queries.checklists import rows_named
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.item_workbook_files import CSV, XLSX, as_file, exported, is_csv, name_of
from unbroken.web.pages.checklists import Worker, reading_of, works_at
from unbroken.web.pages.item_workbook_lines import Lists
from unbroken.web.pages.item_workbook_words import listed_uids, lists_of
from unbroken.web.pages.sheets import Sent
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Reader
from unbroken.web.uploads import Upload, Uploaded
from unbroken.workbooks.item_carrying import Carried, pack, rows_in_conflict, unpack
from unbroken.workbooks.item_files import ItemFile, give_back, read_item_file, words_of
from unbroken.workbooks.item_import import ImportItems, import_items
from unbroken.workbooks.item_outcome import Imported, ReadSheet
from unbroken.workbooks.limits import KILO, limits_of

router = APIRouter()
MENDABLE = (Conflict, Invalid, TooLarge)
NO_FILE = _("No file was chosen.")


@dataclass(frozen=True, slots=True)
class ItemFilePage(Page):
    """Where the workbook is taken out and sent back; ``most`` megabytes."""

    template: ClassVar[str] = "checklists/workbook_file.html"

    plan: PlanView
    most: int
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPreviewPage(Page):
    """What an import would change; ``carried`` is empty where it cannot go on from here."""

    template: ClassVar[str] = "checklists/workbook_preview.html"

    plan: PlanView
    name: str
    done: Imported
    clashing: int
    lists: Lists
    notes: tuple[str, ...]
    carried: str
    key: str
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResultPage(Page):
    """What an import did; ``refused`` and ``clashing`` rows had been set aside before it."""

    template: ClassVar[str] = "checklists/workbook_result.html"

    plan: PlanView
    done: Imported
    lists: Lists
    refused: int
    clashing: int


@router.get("/plans/{slug}/checklist/workbook")
def workbook(visit: Reader, slug: str, kind: str = "xlsx") -> Response:
    """Return the checklists of a plan as a workbook, or its items as CSV (``kind=csv``)."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
    return exported(visit, plan, CSV if kind == "csv" else XLSX)


@router.get("/plans/{slug}/checklist/import")
def file_form(visit: Worker, slug: str) -> Response:
    """Return the form that takes a workbook back."""
    return page(visit, ItemFilePage(_plan(visit, slug), _most(visit)))


@router.post("/plans/{slug}/checklist/import")
def take_step(visit: Worker, slug: str, typed: Sent, file: Uploaded) -> Response:
    """Show what a file would change, give it back with verdicts, or import what was shown."""
    plan = _plan(visit, slug)
    if typed.text("step") == "import":
        return _imported(visit, plan, typed.text("carried"), typed.text("key"))
    try:
        read, done = _judged(visit, plan, file)
        if typed.text("give") == "verdict" and file is not None:
            return _verdict(visit, plan, file, (read, done))
    except MENDABLE as refusal:
        return _file_again(visit, plan, refusal)
    return _preview(visit, plan, read, done, name=file.name if file else "")


def _plan(visit: Visit, slug: str) -> PlanView:
    """Return the plan where the visitor works on its checklists.

    Raises:
        NotFound: there is none in sight.
        Forbidden: the visitor reads it only.
    """
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
    if not works_at(visit, plan):
        raise Forbidden(
            _("Your role does not work on the checklists of this plan."),
            remedy=_("You may take the workbook out and read it."),
        )
    return plan


def _most(visit: Visit) -> int:
    return visit.house.settings.workbook_limit_kb // KILO


def _file_again(visit: Visit, plan: PlanView, refusal: Refused) -> Response:
    form = refused_form(refusal, reader=visit.reader)
    return page(visit, ItemFilePage(plan, _most(visit), form), status=refusal.status)


def _judged(visit: Visit, plan: PlanView, file: Upload | None) -> tuple[ItemFile, Imported]:
    if file is None or not file.raw:
        raise Invalid(NO_FILE, remedy=_("Choose the workbook that you worked in."))
    words, limits = words_of(visit.house.languages), limits_of(visit.house.settings)
    read = read_item_file(file.raw, words, limits, is_csv=is_csv(file.name))
    order = ImportItems(plan=plan.slug, sheets=read.sheets, dry_run=True)
    return read, import_items(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def _verdict(
    visit: Visit, plan: PlanView, file: Upload, found: tuple[ItemFile, Imported]
) -> Response:
    """Return the sender's own file with what would become of each row."""
    limits = limits_of(visit.house.settings)
    raw = give_back(file.raw, found[0], found[1], reader=visit.reader, limits=limits)
    kind = CSV if found[0].is_csv else XLSX
    return as_file(raw, kind, name=name_of(plan, _today(visit, plan), kind, part="verdict"))


def _today(visit: Visit, plan: PlanView) -> date:
    return visit.clock.today(plan.time_zone)


def _preview(
    visit: Visit, plan: PlanView, read: ItemFile, done: Imported, *, name: str
) -> Response:
    carried, form = "", Form()
    if done.changes and not done.is_blocked:
        try:
            carried = pack(read.sheets, done)
        except TooLarge as refusal:
            form = refused_form(refusal, reader=visit.reader)
    shown = ItemPreviewPage(
        plan=plan,
        name=name,
        done=done,
        clashing=rows_in_conflict(done),
        lists=_lists(visit, plan, done, read.sheets),
        notes=read.notes,
        carried=carried,
        key=fresh_key(),
        form=form,
    )
    return page(visit, shown, status=Invalid.status if done.is_blocked else 200)


def _lists(visit: Visit, plan: PlanView, done: Imported, sheets: tuple[ReadSheet, ...]) -> Lists:
    with visit.sessions.reading() as session:
        known = rows_named(
            session,
            ChecklistFilter(plan=plan.uid),
            listed_uids(done),
            reading=reading_of(visit, plan),
            language=visit.reader.locale,
        )
    return lists_of(done, sheets, known, reader=visit.reader)


def _imported(visit: Visit, plan: PlanView, text: str, key: str) -> Response:
    """Import what was shown, once; a page sent again leads to the checklist."""
    came: list[Imported] = []

    def act() -> Response:
        order = ImportItems(plan=plan.slug, sheets=carried.sheets)
        done = import_items(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        came.append(done)
        if done.is_blocked:
            raise Conflict  # frees the key: nothing was written
        return see_other(visit, f"/plans/{plan.slug}/checklist")

    try:
        carried = unpack(text)
        response = sent_once(visit, key, {"carried": text}, act)
    except MENDABLE as refusal:
        if not came:
            return _file_again(visit, plan, refusal)
        return _result(visit, plan, came[0], carried, status=refusal.status)
    return _result(visit, plan, came[0], carried) if came else response


def _result(
    visit: Visit, plan: PlanView, done: Imported, carried: Carried, *, status: int = 200
) -> Response:
    shown = ItemResultPage(
        plan=plan,
        done=done,
        lists=_lists(visit, plan, done, carried.sheets),
        refused=carried.refused,
        clashing=carried.conflicts,
    )
    return page(visit, shown, status=status)

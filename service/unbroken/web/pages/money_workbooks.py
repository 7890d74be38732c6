"""A plan's money as a workbook on the page: taken out, sent back, shown, put on record.

Nothing is kept between the steps: what was read travels in the reader's own page and is judged
again from scratch when it is put on record.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.errors import Conflict, Forbidden, Invalid, Refused, TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import PlanView, find_plan
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.item_workbook_files import CSV, XLSX, FileKind, as_file, is_csv
from unbroken.web.money_previews import lists_of
from unbroken.web.pages.item_workbook_lines import Lists
from unbroken.web.pages.money import may_enter
from unbroken.web.pages.money_lines import Entering
from unbroken.web.pages.sheets import Sent
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Reader
from unbroken.web.uploads import Upload, Uploaded
from unbroken.workbooks.limits import KILO, limits_of
from unbroken.workbooks.money_carrying import pack, unpack
from unbroken.workbooks.money_columns import Table
from unbroken.workbooks.money_export import export_money, export_money_csv
from unbroken.workbooks.money_files import MoneyFile, give_back, read_money_file, words_of
from unbroken.workbooks.money_import import ImportMoney, import_money
from unbroken.workbooks.money_outcome import Imported
from unbroken.workbooks.readers import Reading

router = APIRouter(prefix="/plans/{slug}/money")
MENDABLE = (Conflict, Invalid, TooLarge)
DONE = _("All of it is on record.")


@dataclass(frozen=True, slots=True)
class MoneyFilePage(Page):
    """Where the workbook is taken out and sent back; ``most`` megabytes."""

    template: ClassVar[str] = "money/workbook_file.html"

    plan: PlanView
    most: int
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPreviewPage(Page):
    """What an import would change; ``carried`` is empty where it cannot go on from here."""

    template: ClassVar[str] = "money/workbook_preview.html"

    plan: PlanView
    name: str
    done: Imported
    lists: Lists
    notes: tuple[str, ...]
    carried: str
    key: str
    form: Form


@router.get("/workbook")
def workbook(
    visit: Reader,
    slug: str,
    kind: Literal["xlsx", "csv"] = "xlsx",
    table: Table = Table.REQUIREMENTS,
) -> Response:
    """Return the money of a plan as a workbook, or one table of it as CSV (``kind=csv``)."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        today = visit.clock.today(plan.time_zone)
        reading = Reading(visit.actor, visit.reader, today, visit.clock.now())
        if kind == "csv":
            raw = export_money_csv(session, plan.uid, reading, table=table)
            return as_file(raw, CSV, name=_name(visit, plan, CSV, table.value))
        raw = export_money(session, plan.uid, reading)
    return as_file(raw, XLSX, name=_name(visit, plan, XLSX))


def _name(visit: Visit, plan: PlanView, kind: FileKind, part: str = "") -> str:
    today = visit.clock.today(plan.time_zone).isoformat()
    words = [plan.slug, "money", part, today]
    return "-".join(word for word in words if word) + f".{kind.ending}"


@router.get("/import")
def file_form(visit: Entering, slug: str) -> Response:
    """Return the form that takes a workbook back."""
    return page(visit, MoneyFilePage(_plan(visit, slug), _most(visit)))


@router.post("/import")
def take_step(visit: Entering, slug: str, typed: Sent, file: Uploaded) -> Response:
    """Show what a file would change, give it back with verdicts, or put that on record."""
    plan = _plan(visit, slug)
    if typed.text("step") == "import":
        return _imported(visit, plan, typed.text("carried"), typed.text("key"))
    try:
        read, done = _judged(visit, plan, file)
        if typed.text("give") == "verdict" and file is not None:
            return _verdict(visit, plan, file, read, done)
    except MENDABLE as refusal:
        return _file_again(visit, plan, refusal)
    return _preview(visit, plan, done, name=file.name if file else "", notes=read.notes)


def _plan(visit: Visit, slug: str) -> PlanView:
    """Return the plan where the visitor enters money.

    Raises:
        NotFound: there is none in sight.
        Forbidden: the visitor reads it only, or it is over.
    """
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
    if not may_enter(visit, plan):
        raise Forbidden(
            "Only a planner or a receiver of this plan enters money, as long as it runs.",
            remedy="You may take the workbook out and read it.",
        )
    return plan


def _most(visit: Visit) -> int:
    return visit.house.settings.workbook_limit_kb // KILO


def _file_again(visit: Visit, plan: PlanView, refusal: Refused) -> Response:
    form = refused_form(refusal, reader=visit.reader)
    return page(visit, MoneyFilePage(plan, _most(visit), form), status=refusal.status)


def _judged(visit: Visit, plan: PlanView, file: Upload | None) -> tuple[MoneyFile, Imported]:
    if file is None or not file.raw:
        raise Invalid(_("No file was chosen."), remedy=_("Choose the workbook that you worked in."))
    words, limits = words_of(visit.house.languages), limits_of(visit.house.settings)
    read = read_money_file(file.raw, words, limits, is_csv=is_csv(file.name))
    order = ImportMoney(plan=plan.uid, rows=read.rows, words=words, dry_run=True)
    return read, import_money(visit.sessions, order, actor=visit.actor, clock=visit.clock)


def _verdict(
    visit: Visit, plan: PlanView, file: Upload, read: MoneyFile, done: Imported
) -> Response:
    """Return the sender's own file with what would become of each row."""
    limits = limits_of(visit.house.settings)
    raw = give_back(file.raw, read, done, reader=visit.reader, limits=limits)
    kind = CSV if read.is_csv else XLSX
    return as_file(raw, kind, name=_name(visit, plan, kind, "verdict"))


def _preview(
    visit: Visit, plan: PlanView, done: Imported, *, name: str, notes: tuple[str, ...] = ()
) -> Response:
    carried, form = "", Form()
    if done.changes and not done.is_blocked:
        try:
            carried = pack(done)
        except TooLarge as refusal:
            form = refused_form(refusal, reader=visit.reader)
    shown = MoneyPreviewPage(
        plan=plan,
        name=name,
        done=done,
        lists=lists_of(done, reader=visit.reader),
        notes=notes,
        carried=carried,
        key=fresh_key(),
        form=form,
    )
    return page(visit, shown, status=Invalid.status if done.is_blocked else 200)


def _imported(visit: Visit, plan: PlanView, text: str, key: str) -> Response:
    """Put on record what was shown, once; what does not fit any more is shown instead."""
    came: list[Imported] = []

    def act() -> Response:
        words = words_of(visit.house.languages)
        order = ImportMoney(plan=plan.uid, rows=unpack(text), words=words, whole=True)
        done = import_money(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        if done.is_blocked or done.conflicts:
            came.append(done)
            raise Conflict  # frees the key: nothing was written
        return see_other(visit, f"/plans/{plan.slug}/money", notice=DONE)

    try:
        return sent_once(visit, key, {"carried": text}, act)
    except MENDABLE as refusal:
        if came:
            return _preview(visit, plan, came[0], name="")
        return _file_again(visit, plan, refusal)

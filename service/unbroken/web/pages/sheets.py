"""A sheet: one form made of questions, the act behind it, and its page when something was refused.

What was typed comes as text, is read field by field, and stands there again beside the fault.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, ClassVar

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.errors import Conflict, Invalid, NotFound, Refused, Stale
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.web.dependencies import Visit
from unbroken.web.filters import LABELLED
from unbroken.web.forms import Fault, Form, refused_form
from unbroken.web.pages.typed import Typed
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import CSRF_FIELD

ON_RECORD = _("It is on record.")
MOVED = _("It is on record. Dates moved: a new revision is in force.")
MENDABLE = (Conflict, Invalid, NotFound, Stale)


class Kind(StrEnum):
    """What kind of answer a question wants."""

    TEXT = "text"
    LONG = "long"
    DAY = "day"
    NUMBER = "number"
    CODE = "code"
    SELECT = "select"
    CHOICE = "choice"
    CHECK = "check"
    HIDDEN = "hidden"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a form. Label and hint are English; options are (value, shown as it is)."""

    name: str
    label: str = ""
    kind: Kind = Kind.TEXT
    hint: str = ""
    required: bool = True
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    limit: int = 400


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form: ``act`` does what was typed and returns where to go and what to say there.

    ``title``, ``over`` and ``lead`` are in the reader's language, ``submit`` is English.
    ``told`` are (label, value) pairs of what is on record now; ``crumbs`` lead back. ``aliases``
    name the field beside which the command's fault about something else stands.
    ``links`` (label, path) lead to what may be needed first.
    """

    title: str
    over: str
    lead: str
    crumbs: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]
    act: Callable[[Typed], tuple[str, str]]
    submit: str = _("Put on record")
    told: tuple[tuple[str, object], ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetPage(Page):
    """A sheet as a page; ``action`` is the address it is sent to."""

    template: ClassVar[str] = "plans/sheet.html"

    sheet: Sheet
    action: str
    form: Form = field(default_factory=Form)


async def typed_in(request: Request) -> Typed:
    """Return what a form carried; the gate has read it, so nothing is read twice."""
    sent = await request.form()
    names = dict.fromkeys(name for name in sent if name != CSRF_FIELD)
    return Typed({n: tuple(v for v in sent.getlist(n) if isinstance(v, str)) for n in names})


Sent = Annotated[Typed, Depends(typed_in)]


def show_sheet(visit: Visit, sheet: Sheet) -> Response:
    """Return the page of a sheet that nobody has filled in yet."""
    ticked = {q.name: q.value for q in sheet.questions if q.kind is Kind.CHECK and q.value}
    return page(visit, SheetPage(sheet, visit.request.url.path, Form(ticked)))


def send_sheet(visit: Visit, sheet: Sheet, typed: Typed) -> Response:
    """Do what was typed and lead on; where it is refused return the sheet as it was typed."""
    try:
        path, notice = sheet.act(typed)
    except MENDABLE as refusal:
        known = {each.name: each.name for each in sheet.questions} | dict(sheet.aliases)
        form = typed_again(refusal, typed, known=known, visit=visit)
        if isinstance(refusal, Stale):
            # what is on record now stands above the form: sent again it is a choice
            seen = {q.name: q.value for q in sheet.questions if q.kind is Kind.HIDDEN}
            form = replace(form, values={**form.values, **seen})
        again = SheetPage(sheet, visit.request.url.path, form)
        return page(visit, again, status=refusal.status)
    return see_other(visit, path, notice=notice)


def typed_again(refusal: Refused, typed: Typed, *, known: Mapping[str, str], visit: Visit) -> Form:
    """Return the form as it was typed; each fault stands beside its field, else above them all.

    ``known`` gives the field for a name that the command uses.
    """
    values = {name: ", ".join(given) for name, given in typed.values.items()}
    form = refused_form(refusal, values, reader=visit.reader)
    return replace(form, faults=tuple(_beside(each, known, visit.reader) for each in form.faults))


def _beside(fault: Fault, known: Mapping[str, str], reader: Translator) -> Fault:
    dashed = fault.path.replace("/", "-")
    names = (fault.path, dashed, fault.path.rpartition("/")[2])
    found = next((name for name in names if name in known), None)
    if found is not None:
        return replace(fault, path=known[found])
    what = (
        reader.render(LABELLED, {"label": fault.path, "text": fault.what})
        if fault.path
        else fault.what
    )
    return replace(fault, path="", what=what)


def options(visit: Visit, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return choices in the reader's language."""
    return tuple((key, visit.say(label)) for key, label in labels.items())


def notice_of(revision: int | None) -> str:
    """Return what is said after an act that may have put a revision in force."""
    return ON_RECORD if revision is None else MOVED

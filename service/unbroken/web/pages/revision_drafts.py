"""Revisions are drafted, edited and brought into force."""

from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.errors import NotFound, Stale
from unbroken.kit.languages import gettext as _
from unbroken.plans.commands import (
    BringIntoForce,
    DraftRevision,
    EditDraft,
    bring_into_force,
    draft_revision,
    edit_draft,
)
from unbroken.plans.models import RevisionState
from unbroken.plans.queries import AreaView, PlanView, RevisionView, areas_of, revision_view
from unbroken.plans.rules import Phase, PhaseKind
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form
from unbroken.web.pages.registers import plan_to_edit
from unbroken.web.pages.revisions import Number
from unbroken.web.pages.sheets import MENDABLE, Sent, options, typed_again
from unbroken.web.pages.typed import Typed
from unbroken.web.plan_words import LABELS
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Planner

router = APIRouter(prefix="/plans/{slug}/revisions")
MOST_PHASES = 30
PARTS = ("name", "kind", "starts_on", "ends_on", "areas", "drops")


@dataclass(frozen=True, slots=True)
class PhaseForm:
    """The fields of one phase as they stand in the form; ``areas`` are slugs, none are all."""

    number: int
    name: str = ""
    kind: str = PhaseKind.OPERATIONS.value
    starts_on: str = ""
    ends_on: str = ""
    areas: tuple[str, ...] = ()
    drops: str = ""

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was written into it."""
        return not (self.name or self.starts_on or self.ends_on or self.drops or self.areas)


@dataclass(frozen=True, slots=True)
class DraftPage(Page):
    """A draft in its form; ``number`` is ``None`` for a new one."""

    template: ClassVar[str] = "plans/draft.html"

    plan: PlanView
    number: int | None
    version: int
    title: str
    reason: str
    phases: tuple[PhaseForm, ...]
    areas: tuple[AreaView, ...]
    kinds: tuple[tuple[str, str], ...]
    form: Form


@router.get("/new")
def new_form(visit: Planner, slug: str) -> Response:
    """Return the form of a new draft; it begins with the phases in force."""
    return page(visit, _page(visit, slug, None))


@router.post("/new")
def new_draft(visit: Planner, slug: str, typed: Sent) -> Response:
    """Draft a revision."""
    return _sent(visit, slug, None, typed)


@router.get("/{number}/edit")
def edit_form(visit: Planner, slug: str, number: Number) -> Response:
    """Return the form of a draft."""
    return page(visit, _page(visit, slug, number))


@router.post("/{number}/edit")
def edit(visit: Planner, slug: str, number: Number, typed: Sent) -> Response:
    """Change a draft."""
    return _sent(visit, slug, number, typed)


@router.post("/{number}/in-force")
def force(visit: Planner, slug: str, number: Number, typed: Sent) -> Response:
    """Bring a draft into force today; from now on it never changes."""
    order = BringIntoForce(slug, number, typed.number("version"))
    typed.check()
    bring_into_force(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    notice = _("The revision is in force. Its dates are stored.")
    return see_other(visit, f"/plans/{slug}/revisions/{number}", notice=notice)


def _sent(visit: Visit, slug: str, number: int | None, typed: Typed) -> Response:
    if typed.text("more"):
        return page(visit, _typed_page(visit, slug, number, typed, form=Form()))
    written = [each for each in _forms(typed) if not each.is_blank]
    # the command counts the phases it is given, the form also those left blank between them
    places = list(enumerate(each.number for each in written))
    try:
        order = _phases(typed, written)
        places = [(at, at) for _n, at in places] if typed.problems else places
        typed.check()
        made = _act(visit, slug, number, typed=typed, phases=order)
    except MENDABLE as refusal:
        known = {f"phases-{n}-{part}": f"phases-{at}-{part}" for n, at in places for part in PARTS}
        known |= {"title": "title", "reason": "reason"}
        form = typed_again(refusal, typed, known=known, visit=visit)
        again = _typed_page(visit, slug, number, typed, form=form)
        if isinstance(refusal, Stale) and number:
            again = replace(again, version=_draft(visit, slug, number).line.version)
        return page(visit, again, status=refusal.status)
    notice = _("The draft is written. Look at what it would change.")
    return see_other(visit, f"/plans/{slug}/revisions/{made}", notice=notice)


def _act(
    visit: Visit, slug: str, number: int | None, *, typed: Typed, phases: tuple[Phase, ...]
) -> int:
    title, reason = typed.text("title"), typed.text("reason")
    if number is None:
        order = DraftRevision(slug, phases, title, reason)
        return draft_revision(visit.sessions, order, actor=visit.actor, clock=visit.clock).number
    seen = typed.number("version")
    change = EditDraft(slug, number, seen, phases, title, reason)
    return edit_draft(visit.sessions, change, actor=visit.actor, clock=visit.clock).number


def _forms(typed: Typed) -> tuple[PhaseForm, ...]:
    count = min(typed.number_or_none("count") or 0, MOST_PHASES)
    return tuple(
        PhaseForm(
            number=n,
            name=typed.text(f"phases-{n}-name"),
            kind=typed.text(f"phases-{n}-kind"),
            starts_on=typed.text(f"phases-{n}-starts_on"),
            ends_on=typed.text(f"phases-{n}-ends_on"),
            areas=typed.texts(f"phases-{n}-areas"),
            drops=typed.text(f"phases-{n}-drops"),
        )
        for n in range(count)
        if not typed.is_checked(f"phases-{n}-out")
    )


def _phases(typed: Typed, written: list[PhaseForm]) -> tuple[Phase, ...]:
    return tuple(
        Phase(
            name=each.name,
            kind=typed.choice(f"phases-{each.number}-kind", PhaseKind),
            starts_on=typed.day(f"phases-{each.number}-starts_on"),
            ends_on=typed.day(f"phases-{each.number}-ends_on"),
            areas=tuple(dict.fromkeys(each.areas)),
            drops=tuple(dict.fromkeys(typed.listed(f"phases-{each.number}-drops"))),
        )
        for each in written
    )


def _page(visit: Visit, slug: str, number: int | None) -> DraftPage:
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)
        areas = areas_of(session, plan.uid, actor=visit.actor)
        view = _meant(session, visit, plan, number)
    phases = () if view is None else view.content.phases
    forms = [_form_of(n, phase) for n, phase in enumerate(phases)]
    forms += [PhaseForm(len(forms) + n) for n in range(1 if forms else 3)]
    return DraftPage(
        plan=plan,
        number=number,
        version=0 if view is None else view.line.version,
        title=view.line.title if view and number else "",
        reason=view.line.reason if view and number else "",
        phases=tuple(forms),
        areas=areas,
        kinds=options(visit, LABELS["phase"]),
        form=Form(),
    )


def _typed_page(
    visit: Visit, slug: str, number: int | None, typed: Typed, *, form: Form
) -> DraftPage:
    """Return the form as it was typed, with one more phase where that was asked for."""
    forms = _forms(typed)
    more = 1 if typed.text("more") else 0
    last = max((each.number for each in forms), default=-1)
    blank = tuple(PhaseForm(last + 1 + n) for n in range(more))
    return replace(
        _page(visit, slug, number),
        version=typed.number_or_none("version") or 0,
        title=typed.text("title"),
        reason=typed.text("reason"),
        phases=(*forms, *blank),
        form=form,
    )


def _form_of(number: int, phase: Phase) -> PhaseForm:
    return PhaseForm(
        number=number,
        name=phase.name,
        kind=phase.kind.value,
        starts_on=phase.starts_on.isoformat(),
        ends_on=phase.ends_on.isoformat(),
        areas=phase.areas,
        drops=", ".join(phase.drops),
    )


def _draft(visit: Visit, slug: str, number: int) -> RevisionView:
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)
        return revision_view(session, plan.uid, number, actor=visit.actor)


def _meant(
    session: Session, visit: Visit, plan: PlanView, number: int | None
) -> RevisionView | None:
    """Return the draft ``number``; for a new one what is in force, ``None`` where nothing is.

    Raises:
        NotFound: there is no such draft.
    """
    try:
        found = revision_view(session, plan.uid, number, actor=visit.actor)
    except NotFound:
        if number is not None:
            raise
        return None
    if number is not None and found.line.state is not RevisionState.DRAFT:
        raise NotFound("Revision {number} is no draft any more.", number=number)
    return found

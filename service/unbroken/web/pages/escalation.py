"""``/plans/{slug}/escalation``: who is told when nobody answers, seen before it happens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi import Form as FormField
from starlette.responses import Response

from unbroken.gaps.rules.words import Severity
from unbroken.kit.errors import Invalid, Problem, Refused
from unbroken.kit.languages import gettext as _
from unbroken.notices.commands.offices import (
    NameHolder,
    SetLadder,
    end_holder,
    name_holder,
    set_ladder,
)
from unbroken.notices.queries.escalation import Ahead, EscalationView, escalation_view
from unbroken.notices.rules.digests import number_of
from unbroken.notices.rules.escalation import NAMED, Office, Step
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.web.api.inputs import require_detail
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans/{slug}/escalation")
SHOWN = 50
Text = Annotated[str, FormField(max_length=120)]


@dataclass(frozen=True, slots=True)
class AheadLine:
    """One step that lies ahead, with the gap's number."""

    step: Ahead
    number: str


@dataclass(frozen=True, slots=True)
class EscalationPage(Page):
    """The steps of a plan, its offices and what lies ahead; ``days`` are by severity and office."""

    template: ClassVar[str] = "notices/escalation.html"

    plan: PlanView
    view: EscalationView
    lines: tuple[AheadLine, ...]
    days: Mapping[str, str]
    may_edit: bool
    severities: tuple[Severity, ...] = tuple(Severity)
    offices: tuple[Office, ...] = tuple(Office)
    named: frozenset[Office] = NAMED
    form: Form = field(default_factory=Form)
    office_form: Form = field(default_factory=Form)


@router.get("")
def escalation_page(visit: Reader, slug: str) -> Response:
    """Return the escalation of a plan.

    Raises:
        NotFound: there is no such plan in sight.
        Forbidden: the visitor sees no detail of it.
    """
    return page(visit, _shown(visit, slug))


@router.post("")
async def set_steps(request: Request, visit: Planner, slug: str) -> Response:
    """Give the plan steps of its own; an empty field takes a step away."""
    typed = {name: str(value) for name, value in (await request.form()).items()}
    try:
        set_ladder(visit.sessions, _order(slug, typed), actor=visit.actor, clock=visit.clock)
    except Refused as refusal:
        form = refused_form(refusal, typed, reader=visit.reader)
        return page(visit, _shown(visit, slug, form=form), status=refusal.status)
    return see_other(visit, _here(slug), notice=_("These are the steps now."))


@router.post("/offices")
def name_office(visit: Planner, slug: str, office: Text = "", handle: Text = "") -> Response:
    """Name a role mailbox for an office."""
    typed = {"office": office, "handle": handle}
    try:
        order = NameHolder(slug, _office(office), handle.strip())
        name_holder(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    except Refused as refusal:
        form = refused_form(refusal, typed, reader=visit.reader)
        return page(visit, _shown(visit, slug, office_form=form), status=refusal.status)
    return see_other(visit, _here(slug), notice=_("The office is held."))


@router.post("/offices/end")
def end_office(visit: Planner, slug: str, office: Text = "", handle: Text = "") -> Response:
    """Have a role mailbox hold an office no more."""
    order = NameHolder(slug, _office(office), handle)
    end_holder(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    return see_other(visit, _here(slug), notice=_("The office is held by it no more."))


def _shown(
    visit: Visit, slug: str, *, form: Form | None = None, office_form: Form | None = None
) -> EscalationPage:
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        require_detail(visit, plan)
        view = escalation_view(session, plan.uid, now=visit.clock.now())
    return EscalationPage(
        plan=plan,
        view=view,
        lines=tuple(AheadLine(each, number_of(each.gap)) for each in view.ahead[:SHOWN]),
        days={_field(each.severity, each.office): str(each.days) for each in view.ladder},
        may_edit=visit.actor.has(Role.PLANNER, plan.place),
        form=form or Form(),
        office_form=office_form or Form(),
    )


def _order(slug: str, typed: Mapping[str, str]) -> SetLadder:
    """Return the order.

    Raises:
        Invalid: what stands in a field is no number of days.
    """
    wrong = [name for name in _fields() if not _is_days(typed.get(name, ""))]
    if wrong:
        remedy = _("Write a whole number from 1 to 365, or leave it empty.")
        raise Invalid(problems=[Problem(name, _("is no number of days"), remedy) for name in wrong])
    steps = tuple(
        Step(severity, int(typed[name]), office)
        for severity in Severity
        for office in Office
        if typed.get(name := _field(severity, office), "").strip()
    )
    version = typed.get("version", "")
    return SetLadder(slug, steps, int(version) if version.isdecimal() else None)


def _is_days(typed: str) -> bool:
    text = typed.strip()
    return not text or (text.isascii() and text.isdigit() and len(text) < len("1000"))


def _fields() -> Iterable[str]:
    return (_field(severity, office) for severity in Severity for office in Office)


def _field(severity: Severity, office: Office) -> str:
    return f"{severity.value}.{office.value}"


def _office(typed: str) -> Office:
    """Return the office.

    Raises:
        Invalid: there is no such office.
    """
    if typed not in set(Office):
        raise Invalid(problems=[Problem("office", _("is no office"), _("Choose one of the list."))])
    return Office(typed)


def _here(slug: str) -> str:
    return f"/plans/{slug}/escalation"

"""One line of money: its state, all it ever said, and the acts on it; and how lines are entered."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.errors import Conflict, NotFound
from unbroken.money.queries.listing import line_history, line_view
from unbroken.money.queries.views import ContributionView, RequirementView, WithdrawalView
from unbroken.people.queries import organisation_views
from unbroken.people.rules import Role
from unbroken.plans.commands import may_edit
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.money_history import Line, LineState, line_title, states_of, withdrawn_words
from unbroken.web.money_words import Amounts
from unbroken.web.pages.money import may_enter
from unbroken.web.pages.money_sheets import (
    amend_sheet,
    choices_of,
    extend_sheet,
    new_sheet,
    withdraw_sheet,
)
from unbroken.web.pages.sheets import Sent, Sheet, send_sheet, show_sheet
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader, Roles, access

router = APIRouter()
Entering = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM))]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePage(Page):
    """One line: as it stands, its ``states`` the newest first, and its withdrawal if any."""

    template: ClassVar[str] = "money/line.html"

    plan: PlanView
    line: Line
    heading: str
    is_need: bool
    function: str
    states: tuple[LineState, ...]
    withdrawn: WithdrawalView | None
    withdrawn_told: Markup
    money: Amounts
    texts: CatalogueTexts
    may_change: bool


@router.get("/plans/{slug}/money/requirements/new")
def requirement_form(visit: Entering, slug: str) -> Response:
    """Return the empty form of a requirement."""
    return show_sheet(visit, _new(visit, slug, is_need=True))


@router.post("/plans/{slug}/money/requirements/new")
def add_requirement(visit: Entering, slug: str, typed: Sent) -> Response:
    """Put a requirement on record."""
    return send_sheet(visit, _new(visit, slug, is_need=True), typed)


@router.get("/plans/{slug}/money/contributions/new")
def contribution_form(visit: Entering, slug: str) -> Response:
    """Return the empty form of a contribution."""
    return show_sheet(visit, _new(visit, slug, is_need=False))


@router.post("/plans/{slug}/money/contributions/new")
def add_contribution(visit: Entering, slug: str, typed: Sent) -> Response:
    """Put a contribution on record."""
    return send_sheet(visit, _new(visit, slug, is_need=False), typed)


@router.get("/money/lines/{uid}")
def line_page(visit: Reader, uid: UUID) -> Response:
    """Return one line with all its states."""
    with visit.sessions.reading() as session:
        found = line_history(session, uid, actor=visit.actor)
        line = found.states[-1].line
        plan = find_plan(session, line.plan, sight=visit.sight)
        title = titles_of(session, plan.edition).get(line.function, line.function)
        gone = found.withdrawn
        shown = LinePage(
            plan=plan,
            line=line,
            heading=line_title(visit.reader, line),
            is_need=isinstance(line, RequirementView),
            function=title,
            states=states_of(visit.reader, found),
            withdrawn=gone,
            withdrawn_told=withdrawn_words(visit.reader, gone) if gone else Markup(),
            money=Amounts(visit.reader),
            texts=texts_for(session, visit, [title]),
            may_change=gone is None and _may_change(session, visit, plan, line),
        )
    return page(visit, shown)


@router.get("/money/lines/{uid}/{act}")
def act_form(visit: Entering, uid: UUID, act: str) -> Response:
    """Return the form that amends, extends or withdraws a line."""
    return show_sheet(visit, _sheet(visit, uid, act))


@router.post("/money/lines/{uid}/{act}")
def act_on_line(visit: Entering, uid: UUID, act: str, typed: Sent) -> Response:
    """Amend, extend or withdraw a line."""
    return send_sheet(visit, _sheet(visit, uid, act), typed)


def _new(visit: Visit, slug: str, *, is_need: bool) -> Sheet:
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        choices = choices_of(session, visit, plan)
    return new_sheet(visit, plan, choices, is_need=is_need)


def _sheet(visit: Visit, uid: UUID, act: str) -> Sheet:
    with visit.sessions.reading() as session:
        line = line_view(session, uid, actor=visit.actor)
        plan = find_plan(session, line.plan, sight=visit.sight)
        choices = choices_of(session, visit, plan)
    if line.gone_on is not None:
        raise Conflict(
            "This line was withdrawn and does not change any more.",
            remedy="Enter a new line if the money is there after all.",
        )
    match act:
        case "amend":
            return amend_sheet(visit, plan, line, choices)
        case "extend" if isinstance(line, ContributionView):
            return extend_sheet(visit, plan, line)
        case "withdraw":
            return withdraw_sheet(visit, plan, line)
        case _:
            raise NotFound


def _may_change(session: Session, visit: Visit, plan: PlanView, line: Line) -> bool:
    """Return whether the visitor may act on a line: a planner, or its receiver."""
    if not may_enter(visit, plan):
        return False
    own = visit.actor.organisation_uid
    slugs = {each.slug for each in organisation_views(session) if own and each.uid == own}
    return may_edit(visit.actor, plan.place) or line.receiver in slugs

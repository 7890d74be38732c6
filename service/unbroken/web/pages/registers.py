"""Ways to the sheets of a plan's record, for its planners; and the choice of a claim."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.errors import NotFound
from unbroken.people.queries import organisation_views
from unbroken.plans.commands import ChooseClaim, choose_claim
from unbroken.plans.commands.rights import require_planner
from unbroken.plans.queries import AreaView, PlanView, areas_of, find_plan, posts_of
from unbroken.web.dependencies import Visit
from unbroken.web.pages.area_sheets import area_sheet, edit_area_sheet
from unbroken.web.pages.claim_sheets import claim_sheet
from unbroken.web.pages.post_sheets import edit_post_sheet, post_sheet
from unbroken.web.pages.register_sheets import (
    assessment_sheet,
    decision_sheet,
    fact_sheet,
    meeting_sheet,
)
from unbroken.web.pages.sheets import Sent, Sheet, notice_of, send_sheet, show_sheet
from unbroken.web.rendering import see_other
from unbroken.web.security import Planner

router = APIRouter(prefix="/plans/{slug}/record")


@router.get("/{register}/new")
def new_entry(visit: Planner, slug: str, register: str) -> Response:
    """Return the empty sheet of one register."""
    return show_sheet(visit, _new(visit, slug, register))


@router.post("/{register}/new")
def add_entry(visit: Planner, slug: str, register: str, typed: Sent) -> Response:
    """Put one entry on record."""
    return send_sheet(visit, _new(visit, slug, register), typed)


@router.get("/areas/{area}/edit")
def area_form(visit: Planner, slug: str, area: str) -> Response:
    """Return the sheet of one area."""
    return show_sheet(visit, _area(visit, slug, area))


@router.post("/areas/{area}/edit")
def change_area(visit: Planner, slug: str, area: str, typed: Sent) -> Response:
    """Change what is known of one area."""
    return send_sheet(visit, _area(visit, slug, area), typed)


@router.get("/areas/{area}/claims/new")
def claim_form(visit: Planner, slug: str, area: str) -> Response:
    """Return the sheet for a claim about the end of an area."""
    return show_sheet(visit, _claim(visit, slug, area))


@router.post("/areas/{area}/claims/new")
def record_claim(visit: Planner, slug: str, area: str, typed: Sent) -> Response:
    """Record what one source says about the end of an area."""
    return send_sheet(visit, _claim(visit, slug, area), typed)


@router.post("/claims/{uid}/choose")
def choose(visit: Planner, slug: str, uid: UUID) -> Response:
    """Let a claim count from today on."""
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)
        areas = areas_of(session, plan.uid, actor=visit.actor)
    order = ChooseClaim(plan.uid, uid)
    made = choose_claim(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    area = next((a.slug for a in areas if uid in {c.uid for c in a.claims}), "areas")
    return see_other(visit, f"/plans/{plan.slug}/record#{area}", notice=notice_of(made.revision))


@router.get("/posts/{uid}/edit")
def post_form(visit: Planner, slug: str, uid: UUID) -> Response:
    """Return the sheet of posts that are on record."""
    return show_sheet(visit, _post(visit, slug, uid))


@router.post("/posts/{uid}/edit")
def change_post(visit: Planner, slug: str, uid: UUID, typed: Sent) -> Response:
    """Change how many posts there are and for how long."""
    return send_sheet(visit, _post(visit, slug, uid), typed)


def plan_to_edit(session: Session, visit: Visit, slug: str) -> PlanView:
    """Return a plan that the visitor may change.

    Raises:
        NotFound: there is none in sight.
        Forbidden: the visitor is no planner of it.
    """
    plan = find_plan(session, slug, sight=visit.sight)
    require_planner(visit.actor, plan.place)
    return plan


def area_named(session: Session, visit: Visit, plan: PlanView, *, area: str) -> AreaView:
    """Return an area of a plan by its slug.

    Raises:
        NotFound: the plan has no such area.
    """
    found = areas_of(session, plan.uid, actor=visit.actor)
    meant = next((each for each in found if each.slug == area), None)
    if meant is None:
        raise NotFound("Plan {plan} has no area {area}.", plan=plan.slug, area=area)
    return meant


def _new(visit: Visit, slug: str, register: str) -> Sheet:
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)
        match register:
            case "decisions":
                return decision_sheet(visit, plan)
            case "facts":
                return fact_sheet(visit, plan)
            case "assessments":
                return assessment_sheet(visit, plan)
            case "meetings":
                return meeting_sheet(visit, plan)
            case "areas":
                areas = areas_of(session, plan.uid, actor=visit.actor)
                return area_sheet(visit, plan, areas)
            case "posts":
                areas = areas_of(session, plan.uid, actor=visit.actor)
                bodies = organisation_views(session)
                return post_sheet(visit, plan, areas=areas, organisations=bodies)
            case _:
                raise NotFound


def _area(visit: Visit, slug: str, area: str) -> Sheet:
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)
        return edit_area_sheet(visit, plan, area_named(session, visit, plan, area=area))


def _claim(visit: Visit, slug: str, area: str) -> Sheet:
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)
        return claim_sheet(visit, plan, area_named(session, visit, plan, area=area))


def _post(visit: Visit, slug: str, uid: UUID) -> Sheet:
    with visit.sessions.reading() as session:
        plan = plan_to_edit(session, visit, slug)
        found = posts_of(session, plan.uid, actor=visit.actor)
    post = next((each for each in found if each.uid == uid), None)
    if post is None:
        raise NotFound("Plan {plan} has no such post.", plan=plan.slug)
    return edit_post_sheet(visit, plan, post)

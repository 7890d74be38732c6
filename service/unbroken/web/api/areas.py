"""``/plans/{plan}/areas``: where a mission works, and what sources say about the end there."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.errors import NotFound
from unbroken.plans.commands import (
    AddArea,
    AddClaims,
    ChooseClaim,
    EditArea,
    NewClaim,
    add_area,
    add_claims,
    choose_claim,
    edit_area,
)
from unbroken.plans.models import AreaKind, ClaimKind
from unbroken.plans.queries import AreaView, FunctionAreaView, areas_of, function_areas_of
from unbroken.plans.rules import Precision
from unbroken.web.api.answers import changed, made, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import (
    CHANGES,
    MAKES,
    AreaName,
    Body,
    Day,
    Flag,
    Name,
    PlanName,
    Text,
    here,
    plan_of,
)
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans/{plan}", tags=["areas"])
AREA = TypeAdapter(AreaView)
AREAS = TypeAdapter(Listing[AreaView])
FUNCTIONS = TypeAdapter(Listing[FunctionAreaView])


class NewArea(Body):
    """An area to be added; a site names its region in ``parent``. Never coordinates."""

    name: Annotated[str, Field(max_length=120, examples=["Gao"])]
    kind: AreaKind
    parent: Name | None = None
    pcode: Annotated[str, Field(max_length=20)] | None = None
    mandate_ends_on: Day | None = None
    reachable: Flag | None = None
    closings_public: Flag = True
    known_on: Day | None = None


class AreaBody(Body):
    """What an area is from now on; every field is written as it stands."""

    reachable: Flag | None
    mandate_ends_on: Day | None
    closings_public: Flag


class ClaimBody(Body):
    """What one source says about the end of an area; ``closes`` is 2024-05-31, 2024-05 or 2024."""

    area: Name
    kind: ClaimKind
    closes: Annotated[str, Field(max_length=20, examples=["2023-12-31"])] | None = None
    precision: Precision | None = None
    known_on: Day
    source: Text
    event: Annotated[str, Field(max_length=60)] = "closed"
    chosen_on: Day | None = None
    disputed: Flag = False
    received_by: Annotated[str, Field(max_length=160)] = ""
    note: Text = ""
    counts: Flag = True


class NewClaims(Body):
    """Claims recorded together: they make one revision at most."""

    claims: Annotated[list[ClaimBody], Field(min_length=1, max_length=500)]


@router.get("/areas", response_model=Listing[AreaView])
def areas(visit: Reader, plan: PlanName) -> Response:
    """List the areas of a plan in their order, each with the claim that counts and every other.

    Closings that are not public are left out for donors.
    """
    return listing(AREAS, _views(visit, plan), link=None)


@router.get("/areas/{area}", response_model=AreaView)
def one(request: Request, visit: Reader, plan: PlanName, area: AreaName) -> Response:
    """Show an area and its closing."""
    view = _view(visit, plan, area)
    return shown(request, AREA, view, uid=view.uid, version=view.version)


@router.post("/areas", status_code=201, response_model=AreaView, openapi_extra=MAKES)
def add(request: Request, visit: Planner, plan: PlanName, body: NewArea) -> Response:
    """Add an area."""

    def act() -> Response:
        order = AddArea(plan, **dict(body))
        added = add_area(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _view(visit, plan, added.slug)
        path = here(request, view.slug)
        return made(AREA, view, uid=view.uid, version=view.version, path=path)

    return once(visit, act)


@router.put("/areas/{area}", response_model=AreaView, openapi_extra=CHANGES)
def edit(
    request: Request, visit: Planner, plan: PlanName, area: AreaName, body: AreaBody
) -> Response:
    """Set whether an area can be reached, its own end of mandate, and who sees its closings."""
    seen = version_from_if_match(request, _view(visit, plan, area).uid)

    def act() -> Response:
        order = EditArea(plan, area, seen, **dict(body))
        edit_area(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _view(visit, plan, area)
        return changed(AREA, view, uid=view.uid, version=view.version)

    return once(visit, act)


@router.post("/claims", status_code=201, response_model=Listing[AreaView], openapi_extra=MAKES)
def claim(visit: Planner, plan: PlanName, body: NewClaims) -> Response:
    """Record what sources say about closings; a report counts by itself. Answers the areas."""

    def act() -> Response:
        claims = tuple(NewClaim(**dict(each)) for each in body.claims)
        order = AddClaims(plan, claims)
        add_claims(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _listed(visit, plan, {each.area for each in body.claims}, status=201)

    return once(visit, act)


@router.post("/claims/{claim_uid}/choice", response_model=AreaView, openapi_extra=MAKES)
def choose(visit: Planner, plan: PlanName, claim_uid: UUID) -> Response:
    """Let a claim count from today on; choosing it again changes nothing. Answers its area."""

    def act() -> Response:
        order = ChooseClaim(plan, claim_uid)
        choose_claim(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        views = _views(visit, plan)
        view = next(v for v in views if any(claim.uid == claim_uid for claim in v.claims))
        return changed(AREA, view, uid=view.uid, version=view.version)

    return once(visit, act)


@router.get("/functions", response_model=Listing[FunctionAreaView])
def functions(visit: Reader, plan: PlanName) -> Response:
    """List the functions in the areas of a plan; donors see those that are not restricted."""
    uid = plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        found = function_areas_of(session, uid, actor=visit.actor)
    return listing(FUNCTIONS, list(found), link=None)


def _views(visit: Visit, plan: str) -> list[AreaView]:
    uid = plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        return list(areas_of(session, uid, actor=visit.actor))


def _view(visit: Visit, plan: str, area: str) -> AreaView:
    found = [view for view in _views(visit, plan) if area in (view.slug, str(view.uid))]
    if not found:
        raise NotFound("Plan {plan} has no area {area}.", plan=plan, area=area)
    return found[0]


def _listed(visit: Visit, plan: str, names: set[str], *, status: int) -> Response:
    items = [v for v in _views(visit, plan) if {v.slug, v.name, str(v.uid)} & names]
    response = listing(AREAS, items, link=None)
    response.status_code = status
    return response

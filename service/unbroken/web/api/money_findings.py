"""What is odd about the money of a plan, its sums, and estimates of what is needed."""

from datetime import date

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.responses import Response

from unbroken.money.commands.estimating import Estimated, estimate_requirements
from unbroken.money.queries.claims import ClaimView, claims
from unbroken.money.queries.doubts import LapsedView, OverlapView, lapsed_views, overlap_views
from unbroken.money.queries.promises import PledgeView, pledge_views
from unbroken.money.queries.totals import TotalsView, totals
from unbroken.web.api.answers import JSON, once
from unbroken.web.api.inputs import MAKES, PlanName, plan_of
from unbroken.web.api.money_shapes import EstimateBody
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans/{plan}/money", tags=["money"])
OVERLAPS = TypeAdapter(Listing[OverlapView])
PLEDGES = TypeAdapter(Listing[PledgeView])
LAPSED = TypeAdapter(Listing[LapsedView])
CLAIMS = TypeAdapter(Listing[ClaimView])
TOTALS = TypeAdapter(TotalsView)
ESTIMATED = TypeAdapter(Estimated)


@router.get("/overlaps", response_model=Listing[OverlapView])
def of_overlaps(visit: Reader, plan: PlanName) -> Response:
    """List lines that may be the same money, all of them, each with its reason.

    Nothing was taken away; who knows better withdraws or amends a line.
    """
    with visit.sessions.reading() as session:
        found = overlap_views(session, plan, actor=visit.actor)
    return listing(OVERLAPS, found, link=None)


@router.get("/pledges", response_model=Listing[PledgeView])
def of_pledges(visit: Reader, plan: PlanName) -> Response:
    """List every open pledge with what it is worth by its donor's record, beside the plain figure.

    Null is not stated, or not known.
    """
    with visit.sessions.reading() as session:
        found = pledge_views(session, plan, actor=visit.actor, on=_today(visit, plan))
    return listing(PLEDGES, found, link=None)


@router.get("/lapsed", response_model=Listing[LapsedView])
def of_lapsed(visit: Reader, plan: PlanName) -> Response:
    """List money of a mission's budget that ended with the mandate, with how much of it."""
    with visit.sessions.reading() as session:
        found = lapsed_views(session, plan, actor=visit.actor)
    return listing(LAPSED, found, link=None)


@router.get("/claims", response_model=Listing[ClaimView])
def of_claims(visit: Reader, plan: PlanName) -> Response:
    """List where a receiver says it is funded until another day than what the money covers."""
    with visit.sessions.reading() as session:
        found = claims(session, plan, actor=visit.actor, on=_today(visit, plan))
    return listing(CLAIMS, found, link=None)


@router.get("/totals", response_model=TotalsView)
def of_totals(visit: Reader, plan: PlanName) -> Response:
    """Show sums by currency, pot and stage; stages and pots are never added to each other."""
    with visit.sessions.reading() as session:
        found = totals(session, plan, actor=visit.actor)
    return Response(TOTALS.dump_json(found), media_type=JSON)


@router.post("/estimates", response_model=Estimated, openapi_extra=MAKES)
def estimate(visit: Planner, plan: PlanName, body: EstimateBody) -> Response:
    """Estimate needs out of the posts of the signed baseline; again amends, and doubles nothing.

    ``skipped`` names what has no posts stated.
    """

    def act() -> Response:
        order = body.order(plan)
        made = estimate_requirements(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return Response(ESTIMATED.dump_json(made), media_type=JSON)

    return once(visit, act)


def _today(visit: Visit, plan: str) -> date:
    return visit.clock.today(plan_of(visit, plan).time_zone)

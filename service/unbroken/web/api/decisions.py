"""``/plans/{plan}/decisions``: what triggered a plan and what moved its ends."""

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.plans.commands import AddDecision, add_decision
from unbroken.plans.queries import DecisionView, PlanView, decisions_of
from unbroken.web.api.answers import made, once
from unbroken.web.api.inputs import MAKES, Body, Day, Flag, PlanName, plan_of
from unbroken.web.api.paging import Listing, listing
from unbroken.web.api.plans import PLAN, DecisionBody
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans/{plan}/decisions", tags=["plans"])
DECISIONS = TypeAdapter(Listing[DecisionView])


class AddedDecision(Body):
    """A decision on a plan; ends that are left out stay."""

    decision: DecisionBody
    mandate_ends_on: Day | None = None
    transfer_ends_on: Day | None = None
    is_trigger: Flag = False


@router.get("", response_model=Listing[DecisionView])
def decisions(visit: Reader, plan: PlanName) -> Response:
    """List the decisions of a plan as they were taken."""
    uid = plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        found = decisions_of(session, uid)
    return listing(DECISIONS, list(found), link=None)


@router.post("", status_code=201, response_model=PlanView, openapi_extra=MAKES)
def add(request: Request, visit: Planner, plan: PlanName, body: AddedDecision) -> Response:
    """Add a decision; where it moves an end, a new revision comes into force. Answers the plan."""

    def act() -> Response:
        order = AddDecision(plan, **{**dict(body), "decision": body.decision.order()})
        add_decision(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = plan_of(visit, plan)
        path = request.url.path
        return made(PLAN, view, uid=view.uid, version=view.version, path=path)

    return once(visit, act)

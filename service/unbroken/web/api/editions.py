"""``/plans/{plan}/edition``: a plan adopts another edition of the catalogue, or tries to."""

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.transfers.commands.adopting import Adopted, AdoptEdition, adopt_edition
from unbroken.web.api.answers import changed, once
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, Body, EditionName, Flag, PlanName, plan_of
from unbroken.web.security import Planner

router = APIRouter(prefix="/plans", tags=["plans"])
ADOPTED = TypeAdapter(Adopted)


class NextEdition(Body):
    """The edition that the plan shall follow; ``dry_run`` says what would come of it."""

    edition: EditionName
    dry_run: Flag = False


@router.post("/{plan}/edition", response_model=Adopted, openapi_extra=CHANGES)
def adopt(request: Request, visit: Planner, plan: PlanName, body: NextEdition) -> Response:
    """Let a plan follow another edition: what is signed stays, what is new opens."""
    uid = plan_of(visit, plan).uid
    seen = version_from_if_match(request, uid)

    def act() -> Response:
        order = AdoptEdition(
            plan=uid, edition=body.edition, dry_run=body.dry_run, version_seen=seen
        )
        found = adopt_edition(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return changed(ADOPTED, found, uid=uid, version=plan_of(visit, plan).version)

    return once(visit, act)

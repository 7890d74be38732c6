"""``/scans``: the runs of all rules; one by hand always runs and takes no tick's place."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.db import new_uid
from unbroken.people.rules import Role
from unbroken.scans.queries import ScanView, scan_list
from unbroken.scans.run import Outcome, Terms, scan_by_hand
from unbroken.web.api.answers import JSON, once
from unbroken.web.api.inputs import MAKES
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader, Roles, access

router = APIRouter(prefix="/scans", tags=["scans"])
Scanner = Annotated[Visit, access(Roles(Role.PLANNER, Role.STEWARD))]
SCANS = TypeAdapter(Listing[ScanView])
OUTCOME = TypeAdapter(Outcome)


@router.get("", response_model=Listing[ScanView])
def scans(request: Request, visit: Reader, pages: Pages) -> Response:
    """List scans, the newest first."""
    after = pages.after(int)
    with visit.sessions.reading() as session:
        found = scan_list(
            session,
            limit=pages.limit + 1,
            before=None if after is None else int(after[0] or 0),
        )
    rows = found[: pages.limit]
    link = next_link(request, pages, rows[-1][0]) if len(found) > pages.limit else None
    return listing(SCANS, [view for _key, view in rows], link=link)


@router.post("", status_code=201, response_model=Outcome, openapi_extra=MAKES)
def scan_now(visit: Scanner) -> Response:
    """Run all rules now and say how many gaps opened, worsened, eased and closed."""

    def act() -> Response:
        outcome = scan_by_hand(visit.sessions, clock=visit.clock, terms=_terms(visit))
        return Response(OUTCOME.dump_json(outcome), status_code=201, media_type=JSON)

    return once(visit, act)


def _terms(visit: Visit) -> Terms:
    """Return the settings of scheduled scans under an owner that no other scan has."""
    settings = visit.house.settings
    return Terms(
        owner=f"by-hand:{new_uid().hex}",
        lease=timedelta(seconds=settings.scan_lease_seconds),
        every=settings.scan_every(),
    )

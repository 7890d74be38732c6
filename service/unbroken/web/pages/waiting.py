"""Acts that wait for the network: the page about them, and what the script behind it asks for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from unbroken.people.rules import Role
from unbroken.web.csrf import masked
from unbroken.web.dependencies import Visit
from unbroken.web.kept_pages import Bundle, bundle
from unbroken.web.rendering import page
from unbroken.web.security import Anyone, Open, Roles, access
from unbroken.web.waiting_page import WaitingPage

router = APIRouter()
Signatory = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
NOT_STORED = {"cache-control": "no-store"}
JSON = "application/json"
MANIFEST = {
    "name": "Unbroken",
    "short_name": "Unbroken",
    "start_url": "/inbox",
    "display": "minimal-ui",
    "background_color": "#fbfaf8",
    "theme_color": "#0b5a82",
}


class Standing(TypedDict):
    """Who is signed in, empty for nobody, and the token that their next form must carry."""

    account: str
    csrf: str


STANDING = TypeAdapter(Standing)
BUNDLE = TypeAdapter(Bundle)


@router.get("/inbox/waiting")
def waiting_page(visit: Signatory) -> Response:
    """Return the page that shows what waits on this device."""
    return page(visit, WaitingPage())


@router.get("/offline/session")
def standing(visit: Anyone) -> Response:
    """Return who sends now: what waits is sent by the account that wrote it, and by no other."""
    token = visit.visitor.csrf_token if visit.is_signed_in else ""
    found: Standing = {
        "account": visit.actor.handle if visit.is_signed_in else "",
        "csrf": masked(token),
    }
    return Response(STANDING.dump_json(found), media_type=JSON, headers=NOT_STORED)


@router.get("/offline/pages")
def pages(visit: Signatory, start: Annotated[UUID | None, Query()] = None) -> Response:
    """Return pages that this device may keep, the most urgent first."""
    found = BUNDLE.dump_json(bundle(visit, start=start))
    return Response(found, media_type=JSON, headers=NOT_STORED)


@router.get("/worker.js", dependencies=[Depends(Open())])
def worker(request: Request) -> Response:
    """Return the script that stands between pages and network, with the files it keeps."""
    answer: Response = request.app.state.static.worker(request)
    return answer


@router.get("/manifest.webmanifest", dependencies=[Depends(Open())])
def manifest(request: Request) -> Response:
    """Return what a phone needs to put the inbox beside its other programs."""
    picture = request.app.state.static.address("icon.svg")
    icons = [{"src": picture, "sizes": "any", "type": "image/svg+xml"}]
    return JSONResponse(
        {**MANIFEST, "icons": icons},
        media_type="application/manifest+json",
        headers={"cache-control": "public, max-age=86400"},
    )

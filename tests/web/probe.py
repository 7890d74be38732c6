"""Routes that exist in tests only: they use every helper once, as a feature would."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.kit.errors import Conflict
from unbroken.web.api.answers import changed, made, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.rendering import Page, page
from unbroken.web.security import Account, Anyone

UID = UUID(int=7)
OTHER = UUID(int=8)


class Thing(TypedDict):
    """One thing."""

    number: int


class NewThing(BaseModel):
    """What is sent to make one."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number: Annotated[int, Field(ge=0, le=9)]


THING = TypeAdapter(Thing)
THINGS = TypeAdapter(Listing[Thing])
api = APIRouter(prefix="/things", tags=["things"])
pages = APIRouter()
acts: list[int] = []


@api.get("", response_model=Listing[Thing])
def things(request: Request, _visit: Anyone, pages: Pages) -> Response:
    """Return the numbers from 0 to 9."""
    after = pages.after(int)
    first = 0 if after is None or after[0] is None else int(after[0]) + 1
    found: list[Thing] = [{"number": n} for n in range(first, min(first + pages.limit, 10))]
    more = found and found[-1]["number"] < 9
    link = next_link(request, pages, found[-1]["number"]) if more else None
    return listing(THINGS, found, link=link)


@api.get("/one", response_model=Thing)
def thing(request: Request, _visit: Anyone) -> Response:
    """Return one thing."""
    return shown(request, THING, Thing(number=3), uid=UID, version=3)


@api.patch("/one", response_model=Thing)
def change(request: Request, _visit: Account, body: NewThing) -> Response:
    """Change the one thing."""
    seen = version_from_if_match(request, UID)
    return changed(THING, Thing(number=body.number), uid=UID, version=seen + 1)


@api.post("", status_code=201, response_model=Thing)
def make(visit: Account, body: NewThing) -> Response:
    """Make a thing; 9 is refused."""

    def act() -> Response:
        acts.append(body.number)
        if body.number == 9:
            raise Conflict("There are {count} already.", count=9)
        return made(THING, Thing(number=len(acts)), uid=UID, version=0, path="/api/v1/things/one")

    return once(visit, act)


@api.get("/broken")
def broken(_visit: Anyone) -> Response:
    """Fail in a way nobody foresaw."""
    raise RuntimeError("secret-canary")


@dataclass(frozen=True, slots=True)
class ForgetfulPage(Page):
    """A page whose template wants names it does not have."""

    template: ClassVar[str] = "about.html"


@pages.get("/probe/mine")
def mine(_visit: Account) -> Response:
    """Return a page of one's own."""
    return Response("mine")


@pages.get("/probe/forgetful")
def forgetful(visit: Anyone) -> Response:
    """Return a page that cannot be rendered."""
    return page(visit, ForgetfulPage())

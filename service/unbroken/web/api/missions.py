"""``/missions``: missions, their chain and how much notice each had."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.people.rules import Role, Sight
from unbroken.plans.commands import AddMission, add_mission
from unbroken.plans.models import MissionKind, PlanState
from unbroken.plans.queries import MissionView, mission_chain, missions
from unbroken.web.api.answers import JSON, once
from unbroken.web.api.inputs import MAKES, Body, Name, Text, here
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader, Roles, access

router = APIRouter(prefix="/missions", tags=["missions"])
MissionName = Annotated[Name, Path(description="Slug or UUID of the mission.")]
Keeper = Annotated[Visit, access(Roles(Role.PLANNER, Role.STEWARD))]
EVERYTHING = Sight(everything=True)


class PlanOfMission(TypedDict):
    """One plan of a mission; ``notice_days`` run from trigger to the mandate's last day."""

    uid: UUID
    slug: str
    title: str
    state: PlanState
    triggered_on: date
    mandate_ends_on: date
    notice_days: int | None


class MissionItem(TypedDict):
    """One mission; ``notice_days`` are those of its latest plan, null where not established."""

    uid: UUID
    slug: str
    acronym: str
    name: str
    kind: MissionKind
    country_iso3: str
    predecessor: str | None
    plans: list[PlanOfMission]
    notice_days: int | None


class NewMission(Body):
    """A mission to be added; without ``slug`` the acronym makes it."""

    acronym: Annotated[str, Field(max_length=40, examples=["MINUSMA"])]
    name: Annotated[str, Field(max_length=200)]
    kind: MissionKind
    country_iso3: Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["MLI"])]
    predecessor: Name | None = None
    slug: Name | None = None
    source: Text = ""


MISSION = TypeAdapter(MissionItem)
MISSIONS = TypeAdapter(Listing[MissionItem])


@router.get("", response_model=Listing[MissionItem])
def mission_list(request: Request, visit: Reader, pages: Pages) -> Response:
    """List the missions with their plans, by slug."""
    after = pages.after(str)
    with visit.sessions.reading() as session:
        found = missions(
            session,
            sight=visit.sight,
            limit=pages.limit + 1,
            after=None if after is None else str(after[0]),
        )
    shown = found[: pages.limit]
    link = next_link(request, pages, shown[-1].slug) if len(found) > pages.limit else None
    return listing(MISSIONS, _items(shown), link=link)


@router.get("/{mission}", response_model=Listing[MissionItem])
def chain(visit: Reader, mission: MissionName) -> Response:
    """Show a mission with all that it followed and all that followed it, in their order."""
    with visit.sessions.reading() as session:
        found = mission_chain(session, mission, sight=visit.sight)
    return listing(MISSIONS, _items(found), link=None)


@router.post("", status_code=201, response_model=MissionItem, openapi_extra=MAKES)
def add(request: Request, visit: Keeper, body: NewMission) -> Response:
    """Add a mission."""

    def act() -> Response:
        order = AddMission(**dict(body))
        made = add_mission(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        with visit.sessions.reading() as session:
            found = mission_chain(session, made.uid, sight=EVERYTHING)
        item = next(_item(view) for view in found if view.uid == made.uid)
        headers = {"location": here(request, made.slug)}
        return Response(MISSION.dump_json(item), status_code=201, media_type=JSON, headers=headers)

    return once(visit, act)


def _items(views: Sequence[MissionView]) -> list[MissionItem]:
    return [_item(view) for view in views]


def _item(view: MissionView) -> MissionItem:
    return {
        "uid": view.uid,
        "slug": view.slug,
        "acronym": view.acronym,
        "name": view.name,
        "kind": view.kind,
        "country_iso3": view.country_iso3,
        "predecessor": view.predecessor,
        "plans": [
            {
                "uid": plan.uid,
                "slug": plan.slug,
                "title": plan.title,
                "state": plan.state,
                "triggered_on": plan.triggered_on,
                "mandate_ends_on": plan.mandate_ends_on,
                "notice_days": plan.notice_days,
            }
            for plan in view.plans
        ],
        "notice_days": view.notice_days,
    }

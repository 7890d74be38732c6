"""Acts on gaps: seen, waived for a time with a reason, countersigned, ended."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.gaps.commands import (
    AcknowledgeGap,
    EndWaiver,
    GapChanged,
    GrantWaiver,
    WaiveGap,
    acknowledge_gap,
    end_waiver,
    grant_waiver,
    waive_gap,
)
from unbroken.people.rules import Role
from unbroken.web.api.answers import changed, once
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, Body, Day
from unbroken.web.dependencies import Visit
from unbroken.web.security import Roles, access

router = APIRouter(prefix="/gaps/{gap_uid}", tags=["gaps"])
Worker = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
CHANGED = TypeAdapter(GapChanged)


class Waiver(Body):
    """Why a gap can wait, on whose decision, and up to which day, included."""

    reason: Annotated[str, Field(max_length=280, examples=["Decided by the task force in May."])]
    until_on: Day


@router.post("/acknowledgement", response_model=GapChanged, openapi_extra=CHANGES)
def acknowledge(request: Request, visit: Worker, gap_uid: UUID) -> Response:
    """Mark an open gap as seen: no notices until it worsens."""
    order = AcknowledgeGap(gap_uid, version_from_if_match(request, gap_uid))
    return _acted(visit, acknowledge_gap, order)


@router.post("/waiver", response_model=GapChanged, openapi_extra=CHANGES)
def waive(request: Request, visit: Worker, gap_uid: UUID, body: Waiver) -> Response:
    """Ask for a waiver; for functions of tiers 3 and 4 it holds at once."""
    seen = version_from_if_match(request, gap_uid)
    return _acted(visit, waive_gap, WaiveGap(gap_uid, body.reason, body.until_on, seen))


@router.post("/waiver/countersignature", response_model=GapChanged, openapi_extra=CHANGES)
def grant(request: Request, visit: Worker, gap_uid: UUID) -> Response:
    """Countersign a waiver that another hand asked for."""
    order = GrantWaiver(gap_uid, version_from_if_match(request, gap_uid))
    return _acted(visit, grant_waiver, order)


@router.delete("/waiver", response_model=GapChanged, openapi_extra=CHANGES)
def end(request: Request, visit: Worker, gap_uid: UUID) -> Response:
    """End a waiver now, or take back the question for one."""
    order = EndWaiver(gap_uid, version_from_if_match(request, gap_uid))
    return _acted(visit, end_waiver, order)


def _acted(visit: Visit, command: Callable[..., GapChanged], order: object) -> Response:
    def act() -> Response:
        found = command(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return changed(CHANGED, found, uid=found.uid, version=found.version)

    return once(visit, act)

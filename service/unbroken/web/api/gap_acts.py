"""Acts on gaps: seen, assigned, waived for a time with a reason, countersigned, ended.

None of them closes a gap.
"""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.gaps.commands import (
    AcknowledgeGap,
    AssignGap,
    EndAcknowledgement,
    EndWaiver,
    GapChanged,
    GrantWaiver,
    UnassignGap,
    WaiveGap,
    acknowledge_gap,
    assign_gap,
    end_acknowledgement,
    end_waiver,
    grant_waiver,
    unassign_gap,
    waive_gap,
)
from unbroken.people.rules import Role
from unbroken.web.api.answers import changed, once
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, Body, Day, Name
from unbroken.web.dependencies import Visit
from unbroken.web.security import Roles, access

router = APIRouter(prefix="/gaps/{gap_uid}", tags=["gaps"])
Worker = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
CHANGED = TypeAdapter(GapChanged)


class Acknowledgement(Body):
    """What is said of a gap that was seen; may be left out."""

    note: Annotated[str, Field(max_length=280, examples=["UNICEF answers in May."])] = ""


class Assignment(Body):
    """Which role mailbox is to see to a gap: one that works on its plan."""

    assigned_to: Name = Field(examples=["cpa-minusma"], description="Handle of the account.")


class Waiver(Body):
    """Why a gap can wait, on whose decision, and up to which day, included."""

    reason: Annotated[str, Field(max_length=280, examples=["Decided by the task force in May."])]
    until_on: Day


@router.post("/acknowledgement", response_model=GapChanged, openapi_extra=CHANGES)
def acknowledge(
    request: Request, visit: Worker, gap_uid: UUID, body: Acknowledgement | None = None
) -> Response:
    """Mark an open gap as seen: no notices until it worsens or was away for more than a day."""
    seen = version_from_if_match(request, gap_uid)
    return _acted(visit, acknowledge_gap, AcknowledgeGap(gap_uid, body.note if body else "", seen))


@router.delete("/acknowledgement", response_model=GapChanged, openapi_extra=CHANGES)
def end_acknowledging(request: Request, visit: Worker, gap_uid: UUID) -> Response:
    """Take an acknowledgement back: notices go on."""
    order = EndAcknowledgement(gap_uid, version_from_if_match(request, gap_uid))
    return _acted(visit, end_acknowledgement, order)


@router.post("/assignment", response_model=GapChanged, openapi_extra=CHANGES)
def assign(request: Request, visit: Worker, gap_uid: UUID, body: Assignment) -> Response:
    """Assign a gap to a role mailbox that works on its plan, or hand it on to another."""
    seen = version_from_if_match(request, gap_uid)
    return _acted(visit, assign_gap, AssignGap(gap_uid, body.assigned_to, seen))


@router.delete("/assignment", response_model=GapChanged, openapi_extra=CHANGES)
def end_assigning(request: Request, visit: Worker, gap_uid: UUID) -> Response:
    """Take an assignment back: nobody is named for the gap any more."""
    order = UnassignGap(gap_uid, version_from_if_match(request, gap_uid))
    return _acted(visit, unassign_gap, order)


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

"""``/plans/{plan}/escalation``: the steps of a plan, its offices, and who will be told when."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.gaps.rules.words import Severity
from unbroken.notices.commands.offices import (
    NameHolder,
    SetLadder,
    end_holder,
    name_holder,
    set_ladder,
)
from unbroken.notices.queries.escalation import Ahead, EscalationView, escalation_view
from unbroken.notices.rules.digests import number_of
from unbroken.notices.rules.escalation import MOST_DAYS, MOST_STEPS, Office, Step
from unbroken.web.api.answers import changed, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, MAKES, Body, Name, PlanName, plan_of, require_detail
from unbroken.web.dependencies import Visit
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans/{plan}/escalation", tags=["notices"])
MOST_AHEAD = 100


class StepItem(TypedDict):
    """After ``days`` without an answer ``office`` is told of gaps of this severity."""

    severity: Severity
    days: int
    office: Office


class HolderItem(TypedDict):
    """A role mailbox that holds an office."""

    office: Office
    handle: str
    title: str


class AheadItem(TypedDict):
    """What happens on a day unless somebody answers; ``handles`` are who is told."""

    due_on: date
    office: Office
    handles: list[str]
    gap: UUID
    number: str
    severity: Severity


class EscalationItem(TypedDict):
    """The escalation of a plan; ``own``: its steps are not the common ones.

    ``ahead`` are the soonest steps, a hundred at most, out of ``ahead_count``.
    """

    own: bool
    steps: list[StepItem]
    holders: list[HolderItem]
    ahead: list[AheadItem]
    ahead_count: int


class StepBody(Body):
    """One step of a ladder."""

    severity: Severity
    days: Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS, examples=[3])]
    office: Office


class LadderBody(Body):
    """The steps of a plan; those of every plan take its own away."""

    steps: Annotated[tuple[StepBody, ...], Field(max_length=MOST_STEPS)]


class HolderBody(Body):
    """A role mailbox to hold an office, by its handle."""

    handle: Name


ESCALATION = TypeAdapter(EscalationItem)


@router.get("", response_model=EscalationItem)
def escalation(request: Request, visit: Reader, plan: PlanName) -> Response:
    """Return the steps, who holds which office, and who will be told of which gap, when."""
    seen = plan_of(visit, plan)
    require_detail(visit, seen)
    view = _view(visit, seen.uid)
    return shown(request, ESCALATION, _item(view), uid=seen.uid, version=view.version)


@router.put("", response_model=EscalationItem, openapi_extra=CHANGES)
def ladder(request: Request, visit: Planner, plan: PlanName, body: LadderBody) -> Response:
    """Give the plan steps of its own."""
    uid = plan_of(visit, plan).uid
    steps = tuple(Step(each.severity, each.days, each.office) for each in body.steps)
    order = SetLadder(uid, steps, version_from_if_match(request, uid))

    def act() -> Response:
        set_ladder(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _view(visit, uid)
        return changed(ESCALATION, _item(view), uid=uid, version=view.version)

    return once(visit, act)


@router.post("/offices/{office}", status_code=204, response_class=Response, openapi_extra=MAKES)
def name(visit: Planner, plan: PlanName, office: Office, body: HolderBody) -> Response:
    """Name a role mailbox for an office that does not go by role."""
    order = NameHolder(plan_of(visit, plan).uid, office, body.handle)

    def act() -> Response:
        name_holder(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return Response(status_code=204)

    return once(visit, act)


@router.delete("/offices/{office}/{handle}", status_code=204, response_class=Response)
def end(visit: Planner, plan: PlanName, office: Office, handle: Name) -> Response:
    """Have a role mailbox hold an office no more."""
    order = NameHolder(plan_of(visit, plan).uid, office, handle)
    end_holder(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    return Response(status_code=204)


def _view(visit: Visit, uid: UUID) -> EscalationView:
    with visit.sessions.reading() as session:
        return escalation_view(session, uid, now=visit.clock.now())


def _item(view: EscalationView) -> EscalationItem:
    return {
        "own": view.version > 0,
        "steps": [
            {"severity": each.severity, "days": each.days, "office": each.office}
            for each in view.ladder
        ],
        "holders": [
            {"office": office, "handle": each.handle, "title": each.title}
            for office, holders in view.holders.items()
            for each in holders
        ],
        "ahead": [_ahead(each) for each in view.ahead[:MOST_AHEAD]],
        "ahead_count": len(view.ahead),
    }


def _ahead(each: Ahead) -> AheadItem:
    return {
        "due_on": each.step.due_on,
        "office": each.step.office,
        "handles": [holder.handle for holder in each.holders],
        "gap": each.gap,
        "number": number_of(each.gap),
        "severity": each.severity,
    }

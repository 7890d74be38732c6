"""``/plans``: plans from their first minute, their state, and their timetable."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.plans.commands import (
    ChangeState,
    EditPlan,
    NewDecision,
    OpenPlan,
    PlanChanged,
    cancel_plan,
    complete_plan,
    edit_plan,
    open_plan,
    pause_plan,
    resume_plan,
)
from unbroken.plans.models import DecisionKind, PlanKind, PlanScope, PlanState
from unbroken.plans.queries import (
    PlanView,
    StepRow,
    TimetableView,
    due_soon,
    plan_list,
    timetable_of,
)
from unbroken.web.api.answers import JSON, changed, made, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import (
    CHANGES,
    MAKES,
    MOST,
    Body,
    Day,
    EditionName,
    Flag,
    Name,
    PlanName,
    Text,
    here,
    plan_of,
)
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans", tags=["plans"])
PLAN = TypeAdapter(PlanView)
PLANS = TypeAdapter(Listing[PlanView])
TIMETABLE = TypeAdapter(TimetableView)
STEPS = TypeAdapter(Listing[StepRow])
Change = Callable[..., PlanChanged]


class DecisionBody(Body):
    """A deciding act as its source gives it; ``known_on`` is the day it became public."""

    kind: DecisionKind
    symbol: Annotated[str, Field(max_length=80, examples=["S/RES/2690 (2023)"])]
    decided_on: Day
    source: Text
    known_on: Day | None = None
    title: Annotated[str, Field(max_length=280)] = ""

    def order(self) -> NewDecision:
        """Return it as commands take it."""
        return NewDecision(**dict(self))


class NewPlan(Body):
    """A plan to be opened; both ends are last days, included."""

    mission: Name
    title: Annotated[str, Field(max_length=200)]
    trigger: DecisionBody
    mandate_ends_on: Day
    edition: EditionName
    kind: PlanKind = PlanKind.DRAWDOWN
    scope: PlanScope = PlanScope.WHOLE
    slug: Name | None = None
    transfer_ends_on: Day | None = None
    time_zone: Annotated[str, Field(max_length=64, examples=["Africa/Bamako"])] = "UTC"
    illustrative: Flag = False
    note: Text = ""


class PlanPatch(Body):
    """What to change; what is left out stays."""

    title: Annotated[str, Field(max_length=200)] | None = None
    note: Text | None = None
    time_zone: Annotated[str, Field(max_length=64, examples=["Africa/Bamako"])] | None = None


class Reason(Body):
    """Why the state changes; cancelling needs one."""

    reason: Annotated[str, Field(max_length=400)] = ""


@router.get("", response_model=Listing[PlanView])
def plans(
    request: Request, visit: Reader, pages: Pages, state: PlanState | None = None
) -> Response:
    """List the plans, by slug."""
    after = pages.after(str)
    with visit.sessions.reading() as session:
        found = plan_list(
            session,
            sight=visit.sight,
            limit=pages.limit + 1,
            after=None if after is None else str(after[0]),
            state=state,
        )
    items = list(found[: pages.limit])
    link = next_link(request, pages, items[-1].slug) if len(found) > pages.limit else None
    return listing(PLANS, items, link=link)


@router.get("/{plan}", response_model=PlanView)
def plan_shown(request: Request, visit: Reader, plan: PlanName) -> Response:
    """Show a plan with its mission, trigger and ends."""
    view = plan_of(visit, plan)
    return shown(request, PLAN, view, uid=view.uid, version=view.version)


@router.post("", status_code=201, response_model=PlanView, openapi_extra=MAKES)
def open_(request: Request, visit: Planner, body: NewPlan) -> Response:
    """Open a plan with its trigger; without a slug it gets its mission's."""

    def act() -> Response:
        order = OpenPlan(**{**dict(body), "trigger": body.trigger.order()})
        opened = open_plan(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = plan_of(visit, opened.slug)
        path = here(request, view.slug)
        return made(PLAN, view, uid=view.uid, version=view.version, path=path)

    return once(visit, act)


@router.patch("/{plan}", response_model=PlanView, openapi_extra=CHANGES)
def edit(request: Request, visit: Planner, plan: PlanName, body: PlanPatch) -> Response:
    """Change a plan's title, note or time zone."""
    seen = version_from_if_match(request, plan_of(visit, plan).uid)

    def act() -> Response:
        order = EditPlan(plan, seen, **dict(body))
        edit_plan(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return plan_changed(visit, plan)

    return once(visit, act)


@router.post("/{plan}/complete", response_model=PlanView, openapi_extra=CHANGES)
def complete(request: Request, visit: Planner, plan: PlanName, body: Reason) -> Response:
    """Complete a plan: no function's last day lies ahead any more."""
    return _become(complete_plan, request, visit, plan, body)


@router.post("/{plan}/pause", response_model=PlanView, openapi_extra=CHANGES)
def pause(request: Request, visit: Planner, plan: PlanName, body: Reason) -> Response:
    """Pause an open plan: scans leave it alone until it is resumed."""
    return _become(pause_plan, request, visit, plan, body)


@router.post("/{plan}/resume", response_model=PlanView, openapi_extra=CHANGES)
def resume(request: Request, visit: Planner, plan: PlanName, body: Reason) -> Response:
    """Resume a paused plan."""
    return _become(resume_plan, request, visit, plan, body)


@router.post("/{plan}/cancel", response_model=PlanView, openapi_extra=CHANGES)
def cancel(request: Request, visit: Planner, plan: PlanName, body: Reason) -> Response:
    """Cancel a plan, with the reason."""
    return _become(cancel_plan, request, visit, plan, body)


@router.get("/{plan}/timetable", response_model=TimetableView)
def timetable(
    visit: Reader,
    plan: PlanName,
    revision: Annotated[int | None, Query(ge=1, le=MOST)] = None,
) -> Response:
    """Show the dates by which each thing falls due; without ``revision``, those in force.

    Donors see the quarter of a restricted function's last day under ``veiled``.
    """
    uid = plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        found = timetable_of(session, uid, revision, actor=visit.actor)
    return Response(TIMETABLE.dump_json(found), media_type=JSON)


@router.get("/{plan}/steps", response_model=Listing[StepRow])
def steps(
    visit: Reader,
    plan: PlanName,
    since: Annotated[Day | None, Query(description="Without it, today.")] = None,
    until: Annotated[Day | None, Query(description="Included; without it, no end.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Response:
    """List the steps that fall due, the earliest first; at most ``limit``."""
    view = plan_of(visit, plan)
    on = since or visit.clock.today(view.time_zone)
    with visit.sessions.reading() as session:
        found = due_soon(
            session, view.uid, actor=visit.actor, on=on, until=until or date.max, limit=limit
        )
    return listing(STEPS, list(found), link=None)


def plan_changed(visit: Visit, plan: str) -> Response:
    """Return the plan as it is after a change, with its new ETag."""
    view = plan_of(visit, plan)
    return changed(PLAN, view, uid=view.uid, version=view.version)


def _become(command: Change, request: Request, visit: Visit, plan: str, body: Reason) -> Response:
    seen = version_from_if_match(request, plan_of(visit, plan).uid)

    def act() -> Response:
        order = ChangeState(plan, seen, body.reason)
        command(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return plan_changed(visit, plan)

    return once(visit, act)

"""``/plans/{plan}/baseline``: what the mission performs, signed at the decision."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.errors import NotFound
from unbroken.plans.commands import (
    DraftBaseline,
    NewLine,
    SignBaseline,
    draft_baseline,
    sign_baseline,
)
from unbroken.plans.models import BaselineState
from unbroken.plans.queries import BaselineView, baseline_of
from unbroken.web.api.answers import changed, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import (
    CHANGES,
    MOST,
    Body,
    Code,
    Count,
    Name,
    PlanName,
    Text,
    plan_of,
)
from unbroken.web.dependencies import Visit
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans/{plan}/baseline", tags=["baseline"])
BASELINE = TypeAdapter(BaselineView)


class Line(Body):
    """One function that the mission performs in one area; null posts are not stated."""

    function: Code
    area: Name
    posts: Count | None = None


class Lines(Body):
    """All lines of a baseline; they replace those of the draft."""

    lines: Annotated[list[Line], Field(max_length=5000)]
    source: Text = ""


@router.get("", response_model=BaselineView)
def baseline(
    request: Request,
    visit: Reader,
    plan: PlanName,
    number: Annotated[int | None, Query(ge=1, le=MOST)] = None,
) -> Response:
    """Show a baseline with its lines: the newest, or that of ``number``.

    Donors see no lines of restricted functions.
    """
    view = _view(visit, plan, number=number)
    if view is None:
        raise NotFound("Plan {plan} has no such baseline.", remedy="Draft one.", plan=plan)
    return shown(request, BASELINE, view, uid=view.uid, version=view.version)


@router.put("", response_model=BaselineView, openapi_extra=CHANGES)
def draft(request: Request, visit: Planner, plan: PlanName, body: Lines) -> Response:
    """Draft a baseline, or write the draft anew; the first draft needs no If-Match."""
    before = _view(visit, plan)
    is_first = before is None or before.state is BaselineState.SIGNED
    seen = None if before is None or is_first else version_from_if_match(request, before.uid)

    def act() -> Response:
        lines = tuple(NewLine(each.function, each.area, each.posts) for each in body.lines)
        order = DraftBaseline(plan, lines, body.source, seen)
        draft_baseline(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, plan)

    return once(visit, act)


@router.post("/signature", response_model=BaselineView, openapi_extra=CHANGES)
def sign(request: Request, visit: Planner, plan: PlanName) -> Response:
    """Sign the draft: from now on it never changes."""
    before = _view(visit, plan)
    if before is None:
        raise NotFound("Plan {plan} has no baseline to sign.", remedy="Draft one.", plan=plan)
    seen = version_from_if_match(request, before.uid)

    def act() -> Response:
        order = SignBaseline(plan, seen)
        sign_baseline(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, plan)

    return once(visit, act)


def _view(visit: Visit, plan: str, *, number: int | None = None) -> BaselineView | None:
    view = plan_of(visit, plan)
    with visit.sessions.reading() as session:
        return baseline_of(session, view.uid, actor=visit.actor, number=number)


def _changed(visit: Visit, plan: str) -> Response:
    view = _view(visit, plan)
    if view is None:
        raise NotFound("Plan {plan} has no baseline.", plan=plan)
    return changed(BASELINE, view, uid=view.uid, version=view.version)

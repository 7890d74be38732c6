"""``/requirements``: what is needed, line by line; what a line said is never overwritten."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.money.commands.amending import (
    amend_requirement,
)
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.orders import (
    AmendRequirement,
    EnterMoney,
)
from unbroken.money.queries.listing import (
    LineFilter,
    named_requirements,
    requirements,
)
from unbroken.money.queries.views import HistoryView, RequirementView
from unbroken.web.api.answers import once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, MAKES, PlanName
from unbroken.web.api.money_answers import (
    Code,
    Wanted,
    Writer,
    after_of,
    changed_line,
    entered,
    history,
    listed,
    version_of,
    view_of,
    withdraw,
)
from unbroken.web.api.money_shapes import (
    AmendedRequirement,
    NewRequirements,
    Withdrawal,
)
from unbroken.web.api.paging import Listing, Pages
from unbroken.web.security import Reader

router = APIRouter(tags=["money"])
NEED = TypeAdapter(RequirementView)
NEEDS = TypeAdapter(Listing[RequirementView])


def wanted_needs(
    function: Code = None,
    area: Wanted = None,
    receiver: Wanted = None,
    estimates: Annotated[bool | None, Query(description="Only estimates, or none.")] = None,
) -> LineFilter:
    """Return which requirements a request asks for."""
    return LineFilter(function=function, area=area, receiver=receiver, estimates=estimates)


@router.get("/plans/{plan}/requirements", response_model=Listing[RequirementView])
def needs(
    request: Request,
    visit: Reader,
    plan: PlanName,
    pages: Pages,
    wanted: Annotated[LineFilter, Depends(wanted_needs)],
) -> Response:
    """List what a plan needs, in the order of the last change.

    A country team sees lines for its organisation or for nobody in particular; donors ask for the
    cover instead.
    """
    with visit.sessions.reading() as session:
        found = requirements(
            session,
            plan,
            actor=visit.actor,
            wanted=wanted,
            after=after_of(pages),
            limit=pages.limit,
        )
    return listed(request, pages, NEEDS, found)


@router.post(
    "/plans/{plan}/requirements",
    status_code=201,
    response_model=Listing[RequirementView],
    openapi_extra=MAKES,
)
def enter_needs(visit: Writer, plan: PlanName, body: NewRequirements) -> Response:
    """Put what is needed on record: all lines or none. A receiver enters its own."""

    def act() -> Response:
        order = EnterMoney(plan, requirements=tuple(line.order() for line in body.lines))
        made = enter_money(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        with visit.sessions.reading() as session:
            uids = [line.uid for line in made]
            found = named_requirements(session, plan, uids, actor=visit.actor)
        return entered(NEEDS, found)

    return once(visit, act)


@router.get("/requirements/{requirement_uid}", response_model=RequirementView)
def need(request: Request, visit: Reader, requirement_uid: UUID) -> Response:
    """Show what a requirement says now, or said last where it was withdrawn."""
    view = view_of(visit, requirement_uid, RequirementView)
    return shown(request, NEED, view, uid=view.uid, version=version_of(view))


@router.put(
    "/requirements/{requirement_uid}", response_model=RequirementView, openapi_extra=CHANGES
)
def amend_need(
    request: Request, visit: Writer, requirement_uid: UUID, body: AmendedRequirement
) -> Response:
    """Let a requirement say something else from today on; what it said stays on record."""
    seen = version_from_if_match(request, requirement_uid)

    def act() -> Response:
        plan = view_of(visit, requirement_uid, RequirementView).plan
        order = AmendRequirement(plan, requirement_uid, seen, body.order(), body.reason)
        amend_requirement(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return changed_line(visit, requirement_uid, NEED, RequirementView)

    return once(visit, act)


@router.post(
    "/requirements/{requirement_uid}/withdraw",
    response_model=RequirementView,
    openapi_extra=CHANGES,
)
def withdraw_need(
    request: Request, visit: Writer, requirement_uid: UUID, body: Withdrawal
) -> Response:
    """Let a requirement hold no more from today on."""
    seen = version_from_if_match(request, requirement_uid)

    def act() -> Response:
        withdraw(visit, view_of(visit, requirement_uid, RequirementView), seen, body)
        return changed_line(visit, requirement_uid, NEED, RequirementView)

    return once(visit, act)


@router.get("/requirements/{requirement_uid}/history", response_model=HistoryView)
def history_of_need(request: Request, visit: Reader, requirement_uid: UUID) -> Response:
    """Show all that a requirement ever said, the first first, with who, when and why."""
    return history(request, visit, requirement_uid, RequirementView)

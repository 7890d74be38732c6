"""``/contributions``: what is given, line by line; what a line said is never overwritten."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.money.commands.amending import (
    amend_contribution,
    extend_contribution,
)
from unbroken.money.commands.entering import enter_money
from unbroken.money.commands.orders import (
    AmendContribution,
    EnterMoney,
    ExtendContribution,
)
from unbroken.money.queries.listing import (
    LineFilter,
    contributions,
    named_contributions,
)
from unbroken.money.queries.views import ContributionView, HistoryView
from unbroken.money.rules.words import Pot
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
    AmendedContribution,
    Extension,
    NewContributions,
    Withdrawal,
)
from unbroken.web.api.paging import Listing, Pages
from unbroken.web.security import Reader

router = APIRouter(tags=["money"])
MONEY = TypeAdapter(ContributionView)
MONEYS = TypeAdapter(Listing[ContributionView])


def wanted_money(
    function: Code = None,
    area: Wanted = None,
    receiver: Wanted = None,
    donor: Wanted = None,
    pot: Pot | None = None,
) -> LineFilter:
    """Return which contributions a request asks for."""
    return LineFilter(function=function, area=area, receiver=receiver, donor=donor, pot=pot)


@router.get("/plans/{plan}/contributions", response_model=Listing[ContributionView])
def money(
    request: Request,
    visit: Reader,
    plan: PlanName,
    pages: Pages,
    wanted: Annotated[LineFilter, Depends(wanted_money)],
) -> Response:
    """List the money of a plan, in the order of the last change; seen as what it needs."""
    with visit.sessions.reading() as session:
        found = contributions(
            session,
            plan,
            actor=visit.actor,
            wanted=wanted,
            after=after_of(pages),
            limit=pages.limit,
        )
    return listed(request, pages, MONEYS, found)


@router.post(
    "/plans/{plan}/contributions",
    status_code=201,
    response_model=Listing[ContributionView],
    openapi_extra=MAKES,
)
def enter_contributions(visit: Writer, plan: PlanName, body: NewContributions) -> Response:
    """Put money on record: all lines or none. A receiver enters its own."""

    def act() -> Response:
        order = EnterMoney(plan, contributions=tuple(line.order() for line in body.lines))
        made = enter_money(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        with visit.sessions.reading() as session:
            uids = [line.uid for line in made]
            found = named_contributions(session, plan, uids, actor=visit.actor)
        return entered(MONEYS, found)

    return once(visit, act)


@router.get("/contributions/{contribution_uid}", response_model=ContributionView)
def contribution(request: Request, visit: Reader, contribution_uid: UUID) -> Response:
    """Show what a contribution says now, or said last where it was withdrawn."""
    view = view_of(visit, contribution_uid, ContributionView)
    return shown(request, MONEY, view, uid=view.uid, version=version_of(view))


@router.put(
    "/contributions/{contribution_uid}", response_model=ContributionView, openapi_extra=CHANGES
)
def amend_money(
    request: Request, visit: Writer, contribution_uid: UUID, body: AmendedContribution
) -> Response:
    """Let a contribution say something else from today on; what it said stays on record."""
    seen = version_from_if_match(request, contribution_uid)

    def act() -> Response:
        plan = view_of(visit, contribution_uid, ContributionView).plan
        order = AmendContribution(plan, contribution_uid, seen, body.order(), body.reason)
        amend_contribution(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return changed_line(visit, contribution_uid, MONEY, ContributionView)

    return once(visit, act)


@router.post(
    "/contributions/{contribution_uid}/extend",
    response_model=ContributionView,
    openapi_extra=CHANGES,
)
def extend(request: Request, visit: Writer, contribution_uid: UUID, body: Extension) -> Response:
    """Give a contribution a later last day: the period moves, the money stays the same."""
    seen = version_from_if_match(request, contribution_uid)

    def act() -> Response:
        plan = view_of(visit, contribution_uid, ContributionView).plan
        order = ExtendContribution(plan, contribution_uid, seen, **dict(body))
        extend_contribution(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return changed_line(visit, contribution_uid, MONEY, ContributionView)

    return once(visit, act)


@router.post(
    "/contributions/{contribution_uid}/withdraw",
    response_model=ContributionView,
    openapi_extra=CHANGES,
)
def withdraw_money(
    request: Request, visit: Writer, contribution_uid: UUID, body: Withdrawal
) -> Response:
    """Let a contribution hold no more from today on."""
    seen = version_from_if_match(request, contribution_uid)

    def act() -> Response:
        withdraw(visit, view_of(visit, contribution_uid, ContributionView), seen, body)
        return changed_line(visit, contribution_uid, MONEY, ContributionView)

    return once(visit, act)


@router.get("/contributions/{contribution_uid}/history", response_model=HistoryView)
def history_of_money(request: Request, visit: Reader, contribution_uid: UUID) -> Response:
    """Show all that a contribution ever said, the first first, with who, when and why."""
    return history(request, visit, contribution_uid, ContributionView)

"""Agreements of a plan, and custody of it after the mission's last day."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.people.rules import Role
from unbroken.plans.queries import find_plan
from unbroken.transfers.commands.agreements import (
    AddAgreement,
    LinkAgreement,
    RenewAgreement,
    add_agreement,
    link_agreement,
    renew_agreement,
)
from unbroken.transfers.commands.custody import CustodyTaken, TakeCustody, take_custody
from unbroken.transfers.queries.agreements import AgreementView, agreement_list, find_agreement
from unbroken.transfers.rules.words import AgreementKind, SignatoryRole
from unbroken.web.api.answers import JSON, changed, made, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import (
    CHANGES,
    MAKES,
    Body,
    Count,
    Day,
    Flag,
    Name,
    PlanName,
    Text,
    plan_of,
    require_detail,
)
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader, Roles, access

router = APIRouter(tags=["agreements"])
Keeper = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
Custodian = Annotated[Visit, access(Roles(Role.COUNTRY_TEAM, Role.CO_CHAIR))]
AGREEMENT = TypeAdapter(AgreementView)
AGREEMENTS = TypeAdapter(Listing[AgreementView])
CUSTODY = TypeAdapter(CustodyTaken)
Counts = Annotated[
    dict[SignatoryRole, Count], Field(default_factory=dict, examples=[{"government": 1}])
]


class NewAgreement(Body):
    """An agreement and how many have signed in each role; never the names of parties."""

    kind: AgreementKind
    title: Annotated[str, Field(max_length=160, examples=["Handover protocol, 2014"])]
    names_mission: Flag
    known_on: Day
    source: Text
    valid_until_on: Day | None = None
    signatories: Counts
    capacities: Annotated[list[UUID], Field(default_factory=list, max_length=1000)]


class Linked(Body):
    """Capacities that rest on the agreement as well."""

    capacities: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class Renewal(Body):
    """What changed in an agreement; what is left out stays."""

    successor: Name | None = None
    successor_signed_on: Day | None = None
    valid_until_on: Day | None = None
    renewed: Counts


@router.get("/plans/{plan}/agreements", response_model=Listing[AgreementView])
def agreements(visit: Reader, plan: PlanName) -> Response:
    """List the agreements of a plan. Donors do not see them."""
    view = plan_of(visit, plan)
    require_detail(visit, view)
    with visit.sessions.reading() as session:
        found = agreement_list(session, view.uid, actor=visit.actor)
    return listing(AGREEMENTS, list(found), link=None)


@router.get("/agreements/{agreement_uid}", response_model=AgreementView)
def one(request: Request, visit: Reader, agreement_uid: UUID) -> Response:
    """Show an agreement. Donors do not see it."""
    view = _view(visit, agreement_uid)
    return shown(request, AGREEMENT, view, uid=view.uid, version=view.version)


@router.post(
    "/plans/{plan}/agreements",
    status_code=201,
    response_model=AgreementView,
    openapi_extra=MAKES,
)
def add(visit: Keeper, plan: PlanName, body: NewAgreement) -> Response:
    """Add an agreement; signatures over capacities that rest on it no longer fit."""

    def act() -> Response:
        given = {**dict(body), "capacities": tuple(body.capacities)}
        order = AddAgreement(plan=plan, **given)
        added = add_agreement(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _view(visit, added.agreement_uid)
        path = f"/api/v1/agreements/{view.uid}"
        return made(AGREEMENT, view, uid=view.uid, version=view.version, path=path)

    return once(visit, act)


@router.post(
    "/agreements/{agreement_uid}/capacities", response_model=AgreementView, openapi_extra=CHANGES
)
def link(request: Request, visit: Keeper, agreement_uid: UUID, body: Linked) -> Response:
    """Let more capacities rest on an agreement."""
    seen = version_from_if_match(request, agreement_uid)

    def act() -> Response:
        order = LinkAgreement(
            agreement_uid=agreement_uid, capacities=tuple(body.capacities), version_seen=seen
        )
        link_agreement(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, agreement_uid)

    return once(visit, act)


@router.patch("/agreements/{agreement_uid}", response_model=AgreementView, openapi_extra=CHANGES)
def renew(request: Request, visit: Keeper, agreement_uid: UUID, body: Renewal) -> Response:
    """Name a successor, its signature, a new end, or more signatories who have renewed."""
    seen = version_from_if_match(request, agreement_uid)

    def act() -> Response:
        order = RenewAgreement(agreement_uid=agreement_uid, version_seen=seen, **dict(body))
        renew_agreement(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, agreement_uid)

    return once(visit, act)


@router.post(
    "/plans/{plan}/custody", status_code=201, response_model=CustodyTaken, openapi_extra=CHANGES
)
def take(request: Request, visit: Custodian, plan: PlanName) -> Response:
    """Let the caller's own organisation hold the plan; If-Match is the plan's ETag."""
    seen = version_from_if_match(request, plan_of(visit, plan).uid)

    def act() -> Response:
        order = TakeCustody(plan, seen)
        taken = take_custody(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return Response(CUSTODY.dump_json(taken), status_code=201, media_type=JSON)

    return once(visit, act)


def _view(visit: Visit, uid: UUID) -> AgreementView:
    with visit.sessions.reading() as session:
        plan_uid, view = find_agreement(session, uid, actor=visit.actor)
        plan = find_plan(session, plan_uid, sight=visit.sight)
    require_detail(visit, plan)
    return view


def _changed(visit: Visit, uid: UUID) -> Response:
    view = _view(visit, uid)
    return changed(AGREEMENT, view, uid=view.uid, version=view.version)

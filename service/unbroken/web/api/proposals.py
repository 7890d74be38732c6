"""``/proposals``: what phone forms propose to the caller's organisation; accepted or refused."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.people.rules import Role
from unbroken.sources.ports import Validation
from unbroken.transfers.commands.deciding import (
    Acceptance,
    Refusal,
    accept_proposal,
    refuse_proposal,
)
from unbroken.transfers.queries.proposals import ProposalView, open_proposals, proposal_view
from unbroken.transfers.rules.proposals import Answer, AnsweringRole, ProposalState
from unbroken.transfers.rules.words import Act
from unbroken.web.api.answers import changed, once, shown
from unbroken.web.api.conditional import etag_of, version_from_if_match
from unbroken.web.api.inputs import CHANGES, Body, Name, PlanName, cursor_uid, plan_of
from unbroken.web.api.item_workbooks import BINARY
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.api.receipts import Reason
from unbroken.web.dependencies import Visit
from unbroken.web.item_workbook_files import XLSX, media_of
from unbroken.web.phone_form_files import sent_form
from unbroken.web.security import Roles, access
from unbroken.workbooks.phone_forms import Flavour

router = APIRouter(tags=["proposals"])
Answering = Annotated[Visit, access(Roles(Role.COUNTRY_TEAM))]
Maker = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
FORM: dict[int | str, dict[str, object]] = {
    200: {"description": "The form as an XLSForm", "content": {media_of(XLSX): BINARY}}
}


class ProposalItem(TypedDict):
    """One proposal; nothing is signed by it.

    ``act`` is what would be signed, ``validation`` what the reviewers of the form said,
    ``offer_changed`` that the form showed another content than what is offered now. ``after`` is
    what was decided about an earlier content of the same submission. ``etag`` goes back as
    ``If-Match``.
    """

    uid: UUID
    version: int
    etag: str
    plan: str
    capacity: UUID
    function: str
    area: str
    system: str
    answer: Answer
    act: Act
    quantity: int | None
    parts: list[str]
    until_on: date | None
    reason: str
    reason_left_out: bool
    role: AnsweringRole | None
    form_version: str
    validation: Validation
    state: ProposalState
    submitted_at: datetime | None
    received_at: datetime
    edited_at: datetime | None
    offer_changed: bool
    after: ProposalState | None
    receipt: UUID | None
    may_accept: bool
    may_refuse: bool


class AcceptBody(Body):
    """The caller's own reason; left out, the one that the phone gave."""

    reason: Reason = ""


class RefuseBody(Body):
    """Why the proposal is refused."""

    reason: Annotated[str, Field(min_length=1, max_length=280)]


PROPOSAL = TypeAdapter(ProposalItem)
PROPOSALS = TypeAdapter(Listing[ProposalItem])


@router.get("/proposals", response_model=Listing[ProposalItem])
def proposals(
    request: Request,
    visit: Answering,
    pages: Pages,
    plan: Annotated[Name | None, Query(description="Slug or UUID of a plan.")] = None,
) -> Response:
    """List what waits for the caller's organisation to accept or refuse, the oldest first."""
    after = pages.after(str)
    wanted = None if plan is None else plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        found = open_proposals(
            session,
            actor=visit.actor,
            on=visit.today,
            plan=wanted,
            after=None if after is None else cursor_uid(after[0]),
            limit=pages.limit,
        )
    link = next_link(request, pages, str(found.after)) if found.after else None
    return listing(PROPOSALS, [_item(each) for each in found.items], link=link)


@router.get("/proposals/{proposal_uid}", response_model=ProposalItem)
def proposal(request: Request, visit: Answering, proposal_uid: UUID) -> Response:
    """Return one proposal to the caller's organisation."""
    item = _item(_view(visit, proposal_uid))
    return shown(request, PROPOSAL, item, uid=proposal_uid, version=item["version"])


@router.post(
    "/proposals/{proposal_uid}/acceptance", response_model=ProposalItem, openapi_extra=CHANGES
)
def accept(request: Request, visit: Answering, proposal_uid: UUID, body: AcceptBody) -> Response:
    """Sign what was proposed as the caller's own act; the receipt stands with the capacity."""
    seen = version_from_if_match(request, proposal_uid)

    def act() -> Response:
        order = Acceptance(proposal_uid=proposal_uid, version_seen=seen, reason=body.reason)
        accept_proposal(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, proposal_uid)

    return once(visit, act)


@router.post(
    "/proposals/{proposal_uid}/refusal", response_model=ProposalItem, openapi_extra=CHANGES
)
def refuse(request: Request, visit: Answering, proposal_uid: UUID, body: RefuseBody) -> Response:
    """Refuse what was proposed; the offer stays open."""
    seen = version_from_if_match(request, proposal_uid)

    def act() -> Response:
        order = Refusal(proposal_uid=proposal_uid, version_seen=seen, reason=body.reason)
        refuse_proposal(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, proposal_uid)

    return once(visit, act)


@router.get("/plans/{plan}/phone-form.xlsx", response_class=Response, responses=FORM)
def form(
    visit: Maker,
    plan: PlanName,
    system: Annotated[Flavour, Query(description="For which system.")] = Flavour.KOBO,
) -> Response:
    """Take the open offers of a plan out as a phone form (XLSForm), in every language.

    Restricted functions are never in it; the header ``X-Left-Out`` says how many offers it lacks.
    """
    return sent_form(visit, plan_of(visit, plan).slug, system)


def _view(visit: Visit, uid: UUID) -> ProposalView:
    with visit.sessions.reading() as session:
        return proposal_view(session, uid, actor=visit.actor, on=visit.today)


def _changed(visit: Visit, uid: UUID) -> Response:
    item = _item(_view(visit, uid))
    return changed(PROPOSAL, item, uid=uid, version=item["version"])


def _item(view: ProposalView) -> ProposalItem:
    return {
        "uid": view.uid,
        "version": view.version,
        "etag": etag_of(view.uid, view.version),
        "plan": view.capacity.plan_slug,
        "capacity": view.capacity.uid,
        "function": view.capacity.function_code,
        "area": view.capacity.area_slug,
        "system": view.system,
        "answer": view.answer,
        "act": view.act,
        "quantity": view.quantity,
        "parts": list(view.parts),
        "until_on": view.until_on,
        "reason": view.reason,
        "reason_left_out": view.reason_left_out,
        "role": view.role,
        "form_version": view.form_version,
        "validation": view.validation,
        "state": view.state,
        "submitted_at": view.submitted_at,
        "received_at": view.received_at,
        "edited_at": view.edited_at,
        "offer_changed": view.offer_changed,
        "after": view.after,
        "receipt": view.receipt_uid,
        "may_accept": view.may_accept,
        "may_refuse": view.may_refuse,
    }

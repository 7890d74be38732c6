"""``/capacities``: one dimension of a transfer each, and what the caller may do about it now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.functions.rules import Dimension
from unbroken.people.rules import Role
from unbroken.transfers.commands.changing import (
    StateFunding,
    StateQuantity,
    state_funding,
    state_quantity,
)
from unbroken.transfers.queries import (
    CapacityDetail,
    CapacityEntry,
    CapacityFilter,
    capacity_list,
    capacity_view,
)
from unbroken.transfers.queries.acting import acts_open
from unbroken.transfers.rules.cover import Cover
from unbroken.transfers.rules.words import Act, CapacityState
from unbroken.web.api.answers import changed, once, shown
from unbroken.web.api.conditional import etag_of, version_from_if_match
from unbroken.web.api.inputs import CHANGES, Body, Code, Count, Day, Name, cursor_uid, plan_of
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader, Roles, access

router = APIRouter(prefix="/capacities", tags=["capacities"])
Signatory = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
Wanted = Annotated[Name | None, Query(description="Slug or UUID.")]


class CapacityItem(TypedDict):
    """One capacity.

    ``standing`` is the state that counts, ``state`` the recorded one: a signature that no longer
    fits counts as offered. ``may`` are the acts open to the caller now; ``etag`` goes back as
    ``If-Match``. Plan, area, giver and receiver are slugs.
    """

    uid: UUID
    version: int
    etag: str
    content_hash: str
    plan: str
    transfer: UUID
    function: str
    tier: int
    area: str
    area_name: str
    dimension: Dimension
    state: CapacityState
    standing: CapacityState
    cover: Cover
    quantity: int | None
    unit: str | None
    parts: list[str]
    giver: str
    receiver: str
    receiver_name: str
    from_on: date | None
    until_on: date | None
    cost_per_year: Decimal | None
    cost_currency: str
    funded_until_on: date | None
    answer_by: date | None
    fits: bool
    waits_for: Act | None
    is_rest: bool
    bridged_until_on: date | None
    illustrative: bool
    may: list[Act]


class QuantityBody(Body):
    """How much the giver has of a counted capacity."""

    quantity: Annotated[Count, Field(examples=[4])]


class FundingBody(Body):
    """Until which day, included, the receiver says it is funded; null takes that back."""

    funded_until_on: Day | None


CAPACITY = TypeAdapter(CapacityDetail)
CAPACITIES = TypeAdapter(Listing[CapacityItem])


def wanted(
    plan: Wanted = None,
    area: Wanted = None,
    receiver: Wanted = None,
    function: Annotated[Code | None, Query()] = None,
    state: CapacityState | None = None,
    dimension: Dimension | None = None,
) -> CapacityFilter:
    """Return which capacities a request asks for."""
    return CapacityFilter(
        plan=plan,
        area=area,
        receiver=receiver,
        function=function,
        state=state,
        dimension=dimension,
    )


@router.get("", response_model=Listing[CapacityItem])
def capacities(
    request: Request,
    visit: Reader,
    pages: Pages,
    narrowed: Annotated[CapacityFilter, Depends(wanted)],
) -> Response:
    """List capacities as they were made, with what the caller may do about each now.

    Donors see none of restricted functions.
    """
    after = pages.after(str)
    if narrowed.plan is not None:
        narrowed = replace(narrowed, plan=plan_of(visit, str(narrowed.plan)).uid)
    with visit.sessions.reading() as session:
        found = capacity_list(
            session,
            narrowed,
            actor=visit.actor,
            on=visit.today,
            after=None if after is None else cursor_uid(after[0]),
            limit=pages.limit,
        )
        uids = [entry.uid for entry in found.items]
        acts = acts_open(session, uids, actor=visit.actor, on=visit.today)
    items = [item_of(entry, acts[entry.uid]) for entry in found.items]
    link = next_link(request, pages, str(found.after)) if found.after else None
    return listing(CAPACITIES, items, link=link)


@router.get("/{capacity_uid}", response_model=CapacityDetail)
def one(request: Request, visit: Reader, capacity_uid: UUID) -> Response:
    """Show a capacity in full: checklist, agreements, receipts, and what came of the same offer."""
    view = view_of(visit, capacity_uid)
    return shown(request, CAPACITY, view, uid=view.entry.uid, version=view.entry.version)


@router.put("/{capacity_uid}/quantity", response_model=CapacityDetail, openapi_extra=CHANGES)
def quantity(
    request: Request, visit: Signatory, capacity_uid: UUID, body: QuantityBody
) -> Response:
    """State how much there is, for the giver; a signature over another quantity no longer fits."""
    seen = version_from_if_match(request, capacity_uid)

    def act() -> Response:
        order = StateQuantity(capacity_uid=capacity_uid, quantity=body.quantity, version_seen=seen)
        state_quantity(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, capacity_uid)

    return once(visit, act)


@router.put("/{capacity_uid}/funding", response_model=CapacityDetail, openapi_extra=CHANGES)
def funding(request: Request, visit: Signatory, capacity_uid: UUID, body: FundingBody) -> Response:
    """State until when the receiver is funded: its own claim, outside of what is signed."""
    seen = version_from_if_match(request, capacity_uid)

    def act() -> Response:
        order = StateFunding(
            capacity_uid=capacity_uid, funded_until_on=body.funded_until_on, version_seen=seen
        )
        state_funding(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, capacity_uid)

    return once(visit, act)


def view_of(visit: Visit, uid: UUID) -> CapacityDetail:
    """Return one capacity in full, as the visitor sees it today."""
    with visit.sessions.reading() as session:
        return capacity_view(session, uid, actor=visit.actor, on=visit.today)


def item_of(entry: CapacityEntry, acts: Sequence[Act]) -> CapacityItem:
    """Return one capacity as lists show it, with the acts open to the caller."""
    return {
        "uid": entry.uid,
        "version": entry.version,
        "etag": etag_of(entry.uid, entry.version),
        "content_hash": entry.content_hash,
        "plan": entry.plan_slug,
        "transfer": entry.transfer_uid,
        "function": entry.function_code,
        "tier": entry.tier,
        "area": entry.area_slug,
        "area_name": entry.area_name,
        "dimension": entry.dimension,
        "state": entry.state,
        "standing": entry.standing,
        "cover": entry.cover,
        "quantity": entry.quantity,
        "unit": entry.unit,
        "parts": list(entry.parts),
        "giver": entry.giver_slug,
        "receiver": entry.receiver_slug,
        "receiver_name": entry.receiver_name,
        "from_on": entry.from_on,
        "until_on": entry.until_on,
        "cost_per_year": entry.cost_per_year,
        "cost_currency": entry.cost_currency,
        "funded_until_on": entry.funded_until_on,
        "answer_by": entry.answer_by,
        "fits": entry.fits,
        "waits_for": entry.waits_for,
        "is_rest": entry.is_rest,
        "bridged_until_on": entry.bridged_until_on,
        "illustrative": entry.illustrative,
        "may": list(acts),
    }


def _changed(visit: Visit, uid: UUID) -> Response:
    view = view_of(visit, uid)
    return changed(CAPACITY, view, uid=view.entry.uid, version=view.entry.version)

"""``/transfers``: the passing of one function in one area to one receiver."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.functions.rules import Dimension
from unbroken.people.rules import Role
from unbroken.transfers.commands.changing import (
    ChooseLead,
    EditTransfer,
    choose_lead,
    edit_transfer,
)
from unbroken.transfers.commands.naming import NameReceiver, name_receiver
from unbroken.transfers.queries import TransferView, transfer_view
from unbroken.transfers.queries.registers import TransferEntry, transfer_list
from unbroken.transfers.rules.words import TransferKind
from unbroken.web.api.answers import changed, made, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import (
    CHANGES,
    MAKES,
    Body,
    Count,
    Day,
    Flag,
    Name,
    here,
    plan_of,
)
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader, Roles, access

router = APIRouter(prefix="/transfers", tags=["transfers"])
Giver = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM))]
TRANSFER = TypeAdapter(TransferView)
TRANSFERS = TypeAdapter(Listing[TransferEntry])


class NewTransfer(Body):
    """Who takes over one function in one area; ``quantities`` are the giver's, by dimension.

    ``function_area_uid`` is one of the plan's list of functions; no ``dimensions`` are all that
    apply.
    """

    plan: Name
    function_area_uid: UUID
    receiver: Name
    giver: Name
    kind: TransferKind = TransferKind.TRANSFER
    is_lead: Flag = True
    starts_on: Day | None = None
    ends_on: Day | None = None
    scope_note: Annotated[str, Field(max_length=280)] = ""
    dimensions: Annotated[list[Dimension], Field(default_factory=list, max_length=8)]
    quantities: Annotated[
        dict[Dimension, Count], Field(default_factory=dict, examples=[{"posts": 4}])
    ]
    passed_on_from_uid: UUID | None = None
    illustrative: Flag = False


class TransferBody(Body):
    """Scope and days as they shall be; all three are written."""

    scope_note: Annotated[str, Field(max_length=280)]
    starts_on: Day | None
    ends_on: Day | None


@router.get("", response_model=Listing[TransferEntry])
def transfers(
    request: Request,
    visit: Reader,
    pages: Pages,
    plan: Annotated[Name | None, Query(description="Slug or UUID of a plan.")] = None,
) -> Response:
    """List transfers as they were made; donors see none of restricted functions."""
    after = pages.after(int)
    uid = None if plan is None else plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        found = transfer_list(
            session,
            actor=visit.actor,
            plan=uid,
            after=0 if after is None else int(after[0] or 0),
            limit=pages.limit + 1,
        )
    rows = found[: pages.limit]
    link = next_link(request, pages, rows[-1][0]) if len(found) > pages.limit else None
    return listing(TRANSFERS, [entry for _key, entry in rows], link=link)


@router.get("/{transfer_uid}", response_model=TransferView)
def one(request: Request, visit: Reader, transfer_uid: UUID) -> Response:
    """Show a transfer, its capacities, and whether its function is whole there."""
    view = _view(visit, transfer_uid)
    return shown(request, TRANSFER, view, uid=view.uid, version=view.version)


@router.post("", status_code=201, response_model=TransferView, openapi_extra=MAKES)
def name(request: Request, visit: Giver, body: NewTransfer) -> Response:
    """Name a receiver: makes the transfer with its capacities and checklist; offers nothing."""

    def act() -> Response:
        order = NameReceiver(**{**dict(body), "dimensions": frozenset(body.dimensions)})
        named = name_receiver(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _view(visit, named.transfer_uid)
        path = here(request, view.uid)
        return made(TRANSFER, view, uid=view.uid, version=view.version, path=path)

    return once(visit, act)


@router.put("/{transfer_uid}", response_model=TransferView, openapi_extra=CHANGES)
def edit(request: Request, visit: Giver, transfer_uid: UUID, body: TransferBody) -> Response:
    """Change scope and days; signatures over its capacities no longer fit."""
    seen = version_from_if_match(request, transfer_uid)

    def act() -> Response:
        order = EditTransfer(transfer_uid=transfer_uid, version_seen=seen, **dict(body))
        edit_transfer(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, transfer_uid)

    return once(visit, act)


@router.post("/{transfer_uid}/lead", response_model=TransferView, openapi_extra=CHANGES)
def lead(request: Request, visit: Giver, transfer_uid: UUID) -> Response:
    """Let this receiver lead where several share a function."""
    seen = version_from_if_match(request, transfer_uid)

    def act() -> Response:
        order = ChooseLead(transfer_uid=transfer_uid, version_seen=seen)
        choose_lead(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return _changed(visit, transfer_uid)

    return once(visit, act)


def _view(visit: Visit, uid: UUID) -> TransferView:
    with visit.sessions.reading() as session:
        return transfer_view(session, uid, actor=visit.actor, on=visit.today)


def _changed(visit: Visit, uid: UUID) -> Response:
    view = _view(visit, uid)
    return changed(TRANSFER, view, uid=view.uid, version=view.version)

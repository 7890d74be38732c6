"""``/items``: the lines of checklists, done with a reference to evidence, never with a file."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.functions.rules import Dimension
from unbroken.people.rules import Role
from unbroken.transfers.commands.asides import AnswerAside, agree_aside, refuse_aside
from unbroken.transfers.commands.item_changes import ChangeItems, change_items
from unbroken.transfers.commands.items import (
    CompleteItem,
    ReopenItem,
    SetItemAside,
    complete_item,
    reopen_item,
    set_item_aside,
)
from unbroken.transfers.queries.checklist_filters import View
from unbroken.transfers.queries.item_entries import ItemEntry, ItemFilter, find_item, item_list
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import ItemField
from unbroken.transfers.rules.surroundings import Evidence
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.web.api.answers import changed, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, Body, Code, Day, Name, plan_of
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader, Roles, access

router = APIRouter(prefix="/items", tags=["items"])
Worker = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
ITEM = TypeAdapter(ItemEntry)
ITEMS = TypeAdapter(Listing[ItemEntry])


class EvidenceBody(Body):
    """A reference to a document: what it is called, its day, and the role of who keeps it."""

    title: Annotated[str, Field(max_length=160, examples=["Handover note"])]
    dated_on: Day
    classification: Classification = Classification.RESTRICTED
    custodian: Annotated[str, Field(max_length=120, examples=["Archives unit"])] = ""
    until_on: Day | None = None


class Done(Body):
    """Since which day the line is done, and what shows it."""

    done_on: Day
    evidence: EvidenceBody | None = None


class ItemReason(Body):
    """Why, in a sentence."""

    reason: Annotated[str, Field(max_length=280, examples=["The list was incomplete."])]


class Assignment(Body):
    """Whose it is to do: an organisation, and one of its role mailboxes; null takes it away.

    A mailbox alone brings its organisation.
    """

    assigned_to: Annotated[Name | None, Field(examples=["unicef-mli"])]
    mailbox: Annotated[Name | None, Field(examples=["cp-unicef-mli"])] = None


def placed(
    area: Annotated[Name | None, Query(description="Slug of an area.")] = None,
    function: Annotated[Code | None, Query()] = None,
    capacity: Dimension | None = None,
    tier: Annotated[int | None, Query(ge=1, le=4)] = None,
) -> ItemFilter:
    """Return where the items are that a request asks for."""
    return ItemFilter(area=area, function=function, capacity=capacity, tier=tier)


def wanted(
    place: Annotated[ItemFilter, Depends(placed)],
    transfer: UUID | None = None,
    state: ItemState | None = None,
    view: Annotated[View | None, Query(description="A part of the checklist, as of today.")] = None,
) -> ItemFilter:
    """Return which items a request asks for, but for their plan."""
    return replace(place, transfer_uid=transfer, state=state, view=view)


@router.get("", response_model=Listing[ItemEntry])
def items(
    request: Request,
    visit: Reader,
    pages: Pages,
    asked: Annotated[ItemFilter, Depends(wanted)],
    plan: Annotated[Name | None, Query(description="Slug or UUID of a plan.")] = None,
) -> Response:
    """List checklist items as they were made; donors see none of restricted functions."""
    after = pages.after(int)
    uid = None if plan is None else plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        found = item_list(
            session,
            replace(asked, plan=uid),
            actor=visit.actor,
            on=visit.today,
            after=0 if after is None else int(after[0] or 0),
            limit=pages.limit + 1,
        )
    rows = found[: pages.limit]
    link = next_link(request, pages, rows[-1][0]) if len(found) > pages.limit else None
    return listing(ITEMS, [entry for _key, entry in rows], link=link)


@router.get("/{item_uid}", response_model=ItemEntry)
def one(request: Request, visit: Reader, item_uid: UUID) -> Response:
    """Show one line of a checklist."""
    view = _view(visit, item_uid)
    return shown(request, ITEM, view, uid=view.uid, version=view.version)


@router.post("/{item_uid}/complete", response_model=ItemEntry, openapi_extra=CHANGES)
def complete(request: Request, visit: Worker, item_uid: UUID, body: Done) -> Response:
    """Mark a line as done, with a reference to its evidence."""
    seen = version_from_if_match(request, item_uid)
    evidence = None if body.evidence is None else Evidence(**dict(body.evidence))
    order = CompleteItem(
        item_uid=item_uid, done_on=body.done_on, evidence=evidence, version_seen=seen
    )
    return _acted(visit, complete_item, order, item_uid)


@router.post("/{item_uid}/reopen", response_model=ItemEntry, openapi_extra=CHANGES)
def reopen(request: Request, visit: Worker, item_uid: UUID, body: ItemReason) -> Response:
    """Open a line again; its evidence goes, the trail keeps it."""
    seen = version_from_if_match(request, item_uid)
    order = ReopenItem(item_uid=item_uid, reason=body.reason, version_seen=seen)
    return _acted(visit, reopen_item, order, item_uid)


@router.post("/{item_uid}/set-aside", response_model=ItemEntry, openapi_extra=CHANGES)
def set_aside(request: Request, visit: Worker, item_uid: UUID, body: ItemReason) -> Response:
    """Say that a line does not apply here; in the first two tiers that waits for a second hand."""
    seen = version_from_if_match(request, item_uid)
    order = SetItemAside(item_uid=item_uid, reason=body.reason, version_seen=seen)
    return _acted(visit, set_item_aside, order, item_uid)


@router.post("/{item_uid}/agree-aside", response_model=ItemEntry, openapi_extra=CHANGES)
def agree(request: Request, visit: Worker, item_uid: UUID) -> Response:
    """Agree, as the second hand, that a line does not apply here."""
    order = AnswerAside(item_uid=item_uid, version_seen=version_from_if_match(request, item_uid))
    return _acted(visit, agree_aside, order, item_uid)


@router.post("/{item_uid}/refuse-aside", response_model=ItemEntry, openapi_extra=CHANGES)
def refuse(request: Request, visit: Worker, item_uid: UUID) -> Response:
    """Say that a line does apply here, or take the question back."""
    order = AnswerAside(item_uid=item_uid, version_seen=version_from_if_match(request, item_uid))
    return _acted(visit, refuse_aside, order, item_uid)


@router.post("/{item_uid}/assign", response_model=ItemEntry, openapi_extra=CHANGES)
def assign(request: Request, visit: Worker, item_uid: UUID, body: Assignment) -> Response:
    """Assign a line to an organisation and a role mailbox, or to nobody."""
    seen = version_from_if_match(request, item_uid)
    given = {ItemField.ASSIGNED_TO: body.assigned_to, ItemField.MAILBOX: body.mailbox}
    change = ItemChange(item_uid=item_uid, changes=given, version_seen=seen)
    order = ChangeItems(plan=_view(visit, item_uid).plan, items=(change,))
    return _acted(visit, change_items, order, item_uid)


def _acted(visit: Visit, command: Callable[..., object], order: object, uid: UUID) -> Response:
    def act() -> Response:
        command(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _view(visit, uid)
        return changed(ITEM, view, uid=view.uid, version=view.version)

    return once(visit, act)


def _view(visit: Visit, uid: UUID) -> ItemEntry:
    with visit.sessions.reading() as session:
        return find_item(session, uid, actor=visit.actor)

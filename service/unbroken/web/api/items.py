"""``/items``: the lines of checklists, done with a reference to evidence, never with a file."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.people.rules import Role
from unbroken.transfers.commands.items import (
    CompleteItem,
    ItemChanged,
    ReopenItem,
    SetItemAside,
    complete_item,
    reopen_item,
    set_item_aside,
)
from unbroken.transfers.queries.registers import ItemEntry, ItemFilter, find_item, item_list
from unbroken.transfers.rules.surroundings import Evidence
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.web.api.answers import changed, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, Body, Day, Name, plan_of
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


@router.get("", response_model=Listing[ItemEntry])
def items(
    request: Request,
    visit: Reader,
    pages: Pages,
    plan: Annotated[Name | None, Query(description="Slug or UUID of a plan.")] = None,
    transfer: UUID | None = None,
    state: ItemState | None = None,
) -> Response:
    """List checklist items as they were made; donors see none of restricted functions."""
    after = pages.after(int)
    uid = None if plan is None else plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        found = item_list(
            session,
            ItemFilter(plan=uid, transfer_uid=transfer, state=state),
            actor=visit.actor,
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
    """Say that a line does not apply here."""
    seen = version_from_if_match(request, item_uid)
    order = SetItemAside(item_uid=item_uid, reason=body.reason, version_seen=seen)
    return _acted(visit, set_item_aside, order, item_uid)


def _acted(visit: Visit, command: Callable[..., ItemChanged], order: object, uid: UUID) -> Response:
    def act() -> Response:
        command(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _view(visit, uid)
        return changed(ITEM, view, uid=view.uid, version=view.version)

    return once(visit, act)


def _view(visit: Visit, uid: UUID) -> ItemEntry:
    with visit.sessions.reading() as session:
        return find_item(session, uid, actor=visit.actor)

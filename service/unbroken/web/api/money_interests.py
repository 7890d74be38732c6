"""``/money/interests``: what donors would pay for, and what they are answered."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.money.commands.interests import (
    AnswerInterest,
    RegisterInterest,
    WithdrawInterest,
    answer_interest,
    register_interest,
    withdraw_interest,
)
from unbroken.money.queries.interests import InterestView, interest_list, interest_view
from unbroken.money.rules.answering import InterestAnswer, InterestState
from unbroken.people.rules import Role
from unbroken.web.api.answers import changed, made, once, shown
from unbroken.web.api.conditional import etag_of, version_from_if_match
from unbroken.web.api.inputs import CHANGES, MAKES, Body, Code, Name, here
from unbroken.web.api.paging import Listing, Pages, listing, next_link
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader, Roles, access

router = APIRouter(prefix="/money/interests", tags=["money"])
Donor = Annotated[Visit, access(Roles(Role.DONOR))]
Answering = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM))]
AMOUNT = r"^[0-9]{1,13}(\.[0-9]{1,4})?$"
Amount = Annotated[str, Field(pattern=AMOUNT, examples=["250000.00"])]
Note = Annotated[str, Field(max_length=280, examples=["For two years, from July."])]


class InterestItem(TypedDict):
    """One interest of a donor in a function of a plan; amounts are decimals as text.

    ``amount`` is null where none is said. ``answer`` is null until somebody answers; who answered
    is not told. ``etag`` goes back as ``If-Match``.
    """

    uid: UUID
    version: int
    etag: str
    plan: str
    country: str
    function: str
    function_title: str
    donor: str
    amount: str | None
    currency: str
    note: str
    state: InterestState
    answer: InterestAnswer | None
    answer_note: str
    registered_at: datetime
    changed_at: datetime
    answered_at: datetime | None
    may_withdraw: bool
    may_answer: bool


class InterestBody(Body):
    """What the caller's organisation would pay for; an amount may be left out."""

    plan: Name
    function: Code
    amount: Amount | None = None
    currency: Annotated[str, Field(max_length=3, examples=["USD"])] = ""
    note: Note = ""


class AnswerBody(Body):
    """What the donor is answered; it reads the note and not whose it is."""

    answer: InterestAnswer
    note: Note = ""


INTEREST = TypeAdapter(InterestItem)
INTERESTS = TypeAdapter(Listing[InterestItem])


@router.get("", response_model=Listing[InterestItem])
def interests(
    request: Request,
    visit: Reader,
    pages: Pages,
    plan: Annotated[Name | None, Query(description="Slug or UUID of a plan.")] = None,
    state: Annotated[InterestState | None, Query(description="Where they stand.")] = None,
) -> Response:
    """List the interests that the caller may know of, the first registered first.

    Those are a donor's own, those meant for the caller's organisation, and, for planners and
    observers, all of their plans.
    """
    after = pages.after(int)
    with visit.sessions.reading() as session:
        found = interest_list(
            session,
            actor=visit.actor,
            plan=plan,
            state=state,
            after=0 if after is None else int(after[0] or 0),
            limit=pages.limit,
        )
    link = next_link(request, pages, found.after) if found.after else None
    return listing(INTERESTS, [_item(each) for each in found.items], link=link)


@router.post("", status_code=201, response_model=InterestItem, openapi_extra=MAKES)
def register(request: Request, visit: Donor, body: InterestBody) -> Response:
    """Register an interest; the receivers are told by mail and stay unknown to the donor.

    Registered again it says what is said now: there is one for each donor, plan and function.
    """

    def act() -> Response:
        order = RegisterInterest(
            plan=body.plan,
            function=body.function,
            amount=None if body.amount is None else Decimal(body.amount),
            currency=body.currency,
            note=body.note,
        )
        done = register_interest(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        item = _item(_one(visit, done.uid))
        path = here(request, done.uid)
        return made(INTEREST, item, uid=done.uid, version=item["version"], path=path)

    return once(visit, act)


@router.get("/{interest_uid}", response_model=InterestItem)
def interest(request: Request, visit: Reader, interest_uid: UUID) -> Response:
    """Return one interest."""
    item = _item(_one(visit, interest_uid))
    return shown(request, INTEREST, item, uid=interest_uid, version=item["version"])


@router.post("/{interest_uid}/withdraw", response_model=InterestItem, openapi_extra=CHANGES)
def withdraw(request: Request, visit: Donor, interest_uid: UUID) -> Response:
    """Withdraw an interest of the caller's organisation."""
    order = WithdrawInterest(interest_uid, version_from_if_match(request, interest_uid))

    def act() -> None:
        withdraw_interest(visit.sessions, order, actor=visit.actor, clock=visit.clock)

    return _acted(visit, interest_uid, act)


@router.post("/{interest_uid}/answer", response_model=InterestItem, openapi_extra=CHANGES)
def answer(request: Request, visit: Answering, interest_uid: UUID, body: AnswerBody) -> Response:
    """Answer a donor, as a planner of the plan or as one of the receivers meant."""
    seen = version_from_if_match(request, interest_uid)
    order = AnswerInterest(interest_uid, seen, body.answer, body.note)

    def act() -> None:
        answer_interest(visit.sessions, order, actor=visit.actor, clock=visit.clock)

    return _acted(visit, interest_uid, act)


def _acted(visit: Visit, uid: UUID, act: Callable[[], None]) -> Response:
    def done() -> Response:
        act()
        item = _item(_one(visit, uid))
        return changed(INTEREST, item, uid=uid, version=item["version"])

    return once(visit, done)


def _one(visit: Visit, uid: UUID) -> InterestView:
    with visit.sessions.reading() as session:
        return interest_view(session, uid, actor=visit.actor)


def _item(view: InterestView) -> InterestItem:
    return {
        "uid": view.uid,
        "version": view.version,
        "etag": etag_of(view.uid, view.version),
        "plan": view.plan,
        "country": view.country,
        "function": view.function,
        "function_title": view.function_title,
        "donor": view.donor,
        "amount": None if view.amount is None else f"{view.amount:f}",
        "currency": view.currency,
        "note": view.note,
        "state": view.state,
        "answer": view.answer,
        "answer_note": view.answer_note,
        "registered_at": view.registered_at,
        "changed_at": view.changed_at,
        "answered_at": view.answered_at,
        "may_withdraw": view.may_withdraw,
        "may_answer": view.may_answer,
    }

"""Interests of donors: registered in a form, listed for who may know, answered or withdrawn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.errors import Invalid, Problem, Refused
from unbroken.kit.languages import gettext as _
from unbroken.money.commands.interests import (
    AnswerInterest,
    RegisterInterest,
    WithdrawInterest,
    answer_interest,
    register_interest,
    withdraw_interest,
)
from unbroken.money.queries.interests import InterestView, interest_list, interest_view
from unbroken.money.rules.answering import InterestAnswer
from unbroken.people.rules import Role
from unbroken.plans.models import PlanState
from unbroken.plans.queries import PlanView, find_plan, plan_list
from unbroken.plans.queries.timetables import titles_of
from unbroken.web.act_forms import Short, Text
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Reader, Roles, access

router = APIRouter()
Donor = Annotated[Visit, access(Roles(Role.DONOR))]
Answering = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM))]
Name = Annotated[str, Query(max_length=120)]
Options = tuple[tuple[str, str], ...]
AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,4})?")
SPACES = re.compile(r"[\s\u00a0\u202f]")
SHOWN = 50
MOST_PLANS = 200
NEW = "/money/interests/new"


@dataclass(frozen=True, slots=True)
class InterestsPage(Page):
    """Interests in the order in which they were registered; ``plan`` where they are of one."""

    template: ClassVar[str] = "money/interests.html"

    interests: tuple[InterestView, ...]
    plan: PlanView | None
    may_register: bool
    next: str
    texts: CatalogueTexts


@dataclass(frozen=True, slots=True)
class NewInterestPage(Page):
    """The form; without a ``plan`` only the question which one."""

    template: ClassVar[str] = "money/interest_new.html"

    plan: PlanView | None
    function: str
    plans: Options
    functions: Options
    texts: CatalogueTexts
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class InterestPage(Page):
    """One interest, and what the reader may do with it."""

    template: ClassVar[str] = "money/interest.html"

    interest: InterestView
    texts: CatalogueTexts
    answers: tuple[str, ...] = tuple(InterestAnswer)
    form: Form = field(default_factory=Form)


class InterestInput(BaseModel):
    """What the form of a new interest sends."""

    plan: Short = ""
    function: Short = ""
    amount: Short = ""
    currency: Short = ""
    note: Text = ""

    def order(self) -> RegisterInterest:
        """Return the order.

        Raises:
            Invalid: the amount cannot be read.
        """
        typed = SPACES.sub("", self.amount)
        if typed and not AMOUNT.fullmatch(typed):
            remedy = _("Write digits, with a point for decimals: 250000.50")
            raise Invalid(problems=[Problem("amount", _("is no amount"), remedy)])
        return RegisterInterest(
            plan=self.plan,
            function=self.function,
            amount=Decimal(typed) if typed else None,
            currency=self.currency.strip().upper(),
            note=self.note,
        )


class AnswerInput(BaseModel):
    """What the form of an answer sends."""

    version: int
    answer: InterestAnswer
    note: Text = ""


@router.get("/money/interests")
def interests_page(visit: Reader, after: Annotated[int, Query(ge=0)] = 0) -> Response:
    """Return every interest that the reader may know of."""
    return page(visit, _listed(visit, None, after))


@router.get("/plans/{slug}/interests")
def plan_interests_page(
    visit: Reader, slug: str, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Return the interests in functions of one plan that the reader may know of."""
    return page(visit, _listed(visit, slug, after))


@router.get(NEW)
def new_interest_page(visit: Donor, plan: Name = "", function: Name = "") -> Response:
    """Return the form in which a donor says what it would pay for."""
    return page(visit, _new(visit, plan, function))


@router.post(NEW)
def register_here(visit: Donor, filled: Annotated[InterestInput, FormField()]) -> Response:
    """Register an interest and show it, or show the form again with what was refused."""
    try:
        made = register_interest(
            visit.sessions, filled.order(), actor=visit.actor, clock=visit.clock
        )
    except Refused as refusal:
        form = refused_form(refusal, filled.model_dump(), reader=visit.reader)
        shown = _new(visit, filled.plan, filled.function, form)
        return page(visit, shown, status=refusal.status)
    said = _("Registered. Those who would receive the money are written to.")
    return see_other(visit, f"/money/interests/{made.uid}", notice=said)


@router.get("/money/interests/{uid}")
def interest_page(visit: Reader, uid: UUID) -> Response:
    """Return one interest with what the reader may do."""
    return page(visit, _one(visit, uid))


@router.post("/money/interests/{uid}/withdraw")
def withdraw_here(visit: Donor, uid: UUID, version: Annotated[int, FormField()]) -> Response:
    """Withdraw an interest of the reader's organisation."""
    order = WithdrawInterest(uid, version)
    withdraw_interest(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    return see_other(visit, f"/money/interests/{uid}", notice=_("The interest is withdrawn."))


@router.post("/money/interests/{uid}/answer")
def answer_here(
    visit: Answering, uid: UUID, filled: Annotated[AnswerInput, FormField()]
) -> Response:
    """Answer a donor, or show the form again with what was refused."""
    order = AnswerInterest(uid, filled.version, filled.answer, filled.note)
    try:
        answer_interest(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    except Invalid as refusal:
        values = {"answer": filled.answer.value, "note": filled.note}
        form = refused_form(refusal, values, reader=visit.reader)
        return page(visit, _one(visit, uid, form), status=refusal.status)
    said = _("The donor is answered. It reads the answer and not whose it is.")
    return see_other(visit, f"/money/interests/{uid}", notice=said)


def _listed(visit: Visit, slug: str | None, after: int) -> InterestsPage:
    with visit.sessions.reading() as session:
        plan = None if slug is None else find_plan(session, slug, sight=visit.sight)
        found = interest_list(session, actor=visit.actor, plan=slug, after=after, limit=SHOWN)
        texts = _texts(session, visit, found.items)
    path = visit.request.url.path
    return InterestsPage(
        interests=found.items,
        plan=plan,
        may_register=visit.is_signed_in and visit.actor.has(Role.DONOR),
        next=f"{path}?after={found.after}" if found.after else "",
        texts=texts,
    )


def _one(visit: Visit, uid: UUID, form: Form | None = None) -> InterestPage:
    with visit.sessions.reading() as session:
        found = interest_view(session, uid, actor=visit.actor)
        return InterestPage(found, _texts(session, visit, [found]), form=form or Form())


def _texts(session: Session, visit: Visit, found: Sequence[InterestView]) -> CatalogueTexts:
    return texts_for(session, visit, [each.function_title for each in found])


def _new(visit: Visit, slug: str, function: str, form: Form | None = None) -> NewInterestPage:
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight) if slug else None
        listed = plan_list(session, sight=visit.sight, state=PlanState.OPEN, limit=MOST_PLANS)
        titles = {} if plan is None else titles_of(session, plan.edition)
        texts = texts_for(session, visit, titles.values())
    return NewInterestPage(
        plan=plan,
        function=function,
        plans=tuple((each.slug, each.title) for each in listed),
        functions=tuple((code, texts.plain(titles[code])) for code in sorted(titles)),
        texts=texts,
        form=form or Form(),
    )

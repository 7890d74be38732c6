"""What phone forms propose to the reader's organisation: in the inbox, and one in full."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.errors import Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.commands.deciding import (
    Acceptance,
    Refusal,
    accept_proposal,
    refuse_proposal,
)
from unbroken.transfers.queries import CapacityDetail, capacity_view
from unbroken.transfers.queries.proposals import (
    ProposalView,
    Shown,
    open_proposals,
    proposal_view,
    shown_in_form,
)
from unbroken.transfers.rules.proposals import REASONED
from unbroken.web.act_forms import Short
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.proposal_words import ANSWER_WORDS, ROLE_WORDS
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Roles, access

router = APIRouter()
Answering = Annotated[Visit, access(Roles(Role.COUNTRY_TEAM))]
MOST = 25


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal in the inbox; ``title`` is the function's in English."""

    proposal: ProposalView
    title: str
    answer: str


@dataclass(frozen=True, slots=True)
class ProposalPage(Page):
    """One proposal, what the form showed, what is offered now, and the decision.

    ``title`` and ``parts`` are English, as they would be signed. ``shown`` is what the form showed,
    where a receipt of then still tells it. ``needs_reason``: what is signed says why.
    """

    template: ClassVar[str] = "transfers/proposal.html"

    proposal: ProposalView
    plan: PlanView
    title: str
    answer: str
    role: str
    taken: tuple[str, ...]
    offered: tuple[str, ...]
    shown: Shown | None
    needs_reason: bool
    texts: CatalogueTexts
    form: Form = field(default_factory=Form)
    key: str = field(default_factory=fresh_key)


class Decided(BaseModel):
    """What a form of this page sends."""

    key: Short = ""
    version: int
    reason: Annotated[str, FormField(max_length=2000)] = ""


@router.get("/proposals/{uid}")
def proposal_page(visit: Answering, uid: UUID) -> Response:
    """Return one proposal with what can be decided about it."""
    return page(visit, _page(visit, uid))


@router.post("/proposals/{uid}/accept")
def accept(visit: Answering, uid: UUID, filled: Annotated[Decided, FormField()]) -> Response:
    """Sign what was proposed, and show the receipt."""

    def act() -> Response:
        order = Acceptance(proposal_uid=uid, version_seen=filled.version, reason=filled.reason)
        signed = accept_proposal(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        said = WAITS if signed.waits else SIGNED
        return see_other(visit, f"/capacities/{signed.capacity_uid}#receipts", notice=said)

    return _once(visit, uid, filled, act)


@router.post("/proposals/{uid}/refuse")
def refuse(visit: Answering, uid: UUID, filled: Annotated[Decided, FormField()]) -> Response:
    """Refuse what was proposed and go back to the inbox."""

    def act() -> Response:
        order = Refusal(proposal_uid=uid, version_seen=filled.version, reason=filled.reason)
        refuse_proposal(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return see_other(visit, "/inbox", notice=REFUSED)

    return _once(visit, uid, filled, act)


def lines_of(
    session: Session, visit: Visit, titles: dict[str, str] | None = None
) -> tuple[ProposalLine, ...]:
    """Return what waits for the reader's organisation to accept or refuse; the oldest first."""
    found = open_proposals(session, actor=visit.actor, on=visit.today, limit=MOST).items
    known = dict(titles or {})
    for slug in {each.capacity.plan_slug for each in found}:
        plan = find_plan(session, slug, sight=visit.sight)
        known.update(titles_of(session, plan.edition))
    return tuple(
        ProposalLine(
            each,
            known.get(each.capacity.function_code, each.capacity.function_code),
            ANSWER_WORDS[each.answer],
        )
        for each in found
    )


def _once(visit: Visit, uid: UUID, filled: Decided, act: Callable[[], Response]) -> Response:
    try:
        return sent_once(visit, filled.key, filled.model_dump(mode="json"), act)
    except Refused as refusal:
        form = refused_form(refusal, {"reason": filled.reason}, reader=visit.reader)
        return page(visit, _page(visit, uid, form=form), status=refusal.status)


def _page(visit: Visit, uid: UUID, *, form: Form | None = None) -> ProposalPage:
    with visit.sessions.reading() as session:
        proposal = proposal_view(session, uid, actor=visit.actor, on=visit.today)
        capacity = proposal.capacity
        detail = capacity_view(session, capacity.uid, actor=visit.actor, on=visit.today)
        plan = find_plan(session, capacity.plan_slug, sight=visit.sight)
        titles = titles_of(session, detail.edition)
        title = titles.get(capacity.function_code, capacity.function_code)
        shown = shown_in_form(session, uid)
        texts = texts_for(session, visit, _english(detail, title, shown))
    return ProposalPage(
        proposal=proposal,
        plan=plan,
        title=title,
        answer=ANSWER_WORDS[proposal.answer],
        role=ROLE_WORDS[proposal.role] if proposal.role else "",
        taken=_titles(detail, proposal.parts),
        offered=_titles(detail, capacity.parts),
        shown=shown,
        needs_reason=proposal.answer in REASONED,
        texts=texts,
        form=form or Form(),
    )


def _titles(detail: CapacityDetail, keys: Sequence[str]) -> tuple[str, ...]:
    known = dict(detail.part_titles)
    return tuple(known.get(key, key) for key in keys)


def _english(detail: CapacityDetail, title: str, shown: Shown | None) -> Iterator[str]:
    yield from (title, detail.entry.unit or "")
    yield from (text for _key, text in detail.part_titles)
    yield from shown.part_titles if shown else ()


SIGNED = _("Signed. Your receipt is below; nobody can change it.")
WAITS = _("Signed. It holds once a second signature stands under it.")
REFUSED = _("Refused. The offer stays open; what the phone said is kept with your reason.")

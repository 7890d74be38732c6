"""The phone form of a plan: what is in it, what is left out, and the file for each system."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from starlette.responses import Response

from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.sources.ports import Silence
from unbroken.sources.queries import FormSourceView, form_sources
from unbroken.sources.silences import SILENCE_WORDS
from unbroken.transfers.queries.open_offers import LeftOut, open_offers
from unbroken.web.dependencies import Visit
from unbroken.web.phone_form_files import sent_form
from unbroken.web.rendering import Page, page
from unbroken.web.security import Roles, access
from unbroken.workbooks.phone_forms import Flavour, require_maker

router = APIRouter()
Maker = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One server that holds answers, and since when and why it is silent; ``None``: it answers."""

    source: FormSourceView
    silent_since: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class PhoneFormPage(Page):
    """How many open offers a form would have, and how many it leaves out for which reason."""

    template: ClassVar[str] = "transfers/phone_form.html"

    plan: PlanView
    count: int
    restricted: int
    waiting: int
    sources: tuple[SourceLine, ...]


@router.get("/plans/{slug}/phone-form")
def phone_form_page(visit: Maker, slug: str) -> Response:
    """Return what a phone form of the plan would hold for the reader."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        require_maker(visit.actor, plan)
        found = open_offers(session, plan, actor=visit.actor, on=visit.today)
        sources = form_sources(session, [plan.uid])
    content = PhoneFormPage(
        plan=plan,
        count=len(found.offers),
        restricted=found.left_out.get(LeftOut.RESTRICTED, 0),
        waiting=found.left_out.get(LeftOut.WAITS, 0),
        sources=tuple(_line(each) for each in sources if each.is_on),
    )
    return page(visit, content)


@router.get("/plans/{slug}/phone-form.xlsx")
def phone_form_file(
    visit: Maker, slug: str, system: Annotated[Flavour, Query()] = Flavour.KOBO
) -> Response:
    """Return the form as an XLSForm for KoboToolbox or for ODK."""
    return sent_form(visit, slug, system)


def _line(source: FormSourceView) -> SourceLine:
    is_known = source.silent_reason in set(Silence)
    why = SILENCE_WORDS[Silence(source.silent_reason)] if is_known else ""
    return SourceLine(source, source.silent_since, why)

"""The phone form of a plan's open offers, as an XLSForm: for KoboToolbox or for ODK.

Source: xlsform.org; getodk.github.io/xforms-spec. Nothing of position, device or person is asked:
no ``start``, ``deviceid``, ``username``, ``phonenumber``, ``geopoint`` or ``audit`` question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from unbroken.functions.queries import texts_in
from unbroken.kit.canonical import digest
from unbroken.kit.errors import Conflict, Forbidden
from unbroken.kit.languages import LANGUAGES
from unbroken.people.rules import Actor, Role, sight_of
from unbroken.plans.models import PlanState
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.rows import Ref
from unbroken.transfers.queries.open_offers import LeftOut, OpenOffer, OpenOffers, open_offers
from unbroken.workbooks.phone_form_sheets import Texts, choices, settings, survey
from unbroken.workbooks.sheets_out import Column, SheetOut
from unbroken.workbooks.writing import write_book

VERSION_LENGTH = 12
MAKERS = (Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR)
LIVING = frozenset({PlanState.OPEN, PlanState.PAUSED})


class Flavour(StrEnum):
    """For which system a form is written."""

    KOBO = "kobo"
    ODK = "odk"


@dataclass(frozen=True, slots=True)
class PhoneForm:
    """A form just written; ``version`` changes whenever anything in it does.

    ``left_out`` counts the open offers that are not in it, by reason.
    """

    form_id: str
    version: str
    offers: tuple[OpenOffer, ...]
    left_out: Mapping[LeftOut, int]
    raw: bytes


def phone_form(
    session: Session,
    plan: Ref,
    flavour: Flavour,
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> PhoneForm:
    """Return the form of the open offers that ``actor`` sees in a plan.

    Raises:
        NotFound: there is no such plan in sight.
        Forbidden: neither planner nor of the country team.
        Conflict: the plan is over, or no offer can be in a form.
    """
    found = find_plan(session, plan, sight=sight_of(actor))
    require_maker(actor, found)
    open_ones = open_offers(session, found, actor=actor, on=on)
    _require_offers(found, open_ones)
    texts = _texts(session, open_ones.offers)
    sheets = _sheets(found, open_ones.offers, texts, flavour=flavour, version="")
    version = digest([[each.name, list(each.rows)] for each in sheets])[:VERSION_LENGTH]
    written = _sheets(found, open_ones.offers, texts, flavour=flavour, version=version)
    raw = write_book(written, right_to_left=False, made_at=at)
    return PhoneForm(form_id_of(found), version, open_ones.offers, open_ones.left_out, raw)


def form_id_of(plan: PlanView) -> str:
    """Return the name of a plan's form; the same for ever."""
    return f"unbroken_{plan.slug.replace('-', '_')}"


def makes_forms(actor: Actor, plan: PlanView) -> bool:
    """Return whether ``actor`` may make phone forms of ``plan``."""
    return any(actor.has(role, plan.place) for role in MAKERS)


def require_maker(actor: Actor, plan: PlanView) -> None:
    """Pass where ``actor`` may make phone forms of ``plan``.

    Raises:
        Forbidden: neither planner nor of the country team.
    """
    if not makes_forms(actor, plan):
        raise Forbidden(
            "Only planners and the country team make phone forms of a plan.",
            remedy="Ask one of them for the form.",
        )


def _require_offers(plan: PlanView, found: OpenOffers) -> None:
    if plan.state not in LIVING:
        raise Conflict("Plan {plan} is over; nothing is on offer.", plan=plan.slug)
    if not found.offers:
        raise Conflict(
            "No open offer of plan {plan} can be answered by phone; {count} are left out.",
            remedy="Offer something first. Restricted functions are answered in the service only.",
            plan=plan.slug,
            count=sum(found.left_out.values()),
        )


def _texts(session: Session, offers: Sequence[OpenOffer]) -> Texts:
    english = {text for each in offers for text in (each.title, each.entry.unit or "")}
    english |= {title for each in offers for title in each.part_titles.values()}
    wanted = english - {""}
    return Texts(
        {
            language: {
                text: shown.text
                for text, shown in texts_in(session, wanted, language=language).items()
            }
            for language in LANGUAGES
        }
    )


def _sheets(
    plan: PlanView, offers: Sequence[OpenOffer], texts: Texts, *, flavour: Flavour, version: str
) -> list[SheetOut]:
    searches = "minimal autocomplete" if flavour is Flavour.ODK else "autocomplete"
    tables = {
        "survey": survey(offers, search=searches, version=version),
        "choices": choices(offers, texts),
        "settings": settings(form_id=form_id_of(plan), title=plan.title, version=version),
    }
    return [_sheet(name, rows) for name, rows in tables.items()]


def _sheet(name: str, rows: Sequence[Mapping[str, str]]) -> SheetOut:
    """Return a sheet with a column for each key, in the order in which they first come."""
    heads = list(dict.fromkeys(key for row in rows for key in row))
    table = [[row.get(head, "") for head in heads] for row in rows]
    columns = tuple(Column(head, width=24) for head in heads)
    return SheetOut(name, columns, table, has_filter=False)

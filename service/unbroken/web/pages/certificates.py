"""Certificates of a plan and of a transfer, made, listed and taken away; the trail as a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from sqlmodel import Session, col
from starlette.responses import Response

from unbroken.documents.queries.issued import (
    CertificateView,
    certificate_for,
    certificates_of,
)
from unbroken.documents.rules.codes import read_code
from unbroken.documents.rules.labels import AUDIENCE
from unbroken.documents.rules.permits import may_have
from unbroken.documents.rules.words import Audience, Kind
from unbroken.kit.errors import Invalid, NotFound, Refused
from unbroken.kit.languages import LANGUAGES
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import PlanView, find_plan
from unbroken.transfers.models import Transfer
from unbroken.transfers.queries.rows import joined_rows
from unbroken.web.certificate_files import certificate_file, issued_by, trail_file
from unbroken.web.dependencies import Visit
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import LANGUAGE_NAMES, Page, page, see_other
from unbroken.web.security import Account, Reader

router = APIRouter()
Text = Annotated[str, FormField(max_length=40)]
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CertificatesPage(Page):
    """What was issued, and the form for another; ``audiences`` may be empty: then none is made.

    ``path`` is that of this page; ``transfer`` is ``None`` for the whole plan.
    """

    template: ClassVar[str] = "documents/certificates.html"

    plan: PlanView
    transfer: UUID | None
    path: str
    issued: tuple[CertificateView, ...]
    audiences: Choices
    languages: Choices
    readers: Mapping[str, str]
    language_names: Mapping[str, str]
    form: Form = field(default_factory=Form)


@router.get("/plans/{slug}/certificate")
def plan_certificates(visit: Reader, slug: str) -> Response:
    """Return the certificates of a plan."""
    with visit.sessions.reading() as session:
        return _page(visit, session, find_plan(session, slug, sight=visit.sight), None)


@router.get("/transfers/{uid}/certificate")
def transfer_certificates(visit: Reader, uid: UUID) -> Response:
    """Return the certificates of a transfer."""
    with visit.sessions.reading() as session:
        return _page(visit, session, _plan_of(visit, session, uid), uid)


@router.post("/plans/{slug}/certificate")
def issue_for_plan(visit: Account, slug: str, audience: Text = "", language: Text = "") -> Response:
    """Issue a certificate of a plan, or find the one that stands."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
    return _issue(visit, plan, None, audience, language)


@router.post("/transfers/{uid}/certificate")
def issue_for_transfer(
    visit: Account, uid: UUID, audience: Text = "", language: Text = ""
) -> Response:
    """Issue a certificate of a transfer, or find the one that stands."""
    with visit.sessions.reading() as session:
        plan = _plan_of(visit, session, uid)
    return _issue(visit, plan, uid, audience, language)


@router.get("/certificates/{code}.pdf")
def file(visit: Reader, code: str) -> Response:
    """Return the PDF of a certificate.

    Raises:
        NotFound: there is none of this code, or it is not for this reader.
    """
    with visit.sessions.reading() as session:
        view = certificate_for(session, read_code(code) or "", actor=visit.actor)
    return certificate_file(visit, view)


@router.get("/plans/{slug}/trail.jsonl")
def trail(visit: Reader, slug: str) -> Response:
    """Return the trail of a plan as lines that anyone can verify without this service."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
    return trail_file(visit, plan)


def _plan_of(visit: Visit, session: Session, transfer: UUID) -> PlanView:
    """Return the plan of a transfer that the visitor sees.

    Raises:
        NotFound: there is none in sight.
    """
    rows = joined_rows(session, visit.actor, col(Transfer.uid) == transfer, limit=1)
    if not rows:
        raise NotFound
    return find_plan(session, rows[0].plan.uid, sight=visit.sight)


def _issue(
    visit: Visit, plan: PlanView, transfer: UUID | None, audience: str, language: str
) -> Response:
    try:
        if audience not in set(Audience):
            raise Invalid(_("Say who is to read it."))
        issued_by(visit, plan, transfer=transfer, audience=Audience(audience), language=language)
    except Refused as refusal:
        given = {"audience": audience, "language": language}
        form = refused_form(refusal, given, reader=visit.reader)
        with visit.sessions.reading() as session:
            return _page(visit, session, plan, transfer, form=form, status=refusal.status)
    said = _("The certificate is ready. The same state gives the same certificate.")
    return see_other(visit, _path(plan, transfer), notice=said)


def _page(
    visit: Visit,
    session: Session,
    plan: PlanView,
    transfer: UUID | None,
    *,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    shown = CertificatesPage(
        plan=plan,
        transfer=transfer,
        path=_path(plan, transfer),
        issued=certificates_of(session, plan.uid, actor=visit.actor, transfer=transfer),
        audiences=_audiences(visit, plan, transfer),
        languages=tuple((each, LANGUAGE_NAMES[each]) for each in LANGUAGES),
        readers=AUDIENCE,
        language_names=LANGUAGE_NAMES,
        form=form or Form({"language": _own_language(visit)}),
    )
    return page(visit, shown, status=status)


def _audiences(visit: Visit, plan: PlanView, transfer: UUID | None) -> Choices:
    if not visit.is_signed_in:
        return ()
    kind = Kind.PLAN if transfer is None else Kind.TRANSFER
    return tuple(
        (each.value, visit.say(AUDIENCE[each.value]))
        for each in Audience
        if may_have(visit.actor, plan.place, kind=kind, audience=each)
    )


def _own_language(visit: Visit) -> str:
    return visit.reader.locale if visit.reader.locale in LANGUAGES else LANGUAGES[0]


def _path(plan: PlanView, transfer: UUID | None) -> str:
    if transfer is None:
        return f"/plans/{plan.slug}/certificate"
    return f"/transfers/{transfer}/certificate"

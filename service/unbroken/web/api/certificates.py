"""Certificates: issued and listed by plan, checked by anybody; and the trail as a file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field, TypeAdapter
from starlette.responses import Response
from typing_extensions import TypedDict

from unbroken.documents.commands.looking_up import PublicView, look_up
from unbroken.documents.queries.issued import CertificateView, certificate_for, certificates_of
from unbroken.documents.rules.codes import read_code
from unbroken.documents.rules.words import Audience, Kind
from unbroken.web.api.answers import JSON, once
from unbroken.web.api.inputs import MAKES, Body, PlanName, plan_of
from unbroken.web.api.paging import Listing, listing
from unbroken.web.certificate_files import (
    LINES,
    PDF,
    certificate_file,
    issued_by,
    trail_file,
)
from unbroken.web.pages.checking import asker_of
from unbroken.web.security import Account, Anyone, Reader

router = APIRouter(tags=["certificates"])
BINARY = {"schema": {"type": "string", "format": "binary"}}
CodeName = Annotated[
    str,
    Path(
        min_length=1,
        max_length=40,
        pattern=r"^[A-Za-z0-9-]+$",
        description="Code of the certificate; hyphens and small letters do not matter.",
        examples=["6BBER-XZ8EN-0ETAT-80DGG"],
    ),
]


class NewCertificate(Body):
    """What is wanted: the whole plan or one ``transfer``, for whom, in which language."""

    transfer: UUID | None = None
    audience: Audience = Audience.RESTRICTED
    language: Annotated[str, Field(pattern="^(en|fr|ar|es)$")] = "en"


class CertificateItem(TypedDict):
    """A certificate; ``transfer`` is null where it is about the whole plan."""

    code: str
    kind: Kind
    transfer: UUID | None
    audience: Audience
    language: str
    issued_at: str
    organisation: str
    role: str
    content_hash: str
    file_sha256: str
    chain: UUID
    entries: int
    head_hash: str


class IssuedItem(TypedDict):
    """What came of asking; ``is_new`` is false where nothing changed since ``since``."""

    code: str
    content_hash: str
    file_sha256: str
    is_new: bool
    since: str


ITEMS = TypeAdapter(Listing[CertificateItem])
ISSUED = TypeAdapter(IssuedItem)
FOUND = TypeAdapter(PublicView)


def _sends(media: str) -> dict[int | str, dict[str, object]]:
    return {200: {"description": "The whole file", "content": {media: BINARY}}}


@router.get("/plans/{plan}/trail.jsonl", response_class=Response, responses=_sends(LINES))
def trail(visit: Reader, plan: PlanName) -> Response:
    """Take a plan's trail out as lines of JSON that anyone can verify without this service.

    Who may not read all of it is given commitments without values.
    """
    return trail_file(visit, plan_of(visit, plan))


@router.get("/plans/{plan}/certificates", response_model=Listing[CertificateItem])
def certificates(visit: Reader, plan: PlanName) -> Response:
    """List the certificates of a plan that you may have, the newest first; the last 50."""
    with visit.sessions.reading() as session:
        found = certificates_of(session, plan_of(visit, plan).uid, actor=visit.actor)
    return listing(ITEMS, [_item(view) for view in found], link=None)


@router.post(
    "/plans/{plan}/certificates",
    response_model=IssuedItem,
    status_code=201,
    responses={200: {"model": IssuedItem, "description": "Nothing changed since: it stands"}},
    openapi_extra=MAKES,
)
def issue(visit: Account, plan: PlanName, body: NewCertificate) -> Response:
    """Issue a certificate (201), or be told of the one that stands (200)."""
    view = plan_of(visit, plan)

    def act() -> Response:
        done = issued_by(
            visit,
            view,
            transfer=body.transfer,
            audience=body.audience,
            language=body.language,
        )
        told: IssuedItem = {
            "code": done.code,
            "content_hash": done.content_hash,
            "file_sha256": done.file_sha256,
            "is_new": done.is_new,
            "since": done.since.isoformat(),
        }
        headers = {"location": f"/api/v1/certificates/{done.code}"}
        status = 201 if done.is_new else 200
        return Response(ISSUED.dump_json(told), status, headers, JSON)

    return once(visit, act)


@router.get("/certificates/{code}", response_model=PublicView)
def check(visit: Anyone, code: CodeName) -> Response:
    """Say what stands behind a code; anybody may ask."""
    found = look_up(visit.sessions, code, asker=asker_of(visit))
    return Response(FOUND.dump_json(found.view), media_type=JSON)


@router.get("/certificates/{code}/file", response_class=Response, responses=_sends(PDF))
def file(visit: Reader, code: CodeName) -> Response:
    """Take the PDF of a certificate that you may have."""
    with visit.sessions.reading() as session:
        view = certificate_for(session, read_code(code) or "", actor=visit.actor)
    return certificate_file(visit, view)


def _item(view: CertificateView) -> CertificateItem:
    return {
        "code": view.code,
        "kind": view.kind,
        "transfer": view.transfer_uid,
        "audience": view.audience,
        "language": view.language,
        "issued_at": view.issued_at.isoformat(),
        "organisation": view.organisation,
        "role": view.role,
        "content_hash": view.content_hash,
        "file_sha256": view.file_sha256,
        "chain": view.chain_uid,
        "entries": view.entry_count,
        "head_hash": view.head_hash,
    }

"""Files that prove something, as answers: certificates and exports of a trail."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from uuid import UUID

from starlette.responses import Response, StreamingResponse

from unbroken.documents.commands.issuing import IssueCertificate, Issued, issue_certificate
from unbroken.documents.drawing import draw
from unbroken.documents.queries.exporting import export_lines
from unbroken.documents.queries.issued import CertificateView
from unbroken.documents.rules.words import Audience
from unbroken.plans.queries import PlanView
from unbroken.web.dependencies import Visit

PDF, LINES = "application/pdf", "application/jsonl"
IN_MEMORY = 4 * 1024 * 1024
PIECE = 64 * 1024


def issued_by(
    visit: Visit, plan: PlanView, *, transfer: UUID | None, audience: Audience, language: str
) -> Issued:
    """Issue a certificate for a visitor, or find the one that stands; raises as the command."""
    settings = visit.house.settings
    order = IssueCertificate(
        plan=plan.uid,
        transfer=transfer,
        audience=audience,
        language=language,
        base_url=settings.base_url or str(visit.request.base_url).rstrip("/"),
    )
    return issue_certificate(
        visit.sessions,
        order,
        actor=visit.actor,
        clock=visit.clock,
        languages=visit.house.languages,
    )


def certificate_file(visit: Visit, view: CertificateView) -> Response:
    """Return the PDF of a certificate, drawn from its data."""
    pdf = draw(dict(view.data), visit.house.languages.translator(view.language))
    return Response(pdf, media_type=PDF, headers=_headers(f"certificate-{view.code}.pdf"))


def trail_file(visit: Visit, plan: PlanView) -> Response:
    """Return the export of a plan's trail, whole or refused; a long one does not fill memory."""
    made = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    with visit.sessions.reading() as session:
        for line in export_lines(session, plan, actor=visit.actor):
            made.write(line)
    length = made.tell()
    made.seek(0)
    headers = {**_headers(f"{plan.slug}-trail.jsonl"), "content-length": str(length)}
    return StreamingResponse(_pieces(made), media_type=LINES, headers=headers)


def _pieces(made: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    with made:
        while piece := made.read(PIECE):
            yield piece


def _headers(name: str) -> dict[str, str]:
    return {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "vary": "cookie, accept-language",
    }

"""``unbroken certificate``: what was handed over under a plan or by a transfer, as a sealed PDF."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from unbroken import wiring
from unbroken.cli.file_writing import Force, check_free, write_whole
from unbroken.cli.gap_words import OPERATOR
from unbroken.cli.output import Json, answer, refusals
from unbroken.documents.rules.words import Audience
from unbroken.kit.settings import Settings

if TYPE_CHECKING:
    from unbroken.documents.commands.issuing import Issued


def certificate(  # noqa: PLR0913 - one parameter for each option
    plan: Annotated[str, typer.Argument(help="The plan, by its slug.")],
    file: Annotated[Path, typer.Argument(help="The PDF to write; - for standard output.")],
    *,
    transfer: Annotated[
        UUID | None, typer.Option("--transfer", help="Only this transfer, by its UUID.")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="en, fr, ar or es.")] = "en",
    audience: Annotated[
        Audience, typer.Option("--audience", help="Who is to read it; public leaves much out.")
    ] = Audience.RESTRICTED,
    force: Force = False,
    account: Annotated[
        str, typer.Option("--as", help="The account that issues; without, this service itself.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Issue a certificate, or write the one that stands where nothing changed since."""
    from unbroken.documents.commands.issuing import IssueCertificate, issue_certificate
    from unbroken.kit.languages import load_languages
    from unbroken.people.queries import actor_by_handle

    settings = Settings()
    order = IssueCertificate(
        plan=plan,
        transfer=transfer,
        audience=audience,
        language=language,
        base_url=settings.base_url,
    )
    with refusals(), wiring.works(settings) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account) if account else OPERATOR
        check_free(file, force=force)
        issued = issue_certificate(
            works.sessions, order, actor=actor, clock=works.clock, languages=load_languages()
        )
        write_whole(file, [issued.pdf])
    if str(file) != "-":
        _tell(issued, file, as_json=as_json)


def _tell(issued: "Issued", file: Path, *, as_json: bool) -> None:
    since = f"{issued.since:%Y-%m-%d}"
    said = "Issued" if issued.is_new else f"Nothing has changed since {since}: it is"
    answer(
        {
            "file": file.name,
            "code": issued.code,
            "content_hash": issued.content_hash,
            "file_sha256": issued.file_sha256,
            "is_new": issued.is_new,
            "since": issued.since,
        },
        as_json=as_json,
        lines=lambda: [f"{said} certificate {issued.code}.", f"{file}: {len(issued.pdf)} bytes"],
    )

"""``unbroken trail``: check that the record is intact, here or anywhere, and export it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.file_writing import Force, check_free, write_whole
from unbroken.cli.gap_words import OPERATOR
from unbroken.cli.output import REFUSED, Json, answer, refusals
from unbroken.cli.trail_files import Files, anchors_in, check_files, sort_files
from unbroken.kit.settings import Settings
from unbroken.trail.queries import ChainReport, Fault
from unbroken.trail.queries import verify as verify_trail

app = typer.Typer(help="The record of who did what.", no_args_is_help=True)

FilesGiven = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[TRAIL.jsonl] [CERTIFICATE.pdf]",
        help="An export of a trail, a certificate, or both. Without: the database.",
    ),
]


@app.callback()
def main() -> None:
    """Work on the record."""


@app.command()
def verify(
    files: FilesGiven = None,
    *,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against", help="Hold the database against an export or a certificate made earlier."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recompute everything and name each fault; exit code 1 if there is one.

    With files nothing else is asked: no database, no settings, no network.
    """
    if files and against:
        message = "give files to check them by themselves, or --against to check the database"
        raise typer.BadParameter(message)
    if files:
        _verify_files(sort_files(files), as_json=as_json)
    else:
        _verify_database(sort_files(against or []), as_json=as_json)


def _verify_files(files: Files, *, as_json: bool) -> None:
    checked = check_files(files)
    answer(
        {"intact": not checked.faults, "faults": checked.faults, "notes": checked.notes},
        as_json=as_json,
        lines=lambda: [
            *(str(fault) for fault in checked.faults),
            *checked.notes,
            f"{len(checked.faults)} faults" if checked.faults else "Intact.",
        ],
    )
    if checked.faults:
        raise typer.Exit(REFUSED)


def _verify_database(files: Files, *, as_json: bool) -> None:
    from unbroken.documents.queries.checking import check_rows

    anchors = anchors_in(files)
    with wiring.works(Settings()) as works, works.sessions.reading() as session:
        reports = verify_trail(session, anchors=anchors)
        rows = check_rows(session)
    faults = [(report, fault) for report in reports for fault in report.faults]
    found = len(faults) + len(rows)
    answer(
        {"chains": reports, "rows": rows, "intact": not found},
        as_json=as_json,
        lines=lambda: [
            *(_in_words(report, fault) for report, fault in faults),
            *(str(fault) for fault in rows),
            f"{len(reports)} chains, {sum(r.entry_count for r in reports)} entries, "
            + (f"{found} faults" if found else "intact"),
        ],
    )
    if found:
        raise typer.Exit(REFUSED)


@app.command()
def export(
    plan: Annotated[str, typer.Argument(help="The plan, by its slug.")],
    file: Annotated[Path, typer.Argument(help="The file to write; - for standard output.")],
    *,
    force: Force = False,
    account: Annotated[
        str, typer.Option("--as", help="Export as this account; without, as the operator.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write a plan's trail as lines of JSON that anyone can verify without this service.

    Who may not read all of it is given commitments without values.
    """
    from unbroken.documents.queries.exporting import export_lines
    from unbroken.people.queries import actor_by_handle
    from unbroken.people.rules import sight_of
    from unbroken.plans.queries import find_plan

    with refusals(), wiring.works(Settings()) as works, works.sessions.reading() as session:
        actor = actor_by_handle(session, account) if account else OPERATOR
        found = find_plan(session, plan, sight=sight_of(actor))
        check_free(file, force=force)
        last = write_whole(file, export_lines(session, found, actor=actor))
    if str(file) == "-":
        return
    ending = json.loads(last)
    answer(
        {"file": file.name, **ending},
        as_json=as_json,
        lines=lambda: [f"{file}: {ending['entries']} entries, head {ending['head']}"],
    )


def _in_words(report: ChainReport, fault: Fault) -> str:
    chain = "the instance" if report.plan_uid is None else f"plan {report.plan_uid}"
    where = f"entry {fault.first}" if fault.first == fault.last else f"{fault.first}-{fault.last}"
    return f"{fault.kind.value} in the chain of {chain}: {where}"

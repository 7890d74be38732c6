"""``unbroken plan read-workbook``: a plan out of the workbook that a planner already has."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.output import Json, answer, refusals
from unbroken.cli.plan_words import change_values, import_lines
from unbroken.kit.settings import Settings
from unbroken.people.queries import actor_by_handle
from unbroken.people.rules import Actor
from unbroken.plans.commands.importing import PlanImported
from unbroken.workbooks.limits import limits_of
from unbroken.workbooks.plan_files import Choice
from unbroken.workbooks.plan_importing import ReadWorkbook, read_into_plan
from unbroken.workbooks.plan_lines import Given
from unbroken.workbooks.plan_memory import memory_of
from unbroken.workbooks.plan_sheets import (
    FoundTables,
    find_tables,
    read_plan_workbook,
    with_mapping,
)

File = Annotated[
    Path,
    typer.Argument(help="The workbook (.xlsx) or CSV file.", exists=True, dir_okay=False),
]


def read_workbook(  # noqa: PLR0913 - one parameter for each option
    plan: Annotated[str, typer.Argument(help="The plan, by its slug.")],
    file: File,
    *,
    account: Annotated[str, typer.Option("--as", help="The account that acts, by its handle.")],
    head: Annotated[
        Path | None,
        typer.Option(
            help="For a plan that is not there yet: a plan file with mission, plan and decisions.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="“Their heading=our field”, as often as needed; nothing leaves it out."
        ),
    ] = None,
    sheet: Annotated[str, typer.Option(help="Read this sheet alone.")] = "",
    source: Annotated[str, typer.Option(help="The source of rows that name none.")] = "",
    known_on: Annotated[
        datetime | None,
        typer.Option(help="Since when rows without a day of their own are known; today."),
    ] = None,
    organisation: Annotated[
        str, typer.Option(help="Whose the posts are where rows do not say; the mission's.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; write nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read areas, closings, posts and phases out of a planner's own workbook; all or nothing.

    Headings are found and understood in English, French and Spanish, and as they were understood
    the last time. Say what is not understood by --map. The same workbook twice changes nothing.
    """
    with refusals(), wiring.works(Settings()) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
            memory = memory_of(session, actor)
        raw = _bytes(file, works.settings)
        book = read_plan_workbook(raw, file.name, limits_of(works.settings))
        found = find_tables(book, memory, sheet=sheet)
        choices = with_mapping(found.choices, _pairs(mapping or ()))
        _tell(found, choices)
        given = Given(
            source or f"Workbook {file.name}"[:400],
            known_on.date() if known_on else works.clock.today(),
            organisation,
        )
        order = ReadWorkbook(
            plan, choices, given, file.name, dry_run, head.read_bytes() if head else b""
        )
        done = _read(works, order, actor)
    answer(change_values(done), as_json=as_json, lines=lambda: import_lines(done))


def _read(works: wiring.Works, order: ReadWorkbook, actor: Actor) -> PlanImported:
    return read_into_plan(works.sessions, order, actor=actor, clock=works.clock)


def _bytes(file: Path, settings: Settings) -> bytes:
    """Return a file's bytes, one more than allowed where it is too large: never all of it."""
    with file.open("rb") as stream:
        return stream.read(limits_of(settings).packed_bytes + 1)


def _pairs(mapping: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in mapping:
        heading, sign, field = each.rpartition("=")
        if not sign or not heading.strip():
            message = f"{each!r} is not “Their heading=our field”"
            raise typer.BadParameter(message, param_hint="--map")
        found[heading.strip()] = field.strip()
    return found


def _tell(found: FoundTables, choices: Sequence[Choice]) -> None:
    """Say on standard error how the workbook was understood."""
    for note in found.notes:
        typer.echo(note, err=True)
    if found.hidden:
        typer.echo(f"Hidden sheets were left out: {', '.join(found.hidden)}", err=True)
    for choice in choices:
        table = choice.table
        told = f"{table.sheet}, headings in row {table.head_at}: {table.kind.value}"
        typer.echo(f"{told}, {len(table.rows)} rows", err=True)
        for name, slot in zip(table.names, choice.slots, strict=True):
            typer.echo(f"  {name} → {slot or 'left out'}", err=True)
        for row, why in table.passed:
            typer.echo(f"  row {row} passed over: {why}", err=True)

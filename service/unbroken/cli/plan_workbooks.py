"""``unbroken plan read-workbook``: a plan out of the workbook that a planner already has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.output import Json, answer, refusals
from unbroken.cli.plan_words import change_values, import_lines
from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.settings import Settings
from unbroken.people.queries import actor_by_handle
from unbroken.people.rules import Actor
from unbroken.plans.commands.importing import PlanImported
from unbroken.workbooks.limits import PackageLimits, limits_of
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
from unbroken.workbooks.plan_verdicts import Judged, verdict_csv, verdict_workbook
from unbroken.workbooks.reading import Workbook

File = Annotated[
    Path,
    typer.Argument(help="The workbook (.xlsx) or CSV file.", exists=True, dir_okay=False),
]


Head = Annotated[
    Path | None,
    typer.Option(
        help="For a plan that is not there yet: a plan file with mission, plan and decisions.",
        exists=True,
        dir_okay=False,
    ),
]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map", help="“Their heading=our field”, as often as needed; nothing leaves it out."
    ),
]


def read_workbook(  # noqa: PLR0913 - one parameter for each option
    plan: Annotated[str, typer.Argument(help="The plan, by its slug.")],
    file: File,
    *,
    account: Annotated[str, typer.Option("--as", help="The account that acts, by its handle.")],
    head: Head = None,
    mapping: Maps = None,
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
    What was made of each row is written beside the file, as FILE.verdict.xlsx.
    """
    with refusals(), wiring.works(Settings()) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
            memory = memory_of(session, actor)
        opened = _Opened.of(file, works.settings)
        found = find_tables(opened.book, memory, sheet=sheet)
        choices = with_mapping(found.choices, _pairs(mapping or ()))
        _tell(found, choices)
        known = known_on.date() if known_on else works.clock.today()
        given = Given(source or f"Workbook {file.name}"[:400], known, organisation)
        made_of = head.read_bytes() if head else b""
        order = ReadWorkbook(plan, choices, given, file.name, dry_run, made_of)
        done = _read(works, opened, order, actor)
    answer(change_values(done), as_json=as_json, lines=lambda: import_lines(done))


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file as it was read."""

    file: Path
    raw: bytes
    book: Workbook
    limits: PackageLimits

    @classmethod
    def of(cls, file: Path, settings: Settings) -> "_Opened":
        """Return the file read, one byte more than allowed where it is too large."""
        limits = limits_of(settings)
        with file.open("rb") as stream:
            raw = stream.read(limits.packed_bytes + 1)
        return cls(file, raw, read_plan_workbook(raw, file.name, limits), limits)

    def write_verdict(self, choices: Sequence[Choice], problems: Sequence[Problem] = ()) -> None:
        """Write the file once more, beside itself, with what was made of each row."""
        judged = Judged(self.raw, self.book, choices, problems)
        is_csv = self.file.suffix.casefold() != ".xlsx"
        verdict = verdict_csv(judged, self.limits) if is_csv else verdict_workbook(judged)
        beside = self.file.with_name(f"{self.file.stem}.verdict{self.file.suffix}")
        try:
            beside.write_bytes(verdict)
        except OSError as fault:
            typer.echo(f"{beside} could not be written: {fault.strerror}", err=True)
        else:
            typer.echo(f"What was made of each row stands in {beside}", err=True)


def _read(works: wiring.Works, opened: _Opened, order: ReadWorkbook, actor: Actor) -> PlanImported:
    try:
        done = read_into_plan(works.sessions, order, actor=actor, clock=works.clock)
    except Invalid as refusal:
        opened.write_verdict(order.choices, refusal.problems)
        raise
    if not order.dry_run:
        opened.write_verdict(order.choices)
    return done


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

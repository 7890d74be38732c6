"""``unbroken money workbook export`` and ``import``: a plan's money as a workbook, and back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.checklist_workbooks import MOST_LINES, Language, Slug, verdict_file
from unbroken.cli.file_writing import Force, check_free, write_whole
from unbroken.cli.gap_words import OPERATOR
from unbroken.cli.output import REFUSED, As, Json, answer, refusals
from unbroken.kit.languages import DEFAULT, Translator, load_languages
from unbroken.kit.settings import Settings
from unbroken.people.queries import actor_by_handle
from unbroken.people.rules import sight_of
from unbroken.plans.queries import find_plan
from unbroken.workbooks.limits import limits_of
from unbroken.workbooks.money_answers import answer_of
from unbroken.workbooks.money_columns import Table
from unbroken.workbooks.money_export import export_money, export_money_csv
from unbroken.workbooks.money_files import give_back, read_money_file, words_of
from unbroken.workbooks.money_import import ImportMoney, import_money
from unbroken.workbooks.money_outcome import Imported
from unbroken.workbooks.money_verdicts import conflict_words, refusal_words
from unbroken.workbooks.readers import Reading

app = typer.Typer(help="A plan's money as a workbook, out and in.", no_args_is_help=True)


@app.command("export")
def export_file(
    plan: Slug,
    file: Annotated[Path, typer.Argument(help="The .xlsx or .csv file to write.", dir_okay=False)],
    *,
    account: Annotated[
        str,
        typer.Option("--as", help="Read as this account; without, as this machine's operator."),
    ] = "",
    table: Annotated[
        Table, typer.Option("--table", help="Which table a CSV file holds.")
    ] = Table.REQUIREMENTS,
    language: Language = "",
    force: Force = False,
) -> None:
    """Write the requirements and contributions of a plan as a workbook, or one of them as CSV."""
    with refusals(), wiring.works(Settings()) as works:
        check_free(file, force=force)
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account) if account else OPERATOR
            found = find_plan(session, plan, sight=sight_of(actor))
            reader = load_languages().translator(language or actor.language or DEFAULT)
            on = works.clock.today(found.time_zone)
            reading = Reading(actor, reader, on, works.clock.now())
            if _is_csv(file):
                raw = export_money_csv(session, found.uid, reading, table=table)
            else:
                raw = export_money(session, found.uid, reading)
        write_whole(file, [raw])
    typer.echo(f"{plan} written to {file}", err=True)


@app.command("import")
def import_file(
    plan: Slug,
    file: Annotated[
        Path, typer.Argument(help="The file that came back.", exists=True, dir_okay=False)
    ],
    *,
    account: As,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; write nothing.")
    ] = False,
    language: Language = "",
    as_json: Json = False,
) -> None:
    """Put on record what a workbook or CSV of money changes and adds: all of it, or nothing.

    A row that cannot be used keeps the whole file out until it is mended. A line that somebody
    changed meanwhile is left alone and told with both states. Rows that were deleted in the file
    stay in the plan. A verdict beside each row, with the id and number of each new state, is
    written to FILE.verdict.xlsx, next to the file.
    """
    with refusals(), wiring.works(Settings()) as works:
        limits, languages = limits_of(works.settings), load_languages()
        with file.open("rb") as stream:
            raw = stream.read(limits.packed_bytes + 1)
        words = words_of(languages)
        read = read_money_file(raw, words, limits, is_csv=_is_csv(file))
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        verdict = verdict_file(file)
        check_free(verdict, force=True)
        order = ImportMoney(plan=plan, rows=read.rows, words=words, dry_run=dry_run)
        done = import_money(works.sessions, order, actor=actor, clock=works.clock)
        reader = languages.translator(language or actor.language)
        write_whole(verdict, [give_back(raw, read, done, reader=reader, limits=limits)])
    for note in read.notes:
        typer.echo(note, err=True)
    shown = {"plan": plan, **answer_of(done, reader=reader), "verdict_file": str(verdict)}
    answer(shown, as_json=as_json, lines=lambda: import_lines(done, reader=reader, verdict=verdict))
    if done.is_blocked:
        raise typer.Exit(REFUSED)


def import_lines(done: Imported, *, reader: Translator, verdict: Path) -> list[str]:
    """Return what an import came to, as readable lines: what needs somebody first."""
    refused = [
        f"{each.sheet} {each.row}: refused: {refusal_words(each.problems, reader=reader)}"
        for each in done.refused
    ]
    clashing = [
        f"{each.sheet} {each.row}: {conflict_words(each, reader=reader)}" for each in done.conflicts
    ]
    end = f"A verdict stands beside each row in {verdict}"
    return [*_some(refused), *_some(clashing), _summary(done), end]


def _some(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], *([f"… and {rest} more"] if rest > 0 else [])]


def _summary(done: Imported) -> str:
    told = (
        f"{len(done.refused)} refused, {len(done.conflicts)} in conflict, "
        f"{done.unchanged} unchanged, of {len(done.rows)} rows"
    )
    if done.is_blocked:
        return f"Nothing put on record: {len(done.changes)} sound rows wait for the others; {told}"
    if not done.changes:
        return f"Nothing to put on record: {told}"
    verb = "put on record" if done.written else "would be put on record"
    return f"{len(done.changes)} {verb}, {told}"


def _is_csv(file: Path) -> bool:
    return file.suffix.casefold() == ".csv"

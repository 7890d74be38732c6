"""``unbroken checklist export`` and ``import``: a plan's checklists as a workbook, and back."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.gap_words import OPERATOR
from unbroken.cli.output import REFUSED, Json, answer, refusals
from unbroken.kit.errors import Conflict, Unavailable
from unbroken.kit.languages import DEFAULT, LANGUAGES, Translator, load_languages
from unbroken.kit.settings import Settings
from unbroken.people.queries import actor_by_handle
from unbroken.people.rules import sight_of
from unbroken.plans.queries import find_plan
from unbroken.workbooks.item_answers import answer_of
from unbroken.workbooks.item_export import export_items, export_items_csv
from unbroken.workbooks.item_files import give_back, read_item_file, words_of
from unbroken.workbooks.item_import import ImportItems, import_items
from unbroken.workbooks.item_outcome import Imported
from unbroken.workbooks.item_verdicts import conflict_words, refusal_words
from unbroken.workbooks.limits import limits_of
from unbroken.workbooks.readers import Reading

VERDICT = ".verdict"
MOST_LINES = 40
Slug = Annotated[str, typer.Argument(help="The plan, by its slug.")]
Language = Annotated[
    str,
    typer.Option("--language", help=f"One of: {', '.join(LANGUAGES)}; the account's if left out."),
]


def export_file(
    plan: Slug,
    file: Annotated[Path, typer.Argument(help="The .xlsx or .csv file to write.", dir_okay=False)],
    *,
    account: Annotated[
        str,
        typer.Option("--as", help="Read as this account; without, as this machine's operator."),
    ] = "",
    language: Language = "",
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Write a plan's checklists as a workbook to work in, or its items as CSV."""
    with refusals(), wiring.works(Settings()) as works:
        _require_free(file, force=force)
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account) if account else OPERATOR
            found = find_plan(session, plan, sight=sight_of(actor))
            on = works.clock.today(found.time_zone)
            reading = Reading(actor, _reader(language or actor.language), on, works.clock.now())
            made = export_items_csv if _is_csv(file) else export_items
            raw = made(session, found.uid, reading)
        _write(file, raw)
    typer.echo(f"{plan} written to {file}", err=True)


def import_file(
    plan: Slug,
    file: Annotated[
        Path, typer.Argument(help="The file that came back.", exists=True, dir_okay=False)
    ],
    *,
    account: Annotated[str, typer.Option("--as", help="The account that acts, by its handle.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; write nothing.")
    ] = False,
    language: Language = "",
    as_json: Json = False,
) -> None:
    """Import a workbook or CSV of items that came back: all that is sound, or nothing.

    Rows that cannot be read or do not fit keep the whole file out until they are mended. Grey cells
    that were changed, and cells that somebody else changed meanwhile, are left alone and told. Rows
    that were deleted in the file stay in the plan. A verdict beside each row is written to
    FILE.verdict.xlsx, next to the file.
    """
    with refusals(), wiring.works(Settings()) as works:
        limits = limits_of(works.settings)
        languages = load_languages()
        with file.open("rb") as stream:
            raw = stream.read(limits.packed_bytes + 1)
        read = read_item_file(raw, words_of(languages), limits, is_csv=_is_csv(file))
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        verdict = verdict_file(file)
        _require_writable(verdict)
        order = ImportItems(plan=plan, sheets=read.sheets, dry_run=dry_run)
        done = import_items(works.sessions, order, actor=actor, clock=works.clock)
        reader = languages.translator(language or actor.language)
        _write(verdict, give_back(raw, read, done, reader=reader, limits=limits))
    for note in read.notes:
        typer.echo(note, err=True)
    told = answer_of(done, reader=reader)
    shown = {"plan": plan, **told, "verdict_file": str(verdict)}
    answer(shown, as_json=as_json, lines=lambda: import_lines(done, reader=reader, verdict=verdict))
    if _is_refused(done):
        raise typer.Exit(REFUSED)


def verdict_file(file: Path) -> Path:
    """Return the file beside ``file`` for its verdicts, never ``file`` itself."""
    if file.stem.endswith(VERDICT):
        return file.with_name(f"{file.stem}-2{file.suffix}")
    return file.with_name(f"{file.stem}{VERDICT}{file.suffix}")


def import_lines(done: Imported, *, reader: Translator, verdict: Path) -> list[str]:
    """Return what an import came to, as readable lines: what needs somebody first."""
    return [
        *_some(
            [
                f"{each.sheet} {each.row}: refused: {refusal_words(each.problems, reader=reader)}"
                for each in done.refused
            ]
        ),
        *_some(_conflict_lines(done, reader=reader)),
        _summary(done),
        f"A verdict stands beside each row in {verdict}",
    ]


def _is_refused(done: Imported) -> bool:
    """Return whether faults keep the file out, or all that it wants is not the sender's to do."""
    wants_else = done.changes or done.conflicts
    return done.is_blocked or bool(done.refused and not wants_else)


def _conflict_lines(done: Imported, *, reader: Translator) -> list[str]:
    by_row = groupby(done.conflicts, key=lambda each: (each.sheet, each.row))
    return [
        f"{sheet} {row}: {conflict_words(list(clashes), reader=reader)}"
        for (sheet, row), clashes in by_row
    ]


def _some(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], *([f"… and {rest} more"] if rest > 0 else [])]


def _summary(done: Imported) -> str:
    clashing = len({(each.sheet, each.row) for each in done.conflicts})
    told = (
        f"{len(done.refused)} refused, {clashing} in conflict, "
        f"{done.unchanged} unchanged, of {done.rows} rows"
    )
    if done.is_blocked:
        return f"Nothing imported: {len(done.changes)} sound rows wait for the others; {told}"
    if not done.changes:
        return f"Nothing to import: {told}"
    verb = "imported" if done.written else "would be imported"
    return f"{len(done.changes)} {verb}, {told}"


def _write(file: Path, raw: bytes) -> None:
    try:
        file.write_bytes(raw)
    except OSError as fault:
        raise _unwritable(file, fault) from fault


def _unwritable(file: Path, fault: OSError) -> Unavailable:
    return Unavailable(
        "{file} could not be written: {why}.",
        remedy="Name a folder that is there and may be written to.",
        file=str(file),
        why=str(fault.strerror),
    )


def _require_writable(file: Path) -> None:
    """Pass where the file can be written: better said before anything is imported than after."""
    was_there = file.exists()
    try:
        file.open("ab").close()
    except OSError as fault:
        raise _unwritable(file, fault) from fault
    if not was_there:
        file.unlink()


def _require_free(file: Path, *, force: bool) -> None:
    if file.exists() and not force:
        raise Conflict(
            "{file} is there already.", remedy="Add --force to write over it.", file=str(file)
        )


def _is_csv(file: Path) -> bool:
    return file.suffix.casefold() == ".csv"


def _reader(language: str) -> Translator:
    return load_languages().translator(language or DEFAULT)

"""``unbroken checklist``: check the catalogue's files, compare editions, begin and load files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from unbroken.cli import checklist_adopting, checklist_files, checklist_workbooks
from unbroken.cli.checklist_changes import listed, told
from unbroken.cli.output import REFUSED, Json, answer, refusals
from unbroken.functions.queries import (
    check_layer_folder,
    counts,
    edition_folder,
    examine_edition,
    examine_translations,
    newest_edition,
    read_edition,
)
from unbroken.functions.rules import Fault, changes_between

app = typer.Typer(help="The catalogue of functions and their checklists.", no_args_is_help=True)
EditionName = Annotated[str, typer.Argument(help="Folder of an edition, or name of a bundled one.")]


@app.callback()
def main() -> None:
    """Work on the catalogue."""


app.command("new")(checklist_files.new)
app.command("translations")(checklist_files.translations)
app.command("load")(checklist_files.load)
app.command("adopt")(checklist_adopting.adopt)
app.command("export")(checklist_workbooks.export_file)
app.command("import")(checklist_workbooks.import_file)


@app.command()
def check(
    folder: Annotated[
        str | None,
        typer.Argument(help="The edition's folder or name; the newest bundled one if left out."),
    ] = None,
    *,
    on: Annotated[
        str | None,
        typer.Option("--on", help="The folder is a layer to be put on this edition."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check every checklist file and say file, line, what is wrong and what to do."""
    with refusals():
        if on is not None:
            _check_layer(Path(folder or "."), on, as_json=as_json)
            return
        place = edition_folder(folder or newest_edition())
        edition = examine_edition(place)
    translated = examine_translations(place, edition.functions)
    languages = counts(translated, edition.functions)
    _report(
        place,
        (*edition.faults, *translated.faults),
        more={"translations": languages},
        told=[
            f"{each.language}: {each.reviewed} reviewed, {each.draft} draft, {each.missing} missing"
            for each in languages
        ],
        as_json=as_json,
    )


@app.command()
def diff(old: EditionName, new: EditionName, *, as_json: Json = False) -> None:
    """Say what changed from one edition to another: added, removed, reworded, moved, other."""
    with refusals():
        before, after = (read_edition(edition_folder(each)) for each in (old, new))
    changes = changes_between(before, after)
    answer(
        {"from": before.name, "to": after.name, **listed(changes)},
        as_json=as_json,
        lines=lambda: list(told(changes)),
    )


def _check_layer(folder: Path, on: str, *, as_json: bool) -> None:
    edition = read_edition(edition_folder(on))
    _report(folder, check_layer_folder(folder, edition), more={}, told=[], as_json=as_json)


def _report(
    folder: Path,
    faults: Sequence[Fault],
    *,
    more: dict[str, object],
    told: Sequence[str],
    as_json: bool,
) -> None:
    """Print what was found.

    Raises:
        Exit: there are faults.
    """
    files = len(list(folder.glob("*.yaml")))
    shown = [{"file": f.file, "line": f.line, "what": f.what, "remedy": f.remedy} for f in faults]
    answer(
        {"files": files, "faults": shown, **more},
        as_json=as_json,
        lines=lambda: [
            *(f"{f.file}:{f.line}: {f.what}\n  → {f.remedy}" for f in faults),
            *told,
            f"{files} files, {len(faults)} faults",
        ],
    )
    if faults:
        raise typer.Exit(REFUSED)

"""``unbroken checklist``: check the catalogue's files, compare editions, begin new files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from unbroken.cli.output import REFUSED, Json, answer, refusals
from unbroken.functions.queries import (
    counts,
    edition_folder,
    examine_edition,
    examine_translations,
    newest_edition,
)
from unbroken.functions.rules import CODES, Fault, Function, Language, skeleton, stamp, stamped
from unbroken.kit.errors import NotFound

app = typer.Typer(help="The catalogue of functions and their checklists.", no_args_is_help=True)
EditionName = Annotated[str, typer.Argument(help="Folder of an edition, or name of a bundled one.")]


@app.callback()
def main() -> None:
    """Work on the catalogue."""


@app.command()
def check(
    folder: Annotated[
        str | None,
        typer.Argument(help="The edition's folder or name; the newest bundled one if left out."),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Check every checklist file and say file, line, what is wrong and what to do."""
    with refusals():
        place = edition_folder(folder or newest_edition())
        edition = examine_edition(place)
    translated = examine_translations(place, edition.functions)
    faults = (*edition.faults, *translated.faults)
    languages = counts(translated, edition.functions)
    files = len(list(place.glob("*.yaml")))
    answer(
        {"files": files, "faults": [_fault(each) for each in faults], "translations": languages},
        as_json=as_json,
        lines=lambda: [
            *_told(faults),
            *(
                f"{each.language}: {each.reviewed} reviewed, {each.draft} draft,"
                f" {each.missing} missing"
                for each in languages
            ),
            f"{files} files, {len(faults)} faults",
        ],
    )
    if faults:
        raise typer.Exit(REFUSED)


@app.command()
def translations(
    edition: EditionName,
    language: Annotated[Language, typer.Argument(help="fr, ar or es.")],
    code: Annotated[
        str | None, typer.Argument(help="A function; with --stamp all of them if left out.")
    ] = None,
    *,
    stamp_files: Annotated[
        bool,
        typer.Option("--stamp", help="Set `of` in the files that are there, to the English now."),
    ] = False,
) -> None:
    """Print an empty translation to fill in, the English above each text; or stamp existing ones.

    Stamp only what you have compared with the English.
    """
    with refusals():
        place = edition_folder(edition)
        functions = examine_edition(place).functions
        wanted = [_function(functions, code)] if code else list(functions.values())
        if stamp_files:
            _stamp(place / language.value, wanted)
            return
        if code is None:
            message = "name a function, such as LAW"
            raise typer.BadParameter(message)
        typer.echo(skeleton(wanted[0], language=language, edition=place.name), nl=False)


def _stamp(folder: Path, functions: Sequence[Function]) -> None:
    for function in functions:
        file = folder / f"{function.code}.yaml"
        if not file.is_file():
            continue
        before = file.read_text(encoding="utf-8")
        after = stamped(before, of=stamp(function))
        if after != before:
            file.write_text(after, encoding="utf-8")
            typer.echo(f"{folder.name}/{file.name}", err=True)


def _function(functions: Mapping[str, Function], code: str) -> Function:
    if code not in functions:
        remedy = f"Use one of: {', '.join(CODES)}."
        raise NotFound("The edition has no readable function {code}.", code=code, remedy=remedy)
    return functions[code]


def _fault(fault: Fault) -> dict[str, object]:
    return {
        "file": fault.file,
        "line": fault.line,
        "what": fault.what,
        "remedy": fault.remedy,
    }


def _told(faults: Sequence[Fault]) -> list[str]:
    return [f"{each.file}:{each.line}: {each.what}\n  → {each.remedy}" for each in faults]

"""``unbroken checklist new``, ``translations`` and ``load``: files of the catalogue, out and in."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.output import As, Json, answer, refusals
from unbroken.functions.commands import load_edition, load_translations
from unbroken.functions.queries import (
    bundled_editions,
    edition_folder,
    examine_edition,
    field_guidance,
    read_edition,
    read_layer,
    read_translations,
)
from unbroken.functions.rules import (
    CODES,
    Edition,
    Function,
    Language,
    Translation,
    layered,
    skeleton,
    stamp,
    stamped,
    starting_file,
    starting_layer_file,
)
from unbroken.kit.errors import Conflict, NotFound
from unbroken.kit.sentences import listed, sentence
from unbroken.kit.settings import Settings
from unbroken.people.queries import actor_by_handle


def new(
    code: Annotated[str, typer.Argument(help="Code of the function, such as LAW.")],
    *,
    folder: Annotated[Path, typer.Option(help="Where to write it.")] = Path(),
    title: Annotated[str, typer.Option(help="Title of the function.")] = "",
    layer: Annotated[
        bool, typer.Option("--layer", help="Write a file of an organisation's layer.")
    ] = False,
) -> None:
    """Write a starting file with guidance for every field; a file that is there stays."""
    file = folder / f"{code}.yaml"
    with refusals():
        if code not in CODES:
            raise _no_function(code)
        guidance = field_guidance()
        text = (
            starting_layer_file(code, guidance=guidance)
            if layer
            else starting_file(code, title=title, guidance=guidance)
        )
        _write_new(file, text)
    typer.echo(str(file))


def translations(
    edition: Annotated[str, typer.Argument(help="Folder of an edition, or name of a bundled one.")],
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
    if code is None and not stamp_files:
        message = "name a function, such as LAW"
        raise typer.BadParameter(message)
    with refusals():
        place = edition_folder(edition)
        functions = examine_edition(place).functions
        wanted = [_function(functions, code)] if code else list(functions.values())
        if stamp_files:
            _stamp(place / language.value, wanted)
            return
        typer.echo(skeleton(wanted[0], language=language, edition=place.name), nl=False)


def load(
    folder: Annotated[
        str | None,
        typer.Argument(help="Folder or name of an edition; every bundled one if left out."),
    ] = None,
    *,
    account: As,
    layer: Annotated[
        Path | None,
        typer.Option(help="Also load this layer, on the edition named or else on the newest."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Load editions and their translations into this instance; what is loaded never changes."""
    with refusals(), wiring.works(Settings()) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        loaded: list[dict[str, object]] = []
        for edition, texts in _read(folder, layer):
            load_edition(works.sessions, edition=edition, actor=actor, clock=works.clock)
            done = load_translations(
                works.sessions,
                edition=edition,
                translations=texts,
                actor=actor,
                clock=works.clock,
            )
            items = sum(len(function.items) for function in edition.functions.values())
            loaded.append({"edition": edition.name, "items": items, "texts": done})
    answer(
        {"loaded": loaded},
        as_json=as_json,
        lines=lambda: [f"{each['edition']}: {each['items']} items" for each in loaded],
    )


def _read(
    folder: str | None, layer: Path | None
) -> Sequence[tuple[Edition, tuple[Translation, ...]]]:
    """Return every edition to be loaded with its translations; the layered one comes last."""
    places = [edition_folder(each) for each in ([folder] if folder else bundled_editions())]
    editions = [read_edition(place) for place in places]
    found = [
        (edition, read_translations(place, edition.functions))
        for place, edition in zip(places, editions, strict=True)
    ]
    if layer is not None:
        # The bundled ones come with the newest last.
        below = editions[-1]
        found.append((layered(below, read_layer(layer, below)), ()))
    return found


def _write_new(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        remedy = "Edit that file, or name another folder with --folder."
        raise Conflict("{file} is there already.", file=str(file), remedy=remedy) from error
    except OSError as error:
        remedy = "Name a folder that exists and that you may write to with --folder."
        raise NotFound("{file} cannot be written.", file=str(file), remedy=remedy) from error


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
        raise _no_function(code)
    return functions[code]


def _no_function(code: str) -> NotFound:
    remedy = sentence("Use one of: {codes}.", codes=listed(CODES))
    return NotFound("There is no readable function {code}.", code=code, remedy=remedy)

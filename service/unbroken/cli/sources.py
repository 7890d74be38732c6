"""``unbroken source``: what outside systems answered, read, kept and asked for."""

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli import outside_sources, source_loading
from unbroken.cli.output import Json, answer, refusals, table
from unbroken.cli.source_choices import NAMED, Kind, choices_of, reader_of, warnings_in
from unbroken.kit.canonical import plain
from unbroken.sources.readers import Document, Payload

app = typer.Typer(help="What outside systems answered.", no_args_is_help=True)
app.command("load")(source_loading.load)
app.command("add")(outside_sources.add)
app.command("list")(outside_sources.show)
app.command("on")(outside_sources.switch_on)
app.command("off")(outside_sources.switch_off)
app.command("fetch")(outside_sources.fetch_now)
app.command("beside")(outside_sources.beside)
LONGEST = 100


@app.command("kinds")
def kinds(
    *,
    live: Annotated[
        bool, typer.Option("--live", help="Those that can be asked for, and what may be asked.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the kinds of answers that can be read, with what may be chosen for each."""
    if live:
        named = {name: dict(each.questions) for name, each in sorted(wiring.clients().items())}
    else:
        named = {name: dict(each.choices) for name, each in sorted(wiring.readers().items())}
    option = "--ask" if live else "--with"
    rows = [(name, told) for name in named for told in _told(named[name], option)]
    answer(named, as_json=as_json, lines=lambda: table(rows, head=("kind", "choices")))


@app.command("read")
def read(
    kind: Kind,
    files: Annotated[
        list[Path],
        typer.Argument(help="The stored answers; all pages.", exists=True, dir_okay=False),
    ],
    *,
    chosen: NAMED = None,
    as_json: Json = False,
) -> None:
    """Read what an outside system answered and say what it states; nothing is stored.

    Exit code 1 where an answer is not whole or does not agree with its own total.
    """
    choices = choices_of(chosen)
    with refusals():
        reader = reader_of(kind, choices)
        payloads = [Payload(file.name, file.read_bytes()) for file in files]
        document = reader.read(payloads, choices)
    if as_json:
        sys.stdout.write(json.dumps(_in_json(document), ensure_ascii=False, indent=2) + "\n")
        return
    for line in _lines(document):
        typer.echo(line)
    for warning in warnings_in(document):
        typer.echo(f"  ! {warning}", err=True)


def _in_json(value: object) -> object:
    """Return what JSON has for a value; a ``Decimal`` is a number where that says it exactly."""
    match value:
        case Mapping():
            return {str(key): _in_json(each) for key, each in value.items()}
        case list() | tuple():
            return [_in_json(each) for each in value]
        case Decimal() if Decimal(repr(float(value))) == value:
            return float(value)
        case _:
            return plain(value)


def _told(choices: Mapping[str, str], option: str) -> list[str]:
    return [f"{option} {name}=…  {told}" for name, told in choices.items()] or ["none"]


def _lines(document: Document) -> list[str]:
    """Return one line for each thing said; what is long is counted."""
    told = {name: value for name, value in document.items() if name != "warnings"}
    return [f"{name}: {_short(value)}" for name, value in told.items()]


def _short(value: object) -> str:
    match value:
        case None:
            return "not stated"
        case Mapping():
            return "; ".join(f"{name} {_short(each)}" for name, each in value.items())[:LONGEST]
        case list() | tuple():
            return f"{len(value)} entries"
        case _:
            return str(value)

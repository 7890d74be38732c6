"""``unbroken source``: what outside systems answered, read from files."""

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.output import Json, answer, refusals, table
from unbroken.kit.canonical import plain
from unbroken.kit.errors import NotFound
from unbroken.kit.sentences import either
from unbroken.sources.readers import Document, Payload, Reader

app = typer.Typer(help="What outside systems answered.", no_args_is_help=True)
LONGEST = 100


@app.command("kinds")
def kinds(*, as_json: Json = False) -> None:
    """List the kinds of answers that can be read, with what may be chosen for each."""
    known = {name: dict(reader.choices) for name, reader in sorted(wiring.readers().items())}
    rows = [(name, told) for name in known for told in _told(known[name])]
    answer(known, as_json=as_json, lines=lambda: table(rows, head=("kind", "choices")))


@app.command("read")
def read(
    kind: Annotated[str, typer.Argument(help="What the files are: unbroken source kinds.")],
    files: Annotated[
        list[Path],
        typer.Argument(help="The stored answers; all pages.", exists=True, dir_okay=False),
    ],
    *,
    chosen: Annotated[
        list[str] | None, typer.Option("--with", help="A choice, as NAME=VALUE; repeat it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read what an outside system answered and say what it states; nothing is stored.

    Exit code 1 where an answer is not whole or does not agree with its own total.
    """
    choices = dict(_choice(each) for each in chosen or [])
    with refusals():
        reader = _reader(kind, choices)
        payloads = [Payload(file.name, file.read_bytes()) for file in files]
        document = reader.read(payloads, choices)
    if as_json:
        sys.stdout.write(json.dumps(_in_json(document), ensure_ascii=False, indent=2) + "\n")
        return
    for line in _lines(document):
        typer.echo(line)
    for warning in _warnings(document):
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


def _reader(kind: str, choices: Mapping[str, str]) -> Reader:
    """Return the reader of a kind.

    Raises:
        NotFound: there is none of this kind.
        BadParameter: it knows no such choice.
    """
    known = wiring.readers()
    if kind not in known:
        raise NotFound(
            "There is no kind of answer called {kind}.",
            remedy="Choose one of: unbroken source kinds.",
            kind=kind,
        )
    odd = sorted(choices.keys() - known[kind].choices.keys())
    if odd:
        named = either(sorted(known[kind].choices)) or "no choices"
        message = f"{kind} does not know --with {odd[0]}; it knows {named}"
        raise typer.BadParameter(message)
    return known[kind]


def _choice(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        message = f"{text!r} is no choice; write it as NAME=VALUE"
        raise typer.BadParameter(message)
    return name.strip(), value.strip()


def _told(choices: Mapping[str, str]) -> list[str]:
    return [f"--with {name}=…  {told}" for name, told in choices.items()] or ["none"]


def _warnings(document: Document) -> list[str]:
    found = document.get("warnings")
    return [str(each) for each in found] if isinstance(found, list | tuple) else []


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

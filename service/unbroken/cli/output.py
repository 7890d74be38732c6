"""How commands answer: one JSON document or readable lines; refusals with exit code 1."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from unbroken.kit.canonical import plain
from unbroken.kit.db import is_out_of_reach
from unbroken.kit.errors import Invalid, Refused, Unavailable, UnbrokenError

REFUSED, OUTSIDE = 1, 3

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
As = Annotated[str, typer.Option("--as", help="The account that acts, by its handle.")]


def day(text: str) -> date:
    """Return an ISO date given on the command line.

    Raises:
        BadParameter: it is no day of the calendar.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is not a day; write it as 2026-03-31 ({error})"
        raise typer.BadParameter(message) from error


def answer(value: object, *, as_json: bool, lines: Callable[[], Sequence[str]]) -> None:
    """Print ``value`` as one JSON document, or the readable ``lines``."""
    if as_json:
        sys.stdout.write(json.dumps(plain(_values(value)), ensure_ascii=False, indent=2) + "\n")
        return
    for line in lines():
        typer.echo(line)


def _values(value: object) -> object:
    """Return frozen views as mappings of their fields, at any depth."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _values(getattr(value, each.name)) for each in fields(value)}
    match value:
        case Mapping():
            return {str(key): _values(each) for key, each in value.items()}
        case list() | tuple() | frozenset():
            return [_values(each) for each in value]
        case _:
            return value


@contextmanager
def refusals() -> Iterator[None]:
    """Turn refusals into a sentence on standard error and exit code 1, failures outside into 3."""
    try:
        yield
    except Unavailable as error:
        _tell(error)
        raise typer.Exit(OUTSIDE) from error
    except Refused as error:
        _tell(error)
        raise typer.Exit(REFUSED) from error
    except SQLAlchemyError as error:
        if not is_out_of_reach(error):
            raise
        _tell(Unavailable("The database does not answer at the moment."))
        raise typer.Exit(OUTSIDE) from error


def _tell(error: UnbrokenError) -> None:
    typer.echo(error.render(), err=True)
    if error.remedy:
        typer.echo(f"  → {error.remedy}", err=True)
    for problem in error.problems if isinstance(error, Invalid) else ():
        remedy = f" → {problem.remedy}" if problem.remedy else ""
        typer.echo(f"  {problem.path}: {problem.what}{remedy}", err=True)


def table(rows: Sequence[Sequence[str]], *, head: Sequence[str]) -> list[str]:
    """Return aligned lines; the last column is never padded. Empty rows give no lines."""
    if not rows:
        return []
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    return [_line(row, widths) for row in [head, ["─" * width for width in widths], *rows]]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()

"""What the commands about outside systems share: kinds, choices, warnings."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.kit.errors import NotFound
from unbroken.kit.sentences import either
from unbroken.sources.readers import Reader

Kind = Annotated[str, typer.Argument(help="What the files are: unbroken source kinds.")]
NAMED = Annotated[
    list[str] | None, typer.Option("--with", help="A choice, as NAME=VALUE; repeat it.")
]


def reader_of(kind: str, choices: Mapping[str, str]) -> Reader:
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


def choices_of(told: Sequence[str] | None) -> dict[str, str]:
    """Return what was given as NAME=VALUE, by name.

    Raises:
        BadParameter: something was written otherwise.
    """
    return dict(_choice(each) for each in told or [])


def warnings_in(document: Mapping[str, object]) -> list[str]:
    """Return the warnings of a document, perhaps none."""
    found = document.get("warnings")
    return [str(each) for each in found] if isinstance(found, list | tuple) else []


def _choice(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    is_unicode = text.encode(errors="replace").decode() == text
    if not sign or not name.strip() or not is_unicode:
        message = f"{text!r} is no choice; write it as NAME=VALUE"
        raise typer.BadParameter(message)
    return name.strip(), value.strip()

"""``unbroken source load``: keep what an outside system answered, beside the plans it is about."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.output import As, Json, answer, day, refusals
from unbroken.cli.source_choices import NAMED, Kind, choices_of, reader_of, warnings_in
from unbroken.kit.settings import Settings
from unbroken.money.commands.loading import LoadAnswer, Loaded, check_size, load_answer
from unbroken.people.queries import actor_by_handle
from unbroken.sources.figures import LABELS, figures_of
from unbroken.sources.readers import Payload


def load(  # noqa: PLR0913 - one parameter for each option
    kind: Kind,
    files: Annotated[
        list[Path],
        typer.Argument(help="The stored answers; all pages.", exists=True, dir_okay=False),
    ],
    *,
    account: As,
    chosen: NAMED = None,
    plans: Annotated[
        list[str] | None, typer.Option("--plan", help="Beside this plan; repeat it.")
    ] = None,
    about: Annotated[
        list[str] | None,
        typer.Option("--about", help="What was asked, as NAME=VALUE; else the answer says it."),
    ] = None,
    retrieved: Annotated[
        str, typer.Option(help="The day it was taken from its source; else today.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Keep an answer and put it beside plans; the same answer twice changes nothing.

    It is read and checked as by ``source read``; what is not whole is refused and nothing is kept.
    Answers that may name persons are kept without their raw text. Exchange rates are entered too.
    """
    choices, asked = choices_of(chosen), choices_of(about)
    on = day(retrieved) if retrieved else None
    with refusals(), wiring.works(Settings()) as works:
        check_size(sum(file.stat().st_size for file in files))
        reader = reader_of(kind, choices)
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        order = _order(kind, files, choices, asked, plans or [], on, is_dry=dry_run)
        done = load_answer(works.sessions, order, reader, actor=actor, clock=works.clock)
    answer(done, as_json=as_json, lines=lambda: _lines(done))
    if not as_json:
        for warning in warnings_in(done.document):
            typer.echo(f"  ! {warning}", err=True)


def _order(  # noqa: PLR0913 - what was typed, in the order of the command
    kind: str,
    files: Sequence[Path],
    choices: Mapping[str, str],
    asked: Mapping[str, str],
    plans: Sequence[str],
    on: date | None,
    *,
    is_dry: bool,
) -> LoadAnswer:
    return LoadAnswer(
        kind=kind,
        payloads=[Payload(file.name, file.read_bytes()) for file in files],
        chosen=choices,
        about=asked,
        plans=tuple(plans),
        retrieved_on=on,
        is_dry=is_dry,
    )


def _lines(done: Loaded) -> list[str]:
    would = "would be " if done.dry_run else ""
    told = f"{done.kind} {done.question}".rstrip()
    first = f"{told}: {would}stored" if done.stored else f"{told}: the same answer is there already"
    lines = [first if done.changed else f"{told}: nothing changes, the same answer is there"]
    if done.stored and done.answers_before:
        lines.append(f"  answers to this before: {done.answers_before}; they stay")
    if done.linked:
        lines.append(f"  {would}put beside {', '.join(done.linked)}")
    if done.rates:
        lines.append(f"  {done.rates} exchange rates {would}entered")
    if done.rates_differing:
        lines.append(f"  {done.rates_differing} rates differ from what is on record, which stays")
    if done.stored and not done.raw_kept:
        lines.append("  raw text not kept: it may name persons")
    return lines + [
        f"  {LABELS[name]}: {'not stated' if amount is None else f'{amount:,}'}"
        for name, amount in figures_of(done.document).items()
    ]

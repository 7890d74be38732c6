"""``unbroken source add, list, on, off, fetch, beside``: outside systems that are asked."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import typer

from unbroken import wiring
from unbroken.cli.output import OUTSIDE, As, Json, answer, refusals, table
from unbroken.cli.source_choices import choices_of
from unbroken.kit.errors import NotFound
from unbroken.kit.settings import Settings
from unbroken.money.commands.fetching import Fetched, fetch
from unbroken.money.commands.outside_sources import (
    AddOutsideSource,
    add_outside_source,
    switch_outside_source,
)
from unbroken.people.queries import actor_by_handle
from unbroken.people.rules import sight_of
from unbroken.plans.queries import find_plan
from unbroken.sources.queries.outside import OutsideSourceView, outside_sources
from unbroken.sources.queries.snapshots import OutsideFigure, SnapshotView, snapshots_of

Source = Annotated[str, typer.Argument(help="The source, by its UUID as the list shows it.")]


def add(  # noqa: PLR0913 - one parameter for each option
    kind: Annotated[str, typer.Argument(help="What is asked for: unbroken source kinds --live.")],
    *,
    account: As,
    asked: Annotated[
        list[str] | None, typer.Option("--ask", help="What is asked, as NAME=VALUE; repeat it.")
    ] = None,
    plans: Annotated[
        list[str] | None, typer.Option("--plan", help="Beside this plan; repeat it.")
    ] = None,
    address: Annotated[str, typer.Option(help="Another server than the system's own.")] = "",
    secret: Annotated[
        str, typer.Option(help="The variable that holds what opens it: UNBROKEN_SECRET_….")
    ] = "",
    every_minutes: Annotated[int, typer.Option(help="How often it is asked by itself.")] = 1440,
    as_json: Json = False,
) -> None:
    """Enter a question to an outside system; it is off until it is switched on."""
    order = AddOutsideSource(
        kind=kind,
        asked=choices_of(asked),
        plans=tuple(plans or ()),
        base_url=address,
        secret_name=secret,
        every_minutes=every_minutes,
    )
    with refusals(), wiring.works(Settings()) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        known = wiring.clients()
        uid = add_outside_source(
            works.sessions, order, clients=known, actor=actor, clock=works.clock
        )
    lines = [
        f"{uid} entered, switched off",
        f"Switch it on: unbroken source on {uid} --as {account}",
    ]
    answer({"uid": uid}, as_json=as_json, lines=lambda: lines)


def switch_on(source: Source, *, account: As) -> None:
    """Let a source be asked by itself."""
    _switch(source, account, is_on=True)


def switch_off(source: Source, *, account: As) -> None:
    """Stop asking a source; what it answered stays with its date."""
    _switch(source, account, is_on=False)


def show(*, as_json: Json = False) -> None:
    """List the sources: the last answer, its own day, and why one is silent."""
    with refusals(), wiring.works(Settings()) as works, works.sessions.reading() as session:
        found = outside_sources(session)
    answer({"sources": found}, as_json=as_json, lines=lambda: _lines(found))


def fetch_now(
    source: Annotated[str, typer.Argument(help="One source, by its UUID.")] = "",
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every source that is on.")] = False,
    as_json: Json = False,
) -> None:
    """Ask outside sources now and keep what they answer whole.

    One that does not answer whole is told as silent, exit code 3, and nothing of it is kept; what
    it answered before stays with its date.
    """
    if bool(source) == everything:
        message = "name a source, or say --all"
        raise typer.BadParameter(message)
    with refusals(), wiring.works(Settings()) as works:
        outside = works.outside()
        done = [
            fetch(works.sessions, uid, outside=outside, clock=works.clock)
            for uid in _wanted(works, source)
        ]
    answer({"sources": done}, as_json=as_json, lines=lambda: [_fetched(each) for each in done])
    if not done:
        typer.echo("No source is on: unbroken source list", err=True)
    for problem in (problem for each in done for problem in each.problems):
        typer.echo(f"  {problem}", err=True)
    if any(each.reason for each in done):
        raise typer.Exit(OUTSIDE)


def _wanted(works: wiring.Works, source: str) -> list[UUID]:
    if source:
        return [_uid(source)]
    with works.sessions.reading() as session:
        return [each.uid for each in outside_sources(session) if each.is_on]


def _switch(source: str, account: str, *, is_on: bool) -> None:
    with refusals(), wiring.works(Settings()) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        uid = _uid(source)
        switch_outside_source(works.sessions, uid, is_on=is_on, actor=actor, clock=works.clock)
    typer.echo(f"{source} is {'on' if is_on else 'off'}", err=True)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no outside source {source}.", source=text) from None


def _fetched(done: Fetched) -> str:
    told = f"{done.kind} {done.question}".rstrip()
    if done.reason:
        return f"{told}: source silent: {done.reason}"
    return f"{told}: a new answer" if done.changed else f"{told}: the same answer as before"


def _lines(found: tuple[OutsideSourceView, ...]) -> list[str]:
    rows = [
        (
            str(each.uid),
            each.kind,
            each.question,
            "on" if each.is_on else "off",
            f"silent: {each.silent_reason} ({each.failures})" if each.silent_reason else "",
            each.stated_on.isoformat() if each.stated_on else "",
            _minute(each.answered_at),
        )
        for each in found
    ]
    head = ("source", "kind", "question", "state", "trouble", "its own day", "last answer")
    return table(rows, head=head)


def _minute(at: datetime | None) -> str:
    return at.isoformat(timespec="minutes") if at else "none yet"


def beside(
    plan: Annotated[str, typer.Argument(help="The plan, by its slug.")],
    *,
    account: As,
    as_json: Json = False,
) -> None:
    """Say what outside systems state of what a plan is about, with source, date and what it lacks.

    Their figures are never part of the plan's own.
    """
    with refusals(), wiring.works(Settings()) as works, works.sessions.reading() as session:
        actor = actor_by_handle(session, account)
        view = find_plan(session, plan, sight=sight_of(actor))
        found = snapshots_of(session, view.uid, country_iso3=view.country_iso3)
    answer({"snapshots": found}, as_json=as_json, lines=lambda: _beside(found))


def _beside(found: tuple[SnapshotView, ...]) -> list[str]:
    if not found:
        return ["no answer of an outside system is here; that says nothing of what is missing"]
    lines = []
    for each in found:
        asked = " ".join(f"{name}={told}" for name, told in each.question.items())
        lines.append(f"{each.kind} {asked}, retrieved {_minute(each.retrieved_at)}: {each.source}")
        lines += [f"  {_figure(figure)}" for figure in each.figures]
        lines += [f"  · {lack}" for lack in each.lacks]
    return lines


def _figure(figure: OutsideFigure) -> str:
    told = f"{figure.label}: {_amount(figure.amount)}"
    before = figure.restated
    if before is None:
        return told
    return f"{told} (restated on {before.on.date()}, before: {_amount(before.was)})"


def _amount(amount: Decimal | None) -> str:
    return "not stated" if amount is None else f"{amount:,}"

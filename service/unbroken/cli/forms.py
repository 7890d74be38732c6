"""``unbroken forms``: phone forms out, answers in, and the servers that hold them."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from unbroken import wiring
from unbroken.cli.output import OUTSIDE, As, Json, answer, refusals, table
from unbroken.kit.errors import Conflict, NotFound, Unavailable
from unbroken.kit.settings import Settings
from unbroken.people.queries import actor_by_handle
from unbroken.people.rules import Sight
from unbroken.plans.queries import find_plan
from unbroken.sources.models import PollOutcome
from unbroken.sources.queries import FormSourceView, form_sources
from unbroken.transfers.commands.form_sources import (
    AddFormSource,
    add_form_source,
    switch_form_source,
)
from unbroken.transfers.commands.polling import Polled, poll
from unbroken.workbooks.phone_forms import Flavour, PhoneForm, phone_form

app = typer.Typer(help="Phone forms: take them out, take answers in.", no_args_is_help=True)
source_app = typer.Typer(help="The servers that hold the answers.", no_args_is_help=True)
app.add_typer(source_app, name="source")
Slug = Annotated[str, typer.Argument(help="The plan, by its slug.")]
Source = Annotated[str, typer.Argument(help="The source, by its UUID as the list shows it.")]
EVERYTHING = Sight(everything=True)


@app.command("export")
def export(  # noqa: PLR0913 - one parameter for each option
    plan: Slug,
    file: Annotated[Path, typer.Argument(help="The .xlsx file to write.", dir_okay=False)],
    *,
    account: As,
    kobo: Annotated[bool, typer.Option("--kobo", help="For KoboToolbox.")] = False,
    odk: Annotated[bool, typer.Option("--odk", help="For ODK Central and Collect.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
    as_json: Json = False,
) -> None:
    """Write the open offers of a plan as a phone form (XLSForm), in every language.

    Restricted functions are never in it: they are answered in the service. Send the form out again
    whenever offers change; answers to an older one are recognised.
    """
    if kobo == odk:
        message = "say for which system: --kobo or --odk"
        raise typer.BadParameter(message)
    with refusals(), wiring.works(Settings()) as works:
        if file.exists() and not force:
            raise Conflict(
                "{file} is there already.", remedy="Add --force to write over it.", file=str(file)
            )
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
            flavour = Flavour.KOBO if kobo else Flavour.ODK
            on, at = works.clock.today(), works.clock.now()
            made = phone_form(session, plan, flavour, actor=actor, on=on, at=at)
        _write(file, made.raw)
    shown = _form_values(made, plan=plan, flavour=flavour, file=file)
    answer(shown, as_json=as_json, lines=lambda: _form_lines(made, file=file))


@app.command("pull")
def pull(
    plan: Annotated[str, typer.Argument(help="The plan, by its slug.")] = "",
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every source that is on.")] = False,
    as_json: Json = False,
) -> None:
    """Read the answers of phone forms now; each becomes a proposal in the receiver's inbox.

    Nothing is signed by it. A server that does not answer whole is told as silent, exit code 3;
    what was read whole is kept, and the next reading heals the rest.
    """
    if bool(plan) == everything:
        message = "name a plan, or say --all"
        raise typer.BadParameter(message)
    with refusals(), wiring.works(Settings()) as works:
        done = [
            poll(works.sessions, each.uid, connectors=works.connectors, clock=works.clock)
            for each in _sources(works, plan)
            if each.is_on
        ]
    answer({"sources": done}, as_json=as_json, lines=lambda: [_pulled(each) for each in done])
    if not done:
        typer.echo("No source is on: unbroken forms source list", err=True)
    if any(each.outcome is PollOutcome.SILENT for each in done):
        raise typer.Exit(OUTSIDE)


@source_app.command("add")
def add(  # noqa: PLR0913 - one parameter for each option
    plan: Slug,
    *,
    system: Annotated[str, typer.Option(help="The connector: kobo or odk.")],
    address: Annotated[str, typer.Option(help="The server, such as https://kobo.example.org.")],
    form: Annotated[str, typer.Option(help="Kobo: the asset's uid. ODK: PROJECT/FORM.")],
    secret: Annotated[
        str, typer.Option(help="The variable that holds the token: UNBROKEN_SECRET_….")
    ],
    every_minutes: Annotated[int, typer.Option(help="How often it is read by itself.")] = 1440,
    account: As,
    as_json: Json = False,
) -> None:
    """Enter a server that holds a plan's answers; it is off until it is switched on."""
    order = AddFormSource(
        plan=plan,
        system=system,
        base_url=address,
        form=form,
        secret_name=secret,
        every_minutes=every_minutes,
    )
    with refusals(), wiring.works(Settings()) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        made = add_form_source(works.sessions, order, actor=actor, clock=works.clock)
    lines = [
        f"{made.uid} entered, switched off",
        f"Address for its hook, shown only now: {made.hook_path}",
        f"Switch it on: unbroken forms source on {made.uid} --as {account}",
    ]
    answer(made, as_json=as_json, lines=lambda: lines)


@source_app.command("on")
def switch_on(source: Source, *, account: As) -> None:
    """Let a source be read by itself, and its hook be heard."""
    _switch(source, account, is_on=True)


@source_app.command("off")
def switch_off(source: Source, *, account: As) -> None:
    """Stop reading a source; what it proposed stays."""
    _switch(source, account, is_on=False)


@source_app.command("list")
def show(
    *,
    plan: Annotated[str, typer.Option(help="Of this plan alone.")] = "",
    as_json: Json = False,
) -> None:
    """List the sources with how their last reading ended."""
    with refusals(), wiring.works(Settings()) as works:
        found = _sources(works, plan)
    answer({"sources": found}, as_json=as_json, lines=lambda: _source_lines(found))


def _sources(works: wiring.Works, plan: str) -> tuple[FormSourceView, ...]:
    with works.sessions.reading() as session:
        wanted = [find_plan(session, plan, sight=EVERYTHING).uid] if plan else None
        return form_sources(session, wanted)


def _switch(source: str, account: str, *, is_on: bool) -> None:
    with refusals(), wiring.works(Settings()) as works:
        with works.sessions.reading() as session:
            actor = actor_by_handle(session, account)
        uid = _uid(source)
        switch_form_source(works.sessions, uid, is_on=is_on, actor=actor, clock=works.clock)
    typer.echo(f"{source} is {'on' if is_on else 'off'}", err=True)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no form source {source}.", source=text) from None


def _write(file: Path, raw: bytes) -> None:
    try:
        file.write_bytes(raw)
    except OSError as fault:
        raise Unavailable(
            "{file} could not be written: {why}.",
            remedy="Name a folder that is there and may be written to.",
            file=str(file),
            why=str(fault.strerror),
        ) from fault


def _form_values(made: PhoneForm, *, plan: str, flavour: Flavour, file: Path) -> dict[str, object]:
    return {
        "plan": plan,
        "system": flavour,
        "form_id": made.form_id,
        "version": made.version,
        "file": str(file),
        "offers": [each.entry.uid for each in made.offers],
        "left_out": dict(made.left_out),
    }


def _form_lines(made: PhoneForm, *, file: Path) -> list[str]:
    left = [f"  {count} left out: {why.value}" for why, count in made.left_out.items()]
    told = f"{len(made.offers)} open offers written to {file}"
    return [told, f"  form {made.form_id}, version {made.version}", *left]


def _pulled(done: Polled) -> str:
    counts = done.counts
    told = (
        f"{done.system} {done.form}: {counts.read} read, {counts.added} new, "
        f"{counts.edited} edited, {counts.restated} reviewed, {counts.withdrawn} gone, "
        f"{len(counts.unread)} not usable"
    )
    if done.outcome is PollOutcome.SILENT:
        return f"{told}; source silent: {done.reason}"
    return told if done.is_whole else f"{told}; it changed while being read"


def _source_lines(found: tuple[FormSourceView, ...]) -> list[str]:
    rows = [
        (
            str(each.uid),
            each.system,
            each.form,
            "on" if each.is_on else "off",
            f"silent: {each.silent_reason}" if each.silent_reason else "",
            each.last.finished_at.isoformat(timespec="minutes") if each.last else "never read",
        )
        for each in found
    ]
    return table(rows, head=("source", "system", "form", "state", "trouble", "last read"))

"""``unbroken demo``: everything on SQLite, with real transitions loaded."""

import webbrowser
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from unbroken import wiring
from unbroken.cli.output import Json, answer, day, refusals
from unbroken.cli.serving import Port, run_server
from unbroken.demo import KIND, load_figures, move_to, play, sign_in_links, tokens
from unbroken.functions.queries import (
    bundled_editions,
    edition_folder,
    edition_names,
    loaded_edition,
    read_edition,
)
from unbroken.functions.rules import Edition
from unbroken.kit.clock import SystemClock
from unbroken.kit.settings import Settings

app = typer.Typer(help="A demonstration with real transitions.")
EDITION = "2026.1"
Data = Annotated[Path | None, typer.Option("--data", help="Folder of the demonstration.")]
DEFAULT = Path("data") / "demo"


@app.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    *,
    port: Port = None,
    data: Data = None,
    on: Annotated[
        date | None,
        typer.Option("--on", parser=day, metavar="DATE", help="The day to stand on; today."),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
) -> None:
    """Load twelve real transitions up to a day and serve them; no password needed."""
    if context.invoked_subcommand is not None:
        return
    settings = _settings(data, port=port)
    with refusals():
        wiring.migrate(settings)
        with wiring.works(settings) as works:
            _load(works, on)
            _welcome(works, open_it=not no_open)
            run_server(works, port=settings.port)


@app.command("tokens")
def tokens_command(*, data: Data = None, as_json: Json = False) -> None:
    """Print a fresh bearer token for each role of the demonstration."""
    with refusals(), wiring.works(_settings(data, port=None)) as works:
        made = tokens(works.sessions, clock=SystemClock())
    answer(made, as_json=as_json, lines=lambda: [f"{role}: {made[role]}" for role in made])


def _settings(data: Path | None, *, port: int | None) -> Settings:
    given = Settings()
    changed: dict[str, object] = {
        "data": data or (given.data if "data" in given.model_fields_set else DEFAULT),
        "database_url": "",
        "secure_cookies": False,
    }
    if port is not None:
        changed["port"] = port
    address = f"http://{given.host}:{given.port if port is None else port}"
    return given.model_copy(update={**changed, "base_url": given.base_url or address})


def _load(works: wiring.Works, on: date | None) -> None:
    def say(line: str) -> None:
        typer.echo(line, err=True)

    edition, *newer = _editions(works)
    played = play(
        works.sessions,
        today=on or SystemClock().today(),
        edition=edition,
        log=say,
        newer=newer,
    )
    if on is not None and on != played.today:
        move_to(works.sessions, on, log=say)
    load_figures(works.sessions, wiring.readers()[KIND], today=works.clock.today())


def _editions(works: wiring.Works) -> list[Edition]:
    """Return the edition that the history follows, then the newer ones.

    Out of the database where they are loaded: reading the files takes longer.
    """
    with works.sessions.reading() as session:
        if EDITION in edition_names(session):
            return [loaded_edition(session, EDITION)]
    names = bundled_editions()
    return [read_edition(edition_folder(name)) for name in names[names.index(EDITION) :]]


def _welcome(works: wiring.Works, *, open_it: bool) -> None:
    base = works.settings.base_url
    typer.echo(f"\nUnbroken stands on {works.clock.today()}: {base}\n", err=True)
    for role, link in sign_in_links(works.sessions, clock=SystemClock()).items():
        typer.echo(f"  {role:18} {base}/sign-in/link?token={link.secret}", err=True)
    tokens_by = f"unbroken demo tokens --data {works.settings.data} --json"
    typer.echo(f"\nStop with Ctrl-C. Tokens for scripts: {tokens_by}\n", err=True)
    if open_it:
        webbrowser.open(base)

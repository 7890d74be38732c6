"""The command ``unbroken``."""

from typing import Annotated

import typer

from unbroken import __version__
from unbroken.cli import (
    certificates,
    checklists,
    databases,
    demonstration,
    forms,
    gaps,
    money,
    money_workbooks,
    people,
    plans,
    ruling,
    serving,
    sources,
    trails,
)

app = typer.Typer(
    name="unbroken",
    help="Keeps child-protection capacity unbroken while a United Nations mission leaves.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(checklists.app, name="checklist")
app.add_typer(databases.app, name="db")
app.add_typer(forms.app, name="forms")
ruling.add_to(gaps.app)
app.add_typer(gaps.app, name="gap")
money.app.add_typer(money_workbooks.app, name="workbook")
app.add_typer(money.app, name="money")
app.add_typer(people.app, name="people")
app.add_typer(plans.app, name="plan")
app.add_typer(sources.app, name="source")
app.add_typer(trails.app, name="trail")
app.add_typer(demonstration.app, name="demo")
app.command("certificate")(certificates.certificate)
app.command("scan")(gaps.scan)
app.command("serve")(serving.serve)
app.command("work")(serving.work)


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"unbroken {__version__}")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Keep child-protection capacity unbroken while a United Nations mission leaves."""
    del version

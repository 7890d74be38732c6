"""``unbroken db``: bring the database to the newest revision."""

import typer

from unbroken import wiring
from unbroken.cli.output import Json, answer, refusals
from unbroken.kit import migrations
from unbroken.kit.settings import Settings

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.command()
def upgrade(*, as_json: Json = False) -> None:
    """Bring the database to the newest revision; doing it twice changes nothing."""
    settings = Settings()
    with refusals():
        wiring.migrate(settings)
        revision = migrations.current(settings.url())
    answer({"revision": revision}, as_json=as_json, lines=lambda: [f"database at {revision}"])

"""``unbroken checklist``: check the catalogue's files."""

from pathlib import Path
from typing import Annotated

import typer

from unbroken.cli.output import REFUSED, Json, answer
from unbroken.functions.queries import check_edition
from unbroken.kit.bundled import bundled

app = typer.Typer(help="The catalogue of functions and their checklists.", no_args_is_help=True)
EDITION = "2026.1"


@app.callback()
def main() -> None:
    """Work on the catalogue."""


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="The edition's folder; the bundled one if left out.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Check every checklist file and say file, line, what is wrong and what to do."""
    place = folder or bundled("checklists") / EDITION
    faults = check_edition(place)
    files = len(list(place.glob("*.yaml")))
    answer(
        {
            "files": files,
            "faults": [
                {"file": f.file, "line": f.line, "what": f.what, "remedy": f.remedy} for f in faults
            ],
        },
        as_json=as_json,
        lines=lambda: [
            *(f"{f.file}:{f.line}: {f.what}\n  → {f.remedy}" for f in faults),
            f"{files} files, {len(faults)} faults",
        ],
    )
    if faults:
        raise typer.Exit(REFUSED)

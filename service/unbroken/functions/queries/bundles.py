"""The editions that travel with the program."""

import re
from pathlib import Path

from unbroken.kit.bundled import bundled
from unbroken.kit.errors import NotFound
from unbroken.kit.sentences import listed, sentence

NUMBER = re.compile(r"\d+(\.\d+)*")


def bundled_editions() -> tuple[str, ...]:
    """Return the names of the editions that travel with the program, the oldest first."""
    there = [at.name for at in bundled("checklists").iterdir() if at.is_dir()]
    return tuple(sorted(filter(NUMBER.fullmatch, there), key=_parts))


def newest_edition() -> str:
    """Return the name of the newest edition that travels with the program."""
    return bundled_editions()[-1]


def edition_folder(named: str | Path) -> Path:
    """Return the folder of an edition given by its folder, or by the name of a bundled one.

    Raises:
        NotFound: it is neither.
    """
    if Path(named).is_dir():
        return Path(named).resolve()  # an edition is named after its folder: `.` is no name
    if str(named) in bundled_editions():
        return bundled("checklists") / str(named)
    raise NotFound(
        "There is no edition at {folder}.",
        folder=str(named),
        remedy=sentence(
            "Name a folder, such as checklists/{edition}, or one of: {editions}.",
            edition=newest_edition(),
            editions=listed(bundled_editions()),
        ),
    )


def _parts(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))

"""Where the files are that travel with the code without being code: checklists and migrations."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def bundled(name: str) -> Path:
    """Return the folder ``name``: the copy inside an installed wheel, else the checkout's own.

    Raises:
        FileNotFoundError: neither is there, so the installation is incomplete.
    """
    for folder in (PACKAGE / "_bundled" / name, PACKAGE.parents[1] / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(PACKAGE / "_bundled" / name)

"""Files that commands write: whole or not at all, and over another only when told so."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from unbroken.kit.errors import Conflict

Force = Annotated[bool, typer.Option("--force", help="Write over a file.")]
STANDARD_OUTPUT = "-"


def check_free(file: Path, *, force: bool) -> None:
    """Pass where ``file`` can be written.

    Raises:
        Conflict: there is one already and ``force`` is not given, or its folder is missing.
    """
    if str(file) == STANDARD_OUTPUT:
        return
    if file.is_dir() or not file.parent.is_dir():
        raise Conflict(
            "{file} cannot be written.",
            remedy="Name a file in a folder that is there.",
            file=str(file),
        )
    if file.exists() and not force:
        raise Conflict(
            "{file} exists.", remedy="Choose another name, or give --force.", file=str(file)
        )


def write_whole(file: Path, pieces: Iterable[bytes]) -> bytes:
    """Write ``pieces`` to ``file`` and return the last; where that fails nothing is left behind.

    Raises:
        Conflict: the disk refuses.
    """
    if str(file) == STANDARD_OUTPUT:
        return _write(sys.stdout.buffer, pieces)
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as out:
            last = _write(out, pieces)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        raise Conflict(
            "{file} cannot be written: {why}.", file=str(file), why=error.strerror or ""
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return last


def _write(out: BinaryIO, pieces: Iterable[bytes]) -> bytes:
    last = b""
    for piece in pieces:
        out.write(piece)
        last = piece
    return last

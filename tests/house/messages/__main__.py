"""For translators: bring the catalogues up to date, and list what waits for a translation.

python -m tests.house.messages update       merges new messages into every language's file
python -m tests.house.messages missing fr   lists what has no translation, as entries of a .po file
python -m tests.house.messages check fr     says what is wrong in a language's file
"""

import argparse
import sys
from collections.abc import Iterable

from babel.messages.catalog import Catalog

from tests.house.messages.catalogues import (
    TRANSLATED,
    faults,
    file_of,
    missing,
    read,
    refreshed,
    written,
)
from tests.house.messages.extraction import Message, extracted


def main(arguments: list[str]) -> int:
    """Do what is asked; return 0 when nothing is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.house.messages", description=__doc__)
    parser.add_argument("command", choices=("update", "missing", "check"))
    parser.add_argument("language", nargs="?", choices=TRANSLATED)
    asked = parser.parse_args(arguments)
    found = extracted()
    for fault in found.faults:
        say(f"no message can be made out: {fault}")
    languages = (asked.language,) if asked.language else TRANSLATED
    for language in languages:
        {"update": _update, "missing": _missing, "check": _check}[asked.command](
            language, found.messages
        )
    return 1 if found.faults else 0


def say(line: str) -> None:
    """Write a line for people."""
    sys.stderr.write(f"{line}\n")


def _update(language: str, messages: frozenset[Message]) -> None:
    file = file_of(language)
    before = read(file)
    after = refreshed(before, messages)
    file.write_bytes(written(after))
    waiting = len(missing(after, messages))
    say(f"{language}: {len(after)} messages, {waiting} without a translation; {len(before)} before")


def _missing(language: str, messages: frozenset[Message]) -> None:
    catalogue = read(file_of(language))
    sys.stdout.buffer.write(written(_of(language, missing(catalogue, messages))))


def _check(language: str, messages: frozenset[Message]) -> None:
    for fault in faults(read(file_of(language)), messages):
        say(f"{language}: {fault}")


def _of(language: str, messages: Iterable[Message]) -> Catalog:
    return refreshed(Catalog(locale=language), messages)


sys.exit(main(sys.argv[1:]))

"""Reads the hub's exports, JSON or CSV, and the ways in which it writes days, flags and numbers."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from unbroken.kit.errors import Problem
from unbroken.sources.markup import beginning
from unbroken.sources.parsing import Fault, day, json_of, listing, mapping, refusal, refusing, text
from unbroken.sources.readers import Payload
from unbroken.sources.tables import csv_rows

Record = Mapping[str, object]
T = TypeVar("T")

MILLISECONDS = re.compile(r"[+-]?[0-9]{1,15}(?:\.0+)?")
WHOLE = re.compile(r"([+-]?[0-9]{1,15})(?:[.,]0+)?")
ADDRESS = re.compile(r"\S+@\S+")
EPOCH = date(1970, 1, 1)
DAY_IN_MILLISECONDS = 86_400_000
FIRST_DAY, LAST_DAY = (date(1945, 1, 1) - EPOCH).days, (date(2200, 1, 1) - EPOCH).days
"""From the founding of the United Nations on. A bare year would be an hour of 1 January 1970."""

MOST_DIGITS = 20
YES, NO = frozenset({"yes", "y", "true", "1", "active"}), frozenset({"no", "n", "false", "0"})


def records_of(payload: Payload) -> Sequence[tuple[str, object]]:
    """Return the records of an export with where each is, in its order; empty for none.

    Raises:
        Fault: it is neither a list in JSON nor a table.
    """
    if beginning(payload)[:1] in {b"[", b"{"}:
        read = json_of(payload)
        found = listing(read.get("data") if isinstance(read, dict) else read, at=payload.name)
        return [(f"{payload.name}[{number}]", each) for number, each in enumerate(found)]
    return [(f"{payload.name}: line {row.line}", dict(row.cells)) for row in csv_rows(payload)]


def read_each(payload: Payload, read: Callable[[Record, str], T]) -> tuple[list[T], list[Problem]]:
    """Return what could be read of an export's records, and why others were left out.

    Raises:
        Invalid: it is no export, or none of its records could be read.
    """
    kept: list[T] = []
    problems: list[Problem] = []
    with refusing(payload):
        records = records_of(payload)
    for at, record in records:
        try:
            kept.append(read(fields_of(record, at=at), at))
        except Fault as fault:
            problems.append(fault.problem)
    if problems and not kept:
        raise refusal(payload.name, problems)
    return kept, problems


def fields_of(record: object, *, at: str) -> Record:
    """Return a record by its headings in small letters, words joined by ``_``.

    The hub writes ``Mission_Acronym`` in one place and ``mission_acronym`` in another.

    Raises:
        Fault: it is no object.
    """
    return {_heading(name): value for name, value in mapping(record, at=at).items()}


def _heading(name: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", name.lower()))


def plain_text(value: object) -> str:
    """Return a text without mail addresses; empty for anything else."""
    return " ".join(ADDRESS.sub(" ", text(value)).split())


def number_of(value: object, *, at: str) -> int | None:
    """Return a whole number, however written: 12, 12.0, "12.0", "12,0"; ``None``: not stated.

    Raises:
        Fault: something else stands here.
    """
    if value is None or value == "":
        return None
    told = _written(value)
    found = WHOLE.fullmatch(told) if not isinstance(value, bool) else None
    if not found:
        raise Fault(at, "{told} is not a whole number.", told=text(told)[:40])
    return int(found.group(1))


def _written(value: object) -> str:
    """Return a value as a table would write it; a number of many digits keeps its exponent."""
    if isinstance(value, Decimal) and abs(value.adjusted()) < MOST_DIGITS:
        return f"{value:f}"
    return str(value).strip()


def flag_of(value: object) -> bool | None:
    """Return yes or no; ``None`` where neither is said."""
    told = str(value).strip().lower().removesuffix(".0")
    return True if told in YES else False if told in NO else None


def day_of(value: object, *, at: str) -> tuple[date | None, bool]:
    """Return a day, and whether it stood at midnight UTC; ``None``: not stated.

    JSON counts milliseconds since 1970, below zero before; tables write the day.

    Raises:
        Fault: it is no day.
    """
    if value is None or value == "":
        return None, True
    told = _written(value)
    if isinstance(value, bool) or not MILLISECONDS.fullmatch(told):
        return day(value, at=at), True
    days, rest = divmod(int(told.split(".")[0]), DAY_IN_MILLISECONDS)
    if (rest and days in {-1, 0}) or not FIRST_DAY <= days <= LAST_DAY:
        raise Fault(at, "{told} is not a day in milliseconds since 1970.", told=told)
    return EPOCH + timedelta(days=days), not rest

"""What the sources of rates have in common: one rate, and the days and numbers they write."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from unbroken.kit.currencies import is_currency
from unbroken.kit.errors import Problem
from unbroken.sources.parsing import Fault, text

NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,25})?(?:[eE][+-]?[0-9]{1,2})?")
GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{1,25}")
"""Thousands separators only where a point leaves no doubt: "1,971" could be 1.971."""

SMALLEST, LARGEST = Decimal("1e-9"), Decimal("1e12")
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T00:00:00.*)?")
WRITTEN_DAY = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{4})")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
UNSTATED = frozenset({"", "n/a", "na", "-"})
DOLLAR, EURO = "USD", "EUR"
T = TypeVar("T")


class Rate(NamedTuple):
    """So many units of ``currency`` for one unit of the source's base, effective from ``on``.

    ``country`` is the code of the country that the row names, empty for none.
    """

    currency: str
    value: Decimal
    on: date
    at: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one file states: ``base`` is the currency of which one unit is priced."""

    source: str
    base: str
    rates: tuple[Rate, ...]
    problems: tuple[Problem, ...] = ()


def rates_of(
    records: Iterable[T], read: Callable[[T], Rate | None]
) -> tuple[tuple[Rate, ...], tuple[Problem, ...]]:
    """Return the rates that could be read, in their order, and why others were left out.

    ``read`` gives ``None`` where a rate is not stated.
    """
    kept: list[Rate] = []
    problems: list[Problem] = []
    for record in records:
        try:
            rate = read(record)
        except Fault as fault:
            problems.append(fault.problem)
            continue
        if rate is not None:
            kept.append(rate)
    return tuple(kept), tuple(problems)


def currency_of(told: str, *, at: str) -> str:
    """Return a currency's code, without blanks or tabs around it.

    Raises:
        Fault: it is none.
    """
    code = text(told).upper()
    if not code:
        raise Fault(at, "It names no currency.")
    if not is_currency(code):
        raise Fault(at, "{told} is no currency of ISO 4217.", told=code[:20])
    return code


def value_of(told: str, *, at: str) -> Decimal | None:
    """Return a rate; ``None``: not stated.

    Raises:
        Fault: it is no number that can be meant, and zero never is.
    """
    written = told.strip()
    if written.lower() in UNSTATED:
        return None
    if not NUMBER.fullmatch(written) and not GROUPED.fullmatch(written):
        raise Fault(at, "{told} is not a rate.", told=text(written)[:40])
    value = Decimal(written.replace(",", ""))
    if not SMALLEST <= value <= LARGEST:
        raise Fault(at, "{told} cannot be a rate.", told=text(written)[:40])
    return value


def day_of(told: str, *, at: str) -> date:
    """Return a day written as 2026-11-01, 1 Nov 2026 or 13 April 2026.

    Raises:
        Fault: it is none, or one that could be two ("11/1/2026").
    """
    written = text(told)
    try:
        if found := ISO_DAY.fullmatch(written):
            return date(*(int(part) for part in found.groups()))
        if found := WRITTEN_DAY.fullmatch(written):
            day, month, year = found.groups()
            return date(int(year), _month(month), int(day))
    except (ValueError, StopIteration):
        pass
    raise Fault(
        at, "{told} is not a day that can only be one; write it as 2026-11-01.", told=written[:40]
    )


def _month(told: str) -> int:
    """Return the number of a month by its English name or the first three letters of it.

    Raises:
        StopIteration: there is none.
    """
    told = told.lower().replace("sept", "sep") if len(told) == len("sept") else told.lower()
    return next(n for n, each in enumerate(MONTHS, start=1) if told in {each, each[:3]})

"""Tables of rates: the UN Treasury's, the IMF's history and the European Central Bank's."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from types import MappingProxyType

from unbroken.kit.currencies import LETTERS
from unbroken.kit.errors import Problem
from unbroken.sources.parsing import Fault, sifted
from unbroken.sources.readers import Payload
from unbroken.sources.tables import Row, Table, csv_table, decoded
from unbroken_integrations.rates.rows import (
    DOLLAR,
    EURO,
    Rate,
    Recorded,
    currency_of,
    day_of,
    rates_of,
    value_of,
)

LATEST_HEADINGS = 30
UN, IMF, ECB = "un-operational-rates", "imf-monthly", "ecb-reference-rates"

COLUMNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "currency": frozenset(
            {
                *(
                    "f_curr_code",
                    "currency code",
                    "currency_code",
                    "curr code",
                    "code",
                    "abbreviation",
                ),
                *(
                    "currency abbreviation",
                    "iso code",
                    "iso",
                    "abbr",
                    "abbr.",
                    "abbrev",
                    "currency",
                ),
            }
        ),
        "rate": frozenset(
            {
                "rate",
                "rates",
                "operational rate",
                "un operational rate",
                "op. rate",
                "rate of exchange",
            }
        ),
        "day": frozenset({"eff_date", "effective date", "effective_date", "eff. date", "date"}),
    }
)
"""How the Treasury's table is met; of two that fit, one named "currency" is the name in words."""


def recorded_table(payload: Payload) -> Recorded:
    """Return what a table of rates states; it is known by its headings.

    Raises:
        Fault: it is no table, or none of the three.
    """
    table = csv_table(_from_headings(payload))
    names = {each.lower(): each for each in table.headings}
    if {"date", "rate", "currency", "frequency"} <= names.keys():
        return _imf(payload, table, names)
    if "date" in names and sum(_is_code(each) for each in table.headings) > 1:
        return _ecb(payload, table, names["date"])
    columns = {kind: _column(table, known) for kind, known in COLUMNS.items()}
    if not all(columns.values()):
        raise Fault(
            payload.name,
            "Its headings are none of a table of rates: of the UN Treasury, the IMF or the "
            "European Central Bank.",
            remedy="Take the file as it was published, with its first line.",
        )
    return _un(payload, table, columns)


def _from_headings(payload: Payload) -> Payload:
    """Return a table without what the Treasury writes above its headings; lines keep their number.

    Anything else comes back as it is.
    """
    lines = decoded(payload).splitlines()
    start = next((n for n, each in enumerate(lines[:LATEST_HEADINGS]) if _are_headings(each)), 0)
    if not start:
        return payload
    return Payload(payload.name, "\n".join([""] * start + lines[start:]).encode())


def _are_headings(line: str) -> bool:
    cells = {each.strip(' "*').lower() for each in re.split(r"[\t,;|]", line)}
    return all(cells & known for known in COLUMNS.values())


def _is_code(heading: str) -> bool:
    return len(heading) == LETTERS and heading.isascii() and heading.isupper()


def _column(table: Table, known: Iterable[str]) -> str:
    named = [each for each in table.headings if each.strip(" *").lower() in known]
    return next((each for each in named if each.lower() != "currency"), next(iter(named), ""))


def _at(payload: Payload, row: Row) -> str:
    return f"{payload.name}: line {row.line}"


def _un(payload: Payload, table: Table, columns: Mapping[str, str]) -> Recorded:
    def read(row: Row) -> Rate | None:
        at = _at(payload, row)
        code = currency_of(row.cells[columns["currency"]], at=at)
        value = value_of(row.cells[columns["rate"]], at=at)
        if value is None:
            raise Fault(at, "It states no rate for {currency}.", currency=code)
        return Rate(code, value, day_of(row.cells[columns["day"]], at=at), at)

    return Recorded(UN, DOLLAR, *rates_of(table.rows, read))


def _imf(payload: Payload, table: Table, names: Mapping[str, str]) -> Recorded:
    def read(row: Row) -> Rate | None:
        at = _at(payload, row)
        cells = row.cells
        code = currency_of(cells[names["currency"]], at=at)
        value = value_of(cells[names["rate"]], at=at)
        country = cells[names["country code"]] if "country code" in names else ""
        if value is None:
            return None
        return Rate(code, value, day_of(cells[names["date"]], at=at), at, country.upper())

    return Recorded(IMF, DOLLAR, *rates_of(table.rows, read))


def _ecb(payload: Payload, table: Table, day_heading: str) -> Recorded:
    """The history has a quarter of a million cells: codes and days are looked at once each."""
    codes, no_codes = _sorted_out(payload, [each for each in table.headings if _is_code(each)])
    rates: list[Rate] = []
    problems = list(no_codes)
    for row in table.rows:
        at = _at(payload, row)
        try:
            on = day_of(row.cells[day_heading], at=at)
        except Fault as fault:
            problems.append(fault.problem)
            continue
        kept, faults = rates_of(codes, partial(_cell, row, on, at))
        rates += kept
        problems += faults
    return Recorded(ECB, EURO, tuple(rates), tuple(problems))


def _sorted_out(payload: Payload, headings: Iterable[str]) -> tuple[list[str], list[Problem]]:
    def read(heading: object, _: str) -> str:
        return currency_of(str(heading), at=f"{payload.name}: line 1")

    return sifted(list(headings), read, at=payload.name)


def _cell(row: Row, on: date, at: str, code: str) -> Rate | None:
    value = value_of(row.cells[code], at=at)
    return None if value is None else Rate(code, value, on, at)

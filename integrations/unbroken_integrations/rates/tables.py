"""Tables of rates: the UN Treasury's, the IMF's history and the European Central Bank's."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from unbroken.kit.currencies import LETTERS
from unbroken.sources.parsing import Fault
from unbroken.sources.readers import Payload
from unbroken.sources.tables import Row, Table, csv_table
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
                *("currency abbreviation", "iso code", "iso", "currency"),
            }
        ),
        "rate": frozenset({"rate", "rates", "operational rate", "un operational rate", "op. rate"}),
        "day": frozenset({"eff_date", "effective date", "effective_date", "eff. date", "date"}),
    }
)
"""How the Treasury's table is met; the more telling names stand first where several fit."""


def recorded_table(payload: Payload) -> Recorded:
    """Return what a table of rates states; it is known by its headings.

    Raises:
        Fault: it is no table, or none of the three.
    """
    table = csv_table(payload)
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
    codes = [each for each in table.headings if _is_code(each)]
    cells = [(row, code) for row in table.rows for code in codes]

    def read(cell: tuple[Row, str]) -> Rate | None:
        row, code = cell
        at = f"{_at(payload, row)}, {code}"
        value = value_of(row.cells[code], at=at)
        if value is None:
            return None
        return Rate(currency_of(code, at=at), value, day_of(row.cells[day_heading], at=at), at)

    return Recorded(ECB, EURO, *rates_of(cells, read))

"""Where the table of a country's sheet is, and what its rows say: pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import listed
from unbroken.sources.parsing import Fault, text
from unbroken.sources.reference.countries import country, country_named
from unbroken.sources.reference.loading import folded
from unbroken.sources.reference.places import pcode
from unbroken.sources.reference.sectors import sector_of
from unbroken.workbooks.cells import ERRORS
from unbroken.workbooks.days import day_from, day_of_serial
from unbroken.workbooks.reading import Cell, SheetGrid, Workbook
from unbroken_integrations.hdx.column_names import (
    ADMIN1,
    ADMIN1_CODE,
    ADMIN2,
    ADMIN2_CODE,
    CHOSEN,
    COUNTRY,
    MONTH,
    ORGANISATION,
    SECTOR,
    SUBSECTOR,
)
from unbroken_integrations.hdx.columns import Found, found_columns
from unbroken_integrations.hdx.hapi import plain_name
from unbroken_integrations.hdx.tables import Row, is_tag, told

TOTALS = frozenset({"total", "totals", "totaux", "grand total", "total general", "sum", "somme"})
NOTHING = frozenset({"n/a", "na", "null", "none", "-", "--"})
FIRST_SERIAL, LAST_SERIAL = 36_526, 73_050
"""From 2000 to 2099: numbers of a date column in this span are spreadsheet days."""
Reported = Mapping[str, str]
"""One row by role; empty where it says nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of data, with the code of its sector; None where that is not known."""

    told: Reported
    sector: str | None
    month: str

    @property
    def district(self) -> str:
        """Return what tells one district from another: its code, else its name."""
        return self.told.get(ADMIN2_CODE, "") or folded(self.told.get(ADMIN2, ""))

    @property
    def region(self) -> str:
        """Return what tells one region from another: its code, else its name."""
        return self.told.get(ADMIN1_CODE, "") or folded(self.told.get(ADMIN1, ""))


@dataclass(frozen=True, slots=True)
class Read:
    """A country's sheet as read: its rows of data, of the country alone, and what was left."""

    sheet: SheetGrid
    found: Found
    country: str | None
    lines: Sequence[Line]
    totals: int
    others: int


def sheet_read(book: Workbook, chosen: Mapping[str, str], *, at: str) -> Read:
    """Return the one table of a workbook that says who is present, and its country's rows.

    Raises:
        Fault: no sheet or several have such a table, a choice is none, or there are no rows.
    """
    sheet, found = _table(book, chosen, at=at)
    every = [_reported(row, found) for row in _below(sheet, found)]
    rows = [each for each in every if each[SECTOR] or each[ORGANISATION]]
    data = [each for each in rows if not _is_total(each)]
    if not data:
        raise Fault(
            at,
            "The table has its columns and no rows: it says nothing about anybody.",
            remedy=_("Fetch it again, whole."),
        )
    home = _country(data, chosen, at=at)
    lines = [_line(each, _month(each[MONTH])) for each in _of_country(data, home)]
    if not lines:
        raise Fault(
            at,
            "It has no row of {country}.",
            remedy=_("Choose the country that the sheet is about."),
            country=home,
        )
    return Read(sheet, found, home, lines, len(rows) - len(data), len(data) - len(lines))


def _table(book: Workbook, chosen: Mapping[str, str], *, at: str) -> tuple[SheetGrid, Found]:
    asked = {role: name for role, name in chosen.items() if role in CHOSEN and name}
    sheets = _sheets(book, chosen.get("sheet", ""), at=at)
    tables = [
        (sheet, found)
        for sheet in sheets
        if (found := found_columns(sheet.rows, asked)) is not None
    ]
    if not tables:
        raise Fault(
            at,
            "No table was found with a column for the sector and one for the organisation.",
            remedy=_(
                "Say what the columns are called, as in --with sector=Cluster --with "
                "organisation=Partner."
            ),
        )
    if len(tables) > 1:
        raise Fault(
            at,
            "Several sheets hold such a table: {sheets}.",
            remedy=_("Choose one: --with sheet=NAME."),
            sheets=listed(text(sheet.name) for sheet, _found in tables),
        )
    return tables[0]


def _sheets(book: Workbook, wanted: str, *, at: str) -> Sequence[SheetGrid]:
    if not wanted:
        return [each for each in book.sheets if each.is_visible]
    named = [each for each in book.sheets if folded(each.name) == folded(wanted)]
    if not named:
        raise Fault(
            at,
            "It has no sheet of that name; it has: {sheets}.",
            remedy=_("Choose one: --with sheet=NAME."),
            sheets=listed(text(each.name) for each in book.sheets),
        )
    return named


def _below(sheet: SheetGrid, found: Found) -> Iterator[Row]:
    """Yield the rows of data; a value that is merged over several rows stands in each of them."""
    first = found.last_head + 1
    rows = [list(row) for row in sheet.rows[first:]]
    for top, left, bottom, right in sheet.merged:
        start, column = top - sheet.first_row - first, left - sheet.first_column
        if start < 0 or left != right or not 0 <= column < len(sheet.rows[0]):
            continue
        for each in rows[start + 1 : bottom - sheet.first_row - first + 1]:
            each[column] = rows[start][column]
    yield from rows


def _reported(row: Row, found: Found) -> Reported:
    roles = {SECTOR: "", ORGANISATION: "", MONTH: ""}
    return roles | {role: _cell(row[at]) for role, at in found.columns.items() if at < len(row)}


def _cell(cell: Cell) -> str:
    """Return what a cell says; an error of the spreadsheet says nothing."""
    said = told(cell)
    is_nothing = said in ERRORS or said.casefold() in NOTHING or is_tag(said)
    return "" if is_nothing else said


def _is_total(row: Reported) -> bool:
    return bool(TOTALS & {folded(row[SECTOR]), folded(row[ORGANISATION])})


def _country(rows: Iterable[Reported], chosen: Mapping[str, str], *, at: str) -> str | None:
    """Return the country's ISO3: as chosen, else as the sheet says; None where it does not say.

    Raises:
        Fault: the choice is no country, or the sheet holds several.
    """
    if wanted := chosen.get("country", ""):
        found = country(wanted)
        if found is None:
            raise Fault(
                "--with country",
                "There is no country with that code.",
                remedy=_("Write its three letters of ISO 3166, as in COD."),
            )
        return found.iso3
    rows = tuple(rows)
    named = {_named_home(each) for each in rows} - {""}
    if len(named) > 1:
        raise Fault(
            at,
            "It holds several countries: {countries}.",
            remedy=_("Choose one: --with country=COD."),
            countries=", ".join(sorted(named)[:20]),
        )
    # a code of another country in a few rows is a slip of the pen, not a second country
    coded = Counter(home for each in rows if (home := _coded_home(each)))
    return next(iter(named), None) or next((home for home, _n in coded.most_common(1)), None)


def _coded_home(row: Reported) -> str:
    codes = (row.get(ADMIN2_CODE, ""), row.get(ADMIN1_CODE, ""))
    places = (pcode(each) for each in codes if each)
    return next((each.iso3 for each in places if each), "")


def _of_country(rows: Sequence[Reported], home: str | None) -> Sequence[Reported]:
    """Return the rows of a country; a row that names none is of the country of the sheet."""
    return [each for each in rows if home is None or _named_home(each) in {home, ""}]


def _named_home(row: Reported) -> str:
    named = country_named(row.get(COUNTRY, ""))
    return named.iso3 if named else ""


def _line(row: Reported, month: str) -> Line:
    whole, part = sector_of(row[SECTOR]), sector_of(row.get(SUBSECTOR, ""))
    is_under = part is not None and (whole is None or part.startswith(whole))
    is_open = whole is None and bool(row[SECTOR])
    return Line(row, part if is_under and not is_open else whole, month)


@lru_cache(maxsize=4096)
def _month(said: str) -> str:
    """Return the month of a day as 2025-01, of what is no day as it stands."""
    number = said.removesuffix(".0")
    if number.isdecimal() and FIRST_SERIAL <= int(number[:9]) <= LAST_SERIAL:
        day = day_of_serial(float(number))
    else:
        day = day_from(said.partition("T")[0])
    return f"{day:%Y-%m}" if day else plain_name(said)

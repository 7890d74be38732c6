"""One country's own sheet of who is present: figures without names, pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Marked, Sentence, counted, listed, sentence
from unbroken.sources.parsing import text
from unbroken.sources.readers import Document
from unbroken.sources.reference.loading import folded
from unbroken.sources.reference.places import Fault as PlaceFault
from unbroken.sources.reference.places import fault_of_pcode
from unbroken.sources.reference.sectors import CHILD_PROTECTION, sectors
from unbroken.workbooks.days import is_either_way
from unbroken.workbooks.reading import Workbook
from unbroken_integrations.hdx.column_names import (
    ACTIVITY,
    ADMIN1,
    ADMIN2,
    ADMIN2_CODE,
    KIND,
    MONTH,
    ORGANISATION,
    SECTOR,
    SUBSECTOR,
)
from unbroken_integrations.hdx.columns import Found
from unbroken_integrations.hdx.hapi import plain_name
from unbroken_integrations.hdx.mapping_presence import no_row, unmapped
from unbroken_integrations.hdx.sheet import Line, Read, Reported, sheet_read

CHOICES: Mapping[str, Marked] = {
    "country": _("The country's code of three letters, where the sheet does not say it."),
    "sheet": _("The name of the sheet, where several hold such a table."),
    SECTOR: _("The column that names the sector or cluster."),
    SUBSECTOR: _("The column that names the sub-cluster, as child protection under protection."),
    ACTIVITY: _("The column of activities: where else child protection is written."),
    ORGANISATION: _("The column that names the organisation."),
    ADMIN1: _("The column of the first level below the country."),
    ADMIN2: _("The column of the second level below the country."),
    MONTH: _("The column of the month or the day that is reported."),
}
MENTIONS = (
    "child protection",
    "protection de l enfan",
    "protection des enfants",
    "protection enfan",
    "proteccion de la ninez",
    "proteccion de la infancia",
    "proteccion infantil",
)
MOST_MONTHS = 60


def sheet_document(book: Workbook, chosen: Mapping[str, str], *, at: str) -> Document:
    """Return presence by sector in a country's sheet; organisations are counted as spelt.

    Where no row is for child protection, it has ``rows`` 0, ``stated`` false and no other figures.

    Raises:
        Fault: see ``sheet.sheet_read``.
    """
    read = sheet_read(book, chosen, at=at)
    lines = read.lines
    return {
        "country": read.country,
        "sheet": text(read.sheet.name),
        "header_row": read.sheet.row_of(read.found.last_head),
        "has_hxl": read.found.is_tagged,
        "columns": {role: text(head) for role, head in sorted(read.found.heads.items())},
        "rows": len(lines),
        "rows_of_totals": read.totals,
        "rows_without_organisation": sum(not each.told[ORGANISATION] for each in lines),
        "months": _months(lines),
        "sectors": {code: _figures(code, lines) for code in _codes(lines)},
        "unmapped": unmapped([_sector_told(each.told) for each in lines if each.sector is None]),
        "pcodes_not_in_table": _odd_pcodes(lines, read.country),
        "child_protection_elsewhere": _elsewhere(lines, read.found),
        "warnings": [*map(sentence, book.notes), *_odd(read)],
    }


def _months(lines: Iterable[Line]) -> Mapping[str, int]:
    """Return the rows of each month in the order of the sheet; empty where it names none."""
    told = Counter(each.month for each in lines if each.month)
    return dict(list(told.items())[:MOST_MONTHS])


def _codes(lines: Iterable[Line]) -> list[str]:
    return sorted({each.sector for each in lines if each.sector} | {CHILD_PROTECTION})


def _figures(code: str, lines: Iterable[Line]) -> Document:
    theirs = [each for each in lines if each.sector == code]
    return {
        "name": sectors()[code].en,
        "stated": bool(theirs),
        "rows": len(theirs),
        "organisations": _distinct(each.told[ORGANISATION] for each in theirs),
        "regions": _distinct(each.region for each in theirs),
        "districts": _distinct(each.district for each in theirs),
        "rows_without_district": sum(not each.district for each in theirs),
        "organisation_types": _kinds(theirs),
        "months": _months(theirs),
    }


def _distinct(said: Iterable[str]) -> int | None:
    return len({each for each in said if each}) or None


def _kinds(lines: Iterable[Line]) -> Mapping[str, int]:
    pairs = {
        (plain_name(each.told[KIND]), each.told[ORGANISATION])
        for each in lines
        if each.told.get(KIND)
    }
    return dict(sorted(Counter(kind for kind, _organisation in pairs).items()))


def _sector_told(row: Reported) -> str:
    parts = (row[SECTOR], row.get(SUBSECTOR, ""))
    return ": ".join(each for each in parts if each)


def _odd_pcodes(lines: Iterable[Line], home: str | None) -> Mapping[str, int] | None:
    """Return how many rows have a P-code that the table has not, by what is wrong with it.

    None where the sheet has no codes, or its country or places are not known.
    """
    codes = Counter(code for each in lines if (code := each.told.get(ADMIN2_CODE, "")))
    if home is None or not codes:
        return None
    faults: Counter[str] = Counter()
    for code, count in codes.items():
        fault = fault_of_pcode(code, home)
        if fault is PlaceFault.NO_LIST:
            return None
        if fault is not None:
            faults[fault.value] += count
    return dict(sorted(faults.items()))


def _elsewhere(lines: Iterable[Line], found: Found) -> Mapping[str, int] | None:
    """Return the rows of other sectors whose activity names child protection; None: not known."""
    if ACTIVITY not in found.columns:
        return None
    others = (each for each in lines if each.sector != CHILD_PROTECTION)
    named = (each for each in others if _mentions(each.told.get(ACTIVITY, "")))
    return dict(sorted(Counter(each.sector or "unmapped" for each in named).items()))


def _mentions(activity: str) -> bool:
    plain = folded(activity)
    return any(each in plain for each in MENTIONS)


def _odd(read: Read) -> Iterator[Sentence]:
    if read.country is None:
        yield sentence("The sheet does not say its country; say it: --with country=COD.")
    if read.others:
        yield counted(
            "{count} row is of another country and was left out.",
            "{count} rows are of other countries and were left out.",
            read.others,
        )
    if not any(each.sector == CHILD_PROTECTION for each in read.lines):
        yield no_row(read.country or text(read.sheet.name))
    yield from _unknown(read.lines)
    yield from _respelt(read.lines)
    yield from _doubtful(read)


def _doubtful(read: Read) -> Iterator[Sentence]:
    if any(is_either_way(each.told[MONTH]) for each in read.lines):
        yield sentence("Some dates can be read in two ways; they were read as day, month, year.")
    if not {ADMIN2, ADMIN2_CODE} & read.found.columns.keys():
        yield sentence("No column for the second level was found, so that districts are unknown.")


def _unknown(lines: Iterable[Line]) -> Iterator[Sentence]:
    names = [_sector_told(each.told) for each in lines if each.sector is None]
    told = listed(plain_name(name) for name, _count in Counter(names).most_common(10) if name)
    if names:
        yield counted(
            "{count} row has a sector that could not be mapped: {names}.",
            "{count} rows have sectors that could not be mapped: {names}.",
            len(names),
            names=told,
        )


def _respelt(lines: Iterable[Line]) -> Iterator[Sentence]:
    """Yield how many names of child protection differ in nothing but case, accents and signs."""
    spelt = {each.told[ORGANISATION] for each in lines if each.sector == CHILD_PROTECTION}
    count = len(spelt) - len({folded(each) for each in spelt})
    if count:
        yield counted(
            "{count} name of an organisation differs from another only in case, accents or signs.",
            "{count} names of organisations differ from others only in case, accents or signs.",
            count,
        )

"""What all answers of HAPI share: pages, the columns of a place and a period, repeats."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from unbroken.kit.sentences import Sentence, counted, sentence
from unbroken.sources.parsing import Fault, day, json_of, listing, refusing, text
from unbroken.sources.readers import Payload
from unbroken.sources.reference.sectors import sectors
from unbroken_integrations.hdx.tables import records_of_table, told, workbook_of

PAGE = 10_000
"""The most rows of one page: what HAPI gives where nothing is asked, and the most it gives."""
ISO3 = re.compile(r"[A-Z]{3}")
MAIL = re.compile(r"\S+@\S+")
DIGITS = re.compile(r"\+?\d[\d\s().-]{6,}\d")
LONGEST_NAME = 80
YEARS_OF_A_LEAK = 2
"""A presence is reported by month or quarter: a longer period is that of projects."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row: where it stands, and the columns that are allowed, as texts."""

    at: str
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Return a column's text; empty where it is empty or not there."""
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of all pages together, each once, in their order, and what is odd about them."""

    records: tuple[Record, ...]
    warnings: tuple[Sentence, ...]


def answer_of(
    payloads: Sequence[Payload], *, needed: Collection[str], allowed: Collection[str]
) -> Answer:
    """Return the rows of pages of JSON or of CSV files; columns that are not allowed are dropped.

    Raises:
        Invalid: a page cannot be read, has not the columns needed, or is there twice.
    """
    pages = [tuple(_page(each, needed=needed, allowed=allowed)) for each in payloads]
    _once_each(payloads)
    records = [each for page in pages for each in page]
    unique = {tuple(sorted(each.values.items())): each for each in reversed(records)}
    kept = tuple(reversed(unique.values()))
    warnings = [*_cut_off(pages), *_repeated(len(records) - len(kept)), *_none(kept)]
    return Answer(kept, tuple(warnings))


def country_of(record: Record) -> str:
    """Return the ISO3 code of the row's country.

    Raises:
        Fault: it has none.
    """
    code = record["location_code"].upper()
    if not ISO3.fullmatch(code):
        raise Fault(record.at, "It names no country by three letters.")
    return code


def sector_code(record: Record) -> str:
    """Return the code of the row's sector as the bundled table writes it; empty without one."""
    code = record["sector_code"]
    return _codes().get(code.casefold(), plain_name(code))


@cache
def _codes() -> Mapping[str, str]:
    return {each.casefold(): each for each in sectors()}


def day_of(record: Record, name: str) -> date | None:
    """Return a day of the row; None where it is not stated or no day."""
    try:
        return day(record[name], at=record.at)
    except Fault:
        return None


def is_leak(start: date | None, end: date | None) -> bool:
    """Return whether a period is too long to be that of a report."""
    return start is not None and end is not None and end.year - start.year > YEARS_OF_A_LEAK


def plain_name(name: str) -> str:
    """Return a name as it may be shown: short, without addresses and numbers of people."""
    return DIGITS.sub("…", MAIL.sub("…", text(name)))[:LONGEST_NAME]


def _page(
    payload: Payload, *, needed: Collection[str], allowed: Collection[str]
) -> Iterator[Record]:
    with refusing(payload):
        rows = _json_rows(payload, needed) if _is_json(payload) else _table_rows(payload, needed)
        for at, row in rows:
            yield Record(at, {each: told_plainly(row.get(each)) for each in allowed})


def told_plainly(value: object) -> str:
    """Return a value of a row as text; what is no plain value is as good as empty."""
    return told(value) if isinstance(value, str | int | float | Decimal | date) else ""


def _is_json(payload: Payload) -> bool:
    return payload.content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"{", b"["}


def _json_rows(
    payload: Payload, needed: Collection[str]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the records with their places; one that is no object has nothing in it."""
    rows = _data(payload)
    records = [each if isinstance(each, dict) else {} for each in rows]
    if records and not any(set(needed) <= each.keys() for each in records):
        at = f"{payload.name}: data"
        raise Fault(
            at,
            "No row has all of {columns}.",
            remedy="See that it is an answer to this question.",
            columns=", ".join(sorted(needed)),
        )
    for number, record in enumerate(records):
        yield f"{payload.name}: data[{number}]", record


def _data(payload: Payload) -> Sequence[object]:
    """Return the rows of a page; the manual's bare list is older than the servers' answers."""
    match json_of(payload):
        case list() as rows:
            return rows
        case {"error": _} | {"detail": _}:
            raise Fault(
                payload.name,
                "HAPI answered with an error, not with rows.",
                remedy="Ask it again with an application identifier that it takes.",
            )
        case dict() as page:
            return listing(page.get("data"), at=f"{payload.name}: data")
        case _:
            raise Fault(payload.name, "It holds no rows.")


def _table_rows(
    payload: Payload, needed: Collection[str]
) -> Sequence[tuple[str, Mapping[str, object]]]:
    sheets = workbook_of(payload).sheets
    rows = sheets[0].rows if sheets else []
    return records_of_table(rows, needed, name=payload.name)


def _once_each(payloads: Sequence[Payload]) -> None:
    first: dict[bytes, str] = {}
    for each in payloads:
        with refusing(each):
            if each.content in first:
                raise Fault(
                    each.name,
                    "It is the same page as {other}.",
                    remedy="Give each page once; where the source repeats one, fetch all again.",
                    other=first[each.content],
                )
        first[each.content] = each.name


def _cut_off(pages: Sequence[Sequence[Record]]) -> list[Sentence]:
    if not pages or any(len(each) % PAGE or not each for each in pages):
        return []
    return [
        sentence(
            "Every page is full ({count} rows), so that there may be more: fetch the next one.",
            count=PAGE,
        )
    ]


def _repeated(count: int) -> list[Sentence]:
    if not count:
        return []
    return [
        counted(
            "{count} row stands there twice in every column and was counted once.",
            "{count} rows stand there twice in every column and were counted once.",
            count,
        )
    ]


def _none(records: Sequence[Record]) -> list[Sentence]:
    if records:
        return []
    return [sentence("There are no rows. That says nothing about any country.")]

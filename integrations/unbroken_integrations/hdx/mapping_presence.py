"""Who is present, as HAPI's rows say: pure, without names of anybody."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import Sentence, counted, sentence
from unbroken.sources.parsing import Fault, left_out
from unbroken.sources.readers import Document
from unbroken.sources.reference.loading import folded
from unbroken.sources.reference.sectors import CHILD_PROTECTION, sectors
from unbroken_integrations.hdx.hapi import (
    Answer,
    Record,
    country_of,
    day_of,
    is_leak,
    plain_name,
    sector_code,
)

NEEDED = ("location_code", "sector_code")
ALLOWED = (
    *NEEDED,
    "sector_name",
    "provider_admin1_name",
    "provider_admin2_name",
    "admin1_code",
    "admin1_name",
    "admin2_code",
    "admin2_name",
    "org_acronym",
    "org_name",
    "org_type_description",
    "reference_period_start",
    "reference_period_end",
    "resource_hdx_id",
    "warning",
    "error",
)
UNKNOWN_SECTOR = "unknown sector "
UNITED_NATIONS = "united nations"
NOT_NAMED = "(not named)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One organisation in one sector at one place; empty where the row says nothing."""

    country: str
    sector: str
    sector_name: str
    organisation: str
    kind: str
    region: str
    district: str
    starts_on: date | None
    ends_on: date | None
    notes: tuple[str, ...]
    has_warning: bool
    has_error: bool


def presence_document(answer: Answer) -> Document:
    """Return presence by country and sector, with what could not be mapped.

    A country that has rows but none for child protection has ``rows`` 0, ``stated`` false and no
    other figures: that nobody wrote a row does not say that nobody is there.
    """
    rows, problems = _presences(answer.records)
    by_country = {each: [row for row in rows if row.country == each] for each in _countries(rows)}
    told = {each: _country(theirs) for each, theirs in by_country.items()}
    warnings = [
        *answer.warnings,
        *left_out(problems),
        *(odd for each, theirs in by_country.items() for odd in _odd(each, theirs)),
    ]
    return {"rows": len(rows), "countries": told, "warnings": warnings}


def figures(rows: Collection[Presence]) -> Document:
    """Return how many rows, organisations, regions and districts; None where no row says one."""
    return {
        "stated": bool(rows),
        "rows": len(rows),
        "organisations": _distinct(folded(each.organisation) for each in rows),
        "regions": _distinct(each.region for each in rows),
        "districts": _distinct(each.district for each in rows),
        "rows_without_district": sum(not each.district for each in rows),
        "organisation_types": _kinds(rows),
    }


def _presences(records: Iterable[Record]) -> tuple[list[Presence], list[Problem]]:
    rows: list[Presence] = []
    problems: list[Problem] = []
    for record in records:
        try:
            rows.append(_presence(record))
        except Fault as fault:
            problems.append(fault.problem)
    return rows, problems


def _presence(record: Record) -> Presence:
    return Presence(
        country=country_of(record),
        sector=sector_code(record),
        sector_name=record["sector_name"] or _unknown_sector(record["error"]),
        organisation=record["org_name"] or record["org_acronym"],
        kind=record["org_type_description"],
        region=record["admin1_code"] or folded(record["admin1_name"]),
        district=record["admin2_code"] or folded(record["admin2_name"]),
        starts_on=day_of(record, "reference_period_start"),
        ends_on=day_of(record, "reference_period_end"),
        notes=_notes(record["warning"], record["error"]),
        has_warning=bool(record["warning"]),
        has_error=bool(record["error"]),
    )


def _notes(*told: str) -> tuple[str, ...]:
    """Return the kinds of a row's notes, each once: "PCode length TD14->TCD14" is PCode length."""
    notes = [each for column in told for each in column.split("|") if each.strip()]
    return tuple(sorted({plain_name(" ".join(each.split()[:2])) for each in notes}))


def _unknown_sector(error: str) -> str:
    """Return the name of the sector that OCHA could not map, as its own note gives it."""
    notes = [each.strip() for each in error.split("|")]
    named = [each for each in notes if each.casefold().startswith(UNKNOWN_SECTOR)]
    return named[0][len(UNKNOWN_SECTOR) :] if named else ""


def _countries(rows: Iterable[Presence]) -> list[str]:
    return sorted({each.country for each in rows})


def _country(rows: Sequence[Presence]) -> Document:
    codes = sorted({each.sector for each in rows if each.sector} | {CHILD_PROTECTION})
    starts = [each.starts_on for each in rows if each.starts_on]
    ends = [each.ends_on for each in rows if each.ends_on]
    return {
        "rows": len(rows),
        "period_start": min(starts, default=None),
        "period_end": max(ends, default=None),
        "rows_with_warning": sum(each.has_warning for each in rows),
        "rows_with_error": sum(each.has_error for each in rows),
        "notes": dict(sorted(Counter(note for each in rows for note in each.notes).items())),
        "sectors": {code: _of_sector(code, rows) for code in codes},
        "unmapped": unmapped([each.sector_name for each in rows if not each.sector]),
    }


def _of_sector(code: str, rows: Iterable[Presence]) -> Document:
    theirs = [each for each in rows if each.sector == code]
    given = next((each.sector_name for each in theirs if each.sector_name), "")
    known = sectors().get(code)
    return {"name": plain_name(given) or (known.en if known else code), **figures(theirs)}


def unmapped(names: Sequence[str]) -> Document:
    """Return how many rows have a sector that is not known, and what they call it."""
    told = Counter(plain_name(each) or NOT_NAMED for each in names)
    return {"rows": len(names), "names": dict(told.most_common())}


def _distinct(told: Iterable[str]) -> int | None:
    """Return how many different ones there are; None where no row says any."""
    return len({each for each in told if each}) or None


def _kinds(rows: Iterable[Presence]) -> Mapping[str, int]:
    """Return how many organisations of each kind, by the kind's name."""
    pairs = {(plain_name(each.kind) or NOT_NAMED, folded(each.organisation)) for each in rows}
    return dict(sorted(Counter(kind for kind, _organisation in pairs).items()))


def _odd(country: str, rows: Sequence[Presence]) -> list[Sentence]:
    protecting = [each for each in rows if each.sector == CHILD_PROTECTION]
    return [
        *_leaks(country, rows),
        *_unmapped(country, rows),
        *_marked(country, rows),
        *(_without_un(country, protecting) if protecting else [no_row(country)]),
    ]


def no_row(place: str) -> Sentence:
    """Return what it means that a place has no row for child protection."""
    return sentence(
        "{place}: no row is for child protection. That does not mean that nobody works on it: such "
        "work is often written under Protection or Education, or not reported.",
        place=place,
    )


def _leaks(country: str, rows: Iterable[Presence]) -> list[Sentence]:
    periods = {(each.starts_on, each.ends_on) for each in rows}
    leaks = [(start, end) for start, end in periods if start and end and is_leak(start, end)]
    return [
        sentence(
            "{country}: rows say that they hold from {start} to {end}. Dates of projects got into "
            "the period; it does not say when anybody was present.",
            country=country,
            start=start,
            end=end,
        )
        for start, end in sorted(leaks)[:3]
    ]


def _unmapped(country: str, rows: Iterable[Presence]) -> list[Sentence]:
    names = Counter(plain_name(each.sector_name) or NOT_NAMED for each in rows if not each.sector)
    told = ", ".join(name for name, _count in names.most_common(10))
    count = names.total()
    return (
        [
            counted(
                "{country}: {count} row has a sector that could not be mapped: {names}.",
                "{country}: {count} rows have sectors that could not be mapped: {names}.",
                count,
                country=country,
                names=told,
            )
        ]
        if count
        else []
    )


def _marked(country: str, rows: Iterable[Presence]) -> list[Sentence]:
    count = sum(each.has_warning or each.has_error for each in rows)
    return (
        [
            counted(
                "{country}: {count} row carries a warning or an error of its publisher.",
                "{country}: {count} rows carry a warning or an error of their publisher.",
                count,
                country=country,
            )
        ]
        if count
        else []
    )


def _without_un(country: str, rows: Iterable[Presence]) -> list[Sentence]:
    if any(UNITED_NATIONS in folded(each.kind) for each in rows):
        return []
    return [
        sentence(
            "{country}: no row for child protection names a United Nations body. The rows show "
            "who carries work out, not the country team.",
            country=country,
        )
    ]

"""Who is in need, as HAPI's rows say: total rows only, nothing added."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import Sentence, counted, sentence
from unbroken.sources.parsing import Fault, left_out, whole
from unbroken.sources.readers import Document
from unbroken.sources.reference.loading import folded
from unbroken.sources.reference.sectors import CHILD_PROTECTION, sectors
from unbroken_integrations.hdx.hapi import (
    Answer,
    Record,
    country_of,
    day_of,
    plain_name,
    sector_code,
)

NEEDED = ("location_code", "sector_code", "population_status", "population")
GROUPS = ("category", "gender", "age_range", "disabled_marker", "population_group")
"""What a row is a part of a total by; the older version has four columns, the newer one."""
ALLOWED = (
    *NEEDED,
    *GROUPS,
    "sector_name",
    "admin_level",
    "admin1_code",
    "admin2_code",
    "reference_period_start",
    "reference_period_end",
    "warning",
    "error",
)
WHOLE = frozenset({"", "all", "total", "totals", "none", "null"})
STATES: Mapping[str, str] = {
    "inn": "in_need",
    "tgt": "target",
    "aff": "affected",
    "rea": "reached",
    "all": "population",
}
FIGURES = tuple(STATES.values())
COUNTRY_LEVEL, LOWEST_LEVEL = 0, 2
Key = tuple[str, str, int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One total: so many people of one state, for a sector at a place; None is not stated."""

    country: str
    sector: str
    sector_name: str
    level: int
    place: str
    state: str
    people: int | None
    starts_on: date | None
    ends_on: date | None

    @property
    def key(self) -> Key:
        """Return what there may be one figure of."""
        return self.country, self.sector, self.level, self.place, self.state


@dataclass(frozen=True, slots=True)
class _Settled:
    totals: Sequence[Need]
    older: int
    torn: Sequence[Key]


def needs_document(answer: Answer) -> Document:
    """Return people in need and targeted by country, sector and level.

    Rows of a group (an age, a sex, displaced people) are passed over and counted, levels are never
    added to each other. Of several periods the newest holds; two totals of one period that differ
    are no figure, and a warning.
    """
    totals = [each for each in answer.records if _is_total(each)]
    needs, problems = _needs(totals)
    settled = _settled(needs)
    countries = sorted({each.country for each in needs})
    told = {each: _country(each, settled.totals) for each in countries}
    return {
        "rows": len(answer.records),
        "total_rows": len(totals),
        "group_rows": len(answer.records) - len(totals),
        "countries": told,
        "warnings": [
            *answer.warnings,
            *left_out(problems),
            *_passed_over(answer.records, totals),
            *_aged(settled.older),
            *_torn(settled.torn),
            *(odd for each in countries for odd in _without(each, settled.totals)),
        ],
    }


def _is_total(record: Record) -> bool:
    return all(folded(record[each]) in WHOLE for each in GROUPS)


def _needs(records: Iterable[Record]) -> tuple[list[Need], list[Problem]]:
    needs: list[Need] = []
    problems: list[Problem] = []
    for record in records:
        try:
            needs.append(_need(record))
        except Fault as fault:
            problems.append(fault.problem)
    return needs, problems


def _need(record: Record) -> Need:
    state = STATES.get(record["population_status"].casefold())
    if state is None:
        raise Fault(record.at, "It does not say whether people are in need or targeted.")
    sector = sector_code(record)
    if not sector:
        raise Fault(record.at, "It names no sector.")
    level = _level(record)
    return Need(
        country=country_of(record),
        sector=sector,
        sector_name=plain_name(record["sector_name"]),
        level=level,
        place=_place(record, level),
        state=state,
        people=_people(record),
        starts_on=day_of(record, "reference_period_start"),
        ends_on=day_of(record, "reference_period_end"),
    )


def _level(record: Record) -> int:
    told = record["admin_level"]
    if not told:
        return 2 if record["admin2_code"] else 1 if record["admin1_code"] else 0
    level = whole(told.removesuffix(".0"), at=record.at)
    if level is None or not COUNTRY_LEVEL <= level <= LOWEST_LEVEL:
        raise Fault(record.at, "Its level is none of 0, 1 and 2.")
    return level


def _place(record: Record, level: int) -> str:
    """Return the P-code of the row's place; the country itself has none.

    Raises:
        Fault: a lower level without a code could be any place of it.
    """
    if level == COUNTRY_LEVEL:
        return ""
    code = plain_name(record[f"admin{level}_code"])
    if not code:
        raise Fault(record.at, "It gives a figure for a place without a code.")
    return code


def _people(record: Record) -> int | None:
    told = record["population"].replace("\u00a0", "").removesuffix(".0")
    people = whole(told, at=record.at)
    if people is not None and people < 0:
        raise Fault(record.at, "It counts fewer than no people.")
    return people


def _settled(needs: Iterable[Need]) -> _Settled:
    """Return one total for each key: that of the newest period, where its rows agree."""
    by_key: dict[Key, list[Need]] = defaultdict(list)
    for each in needs:
        by_key[each.key].append(each)
    totals: list[Need] = []
    torn: list[Key] = []
    older = 0
    for key, theirs in by_key.items():
        newest = max(_age(each) for each in theirs)
        current = [each for each in theirs if _age(each) == newest]
        older += len(theirs) - len(current)
        if len({each.people for each in current}) > 1:
            torn.append(key)
        else:
            totals.append(current[0])
    return _Settled(totals, older, torn)


def _age(need: Need) -> tuple[date, date]:
    start = need.starts_on or date.min
    return need.ends_on or start, start


def _country(country: str, needs: Sequence[Need]) -> Document:
    theirs = [each for each in needs if each.country == country]
    codes = sorted({each.sector for each in theirs} | {CHILD_PROTECTION})
    starts = [each.starts_on for each in theirs if each.starts_on]
    ends = [each.ends_on for each in theirs if each.ends_on]
    return {
        "period_start": min(starts, default=None),
        "period_end": max(ends, default=None),
        "sectors": {code: _sector(code, theirs) for code in codes},
    }


def _sector(code: str, needs: Iterable[Need]) -> Document:
    theirs = [each for each in needs if each.sector == code]
    given = next((each.sector_name for each in theirs if each.sector_name), "")
    known = sectors().get(code)
    own = [each for each in theirs if each.level == COUNTRY_LEVEL]
    return {
        "name": given or (known.en if known else code),
        "stated": any(each.people is not None for each in theirs),
        **_figures(own),
        "admin1": _places(theirs, 1),
        "admin2": _places(theirs, 2),
    }


def _places(needs: Iterable[Need], level: int) -> Document:
    by_place: dict[str, list[Need]] = defaultdict(list)
    for each in needs:
        if each.level == level:
            by_place[each.place].append(each)
    return {place: _figures(by_place[place]) for place in sorted(by_place)}


def _figures(needs: Iterable[Need]) -> dict[str, int | None]:
    told = {each.state: each.people for each in needs}
    return {name: told.get(name) for name in FIGURES}


def _passed_over(records: Sequence[Record], totals: Sequence[Record]) -> list[Sentence]:
    if totals or not records:
        return []
    told = "No row is a total, only parts of one; the parts are not added, as they overlap."
    return [sentence(told)]


def _aged(count: int) -> list[Sentence]:
    return (
        [
            counted(
                "{count} total of an older period was passed over.",
                "{count} totals of older periods were passed over.",
                count,
            )
        ]
        if count
        else []
    )


def _torn(keys: Sequence[Key]) -> list[Sentence]:
    return [
        sentence(
            "{country}, {sector}, {place}: two totals of the same period differ ({figure}), so "
            "that neither is taken.",
            country=country,
            sector=sector,
            place=place or country,
            figure=state,
        )
        for country, sector, _level, place, state in keys[:20]
    ]


def _without(country: str, needs: Iterable[Need]) -> list[Sentence]:
    theirs = [each for each in needs if each.country == country]
    if any(each.sector == CHILD_PROTECTION and each.people is not None for each in theirs):
        return []
    return [
        sentence(
            "{country}: nothing is stated for child protection. That does not mean that no child "
            "is in need; the figure may stand under Protection.",
            country=country,
        )
    ]

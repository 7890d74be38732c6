"""The lists of peacekeeping operations and political missions; entry point ``psdata-missions``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import Marked, Sentence, counted, listed, sentence
from unbroken.sources.parsing import Fault, left_out
from unbroken.sources.readers import Document, Payload
from unbroken_integrations.psdata.records import (
    Record,
    day_of,
    flag_of,
    number_of,
    plain_text,
    read_each,
)

NAMED = 10
ACRONYMS = ("mission_acronym", "acronym")
OWN_NAMES = ("mission_name", "mission")
NAMES = (*OWN_NAMES, "name")
FLAGS = ("mission_isactive", "isactive", "is_active", "active")


@dataclass(frozen=True, slots=True)
class Mission:
    """One mission of the list; what is empty or ``None`` is not stated."""

    identity: int | None
    acronym: str
    name: str
    lead: str
    location: str
    starts_on: date | None
    ends_on: date | None
    is_active: bool | None
    is_at_midnight: bool


class MissionsReader:
    """Reads the data sets DPPADPOSS-PKO and DPPA-POLITICALMISSIONS, JSON or CSV."""

    keeps_raw = True
    choices: Mapping[str, Marked] = MappingProxyType({})

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return the missions, by acronym and start: see README.md beside this module.

        Raises:
            Invalid: a file is no such list, or no record of it could be read.
        """
        del chosen  # there is nothing to choose
        missions: list[Mission] = []
        problems: list[Problem] = []
        for payload in payloads:
            found, faults = read_each(payload, _mission)
            missions += found
            problems += faults
        ordered = sorted(dict.fromkeys(missions), key=_order)
        return {
            "source": "psdata-missions",
            "missions": [_told(each) for each in ordered],
            "warnings": [*_warnings(ordered), *left_out(problems)],
        }


def _mission(record: Record, at: str) -> Mission:
    acronym, name = _first(record, ACRONYMS), _first(record, NAMES)
    # a name alone may be that of anything: the catalogue of all data sets has names too
    if not acronym and not _first(record, OWN_NAMES):
        raise Fault(at, "It names no mission: neither acronym nor name.")
    starts_on, is_start_exact = day_of(record.get("start_date"), at=f"{at}.start_date")
    ends_on, is_end_exact = day_of(record.get("end_date"), at=f"{at}.end_date")
    return Mission(
        identity=number_of(record.get("id"), at=f"{at}.id"),
        acronym=acronym,
        name=name,
        lead=plain_text(record.get("lead_department")),
        location=plain_text(record.get("mission_location")),
        starts_on=starts_on,
        ends_on=ends_on,
        is_active=flag_of(next((record[n] for n in FLAGS if n in record), None)),
        is_at_midnight=is_start_exact and is_end_exact,
    )


def _first(record: Record, names: Iterable[str]) -> str:
    return next((told for each in names if (told := plain_text(record.get(each)))), "")


def _order(mission: Mission) -> tuple[str, str, date]:
    return mission.acronym.casefold(), mission.name.casefold(), mission.starts_on or date.min


def _told(mission: Mission) -> Document:
    return {
        "id": mission.identity,
        "acronym": mission.acronym or None,
        "name": mission.name or None,
        "lead_department": mission.lead or None,
        "headquarters": mission.location or None,
        "starts_on": mission.starts_on,
        "ends_on": mission.ends_on,
        "is_active": mission.is_active,
    }


def _warnings(missions: Sequence[Mission]) -> Iterator[Sentence]:
    yield sentence(
        "This list lags behind and is a cross-check only: it changes no mission and no plan."
    )
    if not missions:
        yield sentence("The list names no mission at all.")
    if odd := [each for each in missions if each.is_active is False and not each.ends_on]:
        yield counted(
            "{count} mission is not active and has no end: {where}.",
            "{count} missions are not active and have no end: {where}.",
            len(odd),
            where=_named(odd),
        )
    if odd := [each for each in missions if _ends_before_start(each)]:
        yield counted(
            "{count} mission ends before it starts: {where}.",
            "{count} missions end before they start: {where}.",
            len(odd),
            where=_named(odd),
        )
    if odd := [each for each in missions if not each.is_at_midnight]:
        yield counted(
            "{count} mission has a day that is no midnight in UTC; it may be off by one: {where}.",
            "{count} missions have days that are no midnight in UTC; they may be off by one: "
            "{where}.",
            len(odd),
            where=_named(odd),
        )
    if odd := [each for each in missions if each.is_active is None]:
        yield counted(
            "Of {count} mission the list does not say whether it is active: {where}.",
            "Of {count} missions the list does not say whether they are active: {where}.",
            len(odd),
            where=_named(odd),
        )


def _ends_before_start(mission: Mission) -> bool:
    return bool(mission.starts_on and mission.ends_on and mission.ends_on < mission.starts_on)


def _named(missions: Iterable[Mission]) -> str:
    return listed([each.acronym or each.name for each in missions][:NAMED])

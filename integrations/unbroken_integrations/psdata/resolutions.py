"""The list of the Security Council's resolutions; entry point ``psdata-resolutions``."""

import re
from collections.abc import Iterator, Mapping, Sequence
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
    number_of,
    plain_text,
    read_each,
)

SYMBOL = re.compile(r"S/RES/([0-9]{1,5}) ?\(([0-9]{4})\)")
"""As in S/RES/2764(2024) or S/RES/2764 (2024)."""

ADDRESS = re.compile(r"https?://[^\s\"<>@]{3,300}")
UNANIMOUS = "unanimous"
NAMED = 10


@dataclass(frozen=True, slots=True)
class Resolution:
    """One resolution; a vote of ``None`` is not stated."""

    number: int
    year: int
    symbol: str
    title: str
    adopted_on: date | None
    url: str
    subjects: str
    votes: tuple[int | None, int | None, int | None]
    is_unanimous: bool


class ResolutionsReader:
    """Reads the data set DGC-SCRES, JSON or CSV."""

    keeps_raw = True
    choices: Mapping[str, Marked] = MappingProxyType({})

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return the resolutions by number, each once: see README.md beside this module.

        Raises:
            Invalid: a file is no such list, or no record of it could be read.
        """
        del chosen  # there is nothing to choose
        resolutions: list[Resolution] = []
        problems: list[Problem] = []
        for payload in payloads:
            kept, faults = read_each(payload, _resolution)
            resolutions += kept
            problems += faults
        found = {each.number: each for each in reversed(resolutions)}
        again = [each.symbol for each in resolutions if found[each.number] != each]
        return {
            "source": "psdata-resolutions",
            "resolutions": [_told(found[number]) for number in sorted(found)],
            "warnings": [*_warnings(found, again), *left_out(problems)],
        }


def _resolution(record: Record, at: str) -> Resolution:
    symbol = SYMBOL.fullmatch(plain_text(record.get("symbol")))
    if not symbol:
        raise Fault(at, "Its symbol is not like S/RES/2764(2024).")
    number, year = (int(part) for part in symbol.groups())
    adopted_on, _ = day_of(record.get("date"), at=f"{at}.date")
    return Resolution(
        number=number,
        year=year,
        symbol=f"S/RES/{number}({year})",
        title=plain_text(record.get("title")),
        adopted_on=adopted_on,
        url=_address(record.get("url")),
        subjects=plain_text(record.get("subjects")),
        votes=(_vote(record, "yes", at), _vote(record, "no", at), _vote(record, "abstain", at)),
        is_unanimous=plain_text(record.get("voting_yes")).lower().startswith(UNANIMOUS),
    )


def _address(value: object) -> str:
    told = plain_text(value)
    return told if ADDRESS.fullmatch(told) else ""


def _vote(record: Record, name: str, at: str) -> int | None:
    value = record.get(f"voting_{name}")
    if plain_text(value).lower().startswith(UNANIMOUS):
        return None
    return number_of(value, at=f"{at}.voting_{name}")


def _told(resolution: Resolution) -> Document:
    yes, no, abstaining = resolution.votes
    return {
        "number": resolution.number,
        "year": resolution.year,
        "symbol": resolution.symbol,
        "title": resolution.title or None,
        "adopted_on": resolution.adopted_on,
        "url": resolution.url or None,
        "subjects": resolution.subjects or None,
        "unanimous": resolution.is_unanimous,
        "votes": {"yes": yes, "no": no, "abstaining": abstaining},
    }


def _warnings(found: Mapping[int, Resolution], again: Sequence[str]) -> Iterator[Sentence]:
    yield sentence("This list is a cross-check only: it changes no decision and no plan.")
    if not found:
        yield sentence("The list names no resolution at all.")
    if again:
        yield sentence(
            "Some came again with other content; the first counts: {where}.",
            where=listed([*dict.fromkeys(again)][:NAMED]),
        )
    other = [each for each in found.values() if _is_of_other_year(each)]
    if other:
        yield counted(
            "{count} resolution carries another year than the day of its adoption: {where}.",
            "{count} resolutions carry another year than the day of their adoption: {where}.",
            len(other),
            where=listed([each.symbol for each in other][:NAMED]),
        )


def _is_of_other_year(resolution: Resolution) -> bool:
    return resolution.adopted_on is not None and resolution.adopted_on.year != resolution.year

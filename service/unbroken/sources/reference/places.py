"""Places by their P-codes, down to the second level. Source: OCHA's common operational datasets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from unbroken.sources.reference.loading import rows_of

LEVELS = ("country", "admin1", "admin2")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of level 1 or 2; ``parent`` is the P-code above it, or the country's ISO3 code.

    ``valid_from`` is the day of the list it stands in. The law of a country may be ahead of it.
    """

    code: str
    iso3: str
    level: int
    name: str
    parent: str
    valid_from: date


class Fault(StrEnum):
    """What is wrong with a P-code."""

    UNKNOWN = "unknown"
    WRONG_LENGTH = "wrong-length"
    OTHER_COUNTRY = "other-country"
    NO_LIST = "no-list"


def pcode(code: str) -> Place | None:
    """Return the place with this P-code in any case; None where the table has none."""
    found = _lines().get(code.strip().upper())
    return None if found is None else _place(code.strip().upper(), found)


def fault_of_pcode(code: str, iso3: str) -> Fault | None:
    """Return what is wrong with a P-code given for a country; None where it is right.

    ``NO_LIST``: the table has no place of that country, so nothing can be said of the code.
    """
    found, home = pcode(code), iso3.strip().upper()
    if found is not None:
        return None if found.iso3 == home else Fault.OTHER_COUNTRY
    if home not in _listed():
        return Fault.NO_LIST
    known = _lengths().get(home, frozenset())
    is_odd = bool(known) and len(code.strip()) not in known
    return Fault.WRONG_LENGTH if is_odd else Fault.UNKNOWN


def places_of(iso3: str, level: int) -> tuple[Place, ...]:
    """Return the places of a country at level 1 or 2 in the order of their codes; empty if none."""
    wanted = (iso3.strip().upper(), str(level))
    return tuple(_place(code, row) for code, row in _lines().items() if (row[0], row[1]) == wanted)


def _place(code: str, row: tuple[str, ...]) -> Place:
    iso3, level, name, parent, valid_from = row
    return Place(code, iso3, int(level), name, parent, date.fromisoformat(valid_from))


@cache
def _lines() -> Mapping[str, tuple[str, ...]]:
    # tuples of texts: making all 32,767 places for the one that is asked would be slow
    columns = ("iso3", "level", "name", "parent", "valid_from")
    return {
        row["pcode"].upper(): tuple(row[each] for each in columns)
        for row in rows_of("pcodes.csv.gz")
    }


@cache
def _listed() -> frozenset[str]:
    return frozenset(row[0] for row in _lines().values())


@cache
def _lengths() -> Mapping[str, frozenset[int]]:
    """Return the lengths a code of levels 1 and 2 may have; a country of uneven codes is left out.

    The source gives the length of each level's own part; ``|`` stands between several, and -1 or
    nothing where it is not even.
    """
    return {
        row["iso3"]: frozenset(known)
        for row in rows_of("pcode_lengths.csv")
        if (known := _whole_lengths(row))
    }


def _whole_lengths(row: Mapping[str, str]) -> set[int]:
    found: set[int] = set()
    reached = {0}
    for level in LEVELS:
        parts = [int(each) for each in row[level].split("|") if each]
        if not parts:
            break
        if min(parts) < 0:
            return set()
        reached = {before + part for before in reached for part in parts}
        found |= reached if level != "country" else set()
    return found

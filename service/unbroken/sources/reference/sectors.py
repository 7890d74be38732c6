"""Humanitarian sectors by code, and which one a sheet means by what it writes.

Source: OCHA Global Coordination Groups (English and French names); other spellings are ours, taken
from sheets of country offices.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from unbroken.sources.reference.loading import folded, rows_of

CHILD_PROTECTION = "PRO-CPN"
PROTECTION = "PRO"
LONGEST = 200
LEVELS = re.compile(r"\s[-–—]\s|[:/>|()\[\]]|\s>\s")
FRAME = re.compile(
    r"\b(?:(?:sub|sous) ?(?:cluster|sector|secteur)|area of responsibility|"
    r"domaine de responsabilite|cluster|sector|secteur|aor)\b"
)
"""Words that say what kind of group it is, not which one."""


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector; ``hrinfo`` and ``fts_cluster`` are its numbers there, empty where it has none."""

    code: str
    en: str
    fr: str
    hrinfo: str
    fts_cluster: str


@cache
def sectors() -> Mapping[str, Sector]:
    """Return every sector by its code (``PRO-CPN`` is child protection), in order of the codes."""
    return {row["code"]: Sector(**row) for row in rows_of("sectors.csv")}


# a sheet says the same few hundreds of thousands of times
@lru_cache(maxsize=4096)
def sector_of(text: str) -> str | None:
    """Return the code of the sector that ``text`` means; None where that is not certain.

    Understands names in English, French and some Spanish, codes, and a sector under another one:
    "Protection: Protection de l'enfant", "Protection - Child Protection". Two sectors side by side
    ("Health / Nutrition") are no one sector, so None.
    """
    if len(text) > LONGEST:
        return None
    return _known(text) or _most_specific([each for each in LEVELS.split(text) if folded(each)])


def _known(text: str) -> str | None:
    plain = folded(text)
    bare = " ".join(FRAME.sub(" ", plain).split())
    return _spellings().get(plain) or _spellings().get(bare)


def _most_specific(parts: list[str]) -> str | None:
    found = {_known(each) for each in parts}
    if None in found or not found:
        return None
    codes = sorted((code for code in found if code), key=len)
    return codes[-1] if all(codes[-1].startswith(code) for code in codes) else None


@cache
def _spellings() -> Mapping[str, str]:
    named = {
        folded(told): each.code
        for each in sectors().values()
        for told in (each.code, each.en, each.fr)
    }
    more = {folded(row["text"]): row["code"] for row in rows_of("sector_spellings.csv")}
    return named | more

"""Countries and areas by their codes, with the names the United Nations uses for them.

Source: ISO 3166-1, UN M49 and UNTERM. A row says nothing about anybody's status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from unbroken.sources.reference.loading import folded, rows_of

NAMED_IN = ("en", "fr", "ar", "es", "zh", "ru")
SPOKEN: Mapping[str, str] = {
    "drc": "COD",
    "dr congo": "COD",
    "rdc": "COD",
    "congo drc": "COD",
    "democratic republic of congo": "COD",
    "republique democratique du congo rdc": "COD",
    "car": "CAF",
    "rca": "CAF",
    "ivory coast": "CIV",
    "syria": "SYR",
    "syrie": "SYR",
    "siria": "SYR",
    "palestine": "PSE",
    "opt": "PSE",
    "turkey": "TUR",
    "venezuela": "VEN",
    "bolivia": "BOL",
}
"""How tables of country offices write a country, beside its names."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country or area; ``names`` is by language: en, fr, ar, es, zh and ru, none of them empty.

    ``m49`` has three digits, kept as a text.
    """

    iso3: str
    iso2: str
    m49: str
    names: Mapping[str, str]


@cache
def countries() -> Mapping[str, Country]:
    """Return every country and area by its ISO 3166-1 alpha-3 code, in the order of the codes."""
    return {
        row["iso3"]: Country(
            row["iso3"], row["iso2"], row["m49"], {each: row[each] for each in NAMED_IN}
        )
        for row in rows_of("countries.csv")
    }


def country(iso3: str) -> Country | None:
    """Return the country with this alpha-3 code in any case; None where there is none."""
    return countries().get(iso3.strip().upper())


def country_named(text: str) -> Country | None:
    """Return the country that ``text`` names: a code of two or three letters, M49, or a name.

    Accents, case and signs do not count. None where no country is called so.
    """
    return country(_spoken().get(folded(text), ""))


@cache
def _spoken() -> Mapping[str, str]:
    found = dict(SPOKEN)
    for each in countries().values():
        for told in (*each.names.values(), each.iso2, each.m49, each.iso3):
            found.setdefault(folded(told), each.iso3)
    return found

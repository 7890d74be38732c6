"""Codes of the International Aid Transparency Initiative, and kinds of organisation.

Sources: IATI codelists as published (English and French); OCHA organisation types.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from unbroken.sources.reference.loading import folded, rows_of

TYPE_SPELLINGS = {
    "ingo": "437",
    "ong internationale": "437",
    "ongi": "437",
    "international ngo": "437",
    "nngo": "441",
    "lngo": "441",
    "local ngo": "441",
    "ong nationale": "441",
    "ong locale": "441",
    "ongn": "441",
    "un": "447",
    "un agency": "447",
    "onu": "447",
    "nations unies": "447",
    "agence onu": "447",
    "agence des nations unies": "447",
    "naciones unidas": "447",
    "gov": "435",
    "gouvernement": "435",
    "gobierno": "435",
    "others": "443",
    "autre": "443",
    "autres": "443",
    "croix rouge": "445",
    "red cross": "445",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A code of a list; ``category`` and ``fr`` are empty where the list has none."""

    code: str
    en: str
    fr: str
    category: str
    is_withdrawn: bool


@cache
def codelists() -> Mapping[str, Mapping[str, Entry]]:
    """Return the IATI lists by name, each by code in the published order.

    The names: Sector (five digits), SectorCategory, SectorVocabulary, HumanitarianScopeVocabulary,
    HumanitarianScopeType, OrganisationType, PolicyMarker, Region.
    """
    found: dict[str, dict[str, Entry]] = {}
    for row in rows_of("iati_codelists.csv.gz"):
        entry = Entry(
            row["code"], row["en"], row["fr"], row["category"], row["status"] == "withdrawn"
        )
        found.setdefault(row["codelist"], {})[entry.code] = entry
    return found


def code_entry(codelist: str, code: str) -> Entry | None:
    """Return the entry of a code in an IATI list; None where list or code is not known."""
    return codelists().get(codelist, {}).get(code.strip())


@cache
def organisation_types() -> Mapping[str, str]:
    """Return OCHA's kinds of organisation, English, by number (447 is the United Nations)."""
    return {row["code"]: row["en"] for row in rows_of("organisation_types.csv")}


def organisation_type_of(text: str) -> str | None:
    """Return the number of the kind of organisation that ``text`` means; None if not certain."""
    plain = folded(text)
    named = {folded(told): code for code, told in organisation_types().items()}
    return named.get(plain) or TYPE_SPELLINGS.get(plain)

"""The texts of a function in another language: what they are made of and where they belong.

A translation belongs to English texts, not to an edition: whoever shows a text looks it up by the
digest of the English, so an edition that keeps a text keeps its translation.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from unbroken.functions.rules.words import Function
from unbroken.kit.canonical import digest

STAMP_DIGITS = 16


class Language(StrEnum):
    """A language into which the catalogue is translated out of English."""

    FRENCH = "fr"
    ARABIC = "ar"
    SPANISH = "es"


class TranslationStatus(StrEnum):
    """How far a translation has come; a draft has been read by nobody who works in the language."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class ItemText:
    """What is read of one item: what to do, and what shows that it was done."""

    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Texts:
    """All that is translated of a function.

    ``units`` go from the English unit to its name, ``parts`` from ``<dimension>/<key>`` to the
    title, ``items`` from the item's id. An empty ``failure_seen`` is not there or not translated.
    """

    title: str
    for_children: str
    moves: tuple[str, ...]
    receivers: tuple[str, ...]
    units: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, ItemText] = field(default_factory=dict)
    failure_seen: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """One translation file. ``of`` is the stamp of the English that it was made from."""

    code: str
    language: Language
    status: TranslationStatus
    translated_by: str
    of: str
    texts: Texts

    @property
    def is_draft(self) -> bool:
        """Return whether nobody who works in the language has read it yet."""
        return self.status is TranslationStatus.DRAFT


@dataclass(frozen=True, slots=True)
class Remembered:
    """One text in another language, known by the digest of the English text it stands for."""

    language: Language
    source_digest: str
    text: str
    is_draft: bool


def texts_of(function: Function) -> Texts:
    """Return the English texts of ``function``, in its own order."""
    needs = function.capacities
    return Texts(
        title=function.title,
        for_children=function.for_children,
        moves=function.moves,
        receivers=function.receivers,
        units={need.unit: need.unit for need in needs if need.unit is not None},
        parts={f"{need.dimension}/{part.key}": part.title for need in needs for part in need.parts},
        items={item.id: ItemText(item.text, item.evidence) for item in function.items},
        failure_seen=function.failure_seen,
    )


def stamp(function: Function) -> str:
    """Return the 16 hexadecimal digits that change whenever an English text to translate does."""
    texts = texts_of(function)
    body = {
        "title": texts.title,
        "for_children": texts.for_children,
        "moves": texts.moves,
        "receivers": texts.receivers,
        "units": texts.units,
        "parts": texts.parts,
        "items": {key: [each.text, each.evidence] for key, each in texts.items.items()},
        "failure_seen": texts.failure_seen,
    }
    return digest(body)[:STAMP_DIGITS]


def pairs(english: Texts, other: Texts) -> Iterator[tuple[str, str]]:
    """Yield each English text with its translation; what has none is left out."""
    yield english.title, other.title
    yield english.for_children, other.for_children
    yield from zip(english.moves, other.moves, strict=False)
    yield from zip(english.receivers, other.receivers, strict=False)
    yield from _shared(english.units, other.units)
    yield from _shared(english.parts, other.parts)
    for key, item in english.items.items():
        if key in other.items:
            yield item.text, other.items[key].text
            yield item.evidence, other.items[key].evidence
    if english.failure_seen and other.failure_seen:
        yield english.failure_seen, other.failure_seen


def remembered(
    functions: Mapping[str, Function], translations: Iterable[Translation]
) -> tuple[Remembered, ...]:
    """Return what these translations say of each English text, one for each language and text.

    Where two files translate the same text differently, a reviewed one wins, then the first.
    """
    found: dict[tuple[Language, str], Remembered] = {}
    for each in translations:
        for english, text in pairs(texts_of(functions[each.code]), each.texts):
            key = (each.language, digest(english))
            known = found.get(key)
            if known is None or (known.is_draft and not each.is_draft):
                found[key] = Remembered(*key, text, each.is_draft)
    return tuple(found.values())


def _shared(english: Mapping[str, str], other: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((text, other[key]) for key, text in english.items() if key in other)

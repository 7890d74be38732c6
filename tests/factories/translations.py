"""Made-up translations: a mark before the English, so that a test sees which language it reads."""

from collections.abc import Mapping

from unbroken.functions.commands import load_translations
from unbroken.functions.rules import (
    Edition,
    Function,
    ItemText,
    Language,
    Texts,
    Translation,
    TranslationStatus,
    stamp,
    texts_of,
)
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.people.rules import SYSTEM

FRENCH, ARABIC = Language.FRENCH, Language.ARABIC
DRAFT, REVIEWED = TranslationStatus.DRAFT, TranslationStatus.REVIEWED
MARKS: Mapping[Language, str] = {FRENCH: "Fr: ", ARABIC: "نص عربي: ", Language.SPANISH: "Es: "}


def translate(
    sessions: Sessions,
    clock: Clock,
    edition: Edition,
    *,
    language: Language = FRENCH,
    status: TranslationStatus = DRAFT,
    only: frozenset[str] = frozenset(),
) -> None:
    """Remember a translation of every text of these functions, of all without ``only``."""
    chosen = [each for code, each in edition.functions.items() if not only or code in only]
    made = [_translation(each, language, status) for each in chosen]
    load_translations(sessions, edition=edition, translations=made, actor=SYSTEM, clock=clock)


def _translation(function: Function, language: Language, status: TranslationStatus) -> Translation:
    mark, english = MARKS[language], texts_of(function)
    texts = Texts(
        title=mark + english.title,
        for_children=mark + english.for_children,
        moves=tuple(mark + text for text in english.moves),
        receivers=tuple(mark + text for text in english.receivers),
        units={key: mark + text for key, text in english.units.items()},
        parts={key: mark + text for key, text in english.parts.items()},
        items={
            key: ItemText(mark + item.text, mark + item.evidence)
            for key, item in english.items.items()
        },
        failure_seen=english.failure_seen and mark + english.failure_seen,
    )
    return Translation(function.code, language, status, "translator", stamp(function), texts)

"""The translations that travel with the program: whole, fresh, and one word for one thing."""

from functools import cache

import pytest

from unbroken.functions.queries import (
    Translated,
    bundled_editions,
    counts,
    edition_folder,
    examine_translations,
    read_edition,
)
from unbroken.functions.rules import Edition, Language

EDITIONS = bundled_editions()


@cache
def edition(name: str) -> Edition:
    return read_edition(edition_folder(name))


@cache
def translated(name: str) -> Translated:
    return examine_translations(edition_folder(name), edition(name).functions)


@pytest.mark.parametrize("name", EDITIONS)
def test_every_translation_is_whole_and_fits_its_english(name: str) -> None:
    assert [] == [str(fault) for fault in translated(name).faults]


def test_newest_edition_is_translated_whole_into_every_language() -> None:
    newest = EDITIONS[-1]
    found = counts(translated(newest), edition(newest).functions)

    assert dict.fromkeys(Language, 0) == {each.language: each.missing for each in found}


@pytest.mark.parametrize("name", EDITIONS)
def test_nobody_is_named_as_translator(name: str) -> None:
    told = {each.translated_by for each in translated(name).translations}

    assert [] == [role for role in told if role != role.lower()]


@pytest.mark.parametrize("name", EDITIONS)
def test_arabic_is_written_in_arabic(name: str) -> None:
    arabic = [each for each in translated(name).translations if each.language is Language.ARABIC]

    assert [] == [each.code for each in arabic if not _is_arabic(each.texts.title)]


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)

"""The catalogue's texts in the reader's language: remembered once, found by the English."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from tests.functions.examples import edition_of
from unbroken.functions.commands import (
    TranslationsLoaded,
    load_bundled_translations,
    load_translations,
)
from unbroken.functions.queries import ShownText, texts_in
from unbroken.functions.rules import (
    Edition,
    Language,
    Translation,
    TranslationStatus,
    stamp,
    texts_of,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Forbidden
from unbroken.people.rules import NOBODY, SYSTEM
from unbroken.trail.models import Entry

REVIEWED, DRAFT = TranslationStatus.REVIEWED, TranslationStatus.DRAFT


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return edition_of(tmp_path)


def load(
    sessions: Sessions,
    clock: FixedClock,
    edition: Edition,
    title: str = "Vérification",
    *,
    status: TranslationStatus = DRAFT,
) -> TranslationsLoaded:
    vet = edition.functions["VET"]
    texts = replace(texts_of(vet), title=title)
    french = Translation("VET", Language.FRENCH, status, "translator", stamp(vet), texts)
    return load_translations(
        sessions, edition=edition, translations=[french], actor=SYSTEM, clock=clock
    )


def shown(sessions: Sessions, *texts: str, language: str = "fr") -> Mapping[str, ShownText]:
    with sessions.reading() as session:
        return texts_in(session, texts, language=language)


def test_text_is_shown_in_the_language_asked_for(
    sessions: Sessions, clock: FixedClock, edition: Edition
) -> None:
    load(sessions, clock, edition)

    assert shown(sessions, "Vetting") == {"Vetting": ShownText("Vérification", "fr", is_draft=True)}


def test_text_without_translation_is_shown_in_english_and_says_so(
    sessions: Sessions, clock: FixedClock, edition: Edition
) -> None:
    load(sessions, clock, edition)

    assert shown(sessions, "Other") == {"Other": ShownText("Other", "en", is_draft=False)}


@pytest.mark.parametrize("language", ["en", "es", "ar-XB", ""])
def test_other_languages_show_english(
    sessions: Sessions, clock: FixedClock, edition: Edition, language: str
) -> None:
    load(sessions, clock, edition)

    assert shown(sessions, "Vetting", language=language)["Vetting"] == ShownText("Vetting", "en")


def test_no_texts_are_none(sessions: Sessions) -> None:
    assert shown(sessions) == {}


def test_every_text_is_remembered_once(
    sessions: Sessions, clock: FixedClock, edition: Edition
) -> None:
    texts = texts_of(edition.functions["VET"])
    distinct = {texts.title, texts.for_children, *texts.moves, *texts.receivers, *texts.units}
    distinct |= {*texts.parts.values(), "Title and date."}
    distinct |= {item.text for item in texts.items.values()}

    assert load(sessions, clock, edition) == TranslationsLoaded(added=len(distinct))


def test_loading_the_same_again_changes_nothing(
    sessions: Sessions, clock: FixedClock, edition: Edition
) -> None:
    first = load(sessions, clock, edition)

    assert load(sessions, clock, edition) == TranslationsLoaded(kept=first.added)
    with sessions.reading() as session:
        assert ["catalogue:translations:loaded"] == list(session.exec(select(Entry.action)))


def test_better_translation_replaces_the_one_before(
    sessions: Sessions, clock: FixedClock, edition: Edition
) -> None:
    load(sessions, clock, edition)

    assert load(sessions, clock, edition, "Contrôle").changed == 1
    assert shown(sessions, "Vetting")["Vetting"].text == "Contrôle"


def test_reviewed_text_is_no_draft_any_more(
    sessions: Sessions, clock: FixedClock, edition: Edition
) -> None:
    load(sessions, clock, edition)
    load(sessions, clock, edition, status=REVIEWED)

    assert not shown(sessions, "Vetting")["Vetting"].is_draft


def test_draft_never_replaces_a_reviewed_text(
    sessions: Sessions, clock: FixedClock, edition: Edition
) -> None:
    load(sessions, clock, edition, status=REVIEWED)
    load(sessions, clock, edition, "Contrôle")

    assert shown(sessions, "Vetting")["Vetting"] == ShownText("Vérification", "fr")


def test_loading_translations_is_for_stewards(
    sessions: Sessions, clock: FixedClock, edition: Edition
) -> None:
    with pytest.raises(Forbidden):
        load_translations(sessions, edition=edition, translations=[], actor=NOBODY, clock=clock)


def test_bundled_translations_are_loaded_twice_without_harm(
    sessions: Sessions, clock: FixedClock
) -> None:
    load_bundled_translations(sessions, actor=SYSTEM, clock=clock)
    with sessions.reading() as session:
        before = len(session.exec(select(Entry.action)).all())
    load_bundled_translations(sessions, actor=SYSTEM, clock=clock)

    with sessions.reading() as session:
        assert before == len(session.exec(select(Entry.action)).all())

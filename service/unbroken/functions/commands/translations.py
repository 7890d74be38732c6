"""Loading translations: a memory of texts, for whatever edition shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from unbroken.functions.commands.acts import CatalogueAction, require_steward
from unbroken.functions.models import TextTranslation
from unbroken.functions.queries import (
    bundled_editions,
    edition_folder,
    examine_translations,
    has_translations,
    read_edition,
)
from unbroken.functions.rules import Edition, Remembered, Translation, edition_uid, remembered
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid
from unbroken.people.rules import Actor, author_of
from unbroken.trail.commands import open_trail

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TranslationsLoaded:
    """How many texts became known, changed, and stayed as they were."""

    added: int = 0
    changed: int = 0
    kept: int = 0


def load_translations(
    sessions: Sessions,
    *,
    edition: Edition,
    translations: Iterable[Translation],
    actor: Actor,
    clock: Clock,
) -> TranslationsLoaded:
    """Remember what ``translations`` say of the texts of ``edition``, and return the counts.

    The edition need not be loaded. A reviewed text is never replaced by a draft. Loading the same
    again does nothing.

    Raises:
        Forbidden: the actor is neither a steward nor the system itself.
    """
    require_steward(actor)
    texts = remembered(edition.functions, translations)
    with sessions.begin() as session:
        # The lock on the chain's head makes two loaders follow one another on both databases.
        author = author_of(actor, None)
        trail = open_trail(session, author=author, at=clock.now(), instance=True)
        done = _write(session, texts)
        if done.added or done.changed:
            trail.record(
                CatalogueAction.TRANSLATIONS_LOADED,
                kind="edition",
                subject=edition_uid(edition.name),
                values={
                    "edition": edition.name,
                    "languages": sorted({each.language for each in texts}),
                    "added": done.added,
                    "changed": done.changed,
                },
            )
    return done


def load_bundled_translations(sessions: Sessions, *, actor: Actor, clock: Clock) -> None:
    """Remember the translations that travel with the program; faulty files are left out.

    Raises:
        Forbidden: the actor is neither a steward nor the system itself.
    """
    for name in bundled_editions():
        folder = edition_folder(name)
        if has_translations(folder):
            edition = read_edition(folder)
            found = examine_translations(folder, edition.functions).translations
            load_translations(
                sessions, edition=edition, translations=found, actor=actor, clock=clock
            )


def _write(session: Session, texts: Iterable[Remembered]) -> TranslationsLoaded:
    known = _known(session)
    new = [each for each in texts if _key(each) not in known]
    old = [(known[_key(each)], each) for each in texts if _key(each) in known]
    changed = [(row, each) for row, each in old if _improves(row, each)]
    _insert(session, new)
    _update(session, changed)
    return TranslationsLoaded(len(new), len(changed), len(old) - len(changed))


def _key(text: Remembered) -> Key:
    return text.language.value, text.source_digest


def _known(session: Session) -> Mapping[Key, TextTranslation]:
    rows = session.exec(select(TextTranslation))
    return {(row.language.value, row.source_digest): row for row in rows}


def _improves(row: TextTranslation, text: Remembered) -> bool:
    if not row.is_draft and text.is_draft:
        return False
    return (row.text, row.is_draft) != (text.text, text.is_draft)


def _insert(session: Session, texts: Iterable[Remembered]) -> None:
    rows = [
        {
            "uid": new_uid(),
            "language": each.language,
            "source_digest": each.source_digest,
            "text": each.text,
            "is_draft": each.is_draft,
        }
        for each in texts
    ]
    if rows:
        session.connection().execute(insert(TextTranslation), rows)


def _update(session: Session, changes: Iterable[tuple[TextTranslation, Remembered]]) -> None:
    rows = [
        {"number": row.id, "new_text": each.text, "new_is_draft": each.is_draft}
        for row, each in changes
    ]
    if rows:
        statement = (
            update(TextTranslation)
            .where(col(TextTranslation.id) == bindparam("number"))
            .values(text=bindparam("new_text"), is_draft=bindparam("new_is_draft"))
        )
        session.connection().execute(statement, rows)

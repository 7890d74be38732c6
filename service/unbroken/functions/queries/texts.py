"""Texts of the catalogue in a reader's language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from unbroken.functions.models import TextTranslation
from unbroken.functions.rules import Language
from unbroken.kit.canonical import digest
from unbroken.kit.languages import DEFAULT


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text as it is shown: in which language, and whether it is a draft nobody has reviewed."""

    text: str
    language: str
    is_draft: bool = False


def texts_in(session: Session, texts: Collection[str], *, language: str) -> Mapping[str, ShownText]:
    """Return each English text as it is shown in ``language``, by the English; one query.

    What has no translation, and all of it in a language into which nothing is translated, comes
    back in English and says so.
    """
    shown = {text: ShownText(text, DEFAULT) for text in texts}
    if not shown or language not in set(Language):
        return shown
    sources = {digest(text): text for text in shown}
    columns = (TextTranslation.source_digest, TextTranslation.text, TextTranslation.is_draft)
    query = select(*columns).where(
        TextTranslation.language == Language(language),
        col(TextTranslation.source_digest).in_(sources),
    )
    for source, text, is_draft in session.exec(query):
        shown[sources[source]] = ShownText(text, language, is_draft)
    return shown

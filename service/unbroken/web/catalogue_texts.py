"""Texts of the catalogue on pages: in the reader's language, or in English and said to be.

What is signed is English. A translation stands beside it and never in its place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape
from sqlmodel import Session

from unbroken.functions.queries import ShownText, texts_in
from unbroken.kit.languages import DEFAULT, Translator
from unbroken.kit.languages import gettext as _
from unbroken.web.dependencies import Visit

MARKED = Markup('<span lang="{}" dir="ltr">{}</span>')
MARK = Markup('{} <small class="quiet">{}</small>')
ENGLISH = _("English")


@dataclass(frozen=True, slots=True)
class CatalogueTexts:
    """Texts for one reader, looked up by the English: ``{{ texts(function.title) }}``.

    What was not asked for, such as the code of a function that no edition has, is shown as it is.
    """

    shown: Mapping[str, ShownText]
    reader: Translator

    def __call__(self, english: str) -> Markup:
        """Return a text as the reader sees it; one without translation bears the mark English."""
        falls_back = self.tongue(english)
        text = self.quietly(english)
        return MARK.format(text, self.reader.gettext(ENGLISH)) if falls_back else text

    def quietly(self, english: str) -> Markup:
        """Return the same where there is no room for a mark; machines still learn the language."""
        tongue = self.tongue(english)
        plain = escape(self.plain(english))
        return MARKED.format(tongue, plain) if tongue else plain

    def plain(self, english: str) -> str:
        """Return only the words, for titles of windows, labels and options."""
        return self._of(english).text

    def tongue(self, english: str) -> str:
        """Return the language of a text where it is not the reader's own, else nothing."""
        language = self._of(english).language
        return language if language != self.reader.locale else ""

    def english(self, english: str) -> Markup:
        """Return a text as it was written and is signed, in English whoever reads."""
        is_own = self.reader.locale == DEFAULT
        return escape(english) if is_own else MARKED.format(DEFAULT, english)

    def beside(self, english: str) -> ShownText | None:
        """Return the translation that helps to read an English text; ``None`` without one."""
        found = self._of(english)
        return found if found.language == self.reader.locale != DEFAULT else None

    @property
    def has_drafts(self) -> bool:
        """Return whether any text is a translation that nobody has reviewed."""
        return any(each.is_draft for each in self.shown.values())

    @property
    def is_translated(self) -> bool:
        """Return whether any text has a translation for this reader."""
        return any(self.beside(english) for english in self.shown)

    def _of(self, english: str) -> ShownText:
        return self.shown.get(english, ShownText(english, self.reader.locale))


def texts_for(session: Session, visit: Visit, english: Iterable[str | None]) -> CatalogueTexts:
    """Return what a page shows of the catalogue for its reader; one query, nothing is left out."""
    wanted = {text for text in english if text}
    return CatalogueTexts(texts_in(session, wanted, language=visit.reader.locale), visit.reader)

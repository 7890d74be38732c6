"""Languages: catalogues compiled at start from ``locales/<locale>.po``, and how dates are written.

Code marks a text with ``gettext`` (usually imported as ``_``) where it stands and keeps it in
English; the way in has it translated for its reader. Digits are Latin in every language.
"""

import gettext as catalogues
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LANGUAGES = ("en", "fr", "ar", "es")
PSEUDO = "ar-XB"
DEFAULT = "en"
# The United Nations writes day before month. Source: UN Editorial Manual, "Dates and time".
BABEL_LOCALES = {"en": "en_GB"}
RIGHT_TO_LEFT = frozenset({"ar", PSEUDO})
FOLDER = Path(__file__).resolve().parents[1] / "locales"
HEADER_LENGTH = 400
# What must reach the formatter, the browser or the reader as it is.
KEPT = re.compile(r"(\{[^{}]{0,80}\}|%\([a-z_]{1,60}\)[sd]|%[sd%]|<[^<>]{1,200}>|&#?\w{1,12};)")
ACCENTED = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")


def gettext(message: str) -> str:
    """Return ``message`` unchanged: it is marked for extraction, and translated at the way in."""
    return message


def direction(locale: str) -> str:
    """Return ``rtl`` or ``ltr``."""
    return "rtl" if locale in RIGHT_TO_LEFT else "ltr"


def pseudo(message: str) -> str:
    """Return ``message`` in brackets and accents, between right-to-left marks; placeholders stay.

    Whatever shows up on a page without brackets was never marked for translation.
    """
    parts = KEPT.split(message)
    changed = [p if i % 2 else p.translate(ACCENTED) for i, p in enumerate(parts)]
    return f"\u200f[{''.join(changed)}]\u200f" if message else ""


class _Pseudo(catalogues.NullTranslations):
    """Translates everything, by rule."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002
        return pseudo(message)


@dataclass(frozen=True, slots=True)
class Translator:
    """Writes for readers of one locale; a text without translation stays English."""

    locale: str
    direction: str
    catalogue: catalogues.NullTranslations

    def gettext(self, message: str) -> str:
        """Return the translation of ``message``; the empty text stays empty."""
        return self.catalogue.gettext(message) if message else ""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the translation that fits ``count``; Arabic has six forms."""
        return self.catalogue.ngettext(one, many, count)

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of ``message`` as used in ``context``."""
        return self.catalogue.pgettext(context, message)

    def render(self, template: str, facts: Mapping[str, object]) -> str:
        """Return the translated ``template`` with its braces filled from ``facts``."""
        translated = self.gettext(template)
        return translated.format(**facts) if facts else translated

    def day(self, day: date, *, length: str = "long") -> str:
        """Return a civil date; ``length`` is short, medium, long or full."""
        return _latin(format_date(day, format=length, locale=self._babel()))

    def month(self, day: date) -> str:
        """Return the month and year of a civil date."""
        return _latin(format_date(day, format="MMMM y", locale=self._babel()))

    def instant(self, at: datetime, *, zone: str = "UTC", length: str = "medium") -> str:
        """Return an instant as seen in ``zone`` (an IANA name)."""
        told = format_datetime(at, format=length, tzinfo=ZoneInfo(zone), locale=self._babel())
        return _latin(told)

    def number(self, value: int | Decimal) -> str:
        """Return a number, grouped as the locale does."""
        return _latin(format_decimal(value, locale=self._babel()))

    def money(self, amount: Decimal, currency: str) -> str:
        """Return an amount grouped as the locale does, after the three letters of its currency."""
        return f"{currency} {self.number(amount)}"

    def percent(self, share: Decimal | float) -> str:
        """Return a share from 0 to 1 as whole percent."""
        return _latin(format_percent(share, locale=self._babel()))

    def _babel(self) -> Locale:
        language = self.locale.split("-", maxsplit=1)[0]
        return Locale.parse(BABEL_LOCALES.get(language, language))


@dataclass(frozen=True, slots=True)
class Languages:
    """Every translator, made once at start; see ``load_languages``."""

    translators: Mapping[str, Translator] = field(default_factory=dict)

    def translator(self, locale: str) -> Translator:
        """Return the translator of ``locale``, or the English one where there is none."""
        return self.translators.get(locale, self.translators[DEFAULT])

    def choose(self, accept_language: str | None, stored: str | None = None) -> str:
        """Return the locale for a reader: the stored one, else the best the browser asks for."""
        if stored in self.translators:
            return str(stored)
        return next(
            (known for wish in _wishes(accept_language or "") if (known := self._known(wish))),
            DEFAULT,
        )

    def _known(self, wish: str) -> str | None:
        exact = {locale.lower(): locale for locale in self.translators}
        return exact.get(wish) or exact.get(wish.split("-", maxsplit=1)[0])


def load_languages(folder: Path = FOLDER) -> Languages:
    """Return every language, compiled from the ``.po`` files in ``folder``; a missing one is empty.

    Fuzzy translations are left out, as nobody has confirmed them.
    """
    known = {locale: _compiled(folder / f"{locale}.po") for locale in LANGUAGES}
    known[PSEUDO] = _Pseudo()
    return Languages({name: Translator(name, direction(name), cat) for name, cat in known.items()})


def _compiled(file: Path) -> catalogues.NullTranslations:
    if not file.is_file():
        return catalogues.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(file.read_bytes()), locale=file.stem))
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)


def _wishes(header: str) -> Iterable[str]:
    """Return the languages a header asks for, most wanted first. Source: RFC 9110, 12.5.4."""
    weighed = [part.strip().partition(";") for part in header[:HEADER_LENGTH].lower().split(",")]
    wishes = [(_weight(rest), tag.strip()) for tag, _, rest in weighed if tag.strip()]
    return [tag for weight, tag in sorted(wishes, key=lambda wish: -wish[0]) if weight > 0]


def _weight(parameter: str) -> float:
    found = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameter)
    return float(found[1]) if found else 1.0


def _latin(text: str) -> str:
    return "".join(
        str(unicodedata.digit(letter)) if unicodedata.category(letter) == "Nd" else letter
        for letter in text
    )

"""What translators are asked: a text that the extraction does not know is a fault.

Whoever asks for such a text shows English in every language, and no translator can mend it.
"""

from collections.abc import Callable
from functools import cache, wraps

from tests.house.messages.extraction import extracted
from unbroken.kit.languages import Translator
from unbroken.kit.sentences import Listing, Sentence

ASKED: set[tuple[str, str]] = set()  # text and context


def note_what_is_asked() -> None:
    """Have every translator note what it is asked; once, before any template is compiled."""
    _note("gettext", lambda text: (text, ""))
    _note("ngettext", lambda one, _many, _count: (one, ""))
    _note("pgettext", lambda context, text: (text, context))


def strangers() -> list[str]:
    """Return what was asked since the last time and is no message, sorted."""
    asked = set(ASKED)
    ASKED.clear()
    return sorted(text for text, _ in asked - _known()) if asked else []


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset((each.one, each.context) for each in extracted().messages) | {("", "")}


def _note(name: str, identity: Callable[..., tuple[str, str]]) -> None:
    plain = getattr(Translator, name)

    @wraps(plain)
    def asked(reader: Translator, *given: object) -> str:
        # a sentence asks for its template in turn
        if not isinstance(given[0], Sentence | Listing):
            ASKED.add(identity(*given))
        told: str = plain(reader, *given)
        return told

    setattr(Translator, name, asked)

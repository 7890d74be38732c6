"""The one gate for free text: short, plain, and without anything that points at a person or place.

Source: domain rules on what a transition record must never hold: no personal data of children,
survivors or witnesses, no incidents, no coordinates, no case numbers, small counts in bands.
"""

import unicodedata

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.sentences import sentence
from unbroken.safeguarding.rules.folding import fold
from unbroken.safeguarding.rules.known import without_known
from unbroken.safeguarding.rules.signs import AFTER_KNOWN, ON_WHOLE, Sign

LIMIT = 280
# Marks that only steer the direction or the breaking of a line; pasted texts are full of them.
SILENT = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c\u2060\ufeff\u00ad"))
STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINE_BREAKS = frozenset("\n\t")
BANDS = ((0, "0"), (9, "1-9"), (49, "10-49"))
LAST_BAND = "50+"

__all__ = ["LIMIT", "band", "check_text"]


def check_text(text: str, *, field: str, limit: int = LIMIT) -> str:
    """Return ``text`` cleaned: NFC, no outer blanks, no invisible marks; line breaks stay.

    Every free text passes here. Dates, symbols of documents, amounts and numbers of posts pass.
    The refusal names the place by its character (from 1) and never repeats what stands there.

    Raises:
        Invalid: one problem for each kind of thing found, with ``field`` as its path.
    """
    plain = text.replace("\r\n", "\n").translate(SILENT)
    cleaned = unicodedata.normalize("NFC", plain).strip()
    problems = _faults_of_form(cleaned, field=field, limit=limit) or _findings(cleaned, field=field)
    if problems:
        raise Invalid(problems=problems)
    return cleaned


def band(count: int) -> str:
    """Return the band in which ``count`` may be told: ``0``, ``1-9``, ``10-49`` or ``50+``.

    Raises:
        ValueError: a negative count.
    """
    if count < 0:
        message = "a count is never negative"
        raise ValueError(message)
    return next((name for highest, name in BANDS if count <= highest), LAST_BAND)


def _faults_of_form(text: str, *, field: str, limit: int) -> list[Problem]:
    if len(text) > limit:
        what = sentence("is {length} characters long; {limit} fit", length=len(text), limit=limit)
        return [Problem(field, what, "Shorten it; refer to documents by title and date.")]
    for place, character in enumerate(text, start=1):
        if character in STEERING:
            what = sentence(
                "holds an invisible mark at character {place} that turns the text around",
                place=place,
            )
            return [Problem(field, what, "Type the text again instead of pasting it.")]
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in LINE_BREAKS:
            what = sentence("holds a character at place {place} that cannot be shown", place=place)
            return [Problem(field, what, "Type the text again instead of pasting it.")]
    return []


def _findings(text: str, *, field: str) -> list[Problem]:
    folded = fold(text)
    known = without_known(folded.text)
    found = [*_search(folded.text, ON_WHOLE), *_search(known, AFTER_KNOWN)]
    first: dict[str, Problem] = {}
    for sign, start in found:
        what = sentence(
            "looks like {what} at character {place}",
            what=sentence(sign.what),
            place=folded.places[start] + 1,
        )
        first.setdefault(sign.what, Problem(field, what, sign.remedy))
    return list(first.values())


def _search(text: str, signs: tuple[Sign, ...]) -> list[tuple[Sign, int]]:
    matches = ((sign, sign.pattern.search(text)) for sign in signs)
    return [(sign, match.start()) for sign, match in matches if match]

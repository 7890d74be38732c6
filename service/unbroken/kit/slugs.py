"""Permanent ASCII names for addresses, commands and scripts, made from what people write."""

import re
import unicodedata
from collections.abc import Callable
from itertools import count

SLUG_LENGTH = 80
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Letters that Unicode does not decompose into a base letter and a mark.
_WITHOUT_BASE = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_MARKS_INSIDE_WORDS = str.maketrans("", "", "'’ʼ`.")


def is_slug(text: str) -> bool:
    """Return whether ``text`` is lower-case ASCII words joined by single hyphens, 1 to 80 long."""
    return len(text) <= SLUG_LENGTH and SLUG.fullmatch(text) is not None


def slugify(name: str) -> str:
    """Return the slug of ``name``, cut at a word's end to 80; empty where nothing Latin is.

    Accents go, apostrophes and full stops join, all else separates: "Côte d'Ivoire" gives
    ``cote-divoire``, "U.N. Police" gives ``un-police``.
    """
    plain = unicodedata.normalize("NFKD", name.lower().translate(_WITHOUT_BASE))
    joined = plain.translate(_MARKS_INSIDE_WORDS)
    bare = "".join(sign for sign in joined if not unicodedata.combining(sign))
    return _cut(re.sub(r"[^a-z0-9]+", "-", bare).strip("-"), SLUG_LENGTH)


def free_slug(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """Return ``wanted``, or ``wanted-2``, ``wanted-3`` …: the first that is not taken."""
    if not is_taken(wanted):
        return wanted
    numbered = (_with_number(wanted, number) for number in count(2))
    return next(slug for slug in numbered if not is_taken(slug))


def _with_number(wanted: str, number: int) -> str:
    ending = f"-{number}"
    return _cut(wanted, SLUG_LENGTH - len(ending)) + ending


def _cut(slug: str, length: int) -> str:
    if len(slug) <= length:
        return slug
    shorter = slug[:length]
    return (shorter if slug[length] == "-" else shorter.rpartition("-")[0] or shorter).strip("-")

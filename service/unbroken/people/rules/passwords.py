"""Which passwords are strong enough; pure. Source: OWASP ASVS 5.0.0, V6.2 (May 2025)."""

import unicodedata
from collections.abc import Iterable

from unbroken.kit.errors import Invalid, Problem

SHORTEST = 12
LONGEST = 200
FEWEST_SIGNS = 5


def normal(password: str) -> str:
    """Return ``password`` as it is hashed: NFKC, since keyboards compose accents differently."""
    return unicodedata.normalize("NFKC", password)


def require_strong(password: str, *, names: Iterable[str]) -> None:
    """Pass where ``password`` may protect an account known by ``names`` (handle, mailbox, title).

    Length counts and kinds of characters do not: a sentence is welcome.

    Raises:
        Invalid: it is too short, too long, one of the names, or a few characters repeated.
    """
    problem = _weakness(normal(password), {name.casefold() for name in names})
    if problem:
        raise Invalid(problems=[Problem("password", *problem)])


def _weakness(password: str, names: set[str]) -> tuple[str, str] | None:
    if len(password) < SHORTEST:
        return "is too short", "Use at least 12 characters; a few words are good."
    if len(password) > LONGEST:
        return "is too long", "Use at most 200 characters."
    if password.casefold() in names:
        return "is a name of the account", "Choose something nobody can look up."
    if len(set(password)) < FEWEST_SIGNS:
        return "repeats a few characters", "Use at least 5 different characters."
    return None

"""Which passwords are strong enough; pure. Source: OWASP ASVS 5.0.0, V6.2 (May 2025)."""

import unicodedata
from collections.abc import Iterable

from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.sentences import sentence

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
        raise Invalid(problems=[problem])


def _weakness(password: str, names: set[str]) -> Problem | None:
    if len(password) < SHORTEST:
        remedy = sentence("Use at least {least} characters; a few words are good.", least=SHORTEST)
        return Problem("password", "is too short", remedy)
    if len(password) > LONGEST:
        remedy = sentence("Use at most {most} characters.", most=LONGEST)
        return Problem("password", "is too long", remedy)
    if password.casefold() in names:
        return Problem(
            "password", "is a name of the account", "Choose something nobody can look up."
        )
    if len(set(password)) < FEWEST_SIGNS:
        remedy = sentence("Use at least {least} different characters.", least=FEWEST_SIGNS)
        return Problem("password", "repeats a few characters", remedy)
    return None

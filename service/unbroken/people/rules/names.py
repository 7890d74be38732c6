"""Names of organisations, offices and tokens; pure."""

from unbroken.kit.errors import Invalid, Problem
from unbroken.safeguarding.rules import check_text

NAME_LENGTH = 160
TOKEN_NAME_LENGTH = 80


def clean_name(text: str, *, field: str, limit: int = NAME_LENGTH) -> str:
    """Return ``text`` as a name: one line, single blanks, passed by the gate for free text.

    Raises:
        Invalid: it is empty, too long, or looks like a person, a number or a place.
    """
    cleaned = check_text(" ".join(text.split()), field=field, limit=limit)
    if not cleaned:
        raise Invalid(problems=[Problem(field, "is empty", "Give a name.")])
    return cleaned

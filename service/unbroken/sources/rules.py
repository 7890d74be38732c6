"""Takes our own questions out of a submission, by an allow-list; the rest is never looked at."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256

OFFER = "unbroken_offer"
ANSWER = "unbroken_answer"
QUANTITY = "unbroken_quantity"
PARTS = "unbroken_parts"
UNTIL = "unbroken_until"
REASON = "unbroken_reason"
ROLE = "unbroken_role"
CONTENT = "unbroken_content"
VERSION = "unbroken_version"
QUESTIONS = frozenset({OFFER, ANSWER, QUANTITY, PARTS, UNTIL, REASON, ROLE, CONTENT, VERSION})
"""The names of our questions. Anything else that a form asks stays with the other system."""

LONGEST_ANSWER = 20_000
DEEPEST = 12
PLAIN_IDENTITY = re.compile(r"[0-9]{1,20}|(?:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PLAIN_VERSION = re.compile(r"[A-Za-z0-9._-]{1,40}")


class Ambiguous(ValueError):
    """One of our questions was answered twice, and differently."""


def own_answers(record: Mapping[str, object]) -> dict[str, str]:
    """Return the answers to our own questions in one submission, by name; empty ones are left out.

    Questions are known by their name, in whatever group they stand: ``v2/part/unbroken_offer`` and
    nested groups are the same question, as a form that is deployed again moves them about.

    Raises:
        Ambiguous: two different answers to one question, or an answer that is too long.
    """
    found: dict[str, str] = {}
    for name, text in _own(record, depth=0):
        if found.setdefault(name, text) != text or len(text) > LONGEST_ANSWER:
            raise Ambiguous(name)
    return found


def hinted_submission(body: object) -> str:
    """Return the number of the submission that a hook of KoboToolbox speaks of; empty without one.

    The rest of what it sends is not looked at: it is read again where it is kept.
    """
    number = body.get("_id") if isinstance(body, Mapping) else None
    is_one = isinstance(number, int) and not isinstance(number, bool)
    return str(number) if is_one else ""


def kept_identity(told: str) -> str:
    """Return how a submission is known here: its number or UUID, else a mark made of what it has.

    Whatever a phone put there instead of a UUID is not stored.
    """
    if PLAIN_IDENTITY.fullmatch(told):
        return told
    return f"sha256:{sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}"


def kept_version(*told: object) -> str:
    """Return the first of several versions that looks like one; empty without any."""
    return next((v for v in told if isinstance(v, str) and PLAIN_VERSION.fullmatch(v)), "")


def instant_of(told: object) -> datetime | None:
    """Return an instant as another system wrote it; without a zone it is UTC."""
    if not isinstance(told, str):
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _own(value: object, *, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        return
    match value:
        case Mapping():
            for path, inner in value.items():
                name = str(path).rpartition("/")[2]
                if name in QUESTIONS:
                    yield from _text(name, inner)
                else:
                    yield from _own(inner, depth=depth + 1)
        case list():
            for inner in value:
                yield from _own(inner, depth=depth + 1)
        case _:
            return


def _text(name: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case bool() | None:
            return
        case str() | int():
            text = str(value).strip()
            if text:
                yield name, text
        case _:
            raise Ambiguous(name)

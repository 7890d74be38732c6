"""The canonical form of plain values and its hash. Source: RFC 8785 (June 2020), Unicode NFC."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from uuid import UUID

import rfc8785

LAST_OF_PLANE = "\uffff"
type_error = "{kind} has no canonical form"


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes of ``value``.

    Texts are NFC; UUIDs, civil dates, aware instants (in UTC), enums, decimals (without trailing
    zeros) and fractions become text. Two values that mean the same give the same bytes on every
    machine and database.

    Raises:
        TypeError: a value of another kind, a float, bytes or a naive instant.
        ValueError: a text that is not Unicode, or two keys of one mapping that mean the same.
    """
    made = plain(value)
    # The standard library writes the same bytes, many times as fast, but for the order of keys
    # beyond the basic plane: RFC 8785 sorts by UTF-16, Python by code point.
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    is_beyond = not text.isascii() and max(text) > LAST_OF_PLANE
    return rfc8785.dumps(made) if is_beyond else text.encode()


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def plain(value: object) -> "rfc8785._impl._Value":
    """Return ``value`` as text, integers, booleans, ``None``, lists and mappings only."""
    match value:
        case None | bool():
            return value
        case Enum():
            return plain(value.value)
        case int():
            return value if abs(value) < 2**53 else str(value)
        case str():
            return unicodedata.normalize("NFC", value)
        case Mapping():
            return _mapping(value)
        case Sequence() if not isinstance(value, bytes | bytearray | memoryview):
            return [plain(v) for v in value]
        case _:
            return _as_text(value)


def _mapping(value: Mapping[object, object]) -> "dict[str, rfc8785._impl._Value]":
    made = {unicodedata.normalize("NFC", str(plain(k))): plain(v) for k, v in value.items()}
    if len(made) != len(value):
        message = "two keys have the same canonical form"
        raise ValueError(message)
    return made


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise TypeError(type_error.format(kind="a number without end"))
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if value == 0 else text


def _as_text(value: object) -> str:
    match value:
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case datetime():
            raise TypeError(type_error.format(kind="a naive instant"))
        case date():
            return value.isoformat()
        case Decimal():
            return _decimal(value)
        case UUID() | Fraction():
            return str(value)
        case _:
            raise TypeError(type_error.format(kind=type(value).__name__))

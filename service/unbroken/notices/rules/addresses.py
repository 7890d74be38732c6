"""What can be the address of a channel; pure: what it leads to is looked at elsewhere.

The address of a Teams workflow or a Slack app is itself the secret, so only the name of the setting
that holds it is kept.
"""

import hashlib
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from unbroken.kit.errors import Problem
from unbroken.kit.settings import SECRET_NAME, SIGNING_NAME
from unbroken.notices.rules.words import ChannelKind

LONGEST = 300
SCHEMES = frozenset({"https", "http"})
LAST_PORT = 65_535


def is_by_name(kind: ChannelKind) -> bool:
    """Return whether the address of a kind is the name of a setting."""
    return kind is not ChannelKind.WEBHOOK


def address_problems(kind: ChannelKind, address: str) -> Iterator[Problem]:
    """Yield what is wrong with an address of a channel as it is written; nothing if it can be."""
    if is_by_name(kind):
        if not SECRET_NAME.fullmatch(address) or address == SIGNING_NAME:
            yield NO_NAME
    elif not is_address(address):
        yield NO_ADDRESS


def is_address(address: str) -> bool:
    """Return whether a text is an address that could be posted to, without a name or mark in it."""
    is_plain = address.isascii() and address.isprintable() and " " not in address
    if not is_plain or len(address) > LONGEST:
        return False
    parts = _parts(address)
    if parts is None or parts.scheme not in SCHEMES or not parts.hostname:
        return False
    return "@" not in parts.netloc and "#" not in address


def host_of(address: str) -> str:
    """Return the host of an address, all that may be told of it; empty where there is none."""
    parts = _parts(address)
    return (parts.hostname or "") if parts else ""


def mark_of(address: str) -> str:
    """Return by what a test remembers the address that it is a test of."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        has_port = parts.port is None or 0 < parts.port <= LAST_PORT
    except ValueError:
        return None
    return parts if has_port else None


NO_NAME = Problem(
    "address",
    "is no name of a setting",
    "Name the variable that holds the address; it begins with UNBROKEN_SECRET_.",
)
NO_ADDRESS = Problem(
    "address",
    "is no address",
    "Give an address that begins with https://, without a user name and without #.",
)
NOT_SET = Problem(
    "address",
    "is not set, or holds no address",
    "Have whoever runs this service set the variable for every process, then try again.",
)
NOT_REACHED = Problem(
    "address",
    "cannot be reached",
    "Give an address on the open internet over https, or have its host named in"
    " UNBROKEN_PRIVATE_HOSTS.",
)

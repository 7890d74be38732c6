"""The keys with which webhooks are signed: derived from one secret, never stored; pure.

Source: RFC 5869 (HKDF); Standard Webhooks 1.0, "Signature scheme" (secrets of 24 to 64 bytes,
written in base64 after ``whsec_``).
"""

import base64
import hashlib
import hmac
from uuid import UUID

SHORTEST_ROOT = 32
LENGTH = 32
PREFIX = "whsec_"


def is_root(root: str) -> bool:
    """Return whether keys can be derived from a secret: it has 32 characters or more."""
    return len(root) >= SHORTEST_ROOT


def hkdf(secret: bytes, *, info: bytes, salt: bytes = b"", length: int = LENGTH) -> bytes:
    """Return ``length`` bytes derived from a secret for one use (HKDF with SHA-256)."""
    key = hmac.digest(salt or bytes(hashlib.sha256().digest_size), secret, "sha256")
    block, made, count = b"", b"", 1
    while len(made) < length:
        block = hmac.digest(key, block + info + bytes([count]), "sha256")
        made, count = made + block, count + 1
    return made[:length]


def key_of(root: str, channel: UUID, number: int) -> str:
    """Return the key of a channel with this number, as receivers are told it.

    Raises:
        ValueError: the secret is too short to derive anything from.
    """
    if not is_root(root):
        message = "the secret that keys are derived from is missing or too short"
        raise ValueError(message)
    info = f"unbroken webhook {channel} {number}".encode()
    return PREFIX + base64.b64encode(hkdf(root.encode(), info=info)).decode()


def keys_of(root: str, channel: UUID, number: int, *, with_old: bool) -> tuple[str, ...]:
    """Return the keys that sign now, the newest first; ``with_old``: the one before it too."""
    numbers = (number, number - 1) if with_old and number > 1 else (number,)
    return tuple(key_of(root, channel, each) for each in numbers)

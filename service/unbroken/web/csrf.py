"""The token of a visitor's forms, written differently each time it is shown.

Pages are compressed, and whoever sees only their sizes could guess a part of a page that stays the
same while another part repeats what a request said. Source: the BREACH attack (2013).
"""

import secrets


def masked(token: str) -> str:
    """Return ``token`` under a fresh pad, as hexadecimal digits; the empty token stays empty."""
    plain = token.encode()
    pad = secrets.token_bytes(len(plain))
    return (pad + _mixed(plain, pad)).hex()


def unmasked(sent: str) -> str:
    """Return the token that ``masked`` hid; what it did not make comes back as it is."""
    try:
        raw = bytes.fromhex(sent)
        half = len(raw) // 2
        return _mixed(raw[half:], raw[:half]).decode() if len(raw) == 2 * half else sent
    except ValueError:
        return sent


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))

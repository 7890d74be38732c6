"""What travels through a page in a hidden field, packed; nothing of it is kept here."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode


def packed(raw: bytes) -> str:
    """Return ``raw`` compressed, in signs that fit into a form."""
    return urlsafe_b64encode(zlib.compress(raw, level=9)).decode("ascii")


def unpacked(text: str, *, most_signs: int, most_bytes: int) -> bytes:
    """Return what ``packed`` took, never more than ``most_bytes``.

    Raises:
        ValueError: it is too long, was cut, or was never packed here.
    """
    if len(text) > most_signs:
        raise ValueError("too long")
    opened = zlib.decompressobj()
    try:
        found = opened.decompress(urlsafe_b64decode(text), most_bytes)
    except zlib.error as fault:
        raise ValueError("not packed") from fault
    if not opened.eof:
        raise ValueError("cut short, or too long")
    return found

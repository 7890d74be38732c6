"""The code under which anyone finds a certificate: 19 characters of its hash and one that checks.

The alphabet has no I, L, O and U, and what looks like one of the others is read as it. The last
character is a parity over the field of 32 elements: one wrong character is always found, and so
are two that changed places.
Source: D. Crockford, "Base 32" (crockford.com/base32.html); x^5 + x^2 + 1 is primitive over GF(2).
"""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
GROUP = 5
BITS = 5
POLYNOMIAL = 0b100101
TOP = 1 << BITS
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
BESIDE = str.maketrans(
    "", "", " -\u2010\u2011\u2012\u2013\u00a0\u200e\u200f\u2066\u2067\u2068\u2069"
)


def code_of(content_hash: str) -> str:
    """Return the code of a content hash (64 hexadecimal digits), in groups of five."""
    kept = (LENGTH - 1) * BITS
    number = int(content_hash, 16) >> (len(content_hash) * 4 - kept)
    values = [number >> at & (TOP - 1) for at in range(kept - BITS, -1, -BITS)]
    return grouped("".join(ALPHABET[value] for value in [*values, _parity(values)]))


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, in groups; ``None`` where it can be none.

    Small letters, blanks, missing hyphens and look-alikes (O for 0, I and L for 1) do not matter.
    """
    letters = typed.strip().translate(BESIDE).upper().translate(LOOKALIKES)
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return None
    *values, last = (ALPHABET.index(letter) for letter in letters)
    return grouped(letters) if _parity(values) == last else None


def grouped(letters: str) -> str:
    """Return ``letters`` in groups of five, joined by hyphens."""
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def _parity(values: list[int]) -> int:
    total = 0
    for value in values:
        total = _doubled(total ^ value)
    return total


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ POLYNOMIAL if value & TOP else value

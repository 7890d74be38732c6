"""How long sign-ins, tokens and links live, and how their secrets are kept; pure.

Source: OWASP ASVS 5.0.0 (May 2025), chapters V6 to V9: random secrets, stored hashed, expiring.
"""

import hashlib
from datetime import datetime, timedelta

from unbroken.people.rules.actors import LinkPurpose

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=3)
SEEN_EVERY = timedelta(minutes=1)
LONGEST_TOKEN = timedelta(days=366)
TOKEN_PREFIX = "unbroken_"  # noqa: S105  lets secret scanners find a token that leaked
LINK_LIVES = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.PASSWORD_RESET: timedelta(hours=1),
    LinkPurpose.SIGN_IN: timedelta(days=7),
}
LINK_PATHS = {
    LinkPurpose.INVITATION: "/invitation",
    LinkPurpose.PASSWORD_RESET: "/password/new",  # an address, no password
    LinkPurpose.SIGN_IN: "/sign-in/link",
}


def hash_of(secret: str) -> str:
    """Return what is stored of a random secret: its SHA-256, 64 hexadecimal digits.

    A fast hash is enough because the secret has 256 random bits; passwords have not.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in_lives(seen_at: datetime, expires_at: datetime, *, at: datetime) -> bool:
    """Return whether a sign-in last seen at ``seen_at`` holds at ``at``; both ends are out."""
    return at < expires_at and at < seen_at + IDLE


def is_seen_due(seen_at: datetime | None, *, at: datetime) -> bool:
    """Return whether "last used" is worth a write again: at most one a minute."""
    return seen_at is None or at >= seen_at + SEEN_EVERY

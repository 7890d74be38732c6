"""One-time links: made, handed out once, used once.

Only the hash is kept, so the caller passes the secret on when it is made or never. Links, sign-ins
and tokens live by the machine's clock, not by an instance's date that a demonstration moves.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import update
from sqlmodel import Session, col, select

from unbroken.kit.db import row_id
from unbroken.kit.errors import Conflict
from unbroken.people.models import Account, OneTimeLink
from unbroken.people.rules import AccountState, LinkPurpose
from unbroken.people.rules.lives import LINK_LIVES, LINK_PATHS, hash_of

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link to be handed to ``mailbox``; the secret exists here only."""

    purpose: LinkPurpose
    handle: str
    mailbox: str
    language: str
    expires_at: datetime
    secret: str = field(repr=False)

    @property
    def path(self) -> str:
        """Return the path of this site that uses the link."""
        return f"{LINK_PATHS[self.purpose]}?token={quote(self.secret)}"


def fresh_secret() -> str:
    """Return 256 random bits in 43 characters that fit an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def make_link_in(
    session: Session,
    account: Account,
    purpose: LinkPurpose,
    *,
    at: datetime,
    keep_older: bool = False,
) -> MadeLink:
    """Make a link inside a command that has checked the actor; older ones of its kind end.

    ``keep_older`` is for the same letter tried again: nobody knows which of two copies is read.
    """
    secret = fresh_secret()
    expires_at = at + LINK_LIVES[purpose]
    if not keep_older:
        _end_older(session, account, purpose, at=at)
    session.add(
        OneTimeLink(
            account_id=row_id(account),
            purpose=purpose,
            secret_hash=hash_of(secret),
            created_at=at,
            expires_at=expires_at,
        )
    )
    return MadeLink(purpose, account.handle, account.mailbox, account.language, expires_at, secret)


def account_behind(session: Session, secret: str, purpose: LinkPurpose, *, at: datetime) -> Account:
    """Return the account whose unused link ``secret`` opens; nothing changes.

    Raises:
        Conflict: unknown, used, expired, of another purpose, or the account is closed; the answer
            does not say which.
    """
    query = (
        select(Account)
        .join(OneTimeLink)
        .where(
            OneTimeLink.secret_hash == hash_of(secret),
            OneTimeLink.purpose == purpose,
            OneTimeLink.expires_at > at,
            col(OneTimeLink.used_at).is_(None),
        )
    )
    account = session.exec(query).first()
    if account is None or account.state is AccountState.CLOSED:
        raise _useless()
    return account


def use_link_in(session: Session, secret: str, purpose: LinkPurpose, *, at: datetime) -> Account:
    """Use a link up and return its account; of two users at once one is refused.

    Raises:
        Conflict: as ``account_behind``.
    """
    account = account_behind(session, secret, purpose, at=at)
    used = session.execute(
        update(OneTimeLink)
        .where(col(OneTimeLink.secret_hash) == hash_of(secret), col(OneTimeLink.used_at).is_(None))
        .values(used_at=at)
        .returning(col(OneTimeLink.id))
    ).all()
    if not used:
        raise _useless()
    return account


def _end_older(session: Session, account: Account, purpose: LinkPurpose, *, at: datetime) -> None:
    session.execute(
        update(OneTimeLink)
        .where(
            col(OneTimeLink.account_id) == account.id,
            col(OneTimeLink.purpose) == purpose,
            col(OneTimeLink.used_at).is_(None),
        )
        .values(used_at=at)
    )


def _useless() -> Conflict:
    return Conflict(
        "This link is used, expired or unknown.", remedy="Ask for a new one; links work once."
    )

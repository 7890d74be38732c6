"""The one place where a server-side session begins, and where one ends."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.db import row_id
from unbroken.people.commands.links import fresh_secret
from unbroken.people.commands.trails import own_trail
from unbroken.people.models import Account, SignIn
from unbroken.people.rules.acts import PeopleAction
from unbroken.people.rules.lives import ABSOLUTE, hash_of
from unbroken.trail.commands import Recorder


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in just made; ``secret`` goes into the cookie and exists here only."""

    account_uid: UUID
    handle: str
    language: str
    expires_at: datetime
    csrf_token: str = field(repr=False)
    secret: str = field(repr=False)


def open_sign_in(
    session: Session, account: Account, previous_secret: str | None, *, record: Recorder
) -> SignedIn:
    """Open a sign-in inside a command that knows who it is; end the one the browser came with."""
    at = record.at
    if previous_secret is not None:
        end_sign_in(session, previous_secret, at=at)
    secret = fresh_secret()
    row = SignIn(
        account_id=row_id(account),
        secret_hash=hash_of(secret),
        csrf_token=fresh_secret(),
        created_at=at,
        seen_at=at,
        expires_at=at + ABSOLUTE,
    )
    session.add(row)
    record.record(PeopleAction.SIGNED_IN, kind="account", subject=account.uid, values={})
    return SignedIn(
        account.uid, account.handle, account.language, row.expires_at, row.csrf_token, secret
    )


def end_sign_in(session: Session, secret: str, *, at: datetime) -> None:
    """End the sign-in that ``secret`` opened; ended or unknown ones stay as they are."""
    query = (
        select(SignIn, Account)
        .join(Account)
        .where(SignIn.secret_hash == hash_of(secret), col(SignIn.ended_at).is_(None))
    )
    found = session.exec(query).first()
    if found is None:
        return
    row, account = found
    record = own_trail(session, account, at)
    row.ended_at = at
    record.record(PeopleAction.SIGNED_OUT, kind="account", subject=account.uid, values={})

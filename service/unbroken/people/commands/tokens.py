"""Bearer tokens for scripts: shown once, kept as a hash, always with an end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Invalid, NotFound, Problem, SignInNeeded
from unbroken.people.commands.links import fresh_secret
from unbroken.people.commands.trails import people_trail
from unbroken.people.models import Account, BearerToken
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import Actor
from unbroken.people.rules.acts import PeopleAction
from unbroken.people.rules.administration import may_administer_people
from unbroken.people.rules.lives import LONGEST_TOKEN, SEEN_EVERY, TOKEN_PREFIX, hash_of
from unbroken.people.rules.names import TOKEN_NAME_LENGTH, clean_name


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token of one's own account: what it is for and how long it lives."""

    name: str
    lives: timedelta


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token just made; ``secret`` exists here only."""

    uid: UUID
    name: str
    expires_at: datetime
    secret: str = field(repr=False)


def make_token(sessions: Sessions, order: NewToken, *, actor: Actor, clock: Clock) -> MadeToken:
    """Make a token with the rights of the actor's account and return it.

    Raises:
        SignInNeeded: nobody is signed in.
        Invalid: the name is empty, too long or looks like a person, or it lives over 366 days.
    """
    if actor.account_uid is None:
        raise SignInNeeded
    name = clean_name(order.name, field="name", limit=TOKEN_NAME_LENGTH)
    _require_life(order.lives)
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        account = account_row(session, actor.account_uid)
        secret = TOKEN_PREFIX + fresh_secret()
        row = BearerToken(
            account_id=row_id(account),
            name=name,
            secret_hash=hash_of(secret),
            created_at=at,
            expires_at=at + order.lives,
        )
        session.add(row)
        session.flush()
        values = {"name": row.name, "expires_at": row.expires_at, "account": account.uid}
        record.record(PeopleAction.TOKEN_MADE, kind="token", subject=row.uid, values=values)
        return MadeToken(row.uid, row.name, row.expires_at, secret)


def revoke_token(sessions: Sessions, token_uid: UUID, *, actor: Actor, clock: Clock) -> None:
    """Revoke a token of one's own account, or any as a steward; once revoked it stays so.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: there is no such token, or it is another's.
    """
    if actor.account_uid is None:
        raise SignInNeeded
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        row = _token(session, token_uid, actor)
        if row.ended_at is None:
            row.ended_at = at
            record.record(PeopleAction.TOKEN_REVOKED, kind="token", subject=row.uid, values={})


def note_token_use(sessions: Sessions, token_uid: UUID, *, clock: Clock) -> None:
    """Write that a token was used; within a minute of the last time nothing changes."""
    at = clock.now()
    with sessions.begin() as session:
        is_due = or_(
            col(BearerToken.used_at).is_(None), col(BearerToken.used_at) <= at - SEEN_EVERY
        )
        session.execute(
            update(BearerToken).where(col(BearerToken.uid) == token_uid, is_due).values(used_at=at)
        )


def _require_life(lives: timedelta) -> None:
    if not timedelta(0) < lives <= LONGEST_TOKEN:
        raise Invalid(
            problems=[Problem("lives", "is not between a moment and 366 days", "Shorten it.")]
        )


def _token(session: Session, uid: UUID, actor: Actor) -> BearerToken:
    query = select(BearerToken).join(Account).where(BearerToken.uid == uid)
    if not may_administer_people(actor):
        query = query.where(Account.uid == actor.account_uid)
    found = session.exec(query).first()
    if found is None:
        raise NotFound(
            "There is no such token.",
            remedy="Open the page of your account again: it lists the tokens that still hold.",
        )
    return found

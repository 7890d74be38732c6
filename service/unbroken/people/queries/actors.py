"""Who acts: found by the secret of a sign-in, by a token or, on the machine itself, by handle."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.errors import Conflict, NotFound
from unbroken.people.models import Account, BearerToken, Organisation, RoleGrant, SignIn
from unbroken.people.rules import AccountState, Actor, Grant
from unbroken.people.rules.lives import hash_of, is_seen_due, sign_in_lives


@dataclass(frozen=True, slots=True)
class SessionActor:
    """Who holds a living sign-in; where ``seen_due``, the way in calls ``note_session_use``."""

    actor: Actor
    sign_in_uid: UUID
    csrf_token: str
    seen_due: bool


@dataclass(frozen=True, slots=True)
class TokenActor:
    """Who holds a living token; where ``seen_due``, the way in calls ``note_token_use``."""

    actor: Actor
    token_uid: UUID
    seen_due: bool


def actor_by_session_secret(session: Session, secret: str, *, at: datetime) -> SessionActor | None:
    """Return who signed in with ``secret``, or nothing: unknown, ended, idle or expired."""
    query = select(SignIn).where(
        SignIn.secret_hash == hash_of(secret), col(SignIn.ended_at).is_(None)
    )
    found = session.exec(query).first()
    if found is None or not sign_in_lives(found.seen_at, found.expires_at, at=at):
        return None
    actor = _active_actor(session, found.account_id)
    if actor is None:
        return None
    return SessionActor(actor, found.uid, found.csrf_token, is_seen_due(found.seen_at, at=at))


def actor_by_token(session: Session, secret: str, *, at: datetime) -> TokenActor | None:
    """Return whose token ``secret`` is, or nothing: unknown, revoked or expired."""
    query = select(BearerToken).where(
        BearerToken.secret_hash == hash_of(secret), col(BearerToken.ended_at).is_(None)
    )
    found = session.exec(query).first()
    if found is None or at >= found.expires_at:
        return None
    actor = _active_actor(session, found.account_id)
    if actor is None:
        return None
    return TokenActor(actor, found.uid, is_seen_due(found.used_at, at=at))


def actor_by_handle(session: Session, handle: str) -> Actor:
    """Return the active account called ``handle`` as an actor, for ``--as`` on the machine itself.

    Raises:
        NotFound: no account has this handle.
        Conflict: it is invited or closed and cannot act.
    """
    account = session.exec(select(Account).where(Account.handle == handle)).first()
    if account is None:
        raise NotFound("There is no account {handle}.", handle=handle)
    if account.state is not AccountState.ACTIVE:
        raise Conflict(
            "The account {handle} cannot act: it is closed."
            if account.state is AccountState.CLOSED
            else "The account {handle} cannot act: it is invited.",
            handle=handle,
        )
    return actor_of(session, account)


def actor_of(session: Session, account: Account) -> Actor:
    """Return ``account`` as an actor with its grants, whatever its state."""
    organisation = session.get_one(Organisation, account.organisation_id)
    return Actor(
        account_uid=account.uid,
        handle=account.handle,
        organisation_uid=organisation.uid,
        grants=grants_of(session, account),
        language=account.language,
    )


def grants_of(session: Session, account: Account) -> tuple[Grant, ...]:
    """Return the grants of ``account`` in the order they were given."""
    query = select(RoleGrant).where(RoleGrant.account_id == account.id).order_by(col(RoleGrant.id))
    return tuple(as_grant(row) for row in session.exec(query))


def as_grant(row: RoleGrant) -> Grant:
    """Return one row as the value the rules know."""
    return Grant(row.role, row.signing, row.country_iso3, row.plan_uid)


def _active_actor(session: Session, account_id: int) -> Actor | None:
    account = session.get_one(Account, account_id)
    return actor_of(session, account) if account.state is AccountState.ACTIVE else None

"""Signing in and out: server-side sessions of which only a hash is kept.

Sign-ins live by the machine's clock, not by an instance's date that a demonstration moves.
"""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import SignInNeeded
from unbroken.people.commands.endings import end_sign_ins
from unbroken.people.commands.openings import SignedIn, end_sign_in, open_sign_in
from unbroken.people.commands.passwords import Passwords
from unbroken.people.commands.trails import own_trail, people_trail
from unbroken.people.commands.tries import count_failure, hold_tries, require_tries_left
from unbroken.people.models import Account, SignIn
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import AccountState, Actor
from unbroken.people.rules.acts import PeopleAction
from unbroken.people.rules.administration import require_own_or_steward
from unbroken.people.rules.lives import SEEN_EVERY
from unbroken.people.rules.tries import Limit, TryLimits, sign_in_limits


@dataclass(frozen=True, slots=True)
class SignInByPassword:
    """A handle or mailbox, its password, the address it comes from and the cookie it came with."""

    login: str
    password: str = field(repr=False)
    address: str
    previous_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What the database knew of a login before the password was checked."""

    account_id: int | None
    password_hash: str | None
    counted: tuple[Limit, ...]


def sign_in(
    sessions: Sessions,
    order: SignInByPassword,
    *,
    clock: Clock,
    passwords: Passwords,
    limits: TryLimits,
) -> SignedIn:
    """Open a sign-in by password, end the one the browser came with, and return it.

    Raises:
        SignInNeeded: login or password is not right; which of them is not said.
        TooMany: the account or the address has failed too often in this window.
    """
    at = clock.now()
    with sessions.reading() as session:
        candidate = _candidate(session, order, limits)
        require_tries_left(session, candidate.counted, limits=limits, at=at)
    # Outside the transaction: this takes long on purpose and would hold up every other writer.
    fits = passwords.fits(order.password, candidate.password_hash)
    new_hash = _new_hash(passwords, order.password, candidate.password_hash) if fits else None
    with sessions.begin() as session:
        # Asked again: tries sent at the same moment all passed the first question.
        hold_tries(session, candidate.counted, limits=limits, at=at)
        account = _unchanged(session, candidate) if fits else None
        if account is not None:
            record = own_trail(session, account, at)
            account.password_hash = new_hash
            return open_sign_in(session, account, order.previous_secret, record=record)
        count_failure(session, candidate.counted, limits=limits, at=at)
    raise SignInNeeded(
        "The name or the password is not right.",
        remedy="Check both and try again, or ask for a new password.",
    )


def note_session_use(sessions: Sessions, sign_in_uid: UUID, *, clock: Clock) -> None:
    """Write that a sign-in was used; within a minute of the last time nothing changes."""
    at = clock.now()
    with sessions.begin() as session:
        session.execute(
            update(SignIn)
            .where(
                col(SignIn.uid) == sign_in_uid,
                col(SignIn.ended_at).is_(None),
                col(SignIn.seen_at) <= at - SEEN_EVERY,
            )
            .values(seen_at=at)
        )


def sign_out(sessions: Sessions, secret: str, *, clock: Clock) -> None:
    """End the sign-in that ``secret`` opened; ended or unknown ones stay as they are."""
    at = clock.now()
    with sessions.begin() as session:
        end_sign_in(session, secret, at=at)


def sign_out_everywhere(
    sessions: Sessions, account_uid: UUID, *, actor: Actor, clock: Clock
) -> None:
    """End every sign-in of an account: one's own, or as a steward.

    Raises:
        SignInNeeded, Forbidden: another's account.
        NotFound: there is no such account.
    """
    require_own_or_steward(actor, account_uid)
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        account = account_row(session, account_uid)
        end_sign_ins(session, account, at=at)
        record.record(
            PeopleAction.SIGNED_OUT_EVERYWHERE, kind="account", subject=account.uid, values={}
        )


def _candidate(session: Session, order: SignInByPassword, limits: TryLimits) -> _Candidate:
    login = order.login.strip().lower()
    found = session.exec(
        select(Account).where(or_(Account.handle == login, Account.mailbox == login))
    ).first()
    # Handle and mailbox of one account share one count; an unknown login is counted like any.
    name = login if found is None else found.handle
    counted = sign_in_limits(limits, login=name, address=order.address)
    if found is None or found.state is not AccountState.ACTIVE:
        return _Candidate(None, None, counted)
    return _Candidate(found.id, found.password_hash, counted)


def _new_hash(passwords: Passwords, password: str, stored: str | None) -> str | None:
    is_outdated = stored is not None and passwords.is_outdated(stored)
    return passwords.hash(password) if is_outdated else stored


def _unchanged(session: Session, candidate: _Candidate) -> Account | None:
    return session.exec(
        select(Account).where(
            Account.id == candidate.account_id,
            Account.password_hash == candidate.password_hash,
            Account.state == AccountState.ACTIVE,
        )
    ).first()

"""Passwords changed by who knows them, or reset by who reads the mailbox."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, Problem, SignInNeeded
from unbroken.people.commands.endings import end_everything, end_links, end_sign_ins
from unbroken.people.commands.links import MadeLink, account_behind, make_link_in, use_link_in
from unbroken.people.commands.passwords import Passwords
from unbroken.people.commands.trails import own_trail, people_trail
from unbroken.people.commands.tries import count_failure, hold_tries
from unbroken.people.models import Account
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import SYSTEM, AccountState, Actor, LinkPurpose
from unbroken.people.rules.acts import PeopleAction
from unbroken.people.rules.passwords import require_strong
from unbroken.people.rules.tries import TryLimits, reset_limits

RESET_TOPIC = "people:password-reset:asked"
"""Of the letter that brings a link."""


@dataclass(frozen=True, slots=True)
class AskReset:
    """The mailbox to which a link is to go, and the address the wish comes from."""

    mailbox: str
    address: str


@dataclass(frozen=True, slots=True)
class AskedReset:
    """Whose password is to be reset, where its letter goes, and when that was asked."""

    account_uid: UUID
    mailbox: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """The secret of a reset link and the password chosen."""

    secret: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """The present and the new password; the sign-in ``keep`` stays open."""

    present: str = field(repr=False)
    new: str = field(repr=False)
    keep: UUID | None = None


def ask_reset(
    sessions: Sessions, order: AskReset, *, clock: Clock, limits: TryLimits
) -> AskedReset | None:
    """Return the account to be written to, ``None`` for a mailbox that is no active account's.

    The way in answers the same in both cases. The link is made when the letter leaves.

    Raises:
        TooMany: this mailbox or address asked too often, known or not.
    """
    at = clock.now()
    mailbox = order.mailbox.strip().lower()
    counted = reset_limits(limits, mailbox=mailbox, address=order.address)
    with sessions.begin() as session:
        hold_tries(session, counted, limits=limits, at=at)
        count_failure(session, counted, limits=limits, at=at)
        query = select(Account).where(
            Account.mailbox == mailbox, Account.state == AccountState.ACTIVE
        )
        account = session.exec(query).first()
        if account is None:
            return None
        # By the system: who asked is not known yet.
        record = people_trail(session, SYSTEM, at)
        record.record(PeopleAction.RESET_ASKED, kind="account", subject=account.uid, values={})
        return AskedReset(account.uid, account.mailbox, account.language, at)


def make_reset_link(
    sessions: Sessions, asked: UUID, *, clock: Clock, keep_older: bool = False
) -> MadeLink | None:
    """Make the link that an account asked for, as its letter leaves; ``None``: it cannot act.

    Raises:
        NotFound: there is no such account.
    """
    with sessions.begin() as session:
        account = account_row(session, asked)
        if account.state is not AccountState.ACTIVE:
            return None
        purpose, at = LinkPurpose.PASSWORD_RESET, clock.now()
        return make_link_in(session, account, purpose, at=at, keep_older=keep_older)


def reset_password(
    sessions: Sessions, order: ResetPassword, *, clock: Clock, passwords: Passwords
) -> None:
    """Set a new password by a reset link; every sign-in, token and link of the account ends.

    Raises:
        Conflict: the link is used, expired or unknown.
        Invalid: the password is weak; the link still works.
    """
    at = clock.now()
    with sessions.reading() as session:
        account = account_behind(session, order.secret, LinkPurpose.PASSWORD_RESET, at=at)
    require_strong(order.password, names=names_of(account))
    password_hash = passwords.hash(order.password)
    with sessions.begin() as session:
        account = account_behind(session, order.secret, LinkPurpose.PASSWORD_RESET, at=at)
        record = own_trail(session, account, at)
        use_link_in(session, order.secret, LinkPurpose.PASSWORD_RESET, at=at)
        account.password_hash = password_hash
        end_everything(session, account, at=at)
        record.record(PeopleAction.RESET, kind="account", subject=account.uid, values={})


def change_password(
    sessions: Sessions, order: ChangePassword, *, actor: Actor, clock: Clock, passwords: Passwords
) -> None:
    """Change one's own password; every other sign-in and every open link ends.

    Raises:
        SignInNeeded: nobody is signed in.
        Invalid: the present password is not right, or the new one is weak.
        Conflict: the password was changed at the same moment.
    """
    if actor.account_uid is None:
        raise SignInNeeded
    with sessions.reading() as session:
        known = account_row(session, actor.account_uid)
    if not passwords.fits(order.present, known.password_hash):
        raise Invalid(
            problems=[Problem("present", "is not right", "Type it again, or ask for a new one.")]
        )
    require_strong(order.new, names=names_of(known))
    password_hash = passwords.hash(order.new)
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        account = account_row(session, actor.account_uid)
        if account.password_hash != known.password_hash:
            raise Conflict(
                "The password was changed meanwhile.",
                remedy="Sign in with the new one, or ask for another link.",
            )
        account.password_hash = password_hash
        end_sign_ins(session, account, at=at, but=order.keep)
        end_links(session, account, at=at)
        record.record(PeopleAction.PASSWORD_CHANGED, kind="account", subject=account.uid, values={})


def names_of(account: Account) -> tuple[str, ...]:
    """Return what an account is known by, none of which may be its password."""
    return account.handle, account.mailbox, account.title

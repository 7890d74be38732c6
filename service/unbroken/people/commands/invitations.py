"""Accounts as role mailboxes: made by invitation, taken over by whoever reads the mailbox."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, Invalid
from unbroken.people.commands.endings import end_everything
from unbroken.people.commands.links import MadeLink, account_behind, make_link_in, use_link_in
from unbroken.people.commands.passwords import Passwords
from unbroken.people.commands.trails import own_trail, people_trail
from unbroken.people.models import Account, RoleGrant
from unbroken.people.queries.registers import (
    AccountView,
    account_row,
    account_view,
    organisation_row,
)
from unbroken.people.rules import AccountState, Actor, Grant, LinkPurpose
from unbroken.people.rules.acts import PeopleAction
from unbroken.people.rules.administration import (
    problems_of_account,
    problems_of_grants,
    require_grantable,
    require_steward,
)
from unbroken.people.rules.names import clean_name
from unbroken.people.rules.passwords import require_strong
from unbroken.trail.commands import Recorder


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made. ``title`` names the office, ``mailbox`` is its role address."""

    handle: str
    title: str
    mailbox: str
    organisation_uid: UUID
    grants: tuple[Grant, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    """The secret of an invitation and the password chosen."""

    secret: str = field(repr=False)
    password: str = field(repr=False)


def invite(sessions: Sessions, order: NewAccount, *, actor: Actor, clock: Clock) -> MadeLink:
    """Make an invited account and return its one-time link, shown here only.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        Invalid: names or roles cannot be used, or the title looks like a person.
        NotFound: there is no such organisation.
        Conflict: handle or mailbox are taken.
    """
    require_grantable(actor, account_uid=None, grants=order.grants)
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        account = create_account_in(session, order, record=record)
        return make_link_in(session, account, LinkPurpose.INVITATION, at=at)


def create_account_in(
    session: Session,
    order: NewAccount,
    *,
    record: Recorder,
    state: AccountState = AccountState.INVITED,
) -> Account:
    """Make an account with its roles inside a command that has checked the actor; return its row.

    Without a password it opens by a link only.

    Raises:
        Invalid: names or roles cannot be used, or the title looks like a person.
        NotFound: there is no such organisation.
        Conflict: handle or mailbox are taken.
    """
    title = clean_name(order.title, field="title")
    _require_usable(session, order)
    made = Account(
        handle=order.handle,
        title=title,
        mailbox=order.mailbox,
        organisation_id=row_id(organisation_row(session, order.organisation_uid)),
        state=state,
        language=order.language,
        created_at=record.at,
    )
    session.add(made)
    session.flush()
    store_grants(session, made, order.grants)
    values = {
        "handle": made.handle,
        "title": made.title,
        "mailbox": made.mailbox,
        "organisation": order.organisation_uid,
        "state": state.value,
        "grants": grants_as_values(order.grants),
    }
    record.record(PeopleAction.INVITED, kind="account", subject=made.uid, values=values)
    return made


def renew_invitation(
    sessions: Sessions, account_uid: UUID, *, actor: Actor, clock: Clock
) -> MadeLink:
    """Invite an account again, one that was closed too, and return its new one-time link.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        NotFound: there is no such account.
        Conflict: the account is active.
    """
    require_steward(actor)
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        account = account_row(session, account_uid)
        if account.state is AccountState.ACTIVE:
            raise Conflict("This account is active.", remedy="Its mailbox can reset the password.")
        account.state = AccountState.INVITED
        account.password_hash = None
        record.record(PeopleAction.INVITED_AGAIN, kind="account", subject=account.uid, values={})
        return make_link_in(session, account, LinkPurpose.INVITATION, at=at)


def accept_invitation(
    sessions: Sessions, order: AcceptInvitation, *, clock: Clock, passwords: Passwords
) -> AccountView:
    """Set the password of an invited account, make it active and return it.

    Raises:
        Conflict: the link is used, expired or unknown.
        Invalid: the password is weak; the link still works.
    """
    at = clock.now()
    with sessions.reading() as session:
        account = account_behind(session, order.secret, LinkPurpose.INVITATION, at=at)
        names = (account.handle, account.mailbox, account.title)
    require_strong(order.password, names=names)
    # Outside the transaction: hashing takes long on purpose and would hold up every other writer.
    password_hash = passwords.hash(order.password)
    with sessions.begin() as session:
        account = account_behind(session, order.secret, LinkPurpose.INVITATION, at=at)
        record = own_trail(session, account, at)
        use_link_in(session, order.secret, LinkPurpose.INVITATION, at=at)
        account.password_hash = password_hash
        account.state = AccountState.ACTIVE
        end_everything(session, account, at=at)
        record.record(PeopleAction.ACCEPTED, kind="account", subject=account.uid, values={})
        session.flush()
        return account_view(session, account.uid)


def store_grants(session: Session, account: Account, grants: tuple[Grant, ...]) -> None:
    """Add ``grants`` to an account."""
    for grant in grants:
        row = RoleGrant(
            account_id=row_id(account),
            role=grant.role,
            signing=grant.signing,
            country_iso3=grant.country_iso3,
            plan_uid=grant.plan_uid,
        )
        session.add(row)
        session.flush()  # one by one: the order given is the order of the numbers


def grants_as_values(grants: tuple[Grant, ...]) -> list[dict[str, object]]:
    """Return ``grants`` as the trail records them."""
    return [
        {
            "role": grant.role,
            "signing": grant.signing,
            "country_iso3": grant.country_iso3,
            "plan": grant.plan_uid,
        }
        for grant in grants
    ]


def _require_usable(session: Session, order: NewAccount) -> None:
    problems = (
        *problems_of_account(handle=order.handle, mailbox=order.mailbox, language=order.language),
        *problems_of_grants(order.grants),
    )
    if problems:
        raise Invalid(problems=problems)
    if session.exec(select(Account.id).where(Account.handle == order.handle)).first():
        raise Conflict(
            "The handle {handle} is taken.", handle=order.handle, remedy="Choose another handle."
        )
    if session.exec(select(Account.id).where(Account.mailbox == order.mailbox)).first():
        raise Conflict(
            "Another account has this mailbox.",
            remedy="Give another mailbox, or add the role to that account.",
        )

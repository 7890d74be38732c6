"""Accounts after their invitation: other roles, the end."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Stale
from unbroken.people.commands.endings import end_everything
from unbroken.people.commands.invitations import grants_as_values, store_grants
from unbroken.people.commands.trails import people_trail
from unbroken.people.models import Account, RoleGrant
from unbroken.people.queries.registers import (
    AccountView,
    account_row,
    account_view,
    active_stewards,
)
from unbroken.people.rules import AccountState, Actor, Grant, Role
from unbroken.people.rules.acts import PeopleAction
from unbroken.people.rules.administration import (
    require_another_steward,
    require_grantable,
    require_steward,
)


@dataclass(frozen=True, slots=True)
class ChangeGrants:
    """The roles that replace those of the account seen at ``version_seen``."""

    account_uid: UUID
    grants: tuple[Grant, ...]
    version_seen: int


@dataclass(frozen=True, slots=True)
class CloseAccount:
    """The account seen at ``version_seen``, to be closed."""

    account_uid: UUID
    version_seen: int


def change_grants(
    sessions: Sessions, order: ChangeGrants, *, actor: Actor, clock: Clock
) -> AccountView:
    """Replace the roles of an account and return it; they hold from its next request.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward, or adds a role to its own account.
        Invalid: the roles contradict themselves or each other.
        NotFound: there is no such account.
        Stale: somebody changed it since.
        Conflict: it is closed, or no active steward would be left.
    """
    require_grantable(actor, account_uid=order.account_uid, grants=order.grants)
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        account = _open_account(session, order.account_uid, version_seen=order.version_seen)
        if Grant(Role.STEWARD) not in order.grants:
            _require_steward_beside(session, account)
        session.execute(delete(RoleGrant).where(col(RoleGrant.account_id) == account.id))
        store_grants(session, account, order.grants)
        flag_modified(account, "state")  # its version rises although only its grants changed
        values = {"grants": grants_as_values(order.grants)}
        record.record(PeopleAction.GRANTED, kind="account", subject=account.uid, values=values)
        session.flush()
        return account_view(session, account.uid)


def close_account(
    sessions: Sessions, order: CloseAccount, *, actor: Actor, clock: Clock
) -> AccountView:
    """Close an account, end its sign-ins, tokens and links, and return it.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        NotFound: there is no such account.
        Stale: somebody changed it since.
        Conflict: it is closed already, or no active steward would be left.
    """
    require_steward(actor)
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, actor, at)
        account = _open_account(session, order.account_uid, version_seen=order.version_seen)
        _require_steward_beside(session, account)
        account.state = AccountState.CLOSED
        account.password_hash = None
        end_everything(session, account, at=at)
        record.record(PeopleAction.CLOSED, kind="account", subject=account.uid, values={})
        session.flush()
        return account_view(session, account.uid)


def _open_account(session: Session, uid: UUID, *, version_seen: int) -> Account:
    account = account_row(session, uid)
    if account.version != version_seen:
        raise Stale
    if account.state is AccountState.CLOSED:
        raise Conflict("This account is closed.", remedy="Invite it again first.")
    return account


def _require_steward_beside(session: Session, account: Account) -> None:
    stewards = active_stewards(session)
    if account.uid in stewards:
        require_another_steward(account.uid, others=stewards)
